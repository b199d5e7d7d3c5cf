// Who: a sign-in lasts as a session. Its token is shown once and kept only as a hash; whoever shows it speaks for the
// account until the session ends, expires, or the password changes.
import { Refusal } from '../protocol/refusals.ts'
import { checkUnicode } from '../protocol/text.ts'
import type { Account, AccountId, Session, SessionId, Store } from '../store/store.ts'
import type { Clock, Random } from './chance.ts'
import type { Committer } from './committer.ts'
import { hashOf, secretOf } from './invites.ts'
import * as accountTexts from '../protocol/texts/accounts.ts'

/** A session ends by itself after a quarter of a year: a device that was lost does not stay signed in for ever. */
export const sessionLifeMs = 90 * 24 * 3_600_000

/** Sessions of one account: all of a person's devices and scripts; then the one that was used longest ago ends. */
const sessionsMax = 100

/** Last use is written at most this often for each session: it is shown to people, to the hour. */
const touchMs = 10 * 60_000

/** Sessions whose last touch is kept in memory; forgetting one costs a write. */
const touchedMax = 10_000

/** Who asks: an account and the session it speaks through. */
export interface Caller {
  readonly account: Account
  readonly session: Session
}

/** A new session; the token is nowhere else. */
export interface Opened extends Caller {
  readonly token: string
}

interface Needs {
  readonly store: Pick<Store, 'sessionByToken' | 'accountById' | 'sessionsOf'>
  /** The same two, as they are remembered: what every request asks. */
  readonly known: Pick<Store, 'sessionByToken' | 'accountById'>
  readonly committer: Committer
  readonly clock: Clock
  readonly random: Random
}

export class Sessions {
  readonly #needs: Needs
  /** When this process last wrote that a session was used. */
  readonly #touched = new Map<SessionId, number>()

  constructor(needs: Needs) {
    this.#needs = needs
  }

  /** Whose token this is; undefined if it is nobody's, or the session is over. */
  async callerOf(token: string): Promise<Caller | undefined> {
    const { known, clock } = this.#needs
    const session = await known.sessionByToken(hashOf(token))
    if (session === undefined || session.expiresAtMs <= clock()) return undefined
    const account = await known.accountById(session.account)
    if (account === undefined) return undefined
    this.#touch(session)
    return { account, session }
  }

  /**
   * Signs in an account that has just proved itself. Refuses with `field-invalid` (on `label`), and as the committer
   * does.
   */
  async open(account: Account, label: string): Promise<Opened | Refusal> {
    const unfit = checkUnicode(label, 'label')
    if (unfit !== undefined) return unfit
    const { committer, clock, random, store } = this.#needs
    const token = secretOf(random)
    const written = await committer.submitOne({
      kind: 'create-session',
      account: account.id,
      tokenHash: hashOf(token),
      label,
      expiresAtMs: clock() + sessionLifeMs,
    })
    if (written instanceof Refusal) return written
    const session = await store.sessionByToken(hashOf(token))
    const now = await store.accountById(account.id)
    if (session !== undefined && now?.password === account.password) {
      await this.#endOldest(account.id)
      return { account, session, token }
    }
    // Between the proof and the write the account was closed, or its password changed, which was to end all sessions.
    if (session !== undefined) await this.end(account.id, session.id)
    return new Refusal('sign-in-failed', accountTexts.changedMeanwhile)
  }

  /** The sessions of an account that are not over, last used first. */
  list(account: AccountId): Promise<readonly Session[]> {
    const { store, clock } = this.#needs
    return store.sessionsOf(account, clock())
  }

  /** Ends a session of an account. Refuses with `session-unknown`, and as the committer does. */
  async end(account: AccountId, session: SessionId): Promise<Refusal | undefined> {
    const written = await this.#needs.committer.submitOne({ kind: 'end-session', account, session })
    if (written instanceof Refusal) return written
    if (written.kind === 'stored') return undefined
    return new Refusal('session-unknown', accountTexts.noSession)
  }

  /** After the new one is there: sign-ins at the same moment would all find room for one more before. */
  async #endOldest(account: AccountId): Promise<void> {
    const open = await this.list(account)
    // What cannot be ended now (over already, a busy disk) is left to the next sign-in.
    for (const { id } of open.slice(sessionsMax)) await this.end(account, id)
  }

  #touch({ id, lastUsedAtMs }: Session): void {
    const now = this.#needs.clock()
    if (now - Math.max(lastUsedAtMs, this.#touched.get(id) ?? 0) < touchMs) return
    if (this.#touched.size > touchedMax) this.#touched.clear()
    this.#touched.set(id, now)
    // Nobody waits for it, and a loss costs nothing.
    this.#needs.committer.submitOne({ kind: 'touch-session', session: id }).catch(() => {})
  }
}
