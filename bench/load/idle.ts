// Connections that are only there: live streams that have begun and say nothing, over WebSocket or server-sent events.
import { connect, type Socket } from 'node:net'
import { once } from 'node:events'
import { serveLoad } from './process.ts'
import { openWebSocket } from './wires/websocket.ts'

export interface Opening {
  readonly kind: 'WebSocket' | 'SSE'
  readonly port: number
  readonly tokens: readonly string[]
  /** How many there are to be in the end, those included that were opened before. */
  readonly count: number
}

/** Opened at once: as many as the listener takes without a retry. */
const atOnce = 64

/** Of 127.0.0.0/8, so many connections from each: an address has some 28,000 ports. */
const perAddress = 5_000

const open: Socket[] = []
let lost = 0

serveLoad({ openUp, close })

/** Resolves when all have been greeted: milliseconds a connection. */
async function openUp(opening: Opening): Promise<{ eachMs: number }> {
  const { kind, port, tokens, count } = opening
  const before = open.length
  const beganMs = performance.now()
  let next = before
  const lane = async () => {
    while (next < count) {
      const index = next
      next += 1
      const from = `127.0.${1 + Math.floor(index / perAddress)}.1`
      const socket = await openings[kind](port, tokens[index % tokens.length] ?? '', from)
      socket.on('close', () => (lost += 1))
      open.push(socket)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, lane))
  if (lost > 0) throw new Error(`${lost} connections were lost`)
  return { eachMs: (performance.now() - beganMs) / (count - before) }
}

/** How many were still there. */
function close(): number {
  const there = open.length - lost
  for (const socket of open) socket.destroy()
  return there
}

const openings = {
  async WebSocket(port: number, token: string, from: string): Promise<Socket> {
    const greeted = Promise.withResolvers<void>()
    const live = await openWebSocket(
      { port, path: '/v1/live', protocol: 'hullo.v1', from },
      { part: () => greeted.resolve(), closed: why => greeted.reject(why) },
    )
    live.send(JSON.stringify({ type: 'start', token }))
    await greeted.promise
    return live.socket
  },

  async SSE(port: number, token: string, from: string): Promise<Socket> {
    const socket = connect({ port, host: '127.0.0.1', localAddress: from, noDelay: true })
    await once(socket, 'connect')
    socket.write(`GET /v1/stream HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${token}\r\n\r\n`)
    let text = ''
    while (!text.includes('event: hello')) {
      const [chunk] = (await once(socket, 'data')) as [Buffer]
      text += chunk.toString()
      if (text.startsWith('HTTP/1.1') && !text.startsWith('HTTP/1.1 200')) throw new Error(`no stream: ${text}`)
    }
    socket.resume()
    return socket
  },
}
