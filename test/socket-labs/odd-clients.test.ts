// Clients that do what the lab never speaks of. Whatever one does, the server goes on and the next one is served.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { test } from 'node:test'
import { missing } from '../support/debian.ts'
import { nc, servers, startLab } from './support.ts'

const skip = missing('nc')

async function call(port: number): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port })
  await once(socket, 'connect')
  return socket
}

async function rest(socket: Socket): Promise<string> {
  let text = ''
  for await (const chunk of socket.setEncoding('utf8')) text += String(chunk)
  return text
}

/** How each server begins its answer to a message. */
const answerTo = (name: string, message: string): string =>
  name === 'happy-server' ? 'HELLO. I am the Happy Server :-)\n' : `ECHO: ${message}\n`

for (const name of servers) {
  const args = name === 'echo-server3' ? ['--limit', '50'] : []

  test(`${name} outlives resets, half characters, floods and silence`, { skip }, async () => {
    await using lab = await startLab(name, '--wait', '1', ...args)
    const { port, program } = lab

    const reset = await call(port)
    reset.resetAndDestroy()
    const resetLater = await call(port)
    resetLater.write('half a mess')
    await program.printed(/half a mess/)
    resetLater.resetAndDestroy()

    const half = await call(port)
    half.write(Uint8Array.from([0x63, 0x61, 0x66, 0xc3]))
    assert.equal(await rest(half), answerTo(name, 'caf\uFFFD'))

    const long = 'x'.repeat(100_000)
    assert.equal(await nc(port, long), answerTo(name, 'x'.repeat(2048)))
    assert.equal(await nc(port, long, '-N'), answerTo(name, 'x'.repeat(2048)))

    const silent = await call(port)
    await program.printed(new RegExp(`127\\.0\\.0\\.1 port ${silent.localPort} said nothing for 1 s, and was let go\n`))
    assert.equal(await rest(silent), '')

    assert.equal(await nc(port, 'Test'), answerTo(name, 'Test'))
    program.child.kill('SIGINT')
    assert.deepEqual(await program.ended, { code: 0, signal: null })
    assert.match(program.stdout(), /Message received: caf\uFFFD\n/)
    assert.match(program.stdout(), /Message received: x{2048}\n/)
    assert.match(
      program.stdout(),
      /Message received: Test\nWaiting for Clients to connect\nServer stopped by the user\n$/,
    )
  })
}

test('Ctrl-C ends a server at once while a client says nothing', async () => {
  await using lab = await startLab('echo-server1')
  const silent = await call(lab.port)
  await lab.program.printed(/A client has connected/)
  lab.program.child.kill('SIGINT')
  assert.equal(await rest(silent), '')
  assert.deepEqual(await lab.program.ended, { code: 0, signal: null })
  assert.match(
    lab.program.stdout(),
    /connected to the server!\n127\.0\.0\.1 port \d+ was let go: the server stops\nServer stopped by the user\n$/,
  )
})

test('who comes when the queue is full is turned away, and the console says so', async () => {
  await using lab = await startLab('echo-server1')
  const first = await call(lab.port)
  await lab.program.printed(/A client has connected/)
  const waiting: Socket[] = []
  for (let i = 0; i < 128; i += 1) waiting.push(await call(lab.port))
  const late = connect({ host: '127.0.0.1', port: lab.port })
  const [error] = (await once(late, 'error')) as [NodeJS.ErrnoException]
  assert.equal(error.code, 'ECONNRESET')
  await lab.program.printed(/A client was turned away, since too many wait already: \('127\.0\.0\.1', \d+\)\n/)
  first.write('go on')
  for (const socket of waiting) socket.write('x')
  assert.equal(await rest(first), 'ECHO: go on\n')
  for (const socket of waiting) assert.equal(await rest(socket), 'ECHO: x\n')
})
