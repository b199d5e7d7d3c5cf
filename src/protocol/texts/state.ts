// What the server says of itself: it has too much to do, something broke, somebody asks too often.
import { anywhere, counted, seconds } from './format.ts'
import type { Sentence } from './sentence.ts'

export const bodiesCrowded = 'Too much is being sent to this server at the moment. Try again in a second.' as Sentence
export const storeCrowded = 'The server has too much to store at the moment. Try again in a second.' as Sentence
export const signInsCrowded = 'Too many people are signing in at the moment. Try again in a few seconds.' as Sentence

export const failed = 'The server failed to do this; its log says more. Try again later.' as Sentence
export const notStored = 'The server could not store this; nothing was stored. Try again later.' as Sentence
export const outcomeUnknown =
  'The server cannot tell whether this was stored. Read your messages before you send it again.' as Sentence

export const diskLow =
  'The disk of this server is nearly full, so nothing new can be stored. Its operator has to make room.' as Sentence

/** In hours, since it is a matter of hours. */
export function storedEnough(retryAfterSeconds: number): Sentence {
  const hours = Math.ceil(retryAfterSeconds / 3_600)
  const when = counted(hours, { one: '# hour', other: '# hours' }, anywhere)
  return `This account has stored as much as it may in a day. Try again in ${when}.` as Sentence
}
export const damaged =
  'The data of this server is damaged, so it cannot do this; nothing was changed. Tell whoever runs the server: its log says what to do.' as Sentence

/** What a limit counts. */
export type Counted =
  | 'arrivals'
  | 'bytes-from-here'
  | 'bytes-of-account'
  | 'frames-from-here'
  | 'frames-of-account'
  | 'attempts-from-here'
  | 'guesses'
  | 'requests-from-here'
  | 'requests-of-account'

const counts: Readonly<Record<Counted, string>> = {
  arrivals: 'new connections from here',
  'bytes-from-here': 'bytes from here',
  'bytes-of-account': 'bytes of this account',
  'frames-from-here': 'frames from here',
  'frames-of-account': 'frames of this account',
  'attempts-from-here': 'registrations and sign-ins from here',
  guesses: 'wrong passwords for this account',
  'requests-from-here': 'requests from here',
  'requests-of-account': 'requests of this account',
}

export function tooMany(what: Counted, retryAfterSeconds: number): Sentence {
  return `Too many ${counts[what]}. Try again in ${seconds(retryAfterSeconds, anywhere)}.` as Sentence
}
