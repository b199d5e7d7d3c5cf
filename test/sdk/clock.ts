// A clock that stands still until it is told to go on: what the library does after 30 s is seen at once.
import type { Platform } from '../../src/sdk/platform.ts'

interface Timer {
  readonly at: number
  readonly call: () => void
}

export class Clock {
  #nowMs = 0
  readonly #timers = new Set<Timer>()

  readonly after: Platform['after'] = (ms, call) => {
    const timer = { at: this.#nowMs + ms, call }
    this.#timers.add(timer)
    return () => void this.#timers.delete(timer)
  }

  /** How many milliseconds there are to the next timer; undefined if there is none. */
  get nextMs(): number | undefined {
    const all = [...this.#timers].map(({ at }) => at - this.#nowMs)
    return all.length === 0 ? undefined : Math.min(...all)
  }

  pass(ms: number): void {
    const until = this.#nowMs + ms
    for (;;) {
      const due = [...this.#timers].filter(({ at }) => at <= until).toSorted((a, b) => a.at - b.at)[0]
      if (due === undefined) break
      this.#timers.delete(due)
      this.#nowMs = due.at
      due.call()
    }
    this.#nowMs = until
  }
}
