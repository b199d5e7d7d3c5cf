// The HTTP transport: one Fastify application. What is the same for every route stands here: bodies, checks on where a
// request comes from, headers, refusals, the access log. It stores, orders and decides nothing.
import type { IncomingMessage } from 'node:http'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import { bodyBytesMax } from '../../protocol/limits.ts'
import { Refusal } from '../../protocol/refusals.ts'
import type { RateLimiter } from '../../core/kit/rate-limiter.ts'
import { refusalOfFault } from '../../core/kit/faults.ts'
import type { Places } from '../../core/kit/slots.ts'
import { originOf, rateKey, type TrustedProxies } from '../../net/address.ts'
import { BodyBudget, readBody } from './body.ts'
import { declineOddities, refuseBroken } from './broken.ts'
import { checkHost, checkOrigin, type Front } from './browsers.ts'
import { boundConnections, takePlace } from '../../net/connections.ts'
import { allowReading, answerPreflight } from '../v1/cors.ts'
import { takeTurn } from './pipeline.ts'
import { bytesSince } from '../../net/received.ts'
import { logFault, sendRefusal } from './refusals.ts'
import { isV1, RouteTable, withoutDoubledSlash } from './route-table.ts'
import { StalledReaders } from '../../net/stalled-readers.ts'
import { sendProblem } from '../v1/problems.ts'
import { withoutCompilers } from './without-compilers.ts'
import * as requestTexts from '../../protocol/texts/requests.ts'

/** A request's head and body must be here by then: a slow phone on a slow net needs seconds, an attacker all day. */
const requestTimeoutMs = 30_000

/** How often the timeouts are looked after: a request may be this much later than its time. */
const timeoutCheckMs = 5_000

/** A connection on which nothing moves is closed after this; a reader who stopped reading is cut sooner. */
const idleTimeoutMs = 60_000

/** Bytes of a request's head: a long Authorization and some cookies. */
const headBytesMax = 16_384

/** Connections at a time: more than a class or a team has, and what a small machine can hold; who comes then is cut. */
const connectionsMax = 16_384

/** Code units of one part of an address: the longest name, of 32 code points, decoded; and as much again. */
const partUnitsMax = 128

/** Browsers remember for this long to come by TLS only: half a year, as is usual. */
const hstsSeconds = 15_552_000

declare module 'fastify' {
  interface FastifyInstance {
    /** Shared by all routes. */
    readonly bodyBudget: BodyBudget
  }
}

export interface Tls {
  /** PEM: the certificate with its chain, and its private key. */
  readonly cert: Buffer
  readonly key: Buffer
}

const bounds = { headBytesMax, requestTimeoutMs }

export interface AppOptions {
  readonly front: Front
  readonly log: Logger
  readonly tls: Tls | undefined
  /** Whether browsers are told to come by TLS only; it counts for all ports of the host. */
  readonly hsts: boolean
  /** Of each address. */
  readonly connections: Places<string>
  /** Counts new connections, by address. */
  readonly arrivals: RateLimiter
  /** Counts bytes, by address. */
  readonly bytes: RateLimiter
  /** Counts every request, by address, before its body is read. */
  readonly requests: RateLimiter
  readonly trustedProxies: TrustedProxies | undefined
  /** Without progress for this long, a reader for which something waits is cut. */
  readonly stalledReaderMs: number
}

