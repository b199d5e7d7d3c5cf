// Arrive, depart: what a browser asks before a page of another origin may use v1 (the CORS protocol; WHATWG Fetch, 3.2).
// Only origins that the operator has named (--allow-origin) get an answer, only under /v1, and never with a cookie: such
// a page signs in and carries its token.
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Front } from '../app/browsers.ts'
import { isV1 } from '../app/route-table.ts'

/** What a page sends beyond what every page may: the token, JSON, and where its event stream goes on. */
const sentHeaders = 'Authorization, Content-Type, Last-Event-ID'

/** What a page may read of an answer beyond what every page may: when to try again. */
const readHeaders = 'Retry-After'

/** A browser need not ask again for so long: the longest that Chromium keeps to. */
const askedAgainSeconds = 7_200

/** Lets a page of a named origin read the answer. Says to caches that another page gets another answer. */
export function allowReading(request: FastifyRequest, reply: FastifyReply, { allowedOrigins }: Front): void {
  if (allowedOrigins.size === 0 || !isV1(request.url)) return
  reply.header('Vary', 'Origin')
  const { origin } = request.headers
  if (origin === undefined || !allowedOrigins.has(origin)) return
  reply.headers({ 'Access-Control-Allow-Origin': origin, 'Access-Control-Expose-Headers': readHeaders })
}

/**
 * Answers the question whether such a page may send a request (a preflight), for an address that takes `methods`. False
 * where it is no such question, or not from a named origin.
 */
export function answerPreflight(request: FastifyRequest, reply: FastifyReply, methods: readonly string[]): boolean {
  const asks = request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined
  if (!asks || methods.length === 0 || reply.getHeader('Access-Control-Allow-Origin') === undefined) return false
  reply.headers({
    'Access-Control-Allow-Methods': methods.join(', '),
    'Access-Control-Allow-Headers': sentHeaders,
    'Access-Control-Max-Age': String(askedAgainSeconds),
  })
  void reply.code(204).send()
  return true
}
