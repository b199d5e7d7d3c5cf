// GET /v1/live: a WebSocket (RFC 6455, subprotocol `hullo.v1`) that carries everything both ways: sends with their
// acknowledgement, and the reader's stream. What is said over it goes through the same verbs as the routes.
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { batchBytesMax } from '../../../protocol/limits.ts'
import { Refusal } from '../../../protocol/refusals.ts'
import { originOf, rateKey } from '../../../net/address.ts'
import { type ConnectionBound, takePlace } from '../../../net/connections.ts'
import { checkHost, checkOrigin } from '../../app/browsers.ts'
import { endWith } from '../../app/broken.ts'
import { gateFrames } from './frame-gate.ts'
import { Heartbeats } from './heartbeats.ts'
import { LiveConnection } from './live-connection.ts'
import type { WebSocketNeeds } from './web-socket-needs.ts'
import { tokenOf } from '../caller.ts'
import { countElsewhere } from '../../../net/received.ts'
import * as requestTexts from '../../../protocol/texts/requests.ts'

/** Bytes of a stranger: a start with a token and a cursor has a few hundred; four times the largest that is looked at. */
const strangerBytesMax = 16_384

/** Parts of one message: a client that streams its sends needs a few, and each costs more than its bytes. */
const fragmentsMax = 64

/** Pieces in which an unfinished frame of 1 MiB may come: 256 bytes each, a fifth of a packet. */
const chunksMax = 4_096

const subprotocol = 'hullo.v1'

/** Answers requests for a WebSocket on `server` (the app lets no other upgrade through); returns what ends them all. */
export function addLive(server: Server, needs: WebSocketNeeds): () => void {
  const sockets = new WebSocketServer({
    noServer: true,
    // A frame holds one batch at most, and nothing is inflated: a small frame never becomes a large one.
    maxPayload: batchBytesMax,
    perMessageDeflate: false,
    // One ping in many is answered, by the connection itself.
    autoPong: false,
    maxFragments: fragmentsMax,
    maxBufferedChunks: chunksMax,
    handleProtocols: offered => (offered.has(subprotocol) ? subprotocol : false),
  })
  const open = new Heartbeats<LiveConnection>()
  // A function of its own: what it leaves with the connection must not hold the request, which has 2 KiB.
  const accept = (webSocket: WebSocket, socket: Duplex, token: string | undefined, from: string) => {
    const connection = new LiveConnection(webSocket, socket, needs, token)
    gateFrames(socket, (frames, bytes) => connection.admit(from, frames, bytes))
    open.add(connection)
    boundStranger(socket, connection)
    webSocket.on('close', () => open.delete(connection))
  }
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const refusal = checkUpgrade(request, socket, needs)
    if (refusal !== undefined) return endWith(socket, refusal)
    countElsewhere(request.socket)
    const token = tokenOf(request)
    const from = sourceOf(request, needs)
    return sockets.handleUpgrade(request, socket, head, (webSocket: WebSocket) =>
      accept(webSocket, socket, token, from),
    )
  })
  return () => {
    for (const connection of open) connection.end('stopping')
  }
}

/**
 * Cuts off who sends more than a start before it is known who they are: a frame is kept until it is whole, and strangers
 * could leave a megabyte each behind without ever finishing one.
 */
function boundStranger(socket: Duplex, connection: LiveConnection): void {
  let bytes = 0
  const count = (chunk: Buffer) => {
    if (connection.isKnown) return socket.off('data', count)
    bytes += chunk.length
    if (bytes > strangerBytesMax && connection.isStranger) connection.cut()
    return undefined
  }
  socket.on('data', count)
}

function sourceOf(request: IncomingMessage, { trustedProxies }: ConnectionBound): string {
  return rateKey(originOf(request, trustedProxies).address)
}

function checkUpgrade(request: IncomingMessage, socket: Duplex, needs: WebSocketNeeds): Refusal | undefined {
  const { front, requests, frames } = needs
  const from = sourceOf(request, needs)
  const foreign =
    checkHost(request, front) ?? checkOrigin(request, front) ?? takePlace(request, socket, needs) ?? requests.take(from)
  if (foreign !== undefined) return foreign
  // What it is still in debt for from a connection before.
  const debtSeconds = frames.charge(from, 1)
  if (debtSeconds > 0) return frames.refusal(debtSeconds)
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map(name => name.trim())
  if (!offered.includes(subprotocol)) return new Refusal('malformed', requestTexts.offerSubprotocol(subprotocol))
  return undefined
}
