// Rate limits: a token bucket for each who asks, shared by all transports. A limit of Infinity runs the same code.
import { Refusal } from '../protocol/refusals.ts'
import type { Clock } from './chance.ts'
import * as stateTexts from '../protocol/texts/state.ts'

/** `burst` at once from rest, then `perSecond`; both Infinity for no limit. */
export interface Rate {
  readonly burst: number
  readonly perSecond: number
}

/** Buckets kept; beyond it the one that was used longest ago is forgotten, which only ever favours its owner. */
const bucketsMax = 50_000

/**
 * A bucket that is used goes to the end of the line of those that may be forgotten, but not each time: two steps in a
 * large Map cost a request 1 us, and a second more or less makes no bucket the oldest of 50,000.
 */
const moveMs = 1_000

interface Bucket {
  tokens: number
  atMs: number
  movedAtMs: number
}

export class RateLimiter {
  readonly #rate: Rate
  readonly #clock: Clock
  readonly #what: stateTexts.Counted
  readonly #buckets = new Map<string, Bucket>()

  /** `what` is counted: the sentence of its refusal says so. */
  constructor(what: stateTexts.Counted, rate: Rate, clock: Clock) {
    this.#what = what
    this.#rate = rate
    this.#clock = clock
  }

  /** Takes one token of `key`, or refuses with `too-many` and when to come back. */
  take(key: string): Refusal | undefined {
    const { burst, perSecond } = this.#rate
    const atMs = this.#clock()
    const bucket = this.#buckets.get(key)
    const elapsedMs = bucket === undefined ? 0 : atMs - bucket.atMs
    // Not multiplied when no time has passed: Infinity times 0 is no number.
    const grown = (bucket?.tokens ?? burst) + (elapsedMs > 0 ? (perSecond * elapsedMs) / 1_000 : 0)
    const tokens = Math.min(burst, grown)
    if (tokens < 1) {
      const retryAfterSeconds = Math.ceil((1 - tokens) / perSecond)
      return new Refusal('too-many', stateTexts.tooMany(this.#what, retryAfterSeconds), { retryAfterSeconds })
    }
    if (bucket !== undefined && atMs - bucket.movedAtMs < moveMs) {
      bucket.tokens = tokens - 1
      bucket.atMs = atMs
      return undefined
    }
    this.#buckets.delete(key)
    this.#buckets.set(key, { tokens: tokens - 1, atMs, movedAtMs: atMs })
    const [oldest] = this.#buckets.keys()
    if (this.#buckets.size > bucketsMax && oldest !== undefined) this.#buckets.delete(oldest)
    return undefined
  }
}
