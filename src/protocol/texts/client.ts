// What a client says of its own: no answer, or none that a Hullo server gives. The server's refusals come with their
// sentence; where only the code was kept, codes.ts has one.
import { quoted, seconds } from './format.ts'
import type { Sentence } from './sentence.ts'

// ── The server, named as host and port ──

export function unreachable(host: string): Sentence {
  return `${host} cannot be reached.` as Sentence
}

export function silent(host: string, waitedSeconds: number): Sentence {
  return `${host} did not answer within ${seconds(waitedSeconds)}.` as Sentence
}

export function foreignAnswer(host: string, status?: number): Sentence {
  if (status === undefined) return `${host} answers, but not as a Hullo server does.` as Sentence
  return `${host} answers ${status}, not as a Hullo server does.` as Sentence
}

export function foreignStream(host: string): Sentence {
  return `${host} answers, but not with an event stream.` as Sentence
}

export function nothingCame(host: string, waitedSeconds: number): Sentence {
  return `Nothing came from ${host} for ${seconds(waitedSeconds)}.` as Sentence
}

export function webSocketFailed(host: string): Sentence {
  return `The WebSocket to ${host} failed.` as Sentence
}

export function webSocketClosed(host: string, code: number): Sentence {
  return `The WebSocket to ${host} was closed (${code}).` as Sentence
}

// ── The live stream ──

export const noWebSockets = 'There are no WebSockets here.' as Sentence
export const streamNotJson = 'The live stream carried something that is not JSON.' as Sentence
export const streamNotFrame = 'The live stream carried something that is not a frame.' as Sentence
export const streamBinary = 'The live stream carried a binary frame.' as Sentence
export const streamEnded = 'The event stream ended.' as Sentence
export const serverEndedStream = 'The server ended the live stream.' as Sentence
export const pageBroken = 'A page is broken.' as Sentence

export function frameBroken(type: string): Sentence {
  return `The live stream carried a broken ${type}.` as Sentence
}

export function beganWith(type: string): Sentence {
  return `The live stream began with ${type}.` as Sentence
}

// ── The session, and what is sent ──

export const sessionClosed = 'The session was closed on this side.' as Sentence
export const sessionOver = 'The session is over.' as Sentence
export const tooManyWait = 'Too many messages wait to be sent; nothing was stored.' as Sentence
export const fateUnknown = 'The server did not say what became of the message.' as Sentence
export const nameHalfCharacter = 'A name holds half a character (a lone surrogate).' as Sentence

export function notAcknowledged(waitedSeconds: number): Sentence {
  return `A message was not acknowledged for ${seconds(waitedSeconds)}.` as Sentence
}

/** A foreign answer that stayed the same, for one message alone. */
export function messageBlocked(status: number): Sentence {
  return `A proxy or firewall blocked this message (HTTP ${status}).` as Sentence
}

export function withdrawn(mayBeStored: boolean): Sentence {
  if (mayBeStored) return 'The message was withdrawn, but an earlier attempt may have stored it.' as Sentence
  return 'The message was withdrawn before it was sent.' as Sentence
}

export function notName(text: string): Sentence {
  return `${quoted(text)} is not a name.` as Sentence
}
