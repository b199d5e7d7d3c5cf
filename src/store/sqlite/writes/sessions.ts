// Sessions: begun, used and ended. An ended session's row is gone, and its id is never given again.
import type { AccountId, CreateSession, EndSession, SessionId, TouchSession, Written } from '../../store.ts'
import { type Connection, prepare } from '../connect.ts'
import type { Log } from './log.ts'
import type { People } from './people.ts'

export type SessionWrites = ReturnType<typeof sessionWrites>

export function sessionWrites(db: Connection, log: Log, { isLive }: People) {
  const dropExpired = prepare<[AccountId, number]>(db, 'DELETE FROM sessions WHERE account = ? AND expires_at <= ?')
  const insert = prepare<[string, AccountId, string, number, number, number, number]>(
    db,
    `INSERT INTO sessions (token_hash, account, label, created_at, last_used_at, expires_at, life)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  )
  const findRepeated = prepare<[string], { readonly id: SessionId; readonly account: AccountId }>(
    db,
    'SELECT id, account FROM sessions WHERE token_hash = ?',
  )
  const touch = prepare<[number, number, SessionId, AccountId, number]>(
    db,
    `UPDATE sessions SET last_used_at = max(last_used_at, ?), expires_at = max(expires_at, ?)
     WHERE id = ? AND account = ? AND expires_at > ?`,
  )
  const end = prepare<[SessionId, AccountId]>(db, 'DELETE FROM sessions WHERE id = ? AND account = ?')
  const findOwn = prepare<[SessionId, AccountId], SessionId>(
    db,
    'SELECT id FROM sessions WHERE id = ? AND account = ?',
  ).pluck()
  const endOthers = prepare<[AccountId, SessionId]>(db, 'DELETE FROM sessions WHERE account = ? AND id <> ?')
  return {
    createSession: ({ account, tokenHash, label, lifeMs }: CreateSession): Written => {
      if (!isLive(account)) return { kind: 'no-such-account' }
      const first = findRepeated.get(tokenHash)
      // A repeat gets its session; a hash of somebody else's, which chance does not bring, gets nothing.
      if (first !== undefined) {
        return first.account === account ? { kind: 'session', session: first.id } : { kind: 'no-such-account' }
      }
      dropExpired.run(account, log.nowMs)
      const { nowMs } = log
      const { lastInsertRowid } = insert.run(tokenHash, account, label, nowMs, nowMs, nowMs + lifeMs, lifeMs)
      return { kind: 'session', session: Number(lastInsertRowid) }
    },

    touchSession: ({ account, session, expiresAtMs }: TouchSession): Written => {
      touch.run(log.nowMs, expiresAtMs, session, account, log.nowMs)
      return { kind: 'done' }
    },

    endSession: ({ account, session }: EndSession): Written => {
      if (end.run(session, account).changes === 0) return { kind: 'no-such-session' }
      return log.add({ conversation: 0, sender: account, kind: 'end-session', refersTo: session })
    },

    /** Ends an account's sessions, but for `keep`; answers which one stayed. */
    endOthers(account: AccountId, keep: SessionId | null): SessionId | null {
      const kept = keep === null ? undefined : findOwn.get(keep, account)
      endOthers.run(account, kept ?? 0)
      return kept ?? null
    },
  }
}
