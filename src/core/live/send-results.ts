// What became of each draft, as every transport says it.
import type { Stored } from '../conversations/messages.ts'
import { Refusal } from '../../protocol/refusals.ts'
import type { SendResult } from '../../protocol/v1.ts'

/** Messages for which a batch counts as one request: so many cost about as much to check and store. */
const messagesPerRequest = 50

/** How many requests a batch counts as. */
export function requestsOf(messages: number): number {
  return Math.ceil(messages / messagesPerRequest)
}

export function sendResultOf(result: Stored | Refusal): SendResult {
  if (result instanceof Refusal) {
    const { code, message, field, retryAfterSeconds } = result
    return {
      error: code,
      message,
      ...(field === undefined ? {} : { field }),
      ...(retryAfterSeconds === undefined ? {} : { retryAfter: retryAfterSeconds }),
    }
  }
  const { seq, conversation, storedAtMs, repeated } = result
  return { seq, conversation, storedAt: storedAtMs / 1_000, repeated }
}
