// How HTTP says each refusal: the one place where a code becomes a status.
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import type { Refusal, RefusalCode } from '../../protocol/refusals.ts'
import { reasonPhraseOf } from '../../protocol/texts/reason-phrases.ts'
import { Damaged } from '../../store/store.ts'

const statuses: Readonly<Record<RefusalCode, number>> = {
  malformed: 400,
  'field-missing': 400,
  'field-type': 400,
  'field-invalid': 400,
  'too-large': 413,
  'too-slow': 408,
  'media-type': 415,
  'unknown-route': 404,
  method: 405,
  'foreign-origin': 403,
  'foreign-host': 421,
  'account-exists': 409,
  'account-unknown': 404,
  'password-wrong': 401,
  'password-weak': 403,
  'not-proved': 401,
  'signed-out': 401,
  'registration-closed': 403,
  'sign-in-failed': 401,
  'invite-needed': 403,
  'invite-unknown': 403,
  'session-unknown': 404,
  'admins-only': 403,
  unreachable: 404,
  'client-id-reused': 409,
  'conversation-unknown': 404,
  'message-unknown': 404,
  'not-yours': 403,
  'room-unknown': 404,
  'room-exists': 409,
  'room-closed': 403,
  'room-full': 409,
  'not-a-member': 403,
  'owners-only': 403,
  'last-owner': 409,
  silenced: 403,
  'too-many': 429,
  busy: 503,
  unavailable: 503,
  'outcome-unknown': 503,
}

export function statusOf(code: RefusalCode): number {
  return statuses[code]
}

/** The body of a refusal that has no number in the lab's table. */
export function bodyOf({ code, message }: Refusal): { error: RefusalCode; message: string } {
  return { error: code, message }
}

/**
 * Answers with status, a reason phrase that says what was wrong (RFC 9112, 4, has it free; HTTP/2 has none),
 * `Retry-After` where the refusal names a time, and the JSON body.
 */
export function sendRefusal(reply: FastifyReply, refusal: Refusal): FastifyReply {
  if (refusal.retryAfterSeconds !== undefined) reply.header('Retry-After', String(refusal.retryAfterSeconds))
  explain(reply, refusal)
  return reply.code(statusOf(refusal.code)).send(bodyOf(refusal))
}

/** Puts the refusal's reason phrase into the status line, which is all that the lab's client shows of it. */
export function explain(reply: FastifyReply, refusal: Refusal): void {
  reply.raw.statusMessage = reasonPhraseOf(refusal)
}

/** Logs what a request met and nobody expected. A damaged database is in the log already, once, with what to do. */
export function logFault(log: Logger, error: Error, { routeOptions }: FastifyRequest): void {
  if (!(error instanceof Damaged)) log.error({ err: error, route: routeOptions.url }, 'a request failed')
}
