// How many things of one kind somebody may have at a time: connections of an address, live streams of an account. A place
// is taken before anything is waited for, so that what begins at once cannot pass the bound together.

export class Places<Key> {
  /** Places of one key; Infinity for no bound, with which the same code runs. */
  readonly max: number
  readonly #taken = new Map<Key, number>()

  constructor(max: number) {
    this.max = max
  }

  /** A place, taken until it is disposed; undefined where `key` has all of its own. */
  take(key: Key): Disposable | undefined {
    const taken = this.#taken.get(key) ?? 0
    if (taken >= this.max) return undefined
    this.#taken.set(key, taken + 1)
    let isHeld = true
    return {
      [Symbol.dispose]: () => {
        if (isHeld) this.#give(key)
        isHeld = false
      },
    }
  }

  /** Whether `key` has at least one place. */
  isTaken(key: Key): boolean {
    return this.#taken.has(key)
  }

  #give(key: Key): void {
    const left = (this.#taken.get(key) ?? 0) - 1
    if (left > 0) this.#taken.set(key, left)
    else this.#taken.delete(key)
  }
}
