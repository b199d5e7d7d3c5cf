// How much one address, one account and a stranger hold of a server.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { describe, test } from 'node:test'
import { WebSocket } from 'ws'
import { listenSse, talkLive } from './listening.ts'
import { callV1, sendDirect, startV1, type V1Server } from './support.ts'

/** Of one address, under the profile public. */
const connectionsMax = 128
const open = ['--profile', 'public', '--registration', 'open', '--insecure-http']

/** A connection from this address of our own that says nothing. */
async function connection({ port }: V1Server, localAddress = '127.0.0.1'): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', localAddress })
  socket.on('error', () => {})
  await once(socket, 'connect')
  return socket
}

/** What comes on a connection until it is closed. */
async function all(socket: Socket): Promise<string> {
  let text = ''
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
  })
  if (!socket.closed) await once(socket, 'close')
  return text
}

/** A request on its own connection; the status, undefined where the connection is cut. */
async function statusFrom(server: V1Server, localAddress: string, more = ''): Promise<number | undefined> {
  const socket = await connection(server, localAddress)
  socket.end(`GET /v1/openapi.json HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${more}\r\n`)
  const [, status] = /^HTTP\/1\.1 (\d{3})/.exec(await all(socket)) ?? []
  return status === undefined ? undefined : Number(status)
}

