// Who: a sign-in lasts as a session. Its token is shown once and kept only as a hash; whoever shows it speaks for the
// account until the session ends, expires for want of use, or the password changes.
import { sessionSecondsMax } from '../../protocol/limits.ts'
import { Refusal } from '../../protocol/refusals.ts'
import { checkUnicode } from '../../protocol/text.ts'
import type { Account, AccountId, Session, SessionId, Store } from '../../store/store.ts'
import type { Clock, Random } from '../kit/clock.ts'
import type { Committer } from '../log/committer.ts'
import { hashOf, secretOf } from './invites.ts'
import type { Listening } from './listening.ts'
import * as accountTexts from '../../protocol/texts/accounts.ts'

/** The longest that a session lasts after its last use, the usual time too. */
export const sessionLifeMs = sessionSecondsMax * 1_000

/**
 * However much it is used, a session ends after so many times its life, and after the longest life: a token that was
 * stolen does not last for ever either. Of one that lasts for half a day it makes a week.
 */
const livesMax = 14

/**
 * Sessions of one account: all of a person's devices and scripts. With one more, the one that was used or listened through
 * longest ago ends; one with an open stream only where all have one.
 */
const sessionsMax = 100

/**
 * Use is written at most this often for each session, or ten times in its life where that is shorter: it is no write a
 * request, and a session lasts for nine tenths of its life after a use at the least.
 */
const touchMs = 10 * 60_000
const touchesInLife = 10

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
  readonly listening: Pick<Listening, 'lastAtMs'>
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
    const { known, store } = this.#needs
    const tokenHash = hashOf(token)
    const remembered = await known.sessionByToken(tokenHash)
    if (remembered === undefined) return undefined
    // Another process may have prolonged it since it was remembered here.
    const session = this.isPast(remembered) ? await store.sessionByToken(tokenHash) : remembered
    if (session === undefined || this.isPast(session)) return undefined
    const account = await known.accountById(session.account)
    if (account === undefined) return undefined
    this.use(session)
    return { account, session }
  }

  /**
   * Signs in an account that has just proved itself; the session ends `lifeMs` after its last use. Refuses with
   * `field-invalid` (on `label`), and as the committer does.
   */
  async open(account: Account, label: string, lifeMs = sessionLifeMs): Promise<Opened | Refusal> {
    const unfit = checkUnicode(label, 'label')
    if (unfit !== undefined) return unfit
    const { committer, random, store } = this.#needs
    const token = secretOf(random)
    const written = await committer.submitOne({
      kind: 'create-session',
      account: account.id,
      tokenHash: hashOf(token),
      label,
      lifeMs,
    })
    if (written instanceof Refusal) return written
    const session = await store.sessionByToken(hashOf(token))
    const now = await store.accountById(account.id)
    if (session !== undefined && now?.password === account.password) {
      await this.#endOldest(session)
      return { account, session, token }
    }
    // Between the proof and the write the account was closed, or its password changed, which was to end all sessions.
    if (session !== undefined) await this.end(account.id, session.id)
    return new Refusal('sign-in-failed', accountTexts.changedMeanwhile)
  }

  /** Whether the time is over that a session had when it was read: it may have been prolonged since, see `lasting`. */
  isPast({ expiresAtMs }: Session): boolean {
    return expiresAtMs <= this.#needs.clock()
  }

  /** For what outlasts a request: the session as it is now; undefined if it is over. */
  async lasting(session: Session): Promise<Session | undefined> {
    return (await this.list(session.account)).find(({ id }) => id === session.id)
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
  async #endOldest({ account, id: newest }: Session): Promise<void> {
    const open = await this.list(account)
    if (open.length <= sessionsMax) return
    const { listening } = this.#needs
    const others = open
      .filter(({ id }) => id !== newest)
      .map(({ id, lastUsedAtMs }) => ({ id, lastUsedAtMs, atMs: Math.max(lastUsedAtMs, listening.lastAtMs(id)) }))
      // Not a difference: Infinity less Infinity is no number.
      .toSorted((a, b) => (a.atMs === b.atMs ? b.lastUsedAtMs - a.lastUsedAtMs : a.atMs < b.atMs ? 1 : -1))
    // What cannot be ended now (over already, a busy disk) is left to the next sign-in.
    for (const { id } of others.slice(sessionsMax - 1)) await this.end(account, id)
  }

  /** Something is done through a session, which is prolonged by it. */
  use({ id, account, createdAtMs, lastUsedAtMs, lifeMs }: Session): void {
    const now = this.#needs.clock()
    const everyMs = Math.min(touchMs, lifeMs / touchesInLife)
    if (now - Math.max(lastUsedAtMs, this.#touched.get(id) ?? 0) < everyMs) return
    if (this.#touched.size > touchedMax) this.#touched.clear()
    this.#touched.set(id, now)
    const expiresAtMs = Math.min(now + lifeMs, createdAtMs + Math.min(lifeMs * livesMax, sessionLifeMs))
    // Nobody waits for it, and of a loss the next use makes up.
    this.#needs.committer.submitOne({ kind: 'touch-session', account, session: id, expiresAtMs }).catch(() => {})
  }
}
