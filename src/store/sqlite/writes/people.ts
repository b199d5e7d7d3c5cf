// What several writes ask of accounts: who lives, and who blocks whom.
import type { AccountId } from '../../store.ts'
import { type Connection, prepare } from '../connect.ts'

export type People = ReturnType<typeof people>

export function people(db: Connection) {
  const live = prepare<[AccountId], number>(db, 'SELECT 1 FROM accounts WHERE id = ? AND deleted_at IS NULL').pluck()
  const any = prepare<[AccountId], number>(db, 'SELECT 1 FROM accounts WHERE id = ?').pluck()
  const block = prepare<[AccountId, AccountId], number>(
    db,
    'SELECT 1 FROM blocks WHERE account = ? AND other = ?',
  ).pluck()
  const isLive = (account: AccountId) => live.get(account) !== undefined
  const blocks = (account: AccountId, other: AccountId) => block.get(account, other) !== undefined
  return {
    /** Closed ones too. */
    exists: (account: AccountId) => any.get(account) !== undefined,
    isLive,
    blocks,
    isEitherBlocked: (a: AccountId, b: AccountId) => blocks(a, b) || blocks(b, a),
  }
}
