// Which addresses have proved an account's password lately, and the password itself as a keyed hash, so that the next
// time costs no argon2. Both are in memory only, under a key that dies with the process, and bound to the stored PHC
// string: they are void the moment the password changes. What one address has proved helps no other.
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Account, AccountId } from '../../store/store.ts'
import type { Clock, Random } from '../kit/clock.ts'

/** Accounts remembered: more than one server's people, in a few megabytes. */
const accountsMax = 10_000

/** Addresses of one account: a person's devices, at home, at work and on the way. */
const addressesMax = 16

/** A proof lasts this long: a program that runs once a week keeps it. */
const proofMs = 30 * 24 * 3_600_000

interface Proof {
  readonly phc: string
  readonly mac: Buffer
  readonly atMs: number
}

export class Remembered {
  readonly #key: Uint8Array
  readonly #clock: Clock
  /** Least recently proved first, accounts and each account's addresses. */
  readonly #proofs = new Map<AccountId, Map<string, Proof>>()

  constructor(random: Random, clock: Clock) {
    this.#key = random(32)
    this.#clock = clock
  }

  /** The account's password was proved from this address just now. */
  keep(account: Account, password: string, address: string): void {
    const proof = { phc: account.password, mac: this.#mac(account, password), atMs: this.#clock() }
    const addresses = this.#proofs.get(account.id) ?? new Map<string, Proof>()
    moveToEnd(addresses, address, proof, addressesMax)
    moveToEnd(this.#proofs, account.id, addresses, accountsMax)
  }

  /** Whether this address has proved the account's present password lately. */
  hasProof(account: Account, address: string): boolean {
    return this.#proofOf(account, address) !== undefined
  }

  /** Whether this address has proved this very password of the account lately; true renews the proof. */
  knows(account: Account, password: string, address: string): boolean {
    const proof = this.#proofOf(account, address)
    if (proof === undefined || !timingSafeEqual(proof.mac, this.#mac(account, password))) return false
    this.keep(account, password, address)
    return true
  }

  #proofOf(account: Account, address: string): Proof | undefined {
    const proof = this.#proofs.get(account.id)?.get(address)
    if (proof === undefined || proof.phc !== account.password) return undefined
    return this.#clock() - proof.atMs > proofMs ? undefined : proof
  }

  #mac(account: Account, password: string): Buffer {
    return createHmac('sha256', this.#key).update(`${account.id}\0${account.password}\0${password}`).digest()
  }
}

/** A Map iterates in the order of insertion: the one that was used longest ago goes. */
function moveToEnd<K, V>(map: Map<K, V>, key: K, value: V, max: number): void {
  map.delete(key)
  map.set(key, value)
  const [oldest] = map.keys()
  if (map.size > max && oldest !== undefined) map.delete(oldest)
}