export function createApp({
  front,
  log,
  tls,
  hsts,
  arrivals,
  bytes,
  requests,
  connections,
  trustedProxies,
  stalledReaderMs,
}: AppOptions): FastifyInstance {
  const http = {
    maxHeaderSize: headBytesMax,
    requireHostHeader: false,
    headersTimeout: requestTimeoutMs,
    connectionsCheckingInterval: timeoutCheckMs,
    // Any other upgrade is declined by answering as if it were not there (curl --http2 and Java ask for h2c each time).
    shouldUpgradeCallback: isForWebSocket,
  }
  const protect = (request: FastifyRequest, reply: FastifyReply) => {
    reply.headers(protection)
    allowReading(request, reply, front)
    if (hsts) reply.header('Strict-Transport-Security', `max-age=${hstsSeconds}`)
  }
  const app = Fastify({
    // Fastify's own request log would write the query; ours below does not.
    logger: false,
    // What GET would say, without saying it (RFC 9110, 9.3.2). Not where GET begins a stream.
    exposeHeadRoutes: true,
    requestTimeout: requestTimeoutMs,
    connectionTimeout: idleTimeoutMs,
    return503OnClosing: false,
    schemaController: withoutCompilers,
    forceCloseConnections: 'idle',
    rewriteUrl: ({ url = '/' }) => withoutDoubledSlash(url),
    routerOptions: { maxParamLength: partUnitsMax },
    ...(tls === undefined ? { http } : { https: { ...http, ...tls } }),
    clientErrorHandler(error, socket) {
      void refuseBroken(error, socket, bounds)
    },
    frameworkErrors(error, request, reply: FastifyReply) {
      protect(request, reply)
      refuse(request, reply, refusalOf(error) ?? unreadable)
    },
  }) as FastifyInstance
  // `printf ... | nc -N` has finished sending long before its answer is ready, and waits for it.
  ;(app.server as { httpAllowHalfOpen?: boolean }).httpAllowHalfOpen = true
  app.addHttpMethod('GET', { hasBody: true, overrideExisting: true })
  app.addHttpMethod('HEAD', { hasBody: true, overrideExisting: true })
  app.removeAllContentTypeParsers()
  app.server.maxConnections = connectionsMax
  const budget = new BodyBudget()
  app.decorate('bodyBudget', budget)
  app.addContentTypeParser('*', (_request: FastifyRequest, payload: IncomingMessage) => parse(payload, budget))

  const routes = new RouteTable()
  app.addHook('onRoute', ({ url, method }) => routes.add(url, [method].flat()))
  const count = (request: IncomingMessage): Refusal | undefined => {
    const from = rateKey(originOf(request, trustedProxies).address)
    const debtSeconds = bytes.charge(from, bytesSince(request.socket))
    return debtSeconds > 0 ? bytes.refusal(debtSeconds) : requests.take(from)
  }
  const check = (request: FastifyRequest, reply: FastifyReply): Refusal | undefined =>
    checkHost(request.raw, front) ??
    (isForReading(request) ? undefined : checkOrigin(request.raw, front)) ??
    takePlace(request.raw, reply.raw, { connections, trustedProxies }) ??
    count(request.raw)
  // With a callback: as an async function, with a promise for each turn, this hook cost twice as much.
  app.addHook('onRequest', (request, reply, done) => {
    const begin = (isMine: boolean) => {
      // Of a connection that was cut the requests that had come with it are not looked at.
      if (!isMine || request.raw.socket.destroyed) return void reply.hijack()
      protect(request, reply)
      forgetBrokenType(request)
      const refusal = check(request, reply)
      if (refusal !== undefined) {
        // Each further try then costs a connection, which is counted before a byte of it is read.
        if (refusal.code === 'too-many' && !hasBody(request.raw)) reply.header('Connection', 'close')
        return void refuse(request, reply, refusal)
      }
      // Here and not in Fastify's handler for it, which would read the body first.
      if (!request.is404) return done()
      const methods = routes.methodsOf(request.url)
      if (answerPreflight(request, reply, methods)) return undefined
      return void refuse(request, reply, routeRefusal(methods, request, reply))
    }
    const turn = takeTurn(request.raw, reply.raw)
    if (turn === true) begin(true)
    else void turn.then(begin)
  })
  if (log.isLevelEnabled('info'))
    app.addHook('onResponse', (request, reply, done) => {
      // The pattern of the route, never the address as typed: that may hold a query, a name or a password.
      const route = request.routeOptions.url ?? 'no route'
      const ms = Math.round(reply.elapsedTime)
      log.info({ method: request.method, route, status: reply.statusCode, ms }, 'answered')
      done()
    })
  app.setErrorHandler((error: Error, request, reply) => {
    const refusal = refusalOf(error)
    if (refusal === undefined) logFault(log, error, request)
    return refuse(request, reply, refusal ?? refusalOfFault(error))
  })
  new StalledReaders({ stallMs: stalledReaderMs, clock: Date.now }).watch(app.server, tls !== undefined)
  boundConnections(app.server, { connections, arrivals, bytes, trustedProxies }, tls === undefined)
  declineOddities(app.server, bounds)
  return app
}

/** A WebSocket at its address; see v1/live.ts. */
function isForWebSocket({ headers, url }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === 'websocket' && url?.split('?')[0] === '/v1/live'
}

/** Whoever is cut off while sending a body sees a broken connection in place of the refusal. */
function hasBody({ headers }: IncomingMessage): boolean {
  return headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined
}

const unreadable = new Refusal('malformed', requestTexts.unreadableAddress)
const nothingHere = new Refusal('unknown-route', requestTexts.nothingHere)

/** A refusal that travels as an exception through Fastify's own parts. */
class RefusedBody extends Error {
  readonly refusal: Refusal

  constructor(refusal: Refusal) {
    super(refusal.message)
    this.refusal = refusal
  }
}

async function parse(payload: IncomingMessage, budget: BodyBudget): Promise<Buffer> {
  const body = await readBody(payload, bodyBytesMax, budget)
  if (body instanceof Refusal) throw new RefusedBody(body)
  return body
}

/** What Fastify refuses by itself (its errors carry a status), in our words; undefined for what broke. */
function refusalOf(error: Error & { statusCode?: number; code?: string }): Refusal | undefined {
  if (error instanceof RefusedBody) return error.refusal
  if (error.code === 'FST_ERR_MAX_PARAM_LENGTH') return nothingHere
  if (error.code === 'ECONNRESET' || error.code === 'ERR_STREAM_PREMATURE_CLOSE') return unreadable // nobody reads it
  if (error.statusCode === undefined || error.statusCode >= 500) return undefined
  return new Refusal('malformed', requestTexts.unreadable)
}

const protection = {
  'Cache-Control': 'no-store',
  // Answers here are nobody's image or script: a browser keeps them out of other sites' processes.
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
}

/** Fastify refuses a Content-Type that is none before anything of ours sees the body; a body says itself what it is. */
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

/** Refuses as the routes around the address do: v1 with problem documents, everything else with the lab's JSON. */
function refuse(request: FastifyRequest, reply: FastifyReply, refusal: Refusal): FastifyReply {
  return isV1(request.url) ? sendProblem(reply, refusal) : sendRefusal(reply, refusal)
}
