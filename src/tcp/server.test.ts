// The kit against real sockets on loopback, in one process: what clients may do, and what the server then still does.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect as netConnect, type Socket } from 'node:net'
import { test } from 'node:test'
import { type Connection, listen, queueMax, type Server, TcpError, talk } from './tcp.ts'

const here = { host: '127.0.0.1', port: 0 }

/** The echo server of the lab, over one server, until it stops. */
async function echo(server: Server): Promise<void> {
  for await (const client of server) {
    const message = await client.receive()
    await client.send(`ECHO: ${message}\n`)
    client.close()
  }
}

/** A client made by hand: it does only what the test tells it. */
async function call(server: Server, options: { allowHalfOpen?: boolean } = {}): Promise<Socket> {
  const socket = netConnect({ ...server.address, ...options })
  await once(socket, 'connect')
  return socket
}

/** Everything a socket still receives, to its end. */
async function rest(socket: Socket): Promise<string> {
  let text = ''
  for await (const chunk of socket.setEncoding('utf8')) text += String(chunk)
  return text
}

test('a client is answered whether it half-closes or not, and when it says nothing at all', async () => {
  await using server = await listen(here)
  const done = echo(server)
  const open = await call(server)
  open.write('Test')
  assert.equal(await rest(open), 'ECHO: Test\n')
  const halfClosed = await call(server)
  halfClosed.end('Test\n')
  assert.equal(await rest(halfClosed), 'ECHO: Test\n\n')
  const empty = await call(server)
  empty.end()
  assert.equal(await rest(empty), 'ECHO: \n')
  await server.stop()
  await done
})

test('clients are served one at a time, in the order in which they came', async () => {
  await using server = await listen(here)
  const sockets = [await call(server), await call(server), await call(server)]
  for (const [i, socket] of sockets.toReversed().entries()) socket.write(`from ${2 - i}`)
  const answers: Promise<string>[] = sockets.map(rest)
  const heard: string[] = []
  for await (const client of server) {
    heard.push(await client.receive())
    assert.equal(server.waiting, 3 - heard.length)
    await client.send('yes')
    client.close()
    if (heard.length === 3) break
  }
  assert.deepEqual(heard, ['from 0', 'from 1', 'from 2'])
  assert.deepEqual(await Promise.all(answers), ['yes', 'yes', 'yes'])
})

test('a caller that does not await serves many at once', async () => {
  await using server = await listen(here)
  const clients: Connection[] = []
  const all = Promise.withResolvers<void>()
  void (async () => {
    for await (const client of server) if (clients.push(client) === 3) all.resolve()
  })()
  const sockets = await Promise.all([call(server), call(server), call(server)])
  await all.promise
  for (const client of clients.toReversed()) {
    await client.send('hello')
    client.close()
  }
  assert.deepEqual(await Promise.all(sockets.map(rest)), ['hello', 'hello', 'hello'])
})

test('who comes when the queue is full is turned away, and nobody else', async () => {
  const away: number[] = []
  const told = Promise.withResolvers<void>()
  await using server = await listen({
    ...here,
    onTurnedAway: ({ port }) => {
      away.push(port)
      told.resolve()
    },
  })
  const waiting: Socket[] = []
  for (let i = 0; i < queueMax; i += 1) waiting.push(await call(server))
  const late = netConnect(server.address)
  const [error] = (await once(late, 'error')) as [NodeJS.ErrnoException]
  assert.equal(error.code, 'ECONNRESET')
  await told.promise
  assert.equal(server.turnedAway, 1)
  assert.equal(away.length, 1)
  assert.equal(server.waiting, queueMax)
  const done = echo(server)
  for (const socket of waiting) socket.end('x')
  for (const socket of waiting) assert.equal(await rest(socket), 'ECHO: x\n')
  assert.equal(await talk(server.address.host, server.address.port, 'after'), 'ECHO: after\n')
  await server.stop()
  await done
})

test('a message of more than 2,048 bytes: its beginning is answered, and the answer is not destroyed', async () => {
  await using server = await listen(here)
  const done = echo(server)
  for (const bytes of [2048, 2049, 5000, 1_000_000]) {
    const socket = await call(server)
    socket.write('x'.repeat(bytes))
    assert.equal(await rest(socket), `ECHO: ${'x'.repeat(2048)}\n`)
  }
  await server.stop()
  await done
})

test('a client that never stops sending is read up to a bound, and does not hold up the next', async () => {
  await using server = await listen(here)
  const done = echo(server)
  const flood = await call(server)
  const cut = new Promise(resolve => flood.once('close', resolve))
  flood.on('error', () => {})
  const piece = Buffer.alloc(65_536, 'x')
  const pour = (): void => {
    while (!flood.destroyed && flood.write(piece));
  }
  flood.on('drain', pour)
  pour()
  assert.equal(await talk('127.0.0.1', server.address.port, 'next'), 'ECHO: next\n')
  await cut
  await server.stop()
  await done
})

test('half a character is answered with U+FFFD, and so are bytes that are no text', async () => {
  await using server = await listen(here)
  const done = echo(server)
  for (const [sent, answer] of [
    [[0x61, 0xc3], 'a\uFFFD'],
    [[0xf0, 0x9f, 0x98], '\uFFFD'],
    [[0xff, 0xfe], '\uFFFD\uFFFD'],
    [[0xef, 0xbb, 0xbf, 0x61], '\uFEFFa'],
  ] as const) {
    const socket = await call(server)
    socket.write(Uint8Array.from(sent))
    assert.equal(await rest(socket), `ECHO: ${answer}\n`)
  }
  await server.stop()
  await done
})

