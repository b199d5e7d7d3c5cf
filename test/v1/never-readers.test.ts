// Readers that never read, on every transport: how much waits for each, and that they are cut. Through real sockets, with
// the server in this process, so that its own ends of them can be looked at.
import assert from 'node:assert/strict'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { describe, test } from 'node:test'
import { startInside } from '../lab-http/inside.ts'
import { callV1 } from './support.ts'

const stalledReaderMs = 1_500

/** Six times as long in JSON: 98 KB each. */
const text = '\u0001'.repeat(16_384)
/** As JSON 20 MB, more than the systems' buffers hold. */
const messagesInAll = 200

/** Bytes that may wait for one reader: a page of an answer, and what goes with it. */
const queuedBytesMax = 1_500_000

function queuedOf(socket: Socket): number {
  return socket.writableLength
}

async function world() {
  const ends: Socket[] = []
  const note = (message: unknown) => void ends.push((message as { socket: Socket }).socket)
  subscribe('net.server.socket', note)
  const server = await startInside({ stalledReaderMs })
  const url = `http://127.0.0.1:${server.port}`
  const password = 'a good password'
  for (const name of ['ann', 'bob']) await callV1(url, 'POST', '/v1/accounts', { json: { name, password } })
  const tokenOf = async (name: string) =>
    ((await callV1(url, 'POST', '/v1/sessions', { json: { name, password } })).json as { token: string }).token
  const [ann, bob] = [await tokenOf('ann'), await tokenOf('bob')]
  const { json: begin } = await callV1(url, 'GET', '/v1/entries', { token: bob })
  for (let count = 0; count < messagesInAll; count += 10) {
    const messages = Array.from({ length: 10 }, () => ({ to: '@bob', text }))
    const { status } = await callV1(url, 'POST', '/v1/messages', { token: ann, json: { messages } })
    assert.equal(status, 200)
  }
  return {
    url,
    bob,
    basic: `Basic ${Buffer.from(`bob:${password}`).toString('base64')}`,
    cursor: (begin as { cursor: string }).cursor,
    /** A connection that writes and never reads; with the server's end of it. */
    async open(first: string): Promise<{ near: Socket; far: Socket }> {
      const far = connect({ port: server.port, host: '127.0.0.1' })
      far.on('error', () => {})
      await once(far, 'connect')
      far.write(first)
      for (;;) {
        const near = ends.find(({ remotePort }) => remotePort === far.localPort)
        if (near !== undefined) return { near, far }
        await new Promise(resolve => setImmediate(resolve))
      }
    },
    async [Symbol.asyncDispose]() {
      unsubscribe('net.server.socket', note)
      await server[Symbol.asyncDispose]()
    },
  }
}

/** A masked text frame, as a client sends it. */
function frame(value: object): Buffer {
  const payload = Buffer.from(JSON.stringify(value))
  assert.ok(payload.length < 65_536)
  const head = payload.length < 126 ? [payload.length | 0x80] : [0xfe, payload.length >> 8, payload.length & 255]
  return Buffer.concat([Buffer.from([0x81, ...head, 0, 0, 0, 0]), payload])
}

/** Waits for the server's end to close; the most that waited in it until then. `meanwhile` is sent every now and then. */
async function untilCut({ near, far }: { near: Socket; far: Socket }, meanwhile?: Buffer): Promise<number> {
  let most = 0
  const look = setInterval(() => {
    most = Math.max(most, queuedOf(near))
    if (meanwhile !== undefined && far.writable) far.write(meanwhile)
  }, 50)
  if (!near.closed) await once(near, 'close')
  clearInterval(look)
  far.destroy()
  return most
}

describe('a reader that never reads is cut, and little waits for it until then', { timeout: 120_000 }, () => {
  const get = (path: string, headers: string) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n`
  const upgrade =
    'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: hullo.v1\r\n' +
    `Sec-WebSocket-Key: ${btoa('0123456789abcdef')}\r\n`

  test('on every transport', async () => {
    await using one = await world()
    const bearer = `Authorization: Bearer ${one.bob}\r\n`
    const mosts: Record<string, number> = {}
    const { json } = await callV1(one.url, 'GET', '/v1/conversations', { token: one.bob })
    const [{ id }] = (json as { conversations: [{ id: number }] }).conversations
    const history = get(`/v1/conversations/${id}/history?limit=256`, bearer)
    const readers: Record<string, Promise<number>> = {
      events: one.open(get(`/v1/stream?after=${one.cursor}`, bearer)).then(pair => untilCut(pair)),
      websocket: one.open(get('/v1/live', upgrade)).then(async pair => {
        pair.far.write(frame({ type: 'start', token: one.bob, after: one.cursor }))
        // It sends all the time, and is alive in that sense.
        return untilCut(pair, frame({ type: 'beat' }))
      }),
      inbox: one
        .open(get('/get_messages?username=bob', `Authorization: ${one.basic}\r\n`))
        .then(pair => untilCut(pair)),
      history: one.open(history.repeat(60)).then(pair => untilCut(pair)),
      entries: one.open(get('/v1/entries?limit=256', bearer).repeat(60)).then(pair => untilCut(pair)),
      document: one.open(get('/v1/openapi.json', '').repeat(250)).then(pair => untilCut(pair)),
    }
    for (const [name, most] of Object.entries(readers)) mosts[name] = await most
    for (const [name, most] of Object.entries(mosts)) {
      assert.ok(most > 0 && most <= queuedBytesMax, `${name}: ${most} bytes waited`)
    }
    // And who reads gets everything.
    const { json: page } = await callV1(one.url, 'GET', `/v1/entries?after=${one.cursor}&limit=256`, { token: one.bob })
    const { entries, more } = page as { entries: { text?: string }[]; more: boolean }
    assert.ok(more && entries.length > 0 && JSON.stringify(entries).length <= 1_100_000)
  })
})
