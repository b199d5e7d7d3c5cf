// How v1 says no: RFC 9457 problem documents with the catalogue's stable code.
import type { FastifyReply } from 'fastify'
import { Refusal } from '../../protocol/refusals.ts'
import type { Problem } from '../../protocol/v1.ts'
import { statusOf } from '../app/refusals.ts'
import { statusTexts } from '../app/status-texts.ts'

function problemOf(refusal: Refusal): Problem {
  const status = statusOf(refusal.code)
  const { code, message, field, retryAfterSeconds } = refusal
  return {
    type: 'about:blank',
    title: statusTexts[status] ?? 'Refused',
    status,
    detail: message,
    code,
    ...(field === undefined ? {} : { field }),
    ...(retryAfterSeconds === undefined ? {} : { retryAfter: retryAfterSeconds }),
  }
}

export function sendProblem(reply: FastifyReply, refusal: Refusal): FastifyReply {
  if (refusal.retryAfterSeconds !== undefined) reply.header('Retry-After', String(refusal.retryAfterSeconds))
  return reply
    .code(statusOf(refusal.code))
    .type('application/problem+json')
    .send(JSON.stringify(problemOf(refusal)))
}

/** A refusal on its way out of a route, past Fastify's types, to the handler of errors that answers with it. */
export class Refused extends Error {
  readonly refusal: Refusal

  constructor(refusal: Refusal) {
    super(refusal.message)
    this.refusal = refusal
  }
}

/** What a verb of the core gave; the route ends with its refusal, if it was one. */
export function granted<T>(outcome: T | Refusal): T {
  if (outcome instanceof Refusal) throw new Refused(outcome)
  return outcome
}
