// Arrive: what is not HTTP, is too slow or has too large a head never becomes a request of Fastify's. It is told so on
// the socket, in the same JSON as every refusal, and so are the parts of HTTP that this server does not take part in.
import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { Refusal } from '../../protocol/refusals.ts'
import { afterTheOthers, isUnfinished } from './pipeline.ts'
import { bodyOf, statusOf } from './refusals.ts'
import { reasonPhraseOf } from '../../protocol/texts/reason-phrases.ts'
import * as requestTexts from '../../protocol/texts/requests.ts'

/** Who is still sending when the answer comes is read on for this long: cut off at once, it might never see it. */
const lingerMs = 2_000

interface Bounds {
  readonly headBytesMax: number
  readonly requestTimeoutMs: number
}

/** Expectations other than 100-continue, CONNECT, and clients that say they have sent all when they have not. */
export function declineOddities(server: Server, bounds: Bounds): void {
  server.on('connection', (socket: Socket) => {
    // Node notices this by itself, except in a request that also asks for an upgrade: that it would wait for.
    socket.once('end', () => {
      if (isUnfinished(socket)) void refuseBroken(new Error('the request ends too soon'), socket, bounds)
    })
  })
  server.on('checkExpectation', (_request, response) => {
    const body = JSON.stringify(bodyOf(new Refusal('malformed', requestTexts.unknownExpect)))
    const type = { 'Content-Type': 'application/json; charset=utf-8', 'Content-Length': Buffer.byteLength(body) }
    response.writeHead(417, { ...type, Connection: 'close' })
    response.end(body)
  })
  server.on('connect', (_request, socket: Socket) => {
    // An empty Allow is a whole one (RFC 9110, 10.2.1): what CONNECT names is no resource of ours.
    endWith(socket, new Refusal('method', requestTexts.noProxy), ['Allow: '])
  })
}

/** Answers on the socket itself, after the answers to the requests that came before, and closes it. */
export async function refuseBroken(
  error: Error & { code?: string },
  socket: Socket,
  { headBytesMax, requestTimeoutMs }: Bounds,
): Promise<void> {
  if (error.code === 'ECONNRESET') {
    socket.destroy()
    return
  }
  const first = await afterTheOthers(socket)
  if (!first) return // the rest of what was broken: the answer is on its way
  if (!socket.writable) {
    socket.destroy()
  } else if (error.code === 'HPE_HEADER_OVERFLOW') {
    endWith(socket, new Refusal('too-large', requestTexts.headLarge(headBytesMax)))
  } else if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    endWith(socket, new Refusal('too-slow', requestTexts.slow(requestTimeoutMs / 1_000)))
  } else {
    endWith(socket, new Refusal('malformed', requestTexts.notHttp))
  }
}

/** Answers on a socket that is no request's, and lets go of it. */
export function endWith(socket: Duplex, refusal: Refusal, headers: readonly string[] = []): void {
  socket.end(answerOf(refusal, headers))
  const late = setTimeout(() => socket.destroy(), lingerMs)
  socket.once('close', () => clearTimeout(late))
  socket.resume()
}

/** A refusal as a whole answer, the connection's last. */
export function answerOf(refusal: Refusal, headers: readonly string[] = []): string {
  const body = JSON.stringify(bodyOf(refusal))
  const status = statusOf(refusal.code)
  const head = [
    `HTTP/1.1 ${status} ${reasonPhraseOf(refusal)}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    ...headers,
  ]
  return `${head.join('\r\n')}\r\n\r\n${body}`
}
