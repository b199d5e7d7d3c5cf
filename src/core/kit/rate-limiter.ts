// Rate limits: a token bucket for each who asks, shared by all transports. A limit of Infinity runs the same code.
import { Refusal } from '../../protocol/refusals.ts'
import type { Clock } from './clock.ts'
import * as stateTexts from '../../protocol/texts/state.ts'

/** `burst` at once from rest, then `perSecond`; both Infinity for no limit. */
export interface Rate {
  readonly burst: number
  readonly perSecond: number
}

/**
 * Buckets kept, in some 10 MB. Beyond it those that are full again go, which say nothing; where that frees too little, also
 * those used longest ago. A tenth at a time, since each sweep takes milliseconds.
 */
const bucketsMax = 50_000
const bucketsAfterSweep = 45_000

/**
 * A bucket that is used goes to the end of the line of those that may be forgotten, but not each time: two steps in a
 * large Map cost a request 1 us, and a second more or less makes no bucket the oldest of 50,000.
 */
const moveMs = 1_000

/** A debt beyond this is forgiven: others behind the same address wait with whoever made it. */
const debtSecondsMax = 60

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

  /**
   * Takes `cost` tokens of `key` (all of a burst at most), or refuses with `too-many` and when to come back; then it
   * takes nothing.
   */
  take(key: string, cost = 1): Refusal | undefined {
    const tokens = this.#tokensOf(key)
    const wanted = Math.min(cost, this.#rate.burst)
    if (tokens < wanted) return this.refusal((wanted - tokens) / this.#rate.perSecond)
    this.#keep(key, tokens - cost)
    return undefined
  }

  /**
   * Takes `cost` tokens of what has come already, also those that are not there: a debt, of a minute at most. Returns the
   * seconds until it is paid, 0 where there is none.
   */
  charge(key: string, cost: number): number {
    const { perSecond } = this.#rate
    const tokens = Math.max(this.#tokensOf(key) - cost, -debtSecondsMax * perSecond)
    this.#keep(key, tokens)
    return tokens < 0 ? -tokens / perSecond : 0
  }

  /** The refusal for somebody who may come back in so many seconds. */
  refusal(seconds: number): Refusal {
    const retryAfterSeconds = Math.max(1, Math.ceil(seconds))
    return new Refusal('too-many', stateTexts.tooMany(this.#what, retryAfterSeconds), { retryAfterSeconds })
  }

  #tokensOf(key: string): number {
    const bucket = this.#buckets.get(key)
    return bucket === undefined ? this.#rate.burst : this.#grown(bucket, this.#clock())
  }

  #keep(key: string, tokens: number): void {
    const atMs = this.#clock()
    const bucket = this.#buckets.get(key)
    if (bucket !== undefined && atMs - bucket.movedAtMs < moveMs) {
      bucket.tokens = tokens
      bucket.atMs = atMs
      return
    }
    this.#buckets.delete(key)
    this.#buckets.set(key, { tokens, atMs, movedAtMs: atMs })
    if (this.#buckets.size > bucketsMax) this.#sweep(atMs)
  }

  /** Returns a token that was taken for something that did not happen, or does not count. */
  giveBack(key: string): void {
    const bucket = this.#buckets.get(key)
    if (bucket !== undefined) bucket.tokens = Math.min(this.#rate.burst, bucket.tokens + 1)
  }

  #grown({ tokens, atMs: sinceMs }: Bucket, atMs: number): number {
    const elapsedMs = atMs - sinceMs
    // Not multiplied when no time has passed: Infinity times 0 is no number.
    return Math.min(this.#rate.burst, elapsedMs > 0 ? tokens + (this.#rate.perSecond * elapsedMs) / 1_000 : tokens)
  }

  #sweep(atMs: number): void {
    for (const [key, bucket] of this.#buckets) {
      if (this.#grown(bucket, atMs) >= this.#rate.burst) this.#buckets.delete(key)
    }
    for (const key of this.#buckets.keys()) {
      if (this.#buckets.size <= bucketsAfterSweep) return
      this.#buckets.delete(key)
    }
  }
}
