// Each program of the lab with real netcat, its console a pipe and compared byte for byte with what the lab shows.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { missing } from '../support/debian.ts'
import { run, startScript } from '../support/program.ts'
import { nc, servers, startLab } from './support.ts'

const skip = missing('nc')
const happy = 'HELLO. I am the Happy Server :-)\n'

/** Client ports are the system's choice: P stands for each. */
const withoutPorts = (text: string): string => text.replace(/\('127\.0\.0\.1', \d+\)/g, "('127.0.0.1', P)")

/** What a server prints of one client. */
const client = (message: string): string =>
  `Waiting for Clients to connect\nA client has connected to the server!\nMessage received: ${message}\n`

test('happy-server answers every nc with the same line, until Ctrl-C', { skip }, async () => {
  await using lab = await startLab('happy-server')
  assert.equal(await nc(lab.port, 'Test'), happy)
  assert.equal(await nc(lab.port, 'Test', '-N'), happy)
  assert.equal(await nc(lab.port, '', '-N'), happy)
  assert.equal(await nc(lab.port, 'two\nlines\n', '-q', '0'), happy)
  lab.program.child.kill('SIGINT')
  assert.deepEqual(await lab.program.ended, { code: 0, signal: null })
  assert.equal(
    lab.program.stdout(),
    `The server is configured!\n${client('Test')}${client('Test')}${client('')}${client('two\nlines\n')}` +
      'Waiting for Clients to connect\nServer stopped by the user\n',
  )
})

test('echo-server1 answers with what it was told, nothing trimmed and one newline added', { skip }, async () => {
  await using lab = await startLab('echo-server1')
  assert.equal(await nc(lab.port, 'Test'), 'ECHO: Test\n')
  assert.equal(await nc(lab.port, 'Test\n'), 'ECHO: Test\n\n')
  assert.equal(await nc(lab.port, ' ñandú 日本 😀 ', '-N'), 'ECHO:  ñandú 日本 😀 \n')
  assert.equal(await nc(lab.port, '', '-N'), 'ECHO: \n')
  lab.program.child.kill('SIGTERM')
  assert.deepEqual(await lab.program.ended, { code: 0, signal: null })
  assert.equal(
    lab.program.stdout(),
    `The server is configured!\n${['Test', 'Test\n', ' ñandú 日本 😀 ', ''].map(client).join('')}` +
      'Waiting for Clients to connect\nServer stopped by the user\n',
  )
})

test('echo-server2 counts the connections and prints where each client is', { skip }, async () => {
  await using lab = await startLab('echo-server2')
  for (const word of ['one', 'two', 'three']) assert.equal(await nc(lab.port, word), `ECHO: ${word}\n`)
  lab.program.child.kill('SIGINT')
  await lab.program.ended
  assert.equal(
    withoutPorts(lab.program.stdout()),
    'The server is configured!\n' +
      ['one', 'two', 'three']
        .map(
          (word, i) =>
            'Waiting for Clients to connect\n' +
            `CONNECTION ${i + 1}. Client IP,PORT: ('127.0.0.1', P)\nMessage received: ${word}\n`,
        )
        .join('') +
      'Waiting for Clients to connect\nServer stopped by the user\n',
  )
})

test('echo-server3 and client-test: five exchanges, the list of the clients, and the end of both', async () => {
  await using lab = await startLab('echo-server3')
  const five = await run(process.execPath, ['labs/client-test.ts', '--port', String(lab.port)])
  assert.equal(five.code, 0)
  assert.equal(
    five.stdout,
    [0, 1, 2, 3, 4].map(i => `To Server: Message ${i}\nFrom Server: ECHO: Message ${i}\n\n`).join(''),
  )
  assert.deepEqual(await lab.program.ended, { code: 0, signal: null })
  const printed = lab.program.stdout()
  assert.equal(
    withoutPorts(printed),
    'The server is configured!\n' +
      [0, 1, 2, 3, 4]
        .map(
          i =>
            'Waiting for Clients to connect\n' +
            `CONNECTION ${i + 1}. Client IP,PORT: ('127.0.0.1', P)\nMessage received: Message ${i}\n`,
        )
        .join('') +
      'The following clients has connected to the server: \n' +
      [0, 1, 2, 3, 4].map(i => `Client ${i}: ('127.0.0.1', P)\n`).join(''),
  )
  const ports = [...printed.matchAll(/Client (?:IP,PORT|\d): \('127\.0\.0\.1', (\d+)\)/g)].map(([, port]) => port)
  assert.deepEqual(ports.slice(0, 5), ports.slice(5))
})

test('echo-server3 takes another number of clients, and Ctrl-C before it is reached', { skip }, async () => {
  await using two = await startLab('echo-server3', '--limit', '2')
  await nc(two.port, 'a')
  await nc(two.port, 'b')
  assert.equal((await two.program.ended).code, 0)
  assert.match(two.program.stdout(), /server: \nClient 0: \('127.0.0.1', \d+\)\nClient 1: \('127.0.0.1', \d+\)\n$/)
  await using stopped = await startLab('echo-server3')
  await nc(stopped.port, 'a')
  stopped.program.child.kill('SIGINT')
  assert.equal((await stopped.program.ended).code, 0)
  assert.match(stopped.program.stdout(), /Waiting for Clients to connect\nServer stopped by the user\n$/)
})

test('every program is a command of hullo too', { skip }, async () => {
  for (const command of ['happy', 'echo1', 'echo2', 'echo3']) {
    await using program = startScript('bin/hullo.js', [command, '--port', '0'])
    const [, port] = await program.printed(/port (\d+)\n/)
    const talk = await run(process.execPath, ['bin/hullo.js', 'talk', '--port', String(port), 'Hello', 'there'])
    assert.equal(talk.stdout, command === 'happy' ? happy : 'ECHO: Hello there\n')
    assert.equal(talk.code, 0)
    assert.match(await nc(Number(port), 'x'), /^(HELLO|ECHO: x)/)
    program.child.kill('SIGINT')
    assert.equal((await program.ended).code, 0)
    assert.match(program.stdout(), /Message received: Hello there\n/)
  }
})

test('a server that was stopped starts again at once on the same port', { skip }, async () => {
  for (const name of servers) {
    const lab = await startLab(name)
    await nc(lab.port, 'x')
    lab.program.child.kill('SIGINT')
    await lab.program.ended
    await using again = startScript(`labs/${name}.ts`, ['--port', String(lab.port)])
    await again.printed(/Waiting for Clients to connect/)
    assert.match(await nc(lab.port, 'x'), /^(HELLO|ECHO: x)/)
    assert.equal(again.stderr(), '')
  }
})
