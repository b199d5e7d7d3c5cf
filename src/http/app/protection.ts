// Headers of every answer that keep browsers from misusing it.
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Front } from './browsers.ts'
import type { Scope } from './scope.ts'

/** Browsers remember for this long to come by TLS only: half a year, as is usual. */
const hstsSeconds = 15_552_000

const protection = {
  'Cache-Control': 'no-store',
  // Answers here are nobody's image or script: a browser keeps them out of other sites' processes.
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
}

interface Needs {
  readonly scope: Scope
  readonly front: Front
  readonly hsts: boolean
}

/** Sets the headers that every answer has, refusals included. */
export function protector({ scope, front, hsts }: Needs): (request: FastifyRequest, reply: FastifyReply) => void {
  return (request, reply) => {
    reply.headers(protection)
    scope.allowReading(request, reply, front)
    if (hsts) reply.header('Strict-Transport-Security', `max-age=${hstsSeconds}`)
  }
}
