// What is wrong with one field of a request, whichever transport it came by. Each is given the field's name, as the sender
// wrote it: `username`, `messages.3.text`.
import { nameCodePointsMax, textBytesMax, timestampSecondsMax } from '../limits.ts'
import { anywhere, number } from './format.ts'
import type { FieldSentence, Sentence } from './sentence.ts'

/** What a value in JSON is. */
export type Kind = 'null' | 'list' | 'boolean' | 'object' | 'number' | 'string'

export const kinds: Readonly<Record<Kind, string>> = {
  null: 'null',
  list: 'a list',
  boolean: 'true or false',
  object: 'an object',
  number: 'a number',
  string: 'a string',
}

const told = (value: number): string => number(value, anywhere)

// ── Any field ──

export const missing: FieldSentence = field => `${field} is missing.` as Sentence
export const empty: FieldSentence = field => `${field} is empty.` as Sentence
export const givenTwice: FieldSentence = field => `${field} is given twice.` as Sentence
export const halfCharacter: FieldSentence = field => `${field} holds half a character (a lone surrogate).` as Sentence
export const nulCharacter: FieldSentence = field => `${field} holds a NUL character.` as Sentence
export const notPercentEncoded: FieldSentence = field => `${field} is not percent-encoded UTF-8.` as Sentence

export function notString(kind: Kind): FieldSentence {
  return field => `${field} must be a string, not ${kinds[kind]}.` as Sentence
}

export function notNumber(kind: Kind): FieldSentence {
  return field => `${field} must be a number, not ${kinds[kind]}.` as Sentence
}

export function bytesOver(bytesMax: number): FieldSentence {
  return field => `${field} has more than ${told(bytesMax)} bytes.` as Sentence
}

// ── Names ──

export const nameEmpty: FieldSentence = field =>
  `${field} is empty; a name has 1 to ${nameCodePointsMax} characters.` as Sentence
export const nameInvisible: FieldSentence = field => `${field} holds a character that cannot be seen.` as Sentence
export const nameShape: FieldSentence = field =>
  `${field} must begin with a letter or digit and hold only letters, digits, _ - . ' and single inner spaces.` as Sentence
export const roomNameSpaces: FieldSentence = field => `${field} of a room has no spaces.` as Sentence
export const ownName: FieldSentence = field => `${field} is your own.` as Sentence

export function nameLong(codePoints: number): FieldSentence {
  return field => `${field} has ${told(codePoints)} characters; a name has at most ${nameCodePointsMax}.` as Sentence
}

export function passwordShort(characters: number, least: number): FieldSentence {
  return field => `${field} has ${characters} characters; it needs at least ${least}.` as Sentence
}

// ── Messages ──

export function textLong(bytes: number): FieldSentence {
  return field => `${field} has ${told(bytes)} bytes; a message has at most ${told(textBytesMax)}.` as Sentence
}

export const clientIdLength: FieldSentence = field => `${field} has 1 to 64 characters.` as Sentence
export const neitherPersonNorRoom: FieldSentence = field => `${field} begins neither with @ nor with #.` as Sentence
export const notCursor: FieldSentence = field =>
  `${field} is not a cursor; take it as it came from this server.` as Sentence
export const noWord: FieldSentence = field => `${field} holds no word to look for.` as Sentence

export function excludes(other: string): FieldSentence {
  return field => `${field} and ${other} exclude each other.` as Sentence
}

// ── Times ──

export const secondsWritten: FieldSentence = field =>
  `${field} must be a decimal number of seconds since 1970, such as 1700000000.25.` as Sentence
export const secondsNotMilliseconds: FieldSentence = field =>
  `${field} is out of range: it is seconds since 1970, not milliseconds.` as Sentence

export function secondsRange(likelyMilliseconds: boolean): FieldSentence {
  const hint = likelyMilliseconds ? ' (seconds, not milliseconds)' : ''
  return field => `${field} must be from 0 to ${told(timestampSecondsMax)} seconds since 1970${hint}.` as Sentence
}

// ── Sign-in ──

export const cookieNeedsHttps: FieldSentence = field => `${field} needs HTTPS; the token does not.` as Sentence
