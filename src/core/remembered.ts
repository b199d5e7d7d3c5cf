// A password that was just verified is recognised again without paying for argon2: what is kept is a keyed hash of it,
// in memory only, under a key that dies with the process. It is bound to the stored PHC string, so that it is void the
// moment the password changes.
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Account, AccountId } from '../store/store.ts'
import type { Random } from './chance.ts'

/** Accounts remembered: more than one server's people, in a few megabytes. */
const rememberedMax = 10_000

export class Remembered {
  readonly #key: Uint8Array
  readonly #macs = new Map<AccountId, Buffer>()

  constructor(random: Random) {
    this.#key = random(32)
  }

  keep(account: Account, password: string): void {
    this.#macs.delete(account.id)
    this.#macs.set(account.id, this.#mac(account, password))
    const [oldest] = this.#macs.keys()
    if (this.#macs.size > rememberedMax && oldest !== undefined) this.#macs.delete(oldest)
  }

  /** True only for the very password that was kept for this account as it stands; false says nothing. */
  knows(account: Account, password: string): boolean {
    const kept = this.#macs.get(account.id)
    return kept !== undefined && timingSafeEqual(kept, this.#mac(account, password))
  }

  #mac(account: Account, password: string): Buffer {
    return createHmac('sha256', this.#key).update(`${account.id}\0${account.password}\0${password}`).digest()
  }
}
