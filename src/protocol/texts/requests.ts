// Why a request, or a frame of a live connection, is not understood or not let in: what HTTP says no to by itself, before
// anything is known of accounts and messages.
import { anywhere, counted, listAll, listEither, number, seconds } from './format.ts'
import { type Kind, kinds } from './fields.ts'
import type { Sentence } from './sentence.ts'

// ── Its address and head ──

export const unreadableAddress = 'The address of the request cannot be read.' as Sentence
export const unreadable = 'The request cannot be read.' as Sentence
export const nothingHere = 'There is nothing at this address.' as Sentence
export const notHttp = 'This is not a request in HTTP/1.1.' as Sentence
export const noProxy = 'CONNECT is for proxies; this is none.' as Sentence
export const unknownExpect = 'The only Expect that is known is 100-continue.' as Sentence
export const hostTwice = 'The Host header is given twice.' as Sentence
export const noHost = 'The Host header is missing or is not a host.' as Sentence
export const foreignPage = 'A page of another site may not use this server.' as Sentence

export function foreignHost(name: string): Sentence {
  return `This server is not ${name}. (Its operator can name it with --public-url.)` as Sentence
}

export function otherMethods(allowed: readonly string[], method: string): Sentence {
  return `This address takes ${listAll(allowed, anywhere)}, not ${method}.` as Sentence
}

export function headLarge(bytesMax: number): Sentence {
  return `The head of the request is larger than ${number(bytesMax, anywhere)} bytes.` as Sentence
}

export function slow(timeoutSeconds: number): Sentence {
  return `The request took longer than ${seconds(timeoutSeconds, anywhere)} to come.` as Sentence
}

export function connectionsFull(connectionsMax: number): Sentence {
  return `From here there are ${number(connectionsMax, anywhere)} connections already.` as Sentence
}

// ── Its body ──

export const noBody = 'The request has no body; it needs JSON or a form.' as Sentence
export const compressed = 'A compressed body is not taken; send it as it is.' as Sentence
export const notUtf8 = 'The body is not UTF-8.' as Sentence
export const notJsonInUtf8 = 'The body is not JSON in UTF-8.' as Sentence
export const needsJson = 'The body is to be application/json.' as Sentence
export const fieldNameEncoding = 'The name of a field is not percent-encoded UTF-8.' as Sentence

export function bodyLarge(bytesMax: number): Sentence {
  return `The body is larger than ${number(bytesMax, anywhere)} bytes.` as Sentence
}

export function needsJsonOrForm(type: string): Sentence {
  return `The body is to be application/json or a form, not ${type || 'without a type'}.` as Sentence
}

/** `at` is where the parser gave up; undefined where there is no such place, since something is missing at the end. */
export function notJson(at: { readonly line: number; readonly column: number } | undefined): Sentence {
  if (at === undefined) return 'The body is not JSON: it ends too soon or is not closed.' as Sentence
  return `The body is not JSON: see line ${at.line}, column ${at.column}.` as Sentence
}

export function notObject(kind: Kind): Sentence {
  return `The body is to be a JSON object, not ${kinds[kind]}.` as Sentence
}

export function nestsDeep(levelsMax: number): Sentence {
  return `The body nests deeper than ${counted(levelsMax, { one: '# level', other: '# levels' }, anywhere)}.` as Sentence
}

// ── Who asks ──

export const proveFirst = 'Sign in first: GET /auth with this account from the same address.' as Sentence
export const signInFirst = 'Sign in first: POST /v1/sessions gives a token for Authorization: Bearer.' as Sentence
export const otherSpeaker = 'The account of the Authorization header is not the one that the request names.' as Sentence
export const nobodysToken = "The token is nobody's, or its session is over." as Sentence
export const tokenOver = 'This token is not, or no longer, good.' as Sentence
export const unknownScheme = 'The Authorization header is neither HTTP Basic nor a Bearer token.' as Sentence
export const adminsInvite = 'Only an admin of this server can invite people.' as Sentence

// ── Frames of a live connection ──

export const startFirst = 'The first frame is to be start.' as Sentence
export const startedAlready = 'The stream has begun already.' as Sentence
export const framesAreText = 'Frames are text.' as Sentence
export const framesUnfit = 'Too many frames of this connection were not understood.' as Sentence
export const frameNotJson = 'The frame is not JSON.' as Sentence

export function frameTypes(types: readonly string[]): Sentence {
  return `A frame's type is ${listEither(types, anywhere)}.` as Sentence
}

export function offerSubprotocol(name: string): Sentence {
  return `Offer the subprotocol ${name}.` as Sentence
}

export function streamsFull(streamsMax: number): Sentence {
  return `This account has ${streamsMax} live streams already.` as Sentence
}
