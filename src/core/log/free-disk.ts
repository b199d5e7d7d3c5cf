// Commit: whether the disk has room, looked at now and then and never on the way of a write. Which disk, and how it is
// asked, is the caller's.
import type { Clock, Later } from '../kit/clock.ts'

/** While writes come the disk is asked this often: a second at full load adds some megabytes. */
const lookMs = 1_000

interface Needs {
  /** Bytes that are free; rejects where the system cannot say, which counts as enough. */
  readonly freeBytes: () => Promise<number>
  /** Below it the disk is low; 0 never asks. */
  readonly bytesMin: number
  readonly clock: Clock
  readonly later: Later
  /** Gets each change, with the bytes that are free. */
  readonly changed: (isLow: boolean, freeBytes: number) => void
}

export class FreeDisk {
  readonly #needs: Needs
  #isLow = false
  #lookedAtMs = -Infinity
  #looking: Promise<void> | undefined

  constructor(needs: Needs) {
    this.#needs = needs
  }

  /** Whether the disk was low at the last look. Never waits; starts a new look where the last is a second old. */
  get isLow(): boolean {
    const { clock, bytesMin } = this.#needs
    if (bytesMin > 0 && clock() - this.#lookedAtMs >= lookMs) void this.look()
    return this.#isLow
  }

  /** Asks the disk; resolves when `isLow` has the answer. Never rejects. */
  look(): Promise<void> {
    if (this.#needs.bytesMin === 0) return Promise.resolve()
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined
    })
    return this.#looking
  }

  async #look(): Promise<void> {
    const { freeBytes, bytesMin, clock, later, changed } = this.#needs
    this.#lookedAtMs = clock()
    const free = await freeBytes().catch(() => Infinity)
    const isLow = free < bytesMin
    if (isLow !== this.#isLow) changed(isLow, free)
    this.#isLow = isLow
    // So that the first send after somebody has made room is not refused by an old answer.
    if (isLow) later(lookMs, () => void this.look())
  }
}
