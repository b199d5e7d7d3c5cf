// The HTTP transport: one Fastify application. What is the same for every route stands here: bodies, checks on where a
// request comes from, headers, refusals, the access log. It stores, orders and decides nothing.
import { type IncomingMessage, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import { bodyBytesMax } from '../protocol/limits.ts'
import { Refusal } from '../protocol/refusals.ts'
import { readBody } from './body.ts'
import { checkHost, checkOrigin, type Front } from './browsers.ts'
import { bodyOf, sendRefusal, statusOf } from './refusals.ts'

/** A request's head and body must be here by then: a slow phone on a slow net needs seconds, an attacker all day. */
const requestTimeoutMs = 30_000

/** A connection on which nothing moves, be it a reader who stopped reading, is let go after this. */
const idleTimeoutMs = 60_000

/** Bytes of a request's head: a long Authorization and some cookies. */
const headBytesMax = 16_384

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
    http: { maxHeaderSize: headBytesMax, requireHostHeader: false, headersTimeout: requestTimeoutMs },
    clientErrorHandler: refuseBrokenRequest,
    frameworkErrors(error, _request, reply: FastifyReply) {
      sendRefusal(reply, refusalOf(error) ?? unreadable)
    },
  })
  app.addHttpMethod('GET', { hasBody: true, overrideExisting: true })
  app.addHttpMethod('HEAD', { hasBody: true, overrideExisting: true })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request: FastifyRequest, payload: IncomingMessage) => parse(payload))

  app.addHook('onRequest', async (request, reply) => {
    protect(reply)
    forgetBrokenType(request)
    const refusal =
      checkHost(request.raw, front) ?? (isFrontPage(request) ? undefined : checkOrigin(request.raw, front))
    if (refusal !== undefined) return sendRefusal(reply, refusal)
    return undefined
  })
  app.addHook('onResponse', async (request, reply) => {
    // The pattern of the route, never the address as typed: that may hold a query, a name or a password.
    const route = request.routeOptions.url ?? 'no route'
    const ms = Math.round(reply.elapsedTime)
    log.info({ method: request.method, route, status: reply.statusCode, ms }, 'answered')
  })
  app.setNotFoundHandler((request, reply) => refuseRoute(app, request, reply))
  app.setErrorHandler((error: Error, request, reply) => {
    const refusal = refusalOf(error)
    if (refusal === undefined) log.error({ err: error, route: request.routeOptions.url }, 'a request failed')
    return sendRefusal(reply, refusal ?? failed)
  })
  app.server.on('checkExpectation', (_request, response) => {
    response.writeHead(417, { 'Content-Type': 'application/json; charset=utf-8', Connection: 'close' })
    response.end(JSON.stringify(bodyOf(new Refusal('malformed', 'The only Expect that is known is 100-continue.'))))
  })
  app.server.on('connect', (_request, socket: Socket) => {
    endWith(socket, new Refusal('method', 'CONNECT is for proxies; this is none.'))
  })
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

function refuseRoute(app: FastifyInstance, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const url = request.url.split('?')[0] ?? '/'
  const allowed = (['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const).filter(method =>
    app.hasRoute({ method, url }),
  )
  if (allowed.length === 0) return sendRefusal(reply, new Refusal('unknown-route', 'There is nothing at this address.'))
  reply.header('Allow', allowed.join(', '))
  return sendRefusal(reply, new Refusal('method', `This address takes ${allowed.join(', ')}; not ${request.method}.`))
}

/** What is not HTTP, too slow, or has too large a head, never becomes a request: it is answered on the socket. */
function refuseBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
  } else if (error.code === 'HPE_HEADER_OVERFLOW') {
    endWith(socket, new Refusal('too-large', `The head of the request is larger than ${headBytesMax} bytes.`))
  } else if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    endWith(
      socket,
      new Refusal('too-slow', `The request took longer than ${requestTimeoutMs / 1_000} seconds to come.`),
    )
  } else {
    endWith(socket, new Refusal('malformed', 'This is not a request in HTTP/1.1.'))
  }
}

function endWith(socket: Socket, refusal: Refusal): void {
  const body = JSON.stringify(bodyOf(refusal))
  const status = statusOf(refusal)
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy())
}
