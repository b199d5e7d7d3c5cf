// Who: a sign-in lasts as a session. Its token is shown once and kept only as a hash; whoever shows it speaks for the
// account until the session ends, expires, or the password changes.
import { createHash } from 'node:crypto'
import type { Account, Session, SessionId, Store } from '../store/store.ts'
import type { Clock, Random } from './chance.ts'
import type { Committer } from './committer.ts'

/** Who asks: an account and the session it speaks through. */
export interface Caller {
  readonly account: Account
  readonly session: Session
}

/** The hash under which a token is stored: the token is random and long, so that it needs no salt and no slowness. */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

interface Needs {
  readonly store: Pick<Store, 'sessionByToken' | 'accountById' | 'sessionsOf'>
  readonly committer: Committer
  readonly clock: Clock
  readonly random: Random
}

/** Last use is written at most this often for each session: it is shown to people, to the hour. */
const touchMs = 10 * 60_000

export class Sessions {
  readonly #needs: Needs
  /** When this process last wrote that a session was used. */
  readonly #touched = new Map<SessionId, number>()

  constructor(needs: Needs) {
    this.#needs = needs
  }

  /** Whose token this is; undefined if it is nobody's, or the session is over. */
  async callerOf(token: string): Promise<Caller | undefined> {
    const { store, clock } = this.#needs
    const session = await store.sessionByToken(tokenHash(token))
    if (session === undefined || session.expiresAtMs <= clock()) return undefined
    const account = await store.accountById(session.account)
    if (account === undefined) return undefined
    this.#touch(session)
    return { account, session }
  }

  #touch({ id, lastUsedAtMs }: Session): void {
    const now = this.#needs.clock()
    if (now - Math.max(lastUsedAtMs, this.#touched.get(id) ?? 0) < touchMs) return
    if (this.#touched.size > 10_000) this.#touched.clear()
    this.#touched.set(id, now)
    // Nobody waits for it, and a loss costs nothing.
    this.#needs.committer.submitOne({ kind: 'touch-session', session: id }).catch(() => {})
  }
}
