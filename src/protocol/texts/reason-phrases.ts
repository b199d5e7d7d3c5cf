// The reason phrases of refusals in HTTP's status line. The messaging lab's client prints the status and this phrase and
// nothing else of a refusal, so it must say what was wrong: printable ASCII, short, and nothing that the caller sent.
import type { RefusalCode } from '../refusals.ts'

/** Bytes; a line of a terminal holds it beside the number. */
export const reasonBytesMax = 120

/** The fields of the lab's routes: other names are the caller's, and are not repeated. */
const fields = new Set(['username', 'password', 'sender', 'recipient', 'message', 'timestamp', 'id'])

const phrases: Readonly<Record<RefusalCode, string>> = {
  malformed: 'The request cannot be read',
  'field-missing': 'A field is missing',
  'field-type': 'A field has the wrong type',
  'field-invalid': 'A field is not valid',
  'too-large': 'Too large',
  'too-slow': 'The request took too long',
  'media-type': 'Send the fields as JSON or as a form',
  'unknown-route': 'No such address',
  method: 'This address does not accept this method',
  'foreign-origin': 'Refused: the request comes from a page of another site',
  'foreign-host': 'Refused: Host is not a name of this server',
  'account-exists': 'This name is taken',
  'account-unknown': 'No such user',
  'password-wrong': 'Wrong password',
  'password-weak': 'This password is too short for this server and needs a reset',
  'not-proved': 'Authenticate first (GET /auth) from this address, or send the password with Basic',
  'signed-out': 'Sign in first',
  'registration-closed': 'This server does not accept registrations',
  'sign-in-failed': 'Wrong name or password',
  'invite-needed': 'An invite is needed to register',
  'invite-unknown': 'This invite is not valid',
  'session-unknown': 'No such sign-in',
  'admins-only': 'Only an admin can do this',
  unreachable: 'No such user, or you cannot message them',
  'client-id-reused': 'This client id was used for another message',
  'conversation-unknown': 'No such conversation',
  'message-unknown': 'No such message',
  'not-yours': 'This message is not yours',
  'room-unknown': 'No such room',
  'room-exists': 'This room name is taken',
  'room-closed': 'This room is read-only',
  'room-full': 'This room is full',
  'not-a-member': 'You are not a member of this room',
  'owners-only': 'Only an owner of the room can do this',
  'last-owner': 'Make someone else an owner first',
  silenced: 'You can read here but not post',
  'too-many': 'Too many requests; try again later',
  busy: 'The server is busy; try again in a second',
  unavailable: 'Not stored; try again later',
  'outcome-unknown': 'Perhaps stored; read your messages before you send again',
}

const fieldPhrases: Partial<Record<RefusalCode, (field: string) => string>> = {
  'field-missing': field => `${field} is missing`,
  'field-type': field => `${field} has the wrong type`,
  'field-invalid': field => `${field} is not valid`,
}

/** The reason phrase for a refusal: at most `reasonBytesMax` bytes of printable ASCII, nothing of the caller's. */
export function reasonPhraseOf({ code, field }: { readonly code: RefusalCode; readonly field?: string }): string {
  const ofField = field !== undefined && fields.has(field) ? fieldPhrases[code]?.(field) : undefined
  return ofField ?? phrases[code]
}
