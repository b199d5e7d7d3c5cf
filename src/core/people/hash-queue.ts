// Callers that wait for a password hash. Hashing takes tens of milliseconds of a core on purpose, so few run at once and
// a bounded number waits. Sources take turns, so that one address cannot keep the others waiting, and a caller that has
// left costs nothing.
import { Refusal } from '../../protocol/refusals.ts'
import * as stateTexts from '../../protocol/texts/state.ts'

/**
 * Whether a caller still waits for its answer: `gone` when its connection is closed; `silent` when it has closed its own
 * side, as a program does that has left, and as `nc -N` does that still reads.
 */
export type Presence = 'here' | 'silent' | 'gone'

export interface Waiter {
  /** Waiters of one key share their turns: an address, or an account that is signed in. */
  readonly key: string
  readonly presence: () => Presence
}

interface Waiting {
  readonly waiter: Waiter
  readonly call: (isTurn: boolean) => void
}

/** While others wait, every fifth turn goes to a silent caller: most of them have left. */
const turnsBeforeSilent = 4

export class HashQueue {
  readonly #runningMax: number
  readonly #waitingMax: number
  #running = 0
  #waiting = 0
  #turnsSinceSilent = 0
  /** By key, in the order of their next turn; a line is never empty. */
  readonly #lines = new Map<string, Waiting[]>()

  constructor(runningMax: number, waitingMax: number) {
    this.#runningMax = runningMax
    this.#waitingMax = waitingMax
  }

  /** Runs `work` when it is the waiter's turn. Refuses with `busy` when too many wait, and for callers that have left. */
  async run<T>(waiter: Waiter, work: () => Promise<T>): Promise<T | Refusal> {
    if (this.#running < this.#runningMax) this.#running += 1
    else if (!(await this.#turn(waiter))) return crowded
    try {
      return waiter.presence() === 'gone' ? crowded : await work()
    } finally {
      // The slot is handed over: no later caller can take it in between.
      const next = this.#next()
      if (next === undefined) this.#running -= 1
      else next.call(true)
    }
  }

  #turn(waiter: Waiter): Promise<boolean> {
    if (this.#waiting >= this.#waitingMax && !this.#makeRoom(waiter.key)) return Promise.resolve(false)
    return new Promise(resolve => {
      const waiting = { waiter, call: resolve }
      const line = this.#lines.get(waiter.key)
      if (line === undefined) this.#lines.set(waiter.key, [waiting])
      else line.push(waiting)
      this.#waiting += 1
    })
  }

  /** The next one that is here, each line in its turn; a silent one every fifth turn, and where nobody else waits. */
  #next(): Waiting | undefined {
    this.#dropAll('gone')
    const silentFirst = this.#turnsSinceSilent >= turnsBeforeSilent
    const next = this.#first(silentFirst ? 'silent' : 'here') ?? this.#first(silentFirst ? 'here' : 'silent')
    if (next === undefined) return undefined
    this.#turnsSinceSilent = next.waiter.presence() === 'silent' ? 0 : this.#turnsSinceSilent + 1
    this.#remove(next)
    const { key } = next.waiter
    const line = this.#lines.get(key)
    if (line !== undefined) {
      this.#lines.delete(key)
      this.#lines.set(key, line)
    }
    return next
  }

  #first(presence: Presence): Waiting | undefined {
    for (const line of this.#lines.values()) {
      const found = line.find(({ waiter }) => waiter.presence() === presence)
      if (found !== undefined) return found
    }
    return undefined
  }

  /**
   * Whether there is room for one more of `key`: callers that have left give way, then the last one of the longest line
   * where that is longer than the line of `key` would be.
   */
  #makeRoom(key: string): boolean {
    this.#dropAll('gone')
    if (this.#waiting >= this.#waitingMax) this.#dropAll('silent')
    if (this.#waiting < this.#waitingMax) return true
    let longest: readonly Waiting[] = []
    for (const line of this.#lines.values()) if (line.length > longest.length) longest = line
    const last = longest.at(-1)
    if (last === undefined || longest.length <= (this.#lines.get(key)?.length ?? 0) + 1) return false
    this.#drop(last)
    return true
  }

  #dropAll(presence: Presence): void {
    for (const line of this.#lines.values()) {
      for (const waiting of line.filter(({ waiter }) => waiter.presence() === presence)) this.#drop(waiting)
    }
  }

  #drop(waiting: Waiting): void {
    this.#remove(waiting)
    waiting.call(false)
  }

  #remove(waiting: Waiting): void {
    const { key } = waiting.waiter
    const line = this.#lines.get(key) ?? []
    line.splice(line.indexOf(waiting), 1)
    if (line.length === 0) this.#lines.delete(key)
    this.#waiting -= 1
  }
}

const crowded = new Refusal('busy', stateTexts.signInsCrowded, { retryAfterSeconds: 5 })
