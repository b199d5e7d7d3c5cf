// Who, remembered: accounts and sessions as the store has them, so that a request costs no read of the store to find out
// who asks (a quarter of what a small request cost). Nothing here outlives its right: whatever ends or changes an
// account or a session is forgotten when its entry passes the tail, and where it was written here, before its writer
// hears that it is stored. What is not known is asked of the store, and a "no" is never kept.
import type { Account, AccountId, Entry, Session, Store, Write } from '../../store/store.ts'

type Lookup = Pick<Store, 'accountByKey' | 'accountById' | 'sessionByToken'>

/** Accounts kept, and sessions: those of a busy server, in some 20 MB. The one that came first goes first. */
const knownMax = 20_000

export class Known {
  readonly #store: Lookup
  readonly #byKey = new Map<string, Account>()
  readonly #byId = new Map<AccountId, Account>()
  readonly #keyOf = new Map<AccountId, string>()
  readonly #sessions = new Map<string, Session>()
  readonly #tokensOf = new Map<AccountId, string[]>()
  /** Counts what was forgotten: what the store was asked before is not kept after. */
  #changes = 0

  constructor(store: Lookup) {
    this.#store = store
  }

  /** The account of that key; undefined if there is none, or it is deleted. */
  async accountByKey(nameKey: string): Promise<Account | undefined> {
    const known = this.#byKey.get(nameKey)
    if (known !== undefined) return known
    const changes = this.#changes
    const account = await this.#store.accountByKey(nameKey)
    if (account === undefined || changes !== this.#changes) return account
    makeRoom(this.#byKey, key => this.#forget(this.#byKey.get(key)?.id ?? 0))
    this.#byKey.set(nameKey, account)
    this.#keyOf.set(account.id, nameKey)
    return account
  }

  /** The same by id. */
  async accountById(id: AccountId): Promise<Account | undefined> {
    const known = this.#byId.get(id)
    if (known !== undefined) return known
    const changes = this.#changes
    const account = await this.#store.accountById(id)
    if (account === undefined || changes !== this.#changes) return account
    makeRoom(this.#byId, oldest => this.#forget(oldest))
    this.#byId.set(id, account)
    return account
  }

  /** The session of a token, if its account lives; it may have expired, and its last use may be an earlier one. */
  async sessionByToken(tokenHash: string): Promise<Session | undefined> {
    const known = this.#sessions.get(tokenHash)
    if (known !== undefined) return known
    const changes = this.#changes
    const session = await this.#store.sessionByToken(tokenHash)
    if (session === undefined || changes !== this.#changes) return session
    makeRoom(this.#sessions, hash => this.#forget(this.#sessions.get(hash)?.account ?? 0))
    this.#sessions.set(tokenHash, session)
    const tokens = this.#tokensOf.get(session.account)
    if (tokens === undefined) this.#tokensOf.set(session.account, [tokenHash])
    else tokens.push(tokenHash)
    return session
  }

  /** Entries of the log that the tail passes, whoever wrote them. */
  passed({ kind, sender }: Pick<Entry, 'kind' | 'sender'>): void {
    if (kind === 'password' || kind === 'delete-account' || kind === 'end-session') this.#forget(sender)
  }

  /** Writes of this process that have just been stored, before anybody hears of it. */
  stored(writes: readonly Write[]): void {
    for (const write of writes) {
      const { kind } = write
      if (kind === 'set-password' || kind === 'delete-account' || kind === 'end-session') this.#forget(write.account)
      // Not for a right, which grows: a session that goes on being used is known with its new end.
      else if (kind === 'touch-session') this.#forget(write.account)
    }
  }

  #forget(account: AccountId): void {
    this.#changes += 1
    this.#byId.delete(account)
    this.#byKey.delete(this.#keyOf.get(account) ?? '')
    this.#keyOf.delete(account)
    for (const tokenHash of this.#tokensOf.get(account) ?? []) this.#sessions.delete(tokenHash)
    this.#tokensOf.delete(account)
  }
}

/** Before one more is kept. */
function makeRoom<K>(kept: ReadonlyMap<K, unknown>, forget: (oldest: K) => void): void {
  if (kept.size < knownMax) return
  const [oldest] = kept.keys()
  if (oldest !== undefined) forget(oldest)
}
