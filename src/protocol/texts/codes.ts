// A sentence for each code of a refusal: for what was kept or is told later, when only the code is left, and for a client
// that speaks another language than its server. At once, the refusal's own sentence says more.
import type { RefusalCode } from '../refusals.ts'
import type { Sentence } from './sentence.ts'

const sentences: Readonly<Record<RefusalCode, string>> = {
  malformed: 'The server did not understand the request.',
  'field-missing': 'Something that is needed was not given.',
  'field-type': 'Something that was given is of the wrong kind.',
  'field-invalid': 'Something that was given is not as it should be.',
  'too-large': 'This is too long.',
  'too-slow': 'It took too long to reach the server.',
  'media-type': 'The server does not take this form.',
  'unknown-route': 'The server does not know of this.',
  method: 'The server does not do this.',
  'foreign-origin': 'The server does not take this from another site.',
  'foreign-host': 'The server is not called by this name.',
  'account-exists': 'This name is taken.',
  'account-unknown': 'There is no such account.',
  'password-wrong': 'The password is not the right one.',
  'not-proved': 'Sign in first.',
  'signed-out': 'The session is over; sign in again.',
  'password-weak': 'This password is shorter than the server now asks for.',
  'registration-closed': 'This server does not take registrations.',
  'sign-in-failed': 'The name or the password is not right.',
  'invite-needed': 'This server takes registrations by invite only.',
  'invite-unknown': 'This invite does not exist, has expired, or has been used.',
  'session-unknown': 'This session is over.',
  'admins-only': 'Only an admin may do this.',
  unreachable: 'Nobody is reached under this name.',
  'client-id-reused': 'Another message was sent in its place before.',
  'conversation-unknown': 'There is no such conversation.',
  'message-unknown': 'There is no such message any more.',
  'not-yours': 'This is not your message.',
  'room-unknown': 'There is no such room, or it is private.',
  'room-exists': 'A room of this name exists.',
  'room-closed': 'The room is closed for writing.',
  'room-full': 'The room is full.',
  'not-a-member': 'You are not in this room.',
  'owners-only': 'Only an owner of the room may do this.',
  'last-owner': 'A room with members needs an owner: appoint another one first.',
  silenced: 'An owner of the room has silenced you in it.',
  'too-many': 'Too many requests; try again later.',
  busy: 'The server has too much to do; try again later.',
  unavailable: 'The server failed to do this; try again later.',
  'outcome-unknown': 'It is not known whether this was stored.',
}

/** The sentence of a code; of one that only a newer server knows, that the server said no. */
export function whyNot(code: string): Sentence {
  const known = Object.hasOwn(sentences, code) ? sentences[code as RefusalCode] : undefined
  return (known ?? 'The server said no.') as Sentence
}
