// Chance and time of a simulated run: a seed decides all of it, so that a run can be had again exactly.
import type { Later, Random } from '../../src/core/kit/clock.ts'

/** Numbers from a seed: mulberry32, which is small and good enough to make choices with. */
export class Chance {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** 0 <= x < 1 */
  unit(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  /** An integer, 0 <= x < below. */
  below(below: number): number {
    return Math.floor(this.unit() * below)
  }

  odds(probability: number): boolean {
    return this.unit() < probability
  }

  /** One of these; throws if there is none. */
  pick<T>(from: readonly T[]): T {
    if (from.length === 0) throw new Error('nothing to pick from')
    return from[this.below(from.length)] as T
  }

  /** One of the keys, as often as its weight says. */
  weighted<K extends string>(weights: Readonly<Record<K, number>>): K {
    const entries = Object.entries(weights) as [K, number][]
    let left = this.unit() * entries.reduce((sum, [, weight]) => sum + weight, 0)
    for (const [key, weight] of entries) {
      left -= weight
      if (left < 0) return key
    }
    return this.pick(entries)[0]
  }

  readonly bytes: Random = count => Uint8Array.from({ length: count }, () => this.below(256))
}

/** A clock that moves when it is told to, and the timers that hang on it. */
export class Time {
  #nowMs = 1_700_000_000_000
  #timers: { readonly atMs: number; readonly run: () => void }[] = []

  readonly clock = (): number => this.#nowMs

  readonly later: Later = (ms, run) => {
    const timer = { atMs: this.#nowMs + ms, run }
    this.#timers.push(timer)
    return () => {
      this.#timers = this.#timers.filter(one => one !== timer)
    }
  }

  /** Moves on, and runs what is due, the earliest first. */
  advance(ms: number): void {
    const untilMs = this.#nowMs + ms
    for (;;) {
      const due = this.#timers.filter(({ atMs }) => atMs <= untilMs).toSorted((a, b) => a.atMs - b.atMs)[0]
      if (due === undefined) break
      this.#timers = this.#timers.filter(one => one !== due)
      this.#nowMs = due.atMs
      due.run()
    }
    this.#nowMs = untilMs
  }
}

/** Lets everything that is under way go on, so many turns of the event loop. */
export async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise(resolve => setImmediate(resolve))
}
