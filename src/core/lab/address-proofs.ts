// The guard of the lab's routes. Their table cannot say who asks, so an address that has just proved an account's
// password may use that account for a while. People behind one address can act for one another: the documentation and
// the classroom's start line say so.
import type { Account } from '../../store/store.ts'
import type { Clock } from '../kit/clock.ts'

/** A proof lasts this long without use; a lesson's pause. */
const idleMs = 15 * 60_000

/** A proof lasts at most this long after the password was last shown; a school day. */
const lifeMs = 12 * 3_600_000

/** Proofs kept: 100 people at each of 1,000 addresses, in some 20 MB. The least recently used goes first. */
const proofsMax = 100_000

/** How exactly the last use of a proof is known: to note it each time would cost each request two steps in a large Map. */
const noteMs = 1_000

interface Proof {
  /** The PHC string that was proved: another one, or none, and the proof is void. */
  readonly password: string
  readonly shownAtMs: number
  readonly usedAtMs: number
}

export class Guard {
  readonly #clock: Clock
  readonly #proofs = new Map<string, Proof>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** The account's password was shown from this address just now. */
  prove(address: string, { id, password }: Account): void {
    const now = this.#clock()
    this.#keep(`${address} ${id}`, { password, shownAtMs: now, usedAtMs: now })
  }

  /** Whether this address may use the account as it stands in the store; asking renews the proof. */
  admits(address: string, { id, password }: Account): boolean {
    const key = `${address} ${id}`
    const proof = this.#proofs.get(key)
    if (proof === undefined) return false
    const now = this.#clock()
    const over = now - proof.usedAtMs > idleMs || now - proof.shownAtMs > lifeMs
    if (over || proof.password !== password) {
      this.#proofs.delete(key)
      return false
    }
    if (now - proof.usedAtMs >= noteMs) this.#keep(key, { ...proof, usedAtMs: now })
    return true
  }

  /** Keeps a proof as the most recently used: a Map iterates in the order of insertion. */
  #keep(key: string, proof: Proof): void {
    this.#proofs.delete(key)
    this.#proofs.set(key, proof)
    const [oldest] = this.#proofs.keys()
    if (this.#proofs.size > proofsMax && oldest !== undefined) this.#proofs.delete(oldest)
  }
}
