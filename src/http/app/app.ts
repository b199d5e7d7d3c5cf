// The HTTP transport: one Fastify application, and what is the same for all of its routes. The gate (gate.ts) checks each
// request before its body is read. This folder imports nothing of the scopes beside it, and stores, orders and decides nothing.
import type { IncomingMessage } from 'node:http'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import { bodyBytesMax } from '../../protocol/limits.ts'
import { Refusal } from '../../protocol/refusals.ts'
import type { RateLimiter } from '../../core/kit/rate-limiter.ts'
import { refusalOfFault } from '../../core/kit/faults.ts'
import type { Places } from '../../core/kit/slots.ts'
import type { TrustedProxies } from '../../net/address.ts'
import { BodyBudget, readBody } from './body.ts'
import { answerOf, declineOddities, refuseBroken } from './broken.ts'
import type { Front } from './browsers.ts'
import { addAccessLog } from './access-log.ts'
import { addGate, nothingHere } from './gate.ts'
import { protector } from './protection.ts'
import { refuserOf, type Scope } from './scope.ts'
import { boundConnections } from '../../net/connections.ts'
import { logFault } from './refusals.ts'
import { withoutDoubledSlash } from './route-table.ts'
import { StalledReaders } from '../../net/stalled-readers.ts'
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
  /** The scope that refuses in its own way: v1. */
  readonly scope: Scope
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
  scope,
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
  const protect = protector({ scope, front, hsts })
  const refuse = refuserOf(scope)
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

  addGate(app, { scope, front, connections, bytes, requests, trustedProxies, protect, refuse })
  if (log.isLevelEnabled('info')) addAccessLog(app, log)
  app.setErrorHandler((error: Error, request, reply) => {
    const refusal = refusalOf(error)
    if (refusal === undefined) logFault(log, error, request)
    return refuse(request, reply, refusal ?? refusalOfFault(error))
  })
  new StalledReaders({ stallMs: stalledReaderMs, clock: Date.now }).watch(app.server, tls !== undefined)
  const answer = tls === undefined ? answerOf : undefined
  boundConnections(app.server, { connections, arrivals, bytes, trustedProxies }, answer)
  declineOddities(app.server, bounds)
  return app
}

/** A WebSocket at its address; see v1/live.ts. */
function isForWebSocket({ headers, url }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === 'websocket' && url?.split('?')[0] === '/v1/live'
}

const unreadable = new Refusal('malformed', requestTexts.unreadableAddress)

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