describe('one address', () => {
  test('holds so many connections and no more; others come in, and it does again when one is closed', async () => {
    await using server = await startV1(open)
    const held = await Promise.all(Array.from({ length: connectionsMax }, () => connection(server)))
    const answer = await all(await connection(server))
    assert.match(answer, /^HTTP\/1\.1 429 [^]*\r\nRetry-After: 10\r\n\r\n\{"error":"too-many"/)
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/v1/live`, ['hullo.v1'])
    await once(socket, 'error')
    assert.equal(await statusFrom(server, '127.0.0.2'), 200)

    held[0]?.destroy()
    // The server hears of it when it does: until then it says no.
    for (;;) if ((await statusFrom(server, '127.0.0.1')) === 200) break
    for (const one of held) one.destroy()
  })

  test('behind a trusted proxy is the client, each with as many requests under way', async () => {
    await using server = await startV1([...open, '--trust-proxy', '127.0.0.1'])
    const from = (client: string, path: string, more: string) =>
      `${path} HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: ${client}\r\n${more}\r\n`
    // WebSockets of people who have not said who they are, and requests whose body does not come.
    const upgrade = 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n'
    const key = `Sec-WebSocket-Key: ${btoa('0123456789abcdef')}\r\nSec-WebSocket-Protocol: hullo.v1\r\n`
    const held: Socket[] = []
    for (let count = 0; count < connectionsMax - 8; count += 1) {
      const socket = await connection(server)
      // The last network of 64 bits counts, whatever follows.
      socket.write(from(`2001:db8::${count}`, 'GET /v1/live', upgrade + key))
      const [head] = (await once(socket, 'data')) as [Buffer]
      assert.match(head.toString(), /^HTTP\/1\.1 101 /)
      held.push(socket)
    }
    const json = 'Content-Type: application/json\r\nContent-Length: 5\r\nExpect: 100-continue\r\n'
    for (let count = 0; count < 8; count += 1) {
      const socket = await connection(server)
      socket.write(from('2001:db8::7', 'POST /v1/sessions', json))
      const [head] = (await once(socket, 'data')) as [Buffer]
      assert.match(head.toString(), /^HTTP\/1\.1 100 /)
      held.push(socket)
    }
    assert.equal(await statusFrom(server, '127.0.0.1', 'X-Forwarded-For: 2001:db8::abcd\r\n'), 429)
    assert.equal(await statusFrom(server, '127.0.0.1', 'X-Forwarded-For: 2001:db8:0:1::7\r\n'), 200)
    assert.equal(await statusFrom(server, '127.0.0.1', 'X-Forwarded-For: 203.0.113.7\r\n'), 200)
    for (const one of held) one.destroy()
  })
})

test('one account has 200 live streams, also where they begin at once', { timeout: 25_000 }, async () => {
  await using server = await startV1()
  const bob = await server.person()
  const stream = async () => {
    const headers = { Authorization: `Bearer ${bob.token}` }
    const asked = request(`${server.url}/v1/stream`, { headers, agent: false }).end()
    const [answer] = (await once(asked, 'response')) as [IncomingMessage]
    return { status: answer.statusCode, leave: () => asked.destroy() }
  }
  const streams = await Promise.all(Array.from({ length: 230 }, stream))
  using _ = { [Symbol.dispose]: () => streams.forEach(({ leave }) => leave()) } // a failure must not leave them open
  assert.equal(streams.filter(({ status }) => status === 200).length, 200)
  assert.equal(streams.filter(({ status }) => status === 429).length, 30)
  for (const { leave } of streams) leave()
  // The server hears of it when it does; then the places are there again.
  for (let status: number | undefined; status !== 200; ) {
    const again = await stream()
    status = again.status
    again.leave()
  }
})

test('sign-ins at once leave an account with no more than 100 sessions', async () => {
  await using server = await startV1()
  const bob = await server.person()
  for (let round = 0; round < 2; round += 1) {
    const signIns = Array.from({ length: 60 }, () => server.signIn(bob.name, bob.password))
    await Promise.all(signIns)
  }
  const { token } = await server.signIn(bob.name, bob.password)
  const { json } = await callV1(server.url, 'GET', '/v1/sessions', { token })
  assert.equal((json as { sessions: unknown[] }).sessions.length, 100)
})

test('sign-ins beyond the bound end no session with a live stream, be it SSE or a WebSocket', async () => {
  await using server = await startV1()
  const bob = await server.person()
  const { token: idle } = await server.signIn(bob.name, bob.password)
  const { token } = await server.signIn(bob.name, bob.password)
  await using events = await listenSse(server.url, bob.token)
  await using talking = await talkLive(server.url, token)
  await Promise.all([events.frame('hello'), talking.frame('hello')])
  const statuses = async () =>
    Promise.all([bob.token, token, idle].map(async of => (await server.call('GET', '/v1/rooms', { token: of })).status))
  for (let signIns = 0; signIns < 120; signIns += 1) await server.signIn(bob.name, bob.password)
  assert.deepEqual(await statuses(), [200, 200, 401])
  await sendDirect(server, bob, bob, 'still here')
  await Promise.all([events.text('still here'), talking.text('still here')])
})

describe('a stranger on a WebSocket', () => {
  /** Of a server's process: kilobytes in memory. */
  const residentKb = ({ program }: V1Server) =>
    Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${program.child.pid}/status`, 'utf8'))?.[1])

  /** The beginning of a text frame of 1,000,000 bytes whose last byte never comes. */
  const unfinished = Buffer.concat([
    Buffer.from([0x81, 0x80 | 127, 0, 0, 0, 0, 0, 0x0f, 0x42, 0x40, 0, 0, 0, 0]),
    Buffer.alloc(999_999, 'x'),
  ])

  /** One who sends it, after these frames; resolves when the server has cut it off. */
  async function flood({ url }: V1Server, ...first: string[]): Promise<void> {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/v1/live`, ['hullo.v1'])
    socket.on('error', () => {})
    const closed = once(socket, 'close')
    const upgraded = once(socket, 'upgrade') as Promise<[{ socket: Socket }]>
    await once(socket, 'open')
    const [{ socket: raw }] = await upgraded
    for (const frame of first) socket.send(frame)
    raw.on('error', () => {})
    raw.write(unfinished)
    await closed
  }

  test('is cut off long before a large frame is whole, and costs no memory', async () => {
    await using server = await startV1()
    await flood(server)
    const before = residentKb(server)
    await Promise.all(Array.from({ length: 200 }, () => flood(server)))
    await Promise.all(Array.from({ length: 100 }, () => flood(server, JSON.stringify({ type: 'start', token: 'x' }))))
    const grown = residentKb(server) - before
    // Kept until they are whole, these frames would be 300 MB.
    assert.ok(grown < 100_000, `${grown} kB`)
  })

  test('who says who they are may send a large frame at once', async () => {
    await using server = await startV1()
    const bob = await server.person()
    await using talker = await talkLive(server.url, undefined)
    const messages = Array.from({ length: 60 }, () => ({ to: `@${bob.name}` as const, text: 'x'.repeat(16_000) }))
    talker.say({ type: 'start', token: bob.token })
    talker.say({ type: 'send', ref: 1, messages })
    assert.equal((await talker.frame('sent')).results.length, 60)
  })
})
