// What the library throws: `Refused` for the server's expected "no", `NoAnswer` where there was no usable answer,
// `ForeignAnswer` where a proxy answered, `Withdrawn` and `Closed` after the caller's own withdrawing and closing. An AbortSignal's reason is thrown as it is.
import type { Refusal } from '../protocol/refusals.ts'
import type { Sentence } from '../protocol/texts/sentence.ts'
import * as clientTexts from '../protocol/texts/client.ts'

/**
 * The server said no. `code` is stable (docs/reference/refusals.md) and meant for programs, `message` is a sentence for
 * people. The code is a string rather than a list, since a newer server may know more of them.
 */
export class Refused extends Error {
  readonly code: string
  /** The field it is about, where there is one. */
  readonly field?: string
  /** Come back in so many seconds; stands with `too-many`, `busy` and some `unavailable`. */
  readonly retryAfterSeconds?: number

  constructor(code: string, message: string, more: { field?: unknown; retryAfter?: unknown } = {}) {
    super(message)
    this.name = 'Refused'
    this.code = code
    if (typeof more.field === 'string') this.field = more.field
    if (typeof more.retryAfter === 'number') this.retryAfterSeconds = more.retryAfter
  }
}

/** No answer, or none that a Hullo server gives. A change that was asked for may or may not have been made. */
export class NoAnswer extends Error {
  constructor(message: Sentence, options?: ErrorOptions) {
    super(message, options)
    this.name = 'NoAnswer'
  }
}

/**
 * A proxy, firewall or sign-in page of a network answered in place of Hullo. `status` is its HTTP status: 413 says that the
 * request was too large for it, for example.
 */
export class ForeignAnswer extends NoAnswer {
  readonly status: number
  /** Seconds until the next attempt, from the answer's `Retry-After`; absent if it has none. */
  readonly retryAfterSeconds?: number

  constructor(message: Sentence, status: number, { retryAfterSeconds, ...options }: ForeignOptions = {}) {
    super(message, options)
    this.name = 'ForeignAnswer'
    this.status = status
    if (retryAfterSeconds !== undefined) this.retryAfterSeconds = retryAfterSeconds
  }
}

type ForeignOptions = ErrorOptions & { readonly retryAfterSeconds?: number | undefined }

/**
 * The message was taken back with `withdraw` and is not sent again. `mayBeStored` says that an earlier attempt got no
 * answer: that attempt may have stored the message.
 */
export class Withdrawn extends Error {
  readonly mayBeStored: boolean

  constructor(mayBeStored: boolean) {
    super(clientTexts.withdrawn(mayBeStored))
    this.name = 'Withdrawn'
    this.mayBeStored = mayBeStored
  }
}

/** It was under way when `close()` was called. A message may or may not have been stored. */
export class Closed extends Error {
  constructor() {
    super(clientTexts.sessionClosed)
    this.name = 'Closed'
  }
}

/** A refusal that the library itself finds before it asks, by the same rules as the server. */
export function refusedHere({ code, message, field }: Refusal): Refused {
  return new Refused(code, message, { field })
}

/** What passes by itself: with the same client id, trying again is right even where the outcome is unknown. */
const passing: ReadonlySet<string> = new Set(['busy', 'too-many', 'too-slow', 'unavailable', 'outcome-unknown'])

/** Whoever has to wait longer wants to know it, and to do something else with the message: ten minutes. */
const waitSecondsMax = 600

/** Whether the same request may succeed soon. */
export function mayPass(error: unknown): boolean {
  if (error instanceof NoAnswer) return true
  return error instanceof Refused && passing.has(error.code) && (error.retryAfterSeconds ?? 0) <= waitSecondsMax
}

/** The session is over: it ended, expired, or the account is gone. Nothing else will succeed either. */
export function isSignedOut(error: unknown): boolean {
  return error instanceof Refused && error.code === 'signed-out'
}

export function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason))
}

/** How long the answer asks to wait; 0 where it does not. */
export function retryAfterMs(error: Error): number {
  const has = error instanceof Refused || error instanceof ForeignAnswer
  return has ? (error.retryAfterSeconds ?? 0) * 1000 : 0
}

/** Refusals that Hullo makes before it stores anything. */
export function isNotStored(error: Error): boolean {
  return error instanceof Refused && error.code !== 'outcome-unknown'
}
