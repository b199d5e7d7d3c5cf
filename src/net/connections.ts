// Arrive: how many connections one address holds, be they for requests, streams or WebSockets: nobody alone takes all that
// the server has. What a trusted proxy sends on counts as its client's, one connection for each request under way.
import type { IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Writable } from 'node:stream'
import type { RateLimiter } from '../core/kit/rate-limiter.ts'
import type { Places } from '../core/kit/slots.ts'
import { Refusal } from '../protocol/refusals.ts'
import * as requestTexts from '../protocol/texts/requests.ts'
import { isTrusted, originOf, peerOf, rateKey, type TrustedProxies } from './address.ts'
import { bytesSince } from './received.ts'

export interface ConnectionBound {
  /** By `rateKey`. */
  readonly connections: Places<string>
  readonly trustedProxies: TrustedProxies | undefined
}

interface Counts {
  /** Count new connections and bytes, by address. */
  readonly arrivals: RateLimiter
  readonly bytes: RateLimiter
}

/** A refusal as the bytes of a whole answer, with these headers; undefined where none can be given before a handshake. */
export type Answer = ((refusal: Refusal, headers: readonly string[]) => string) | undefined

/** A connection is held for as long as somebody looks at a page: soon there is room again, or not for long. */
const retryAfterSeconds = 10

/**
 * Cuts connections of an address that has all of its own, with an answer that is made once, before a byte of theirs is read
 * (over TLS, where an answer would cost a handshake, without one). Nothing waits for them to take it.
 */
export function boundConnections(
  server: Server,
  { connections, arrivals, bytes, trustedProxies }: ConnectionBound & Counts,
  answerOf: Answer,
): void {
  // Made when it is first wanted: the first number that Intl writes loads what costs every start 20 ms and 9 MB.
  let answer: string | undefined
  server.on('connection', (socket: Socket) => {
    const peer = peerOf(socket)
    if (isTrusted(trustedProxies, peer)) return
    const from = rateKey(peer)
    // Without a word: an answer to each would be what such a flood is after.
    if (arrivals.take(from) !== undefined) {
      socket.destroy()
      return
    }
    const place = connections.take(from)
    if (place !== undefined) {
      // Not `once`, here and where a WebSocket begins: it comes once anyway, and would keep 200 bytes more for each of ten
      // thousand.
      socket.on('close', () => {
        place[Symbol.dispose]()
        // What never became a request. (Over TLS the requests have a socket of their own, which is counted.)
        if (answerOf !== undefined) bytes.charge(from, bytesSince(socket))
      })
      return
    }
    answer ??= answerOf?.(full(connections), [`Retry-After: ${retryAfterSeconds}`])
    if (answer === undefined) socket.destroy()
    else socket.end(answer, () => socket.destroy())
  })
}

/** Takes a place for a request that a trusted proxy sends on, until `answer` is closed. Refuses with `too-many`. */
export function takePlace(
  request: IncomingMessage,
  answer: Pick<Writable, 'once'>,
  { connections, trustedProxies }: ConnectionBound,
): Refusal | undefined {
  if (!isTrusted(trustedProxies, peerOf(request.socket))) return undefined
  const place = connections.take(rateKey(originOf(request, trustedProxies).address))
  if (place === undefined) return full(connections)
  answer.once('close', () => place[Symbol.dispose]())
  return undefined
}

function full({ max }: Places<string>): Refusal {
  return new Refusal('too-many', requestTexts.connectionsFull(max), { retryAfterSeconds })
}
