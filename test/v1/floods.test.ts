// Floods over a WebSocket and over HTTP, under the profile public: what the server took in before it said no is counted,
// not timed. The server runs in this process, so that its own ends can be looked at.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { describe, test } from 'node:test'
import { profiles } from '../../src/server/settings/profiles.ts'
import { startInside } from '../lab-http/inside.ts'
import { callV1 } from './support.ts'

const { frames, accountFrames, arrivals } = profiles.public
const password = 'a good password'

/** Most that is let through at once, and what the rate adds in the seconds for which a client is only slowed. */
const framesMax = accountFrames.burst + 5 * accountFrames.perSecond

async function start() {
  const server = await startInside({
    ...profiles.public,
    profile: 'public',
    host: '127.0.0.1',
    registration: 'open',
    attempts: profiles.local.attempts,
  })
  const url = `http://127.0.0.1:${server.port}`
  await callV1(url, 'POST', '/v1/accounts', { json: { name: 'ann', password } })
  const { json } = await callV1(url, 'POST', '/v1/sessions', { json: { name: 'ann', password } })
  return {
    port: server.port,
    url,
    token: (json as { token: string }).token,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

type World = Awaited<ReturnType<typeof start>>

/** A masked frame of an opcode, as a client sends it. */
function frame(opcode: number, text = ''): Buffer {
  const content = Buffer.from(text)
  const head = content.length < 126 ? [content.length | 0x80] : [0xfe, content.length >> 8, content.length & 255]
  return Buffer.concat([Buffer.from([opcode, ...head, 0, 0, 0, 0]), content])
}

const said = (value: object) => frame(0x81, JSON.stringify(value))
const ping = frame(0x89)

async function connection({ port }: Pick<World, 'port'>): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1' })
  socket.on('error', () => {})
  await once(socket, 'connect')
  return socket
}

const upgrade =
  'GET /v1/live HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
  `Sec-WebSocket-Protocol: hullo.v1\r\nSec-WebSocket-Key: ${btoa('0123456789abcdef')}\r\n\r\n`

/** A reset is as good. */
function closeOf(socket: Socket): Promise<void> {
  return new Promise(resolve => {
    if (socket.closed) resolve()
    else socket.once('close', () => resolve())
  })
}

/** A WebSocket by hand that has started; what comes on it. */
async function talk(world: World): Promise<{ socket: Socket; heard: () => string; closed: Promise<unknown> }> {
  const socket = await connection(world)
  let heard = ''
  const closed = closeOf(socket)
  socket.setEncoding('latin1').on('data', (text: string) => {
    heard += text
  })
  socket.write(upgrade)
  while (!heard.includes('101 ')) await once(socket, 'data')
  socket.write(said({ type: 'start', token: world.token }))
  while (!heard.includes('"hello"')) await once(socket, 'data')
  return { socket, heard: () => heard, closed }
}

/** How many times the server parsed JSON while this ran. */
async function parsedDuring(run: () => Promise<void>): Promise<number> {
  const parse = JSON.parse
  let parsed = 0
  JSON.parse = (text, ...more) => {
    if (/^\{"type":"(beat|typing)"|^no frame/.test(text)) parsed += 1
    return parse(text, ...more)
  }
  try {
    await run()
  } finally {
    JSON.parse = parse
  }
  return parsed
}

const floodFrames = 20_000

for (const [what, one] of Object.entries({
  beats: said({ type: 'beat' }),
  'frames that are not understood': frame(0x81, 'no frame'),
  'typing in a room that is not there': said({ type: 'typing', to: '#nowhere' }),
})) {
  test(`${what}: a flood is parsed within its rate, and closed with a reason`, async () => {
    await using world = await start()
    const { socket, heard, closed } = await talk(world)
    const parsed = await parsedDuring(async () => {
      socket.write(Buffer.concat(Array.from({ length: floodFrames }, () => one)))
      await closed
    })
    assert.ok(parsed <= framesMax, `${parsed} frames were parsed`)
    assert.match(heard(), /"type":"refused","error":"too-many","message":"Too many /)
    // The address is in debt: coming back at once does not help.
    const again = await connection(world)
    again.write(upgrade)
    const [answer] = (await once(again, 'data')) as [Buffer]
    assert.match(answer.toString(), /^HTTP\/1\.1 429 /)
    again.destroy()
  })
}

describe('below the parser', () => {
  test('pings: one in many is answered, and a flood is closed', async () => {
    await using world = await start()
    const { socket, heard, closed } = await talk(world)
    socket.write(Buffer.concat(Array.from({ length: 100 }, () => ping)))
    while (!heard().includes('\x8a\x00')) await once(socket, 'data')
    assert.ok(heard().split('\x8a\x00').length < 20, 'a pong for each ping')
    socket.write(Buffer.concat(Array.from({ length: floodFrames }, () => ping)))
    await closed
    assert.match(heard(), /"error":"too-many"/)
  })

  test('a message in thousands of fragments is closed', async () => {
    await using world = await start()
    const { socket, closed } = await talk(world)
    const fragment = frame(0x00)
    socket.write(Buffer.concat([frame(0x01, '{'), ...Array.from({ length: floodFrames }, () => fragment)]))
    await closed
  })
})

test('a client that is a little too fast is slowed, and loses nothing', async () => {
  await using world = await start()
  const { socket, heard } = await talk(world)
  // Both ends of one account: what is beyond the burst is paid within the seconds that are only slowed.
  const count = accountFrames.burst + 2 * accountFrames.perSecond
  for (let sent = 0; sent < count; sent += 20) {
    socket.write(Buffer.concat(Array.from({ length: 20 }, () => said({ type: 'beat' }))))
  }
  socket.write(said({ type: 'send', ref: 7, messages: [{ to: '@ann', text: 'still here' }] }))
  while (!heard().includes('"ref":7')) await once(socket, 'data')
  assert.match(heard(), /"type":"sent","ref":7/)
  assert.doesNotMatch(heard(), /refused/)
  socket.destroy()
})

test('a batch counts as a request for each 50 messages in it', async () => {
  await using world = await start()
  const messages = Array.from({ length: 1_000 }, () => ({ to: '@ann', text: 'x' }))
  const statuses: number[] = []
  for (let count = 0; count < 20; count += 1) {
    const { status } = await callV1(world.url, 'POST', '/v1/messages', { token: world.token, json: { messages } })
    statuses.push(status)
  }
  const passed = statuses.filter(status => status === 200).length
  assert.ok(statuses.includes(429) && passed >= 10, String(statuses))
})

test('requests without end on one connection: it is closed at the first refusal, and new ones are counted', async () => {
  await using world = await start()
  const socket = await connection(world)
  let heard = ''
  socket.setEncoding('latin1').on('data', (text: string) => {
    heard += text
  })
  socket.write('GET /v1/me HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(250))
  await closeOf(socket)
  assert.equal(heard.split('HTTP/1.1 429').length - 1, 1)
  assert.match(heard, /HTTP\/1\.1 429 [^]*onnection: close/)

  let answered = 0
  for (let count = 0; count < 2 * arrivals.burst; count += 1) {
    const one = await connection(world)
    one.on('data', () => {
      answered += 1
    })
    one.write('GET /v1/me HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
    await closeOf(one)
  }
  assert.ok(answered < 2 * arrivals.burst, 'every connection is answered')
})

test('what the profiles let through: a class behind one address, and a household', () => {
  assert.ok(profiles.classroom.frames.perSecond >= 40 * 20)
  assert.ok(frames.burst >= accountFrames.burst)
  for (const name of ['frames', 'accountFrames', 'bytes', 'accountBytes', 'arrivals'] as const) {
    assert.equal(profiles.local[name].burst, Infinity)
  }
})
