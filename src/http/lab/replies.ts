// How the lab's routes say yes and no: the number alone, as JSON without a newline (older clients compare bytes), and
// where the lab has no number, the refusal as every other route says it.
import type { FastifyReply } from 'fastify'
import { AUTHENTICATION_FAILED, USER_DOES_NOT_EXIST, USER_EXISTS } from '../../protocol/lab-codes.ts'
import type { Refusal, RefusalCode } from '../../protocol/refusals.ts'
import { explain, sendRefusal } from '../app/refusals.ts'

const numbers: Partial<Record<RefusalCode, { status: number; code: number }>> = {
  'account-exists': { status: 200, code: USER_EXISTS },
  'account-unknown': { status: 404, code: USER_DOES_NOT_EXIST },
  'password-wrong': { status: 401, code: AUTHENTICATION_FAILED },
  'not-proved': { status: 401, code: AUTHENTICATION_FAILED },
}

export function sendCode(reply: FastifyReply, code: number, status = 200): FastifyReply {
  return reply.code(status).header('content-type', 'application/json; charset=utf-8').send(String(code))
}

export function sendLabRefusal(reply: FastifyReply, refusal: Refusal): FastifyReply {
  const number = numbers[refusal.code]
  if (number === undefined) return sendRefusal(reply, refusal)
  if (number.status !== 200) explain(reply, refusal)
  return sendCode(reply, number.code, number.status)
}
