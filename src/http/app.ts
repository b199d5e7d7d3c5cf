// The HTTP transport: one Fastify application. What is the same for every route stands here: bodies, checks on where a
// request comes from, headers, refusals, the access log. It stores, orders and decides nothing.
import type { IncomingMessage } from 'node:http'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import { bodyBytesMax } from '../protocol/limits.ts'
import { Refusal } from '../protocol/refusals.ts'
import { readBody } from './body.ts'
import { declineOddities, refuseBroken } from './broken.ts'
import { checkHost, checkOrigin, type Front } from './browsers.ts'
import { takeTurn } from './pipeline.ts'
import { sendRefusal } from './refusals.ts'

/** A request's head and body must be here by then: a slow phone on a slow net needs seconds, an attacker all day. */
const requestTimeoutMs = 30_000

/** How often the timeouts are looked after: a request may be this much later than its time. */
const timeoutCheckMs = 5_000

/** A connection on which nothing moves, be it a reader who stopped reading, is let go after this. */
const idleTimeoutMs = 60_000

/** Bytes of a request's head: a long Authorization and some cookies. */
const headBytesMax = 16_384

const bounds = { headBytesMax, requestTimeoutMs }

export interface AppOptions {
  readonly front: Front
  readonly log: Logger
}

export function createApp({ front, log }: AppOptions): FastifyInstance {
  const app = Fastify({
    // Fastify's own request log would write the query; ours below does not.
    logger: false,
    exposeHeadRoutes: false,
    requestTimeout: requestTimeoutMs,
    connectionTimeout: idleTimeoutMs,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    http: {
      maxHeaderSize: headBytesMax,
      requireHostHeader: false,
      headersTimeout: requestTimeoutMs,
      connectionsCheckingInterval: timeoutCheckMs,
    },
    clientErrorHandler(error, socket) {
      void refuseBroken(error, socket, bounds)
    },
    frameworkErrors(error, _request, reply: FastifyReply) {
      protect(reply)
      sendRefusal(reply, refusalOf(error) ?? unreadable)
    },
  })
  // `printf ... | nc -N` has finished sending long before its answer is ready, and waits for it.
  ;(app.server as { httpAllowHalfOpen?: boolean }).httpAllowHalfOpen = true
  app.addHttpMethod('GET', { hasBody: true, overrideExisting: true })
  app.addHttpMethod('HEAD', { hasBody: true, overrideExisting: true })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request: FastifyRequest, payload: IncomingMessage) => parse(payload))

  const routes = new Map<string, readonly string[]>()
  app.addHook('onRoute', ({ url, method }) => {
    routes.set(url, [...(routes.get(url) ?? []), ...[method].flat()])
  })
  app.addHook('onRequest', async (request, reply) => {
    if (!(await takeTurn(request.raw, reply.raw))) return reply.hijack()
    protect(reply)
    forgetBrokenType(request)
    const refusal =
      checkHost(request.raw, front) ?? (isFrontPage(request) ? undefined : checkOrigin(request.raw, front))
    if (refusal !== undefined) return sendRefusal(reply, refusal)
    // Here and not in Fastify's handler for it, which would read the body first.
    if (request.is404) return refuseRoute(routes, request, reply)
    return undefined
  })
  app.addHook('onResponse', async (request, reply) => {
    // The pattern of the route, never the address as typed: that may hold a query, a name or a password.
    const route = request.routeOptions.url ?? 'no route'
    const ms = Math.round(reply.elapsedTime)
    log.info({ method: request.method, route, status: reply.statusCode, ms }, 'answered')
  })
  app.setErrorHandler((error: Error, request, reply) => {
    const refusal = refusalOf(error)
    if (refusal === undefined) log.error({ err: error, route: request.routeOptions.url }, 'a request failed')
    return sendRefusal(reply, refusal ?? failed)
  })
  declineOddities(app.server, bounds)
  return app
}

const unreadable = new Refusal('malformed', 'The address of the request cannot be read.')
const failed = new Refusal('unavailable', 'The server failed to do this; its log says more. Try again later.')

/** A refusal that travels as an exception through Fastify's own parts. */
class RefusedBody extends Error {
  readonly refusal: Refusal

  constructor(refusal: Refusal) {
    super(refusal.message)
    this.refusal = refusal
  }
}

async function parse(payload: IncomingMessage): Promise<Buffer> {
  const body = await readBody(payload, bodyBytesMax)
  if (body instanceof Refusal) throw new RefusedBody(body)
  return body
}

/** What Fastify refuses by itself (its errors carry a status), in our words; undefined for what broke. */
function refusalOf(error: Error & { statusCode?: number; code?: string }): Refusal | undefined {
  if (error instanceof RefusedBody) return error.refusal
  if (error.code === 'ECONNRESET' || error.code === 'ERR_STREAM_PREMATURE_CLOSE') return unreadable // nobody reads it
  if (error.statusCode === undefined || error.statusCode >= 500) return undefined
  return new Refusal('malformed', 'The request cannot be read.')
}

function protect(reply: FastifyReply): void {
  reply.headers({
    'Cache-Control': 'no-store',
    // Answers here are nobody's image or script: a browser keeps them out of other sites' processes.
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
  })
}

/** Fastify refuses a Content-Type that is none before anything of ours sees the body; a body says itself what it is. */
function forgetBrokenType(request: FastifyRequest): void {
  const type = request.raw.headers['content-type']
  if (type !== undefined && !/^[\w!#$&^.+*-]+\/[\w!#$&^.+*-]+\s*(;|$)/.test(type)) {
    delete request.raw.headers['content-type']
  }
}

/** Links and bookmarks from elsewhere may lead to the front page, which reveals and changes nothing. */
function isFrontPage(request: FastifyRequest): boolean {
  return request.url === '/' && (request.method === 'GET' || request.method === 'HEAD')
}

/** `routes` has the methods of each address; what was typed never goes back into the router as a pattern. */
function refuseRoute(
  routes: ReadonlyMap<string, readonly string[]>,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const allowed = routes.get(pathOf(request.url))
  if (allowed === undefined) {
    return sendRefusal(reply, new Refusal('unknown-route', 'There is nothing at this address.'))
  }
  reply.header('Allow', allowed.join(', '))
  return sendRefusal(reply, new Refusal('method', `This address takes ${allowed.join(', ')}; not ${request.method}.`))
}

/** The path of a request's target, which may be in absolute form (RFC 9112, 3.2.2), percent-decoded. */
function pathOf(target: string): string {
  const path = target.replace(/^https?:\/\/[^/?]*/i, '').split('?')[0] ?? ''
  return decodeURIComponent(path) || '/'
}
