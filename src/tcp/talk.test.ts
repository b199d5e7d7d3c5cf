import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server as NetServer, type Socket } from 'node:net'
import { test } from 'node:test'
import { Client0, connect, talk } from './tcp.ts'

/** A server that does with each socket what the test wants. */
async function serve(each: (socket: Socket) => void): Promise<NetServer & { port: number }> {
  const server = createServer(socket => {
    socket.on('error', () => {})
    each(socket)
    socket.resume() // whoever does not listen sees no end either
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  assert.ok(address !== null && typeof address === 'object')
  return Object.assign(server, { port: address.port })
}

test('talk returns the first answer as it came, and does not half-close', async () => {
  let ended = false
  await using server = await serve(socket => {
    socket.once('data', data => {
      assert.equal(ended, false)
      socket.write(`${String(data)}, said the server\n`)
    })
    socket.once('end', () => (ended = true))
  })
  // The server keeps the connection open: one receive is all that talk waits for.
  assert.equal(await talk('127.0.0.1', server.port, 'ñ'), 'ñ, said the server\n')
})

test('a server that closes without a word has answered nothing', async () => {
  await using server = await serve(socket => socket.end())
  assert.equal(await talk('127.0.0.1', server.port, 'Test'), '')
})

test('a long answer is received once, at most 2,048 bytes', async () => {
  await using server = await serve(socket => socket.end('x'.repeat(5000)))
  const answer = await talk('127.0.0.1', server.port, 'Test')
  assert.ok(answer.length > 0 && answer.length <= 2048)
})

test('each way of failing has its code', async () => {
  const gone = await serve(() => {})
  gone.close()
  await once(gone, 'close')
  await assert.rejects(talk('127.0.0.1', gone.port, 'x'), { name: 'TcpError', code: 'refused' })

  await using mute = await serve(() => {})
  await assert.rejects(talk('127.0.0.1', mute.port, 'x', { waitMs: 50 }), {
    code: 'timed-out',
    message: `127.0.0.1 port ${mute.port} did not answer within 0.05 s`,
  })
  const signal = AbortSignal.timeout(20)
  await assert.rejects(talk('127.0.0.1', mute.port, 'x', { signal }), { code: 'stopped' })
  await assert.rejects(talk('127.0.0.1', mute.port, 'x', { signal }), { code: 'stopped' })

  await using rude = await serve(socket => socket.once('data', () => socket.resetAndDestroy()))
  await assert.rejects(talk('127.0.0.1', rude.port, 'x'), { code: 'reset' })
  await assert.rejects(talk('', 1, 'x'), RangeError)
  await assert.rejects(talk('127.0.0.1', 65_536, 'x'), RangeError)
})

test('a connection can be used for more than one exchange', async () => {
  await using server = await serve(socket => socket.on('data', data => socket.write(data)))
  const connection = await connect('127.0.0.1', server.port)
  for (const word of ['one', 'two', 'three']) {
    await connection.send(word)
    assert.equal(await connection.receive(), word)
  }
  connection.leave()
})

test('Client0 is the class of the lab', async t => {
  const lines = t.mock.method(console, 'log', () => {})
  await using server = await serve(socket => socket.once('data', data => socket.end(`ECHO: ${String(data)}\n`)))
  const client = new Client0('127.0.0.1', server.port)
  assert.equal(client.toString(), `Connection to SERVER at 127.0.0.1, PORT: ${server.port}`)
  assert.equal(client.ip, '127.0.0.1')
  assert.equal(client.port, server.port)
  Client0.ping()
  client.ping()
  assert.equal(await client.talk('Test'), 'ECHO: Test\n')
  assert.equal(await client.debugTalk('Message 0'), 'ECHO: Message 0\n')
  // Whether there is colour depends on where the tests run; test/socket-labs looks at both.
  // oxlint-disable-next-line no-control-regex
  const printed = lines.mock.calls.map(call => String(call.arguments[0]).replace(/\x1b\[\d+m/g, ''))
  assert.deepEqual(printed, ['OK!', 'OK!', 'To Server: Message 0', 'From Server: ECHO: Message 0\n'])
})