test('a character that the 2,048 cut in two comes whole with the next receive', async () => {
  await using server = await listen(here)
  const socket = await call(server)
  const text = `${'x'.repeat(2047)}é${'y'.repeat(2046)}😀 end`
  socket.end(text)
  const client = await server.accept()
  const parts: string[] = []
  for (let part = await client.receive(); part !== ''; part = await client.receive()) parts.push(part)
  assert.equal(parts.join(''), text)
  assert.equal(parts[0], 'x'.repeat(2047))
  for (const part of parts) assert.ok(Buffer.byteLength(part) <= 2048)
  client.close()
})

test('a character that arrives in two pieces is one character', async () => {
  await using server = await listen(here)
  const socket = await call(server)
  const client = await server.accept()
  const message = client.receive()
  socket.setNoDelay(true)
  socket.write(Uint8Array.from([0x61, 0xc3]), () => socket.write(Uint8Array.from([0xa9])))
  assert.equal(await message, 'aé')
  socket.destroy()
  client.close()
})

test('a client that resets is told apart, and the next one is served', async () => {
  await using server = await listen(here)
  const socket = await call(server)
  const client = await server.accept()
  const message = client.receive()
  socket.resetAndDestroy()
  assert.equal(await message, '')
  assert.equal(client.left?.code, 'reset')
  await client.send('to nobody')
  client.close()
  const done = echo(server)
  assert.equal(await talk('127.0.0.1', server.address.port, 'next'), 'ECHO: next\n')
  await server.stop()
  await done
})

test('a client that resets while it waits in the queue does not stop the server', async () => {
  await using server = await listen(here)
  const socket = await call(server)
  socket.resetAndDestroy()
  await once(socket, 'close')
  const done = echo(server)
  assert.equal(await talk('127.0.0.1', server.address.port, 'next'), 'ECHO: next\n')
  await server.stop()
  await done
})

test('a client that says nothing is let go, and sees the end', async () => {
  await using server = await listen({ ...here, waitMs: 50 })
  const socket = await call(server)
  const client = await server.accept()
  assert.equal(await client.receive(), '')
  assert.equal(client.left?.code, 'silent')
  assert.match(client.left.message, /^127\.0\.0\.1 port \d+ said nothing for 0\.05 s, and was let go$/)
  assert.equal(await rest(socket), '')
})

test('a client that takes nothing is let go', async () => {
  await using server = await listen({ ...here, waitMs: 100 })
  const socket = await call(server)
  const client = await server.accept()
  socket.pause()
  await client.send('x'.repeat(32 * 1024 * 1024))
  assert.equal(client.left?.code, 'silent')
  assert.match(client.left.message, /took nothing/)
  socket.destroy()
})

test('stop lets everyone go, ends the loop, and frees the port at once', async () => {
  const server = await listen(here)
  const served = await call(server)
  const waiting = netConnect(server.address)
  const reset = once(waiting, 'error')
  await once(waiting, 'connect')
  const client = await server.accept()
  const message = client.receive()
  const stopped = server.stop()
  assert.equal(await message, '')
  assert.equal(client.left?.code, 'stopped')
  assert.equal(await rest(served), '')
  assert.equal(((await reset) as [NodeJS.ErrnoException])[0].code, 'ECONNRESET')
  await stopped
  for await (const _ of server) assert.fail('the loop goes on')
  await assert.rejects(server.accept(), { name: 'TcpError', code: 'stopped' })
  await using again = await listen(server.address)
  assert.equal(again.address.port, server.address.port)
})

test('a signal stops a server that waits, and one that was never to begin', async () => {
  const controller = new AbortController()
  const server = await listen({ ...here, signal: controller.signal })
  const waiting = assert.rejects(server.accept(), { code: 'stopped' })
  controller.abort()
  await waiting
  await server.stop()
  const late = await listen({ ...here, signal: controller.signal })
  assert.equal(late.listening, false)
  await late.stop()
})

test('what cannot be listened on is refused with its reason', async () => {
  await using server = await listen(here)
  await assert.rejects(listen(server.address), { name: 'TcpError', code: 'in-use' })
  await assert.rejects(listen({ host: '192.0.2.1', port: 0 }), { code: 'not-ours' })
  await assert.rejects(listen({ host: '' }), RangeError)
  await assert.rejects(listen({ ...here, waitMs: 0 }), RangeError)
  await assert.rejects(listen({ host: '127.0.0.1', port: 65_536 }), RangeError)
})

test('an IPv4 client of a server on all addresses has its plain IPv4 address', async t => {
  const server = await listen({ host: '::', port: 0 }).catch((error: unknown) => {
    if (error instanceof TcpError) return undefined
    throw error
  })
  if (server === undefined) return t.skip('this machine has no IPv6')
  await using _ = server
  const socket = netConnect({ host: '127.0.0.1', port: server.address.port })
  const client = await server.accept()
  assert.deepEqual(client.address, { host: '127.0.0.1', port: socket.localPort })
  socket.destroy()
  client.close()
  return undefined
})

test('sending after one’s own close is a mistake that is not swallowed', async () => {
  await using server = await listen(here)
  const socket = await call(server)
  const client = await server.accept()
  client.close()
  client.close()
  await assert.rejects(client.send('late'), /send\(\) after close\(\)/)
  socket.destroy()
})
