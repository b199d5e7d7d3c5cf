// Arrive: every request passes here before its body is read. Its turn on the connection, Host and Origin, a connection slot,
// its price; then whether there is a route at all. A request that passes goes on to its route, any other is refused.
import type { IncomingMessage } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { RateLimiter } from '../../core/kit/rate-limiter.ts'
import { originOf, rateKey } from '../../net/address.ts'
import { type ConnectionBound, takePlace } from '../../net/connections.ts'
import { bytesSince } from '../../net/received.ts'
import { Refusal } from '../../protocol/refusals.ts'
import * as requestTexts from '../../protocol/texts/requests.ts'
import { checkHost, checkOrigin, type Front } from './browsers.ts'
import { takeTurn } from './pipeline.ts'
import { RouteTable } from './route-table.ts'
import type { Refuse, Scope } from './scope.ts'

interface Needs extends ConnectionBound {
  readonly scope: Scope
  readonly front: Front
  /** Counts bytes, by address. */
  readonly bytes: RateLimiter
  /** Counts every request, by address. */
  readonly requests: RateLimiter
  readonly protect: (request: FastifyRequest, reply: FastifyReply) => void
  readonly refuse: Refuse
}

export const nothingHere = new Refusal('unknown-route', requestTexts.nothingHere)

export function addGate(app: FastifyInstance, needs: Needs): void {
  const { scope, protect, refuse } = needs
  const routes = new RouteTable()
  app.addHook('onRoute', ({ url, method }) => routes.add(url, [method].flat()))
  // With a callback: as an async function, with a promise for each turn, this hook cost twice as much.
  app.addHook('onRequest', (request, reply, done) => {
    const begin = (isMine: boolean) => {
      // Of a connection that was cut the requests that had come with it are not looked at.
      if (!isMine || request.raw.socket.destroyed) return void reply.hijack()
      protect(request, reply)
      forgetBrokenType(request)
      const refusal = check(needs, request, reply)
      if (refusal !== undefined) {
        // Each further try then costs a connection, which is counted before a byte of it is read.
        if (refusal.code === 'too-many' && !hasBody(request.raw)) reply.header('Connection', 'close')
        return void refuse(request, reply, refusal)
      }
      // Here and not in Fastify's handler for it, which would read the body first.
      if (!request.is404) return done()
      const methods = routes.methodsOf(request.url)
      if (scope.answerPreflight(request, reply, methods)) return undefined
      return void refuse(request, reply, routeRefusal(methods, request, reply))
    }
    const turn = takeTurn(request.raw, reply.raw)
    if (turn === true) begin(true)
    else void turn.then(begin)
  })
}

function check(needs: Needs, request: FastifyRequest, reply: FastifyReply): Refusal | undefined {
  const { raw } = request
  return (
    checkHost(raw, needs.front) ??
    (isForReading(request) ? undefined : checkOrigin(raw, needs.front)) ??
    takePlace(raw, reply.raw, needs) ??
    count(needs, raw)
  )
}

/** Charges what was received, and the request itself, to the address. */
function count({ bytes, requests, trustedProxies }: Needs, request: IncomingMessage): Refusal | undefined {
  const from = rateKey(originOf(request, trustedProxies).address)
  const debtSeconds = bytes.charge(from, bytesSince(request.socket))
  return debtSeconds > 0 ? bytes.refusal(debtSeconds) : requests.take(from)
}

/** Whoever is cut off while sending a body sees a broken connection in place of the refusal. */
function hasBody({ headers }: IncomingMessage): boolean {
  return headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined
}

/** Fastify rejects malformed Content-Types early. Drops the header; the body parser detects JSON or a form itself. */
function forgetBrokenType(request: FastifyRequest): void {
  const type = request.raw.headers['content-type']
  if (type !== undefined && type !== 'application/json' && !/^[\w!#$&^.+*-]+\/[\w!#$&^.+*-]+\s*(;|$)/.test(type)) {
    delete request.raw.headers['content-type']
  }
}

/** Links and bookmarks from elsewhere may lead to the front page and the docs, which reveal and change nothing. */
function isForReading(request: FastifyRequest): boolean {
  return (request.method === 'GET' || request.method === 'HEAD') && /^\/(docs\/?)?$/.test(request.url)
}

/** What was asked for is not there, or not by this method. */
function routeRefusal(allowed: readonly string[], request: FastifyRequest, reply: FastifyReply): Refusal {
  // The method is among them where the router reads an address otherwise than this table.
  if (allowed.length === 0 || allowed.includes(request.method)) return nothingHere
  reply.header('Allow', allowed.join(', '))
  return new Refusal('method', requestTexts.otherMethods(allowed, request.method))
}
