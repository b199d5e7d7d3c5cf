// THE catalogue of refusals: every expected "no" that Hullo says, by its stable code; its sentences stand in texts/. A transport
// renders each code once (an HTTP status, an IRC numeric); docs/reference/refusals.md lists the same codes, and a test
// compares the three. What is not in here is an error: something broke.
import type { FieldSentence, Sentence } from './texts/sentence.ts'

/** Stable codes. A code is never renamed or given another meaning once released; its sentence may improve. */
export const refusalCodes = [
  // The request itself
  'malformed',
  'field-missing',
  'field-type',
  'field-invalid',
  'too-large',
  'too-slow',
  'media-type',
  'unknown-route',
  'method',
  'foreign-origin',
  'foreign-host',
  // Accounts
  'account-exists',
  'account-unknown',
  'password-wrong',
  'not-proved',
  'signed-out',
  'password-weak',
  'registration-closed',
  'sign-in-failed',
  'invite-needed',
  'invite-unknown',
  'session-unknown',
  'admins-only',
  'unreachable',
  // Messages and conversations
  'client-id-reused',
  'conversation-unknown',
  'message-unknown',
  'not-yours',
  'room-unknown',
  'room-exists',
  'room-closed',
  'room-full',
  'not-a-member',
  'owners-only',
  'last-owner',
  'silenced',
  // The state of the server
  'too-many',
  'busy',
  'unavailable',
  'outcome-unknown',
] as const

export type RefusalCode = (typeof refusalCodes)[number]

/**
 * An expected no, returned as a value, never thrown. `message` is a whole sentence for a person and names what was
 * wrong; `field` is the field it is about, where there is one; `retryAfterSeconds` stands with `too-many`, `busy` and, for
 * a disk that is nearly full, `unavailable`.
 */
export class Refusal {
  readonly code: RefusalCode
  readonly message: Sentence
  // Declared only: a field that was not given is to be absent, not present and undefined.
  declare readonly field?: string
  declare readonly retryAfterSeconds?: number

  constructor(code: RefusalCode, message: Sentence, more: { field?: string; retryAfterSeconds?: number } = {}) {
    this.code = code
    this.message = message
    if (more.field !== undefined) this.field = more.field
    if (more.retryAfterSeconds !== undefined) this.retryAfterSeconds = more.retryAfterSeconds
  }
}

/** The refusal of one field, which its sentence names. */
export function refuseField(
  code: 'field-missing' | 'field-type' | 'field-invalid',
  field: string,
  what: FieldSentence,
): Refusal {
  return new Refusal(code, what(field), { field })
}
