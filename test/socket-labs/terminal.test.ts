// The consoles on a terminal: the lab's colours byte for byte, none with NO_COLOR, and nothing that a client sends is
// obeyed by the terminal.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { talk } from 'hullo/tcp'
import { freePort, startLab, startOnTerminal } from './support.ts'

const green = (text: string): string => `\x1b[32m${text}\x1b[39m`
const blue = (text: string): string => `\x1b[34m${text}\x1b[39m`

/** What a terminal gets: every LF becomes CR LF on the way. */
const onScreen = (...lines: readonly string[]): string =>
  lines
    .map(line => `${line}\n`)
    .join('')
    .replaceAll('\n', '\r\n')

const waiting = 'Waiting for Clients to connect'
const connected = 'A client has connected to the server!'

async function startServer(name: string, env: NodeJS.ProcessEnv = {}, script = `labs/${name}.ts`) {
  const port = await freePort()
  const args = script === 'bin/hullo.js' ? [name, '--port', String(port)] : ['--port', String(port)]
  const terminal = startOnTerminal(script, args, env)
  await terminal.shows(waiting)
  const say = (message: string): Promise<string> => talk('127.0.0.1', port, message)
  return { terminal, say, port, [Symbol.asyncDispose]: () => terminal[Symbol.asyncDispose]() }
}

test('echo-server1 prints messages in green; Ctrl-C ends it as the lab shows', async () => {
  await using server = await startServer('echo-server1')
  await server.say('Message 1')
  await server.say('Test\n')
  await server.terminal.shows(`${green('Test\r\n')}\r\n${waiting}`)
  server.terminal.pty.write('\x03')
  assert.equal(await server.terminal.ended, 0)
  assert.equal(
    server.terminal.screen().replace('^C', ''),
    onScreen(
      'The server is configured!',
      waiting,
      connected,
      `Message received: ${green('Message 1')}`,
      waiting,
      connected,
      `Message received: ${green('Test\n')}`,
      waiting,
      'Server stopped by the user',
    ),
  )
})

test('the happy server prints messages plain', async () => {
  await using server = await startServer('happy-server')
  await server.say('Test')
  await server.terminal.shows(`Message received: Test\r\n${waiting}`)
  assert.ok(!server.terminal.screen().includes('\x1b'))
})

test('echo2 as a command of hullo: green messages, and Ctrl-C through the launcher', async () => {
  await using server = await startServer('echo2', {}, 'bin/hullo.js')
  await server.say('Test')
  await server.terminal.shows(`Message received: ${green('Test')}\r\n${waiting}`)
  server.terminal.pty.write('\x03')
  assert.equal(await server.terminal.ended, 0)
  assert.match(server.terminal.screen(), /connect\r\n(\^C)?Server stopped by the user\r\n$/)
})

test('with NO_COLOR, or on a terminal without colours, there are none', async () => {
  for (const env of [{ NO_COLOR: '1' }, { NO_COLOR: '1', FORCE_COLOR: '1' }, { TERM: 'dumb' }]) {
    await using server = await startServer('echo-server1', env)
    await server.say('Test')
    await server.terminal.shows(`Message received: Test\r\n${waiting}`)
    assert.ok(!server.terminal.screen().includes('\x1b'))
  }
})

test('a terminal shows what a client sent, and obeys none of it', async () => {
  await using server = await startServer('echo-server1')
  const nasty = 'a\x1b[2J\x1b]0;title\x07b\rforged\x9b1A\u202e'
  assert.equal(await server.say(nasty), `ECHO: ${nasty}\n`)
  await server.terminal.shows(`Message received: ${green('a\\x1b[2J\\x1b]0;title\\x07b\\x0dforged\\x9b1A\\u202e')}\r\n`)
  await using happy = await startServer('happy-server')
  await happy.say('\x1b[2J')
  await happy.terminal.shows('Message received: \\x1b[2J\r\n')
})

test('in a pipe everything is printed as it came, and without colour', async () => {
  await using lab = await startLab('echo-server1')
  await talk('127.0.0.1', lab.port, 'a\x1b[2Jb\r')
  await lab.program.printed(/Message received: a\x1b\[2Jb\r\nWaiting/) // oxlint-disable-line no-control-regex
})

test('client-test prints what it says in blue and what it hears in green', async () => {
  await using lab = await startLab('echo-server3')
  await using client = startOnTerminal('labs/client-test.ts', ['--port', String(lab.port)])
  assert.equal(await client.ended, 0)
  const exchanges = [0, 1, 2, 3, 4].map(i =>
    onScreen(`To Server: ${blue(`Message ${i}`)}`, `From Server: ${green(`ECHO: Message ${i}\n`)}`),
  )
  assert.equal(client.screen(), exchanges.join(''))
})

test('talk makes an answer harmless on a terminal', async () => {
  await using lab = await startLab('echo-server1')
  await using client = startOnTerminal('bin/hullo.js', ['talk', '--port', String(lab.port), 'x\x1b[2J'])
  assert.equal(await client.ended, 0)
  assert.equal(client.screen(), 'ECHO: x\\x1b[2J\r\n')
})
