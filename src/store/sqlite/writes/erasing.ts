// Erasing what a deleted account has said, a bounded piece at a time. It walks the account's conversations rather than
// an index by sender, which every message would have to pay for.
import type { AccountId, ConversationId, EraseSome, Seq, Written } from '../../store.ts'
import { type Connection, prepare } from '../connect.ts'
import type { SearchWrites } from './search.ts'

interface Interval {
  readonly conversation: ConversationId
  readonly joinedSeq: Seq
  readonly leftSeq: Seq
}

interface Progress {
  readonly conversation: ConversationId
  /** The last seq of the conversation that has been gone through. */
  readonly seq: Seq
}

interface Found {
  readonly seq: Seq
  readonly isOwn: number
}

/** What an interval that goes on has instead of its end. */
const noEnd = Number.MAX_SAFE_INTEGER

export function erasingWrites(db: Connection, search: SearchWrites) {
  const progressOf = prepare<[AccountId], Progress>(db, 'SELECT conversation, seq FROM erasures WHERE account = ?')
  const setProgress = prepare<[ConversationId, Seq, AccountId]>(
    db,
    'UPDATE erasures SET conversation = ?, seq = ? WHERE account = ?',
  )
  const finish = prepare<[AccountId]>(db, 'DELETE FROM erasures WHERE account = ?')
  const nextInterval = prepare<[AccountId, ConversationId, ConversationId, Seq], Interval>(
    db,
    `SELECT conversation, joined_seq AS joinedSeq, coalesce(left_seq, ${noEnd}) AS leftSeq FROM memberships
     WHERE account = ? AND conversation >= ? AND (conversation > ? OR coalesce(left_seq, ${noEnd}) > ?)
     ORDER BY conversation, joined_seq LIMIT 1`,
  )
  const entries = prepare<[AccountId, ConversationId, Seq, Seq, number], Found>(
    db,
    `SELECT seq, sender = ? AND kind IN ('text', 'edit') AS isOwn FROM messages
     WHERE conversation = ? AND seq > ? AND seq <= ? ORDER BY seq LIMIT ?`,
  )
  const erase = prepare<[Seq]>(
    db,
    `UPDATE messages SET kind = CASE kind WHEN 'text' THEN 'erased' ELSE kind END, text = '',
       refers_to = CASE kind WHEN 'text' THEN NULL ELSE refers_to END
     WHERE seq = ?`,
  )
  const forgetDigest = prepare<[Seq]>(db, 'DELETE FROM first_digests WHERE message = ?')

  /** Erases in the next piece of an interval; answers how many entries it went through. */
  function eraseIn(account: AccountId, from: Progress, interval: Interval, limit: number): number {
    const { conversation, joinedSeq, leftSeq } = interval
    const after = conversation === from.conversation ? Math.max(from.seq, joinedSeq - 1) : joinedSeq - 1
    const found = entries.all(account, conversation, after, leftSeq, limit)
    for (const { seq, isOwn } of found) {
      if (isOwn === 0) continue
      // The words first: those of an edit belong to the message that its row refers to.
      search.forgetVersion(seq)
      erase.run(seq)
      forgetDigest.run(seq)
    }
    setProgress.run(conversation, found.length < limit ? leftSeq : (found.at(-1)?.seq ?? leftSeq), account)
    return found.length
  }

  return {
    eraseSome: ({ account, limit }: EraseSome): Written => {
      let gone = 0
      while (gone < limit) {
        const from = progressOf.get(account)
        if (from === undefined) break
        const interval = nextInterval.get(account, from.conversation, from.conversation, from.seq)
        if (interval === undefined) finish.run(account)
        else gone += eraseIn(account, from, interval, limit - gone)
      }
      return { kind: 'erased', messages: gone }
    },
  }
}
