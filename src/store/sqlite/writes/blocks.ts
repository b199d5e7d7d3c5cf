// Blocks: while one of a pair blocks the other, their direct conversation is closed for writing, to both.
import type { AccountId, Block, Written } from '../../store.ts'
import { type Connection, prepare } from '../connect.ts'
import type { Log } from './log.ts'
import type { People } from './people.ts'

export type BlockWrites = ReturnType<typeof blockWrites>

export function blockWrites(db: Connection, log: Log, { exists, isLive, isEitherBlocked }: People) {
  const insert = prepare<[AccountId, AccountId]>(
    db,
    'INSERT INTO blocks (account, other) VALUES (?, ?) ON CONFLICT DO NOTHING',
  )
  const remove = prepare<[AccountId, AccountId]>(db, 'DELETE FROM blocks WHERE account = ? AND other = ?')
  const close = prepare<[number, AccountId, AccountId]>(
    db,
    "UPDATE conversations SET is_closed = ? WHERE kind = 'direct' AND pair_low = ? AND pair_high = ?",
  )
  const forgetOwn = prepare<[AccountId]>(db, 'DELETE FROM blocks WHERE account = ?')
  return {
    block: ({ kind, account, other }: Block): Written => {
      if (account === other || !isLive(account) || !exists(other)) return { kind: 'no-such-account' }
      const { changes } = (kind === 'block' ? insert : remove).run(account, other)
      if (changes === 0) return { kind: 'unchanged' }
      const closed = isEitherBlocked(account, other) || !isLive(other) ? 1 : 0
      close.run(closed, Math.min(account, other), Math.max(account, other))
      return log.add({ conversation: 0, sender: account, kind, subject: other })
    },

    /** Blocks by an account that is being deleted. Those of it stay: that they went would say that it is closed. */
    forget(account: AccountId): void {
      forgetOwn.run(account)
    },
  }
}
