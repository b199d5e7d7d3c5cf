// Who is and was in a conversation.
import type { AccountId, ConversationId, ConversationReads, Interval, Member, Seq } from '../../store.ts'
import { type Connection, prepare } from '../connect.ts'

type MemberRow = Omit<Member, 'isSilenced'> & { readonly isSilenced: number }

type OwnRow = Interval & { readonly head: Seq }

type Names = 'membersOf' | 'intervalsOf' | 'ownersAmong' | 'intervalsIn'

const intervalColumns = 'm.conversation, m.joined_seq AS joinedSeq, m.left_seq AS leftSeq'

export function memberReads(db: Connection): Pick<ConversationReads, Names> {
  const members = prepare<[ConversationId, AccountId, number], MemberRow>(
    db,
    `SELECT a.id, a.name, m.role, m.is_silenced AS isSilenced, m.read_seq AS readSeq
     FROM memberships m CROSS JOIN accounts a ON a.id = m.account
     WHERE m.conversation = ? AND m.account > ? AND m.left_seq IS NULL ORDER BY m.account LIMIT ?`,
  )
  // One statement, so that the head is of the same moment; a row without an interval for who has none.
  const own = (where: string) => `SELECT log.head, ${intervalColumns}
     FROM (SELECT coalesce(max(seq), 0) AS head FROM messages) log
     LEFT JOIN memberships m ON m.account = ? AND (m.left_seq IS NULL OR m.left_seq > ?) ${where}
     ORDER BY m.conversation, m.joined_seq`
  const everywhere = prepare<[AccountId, Seq], OwnRow>(db, own(''))
  const inOne = prepare<[AccountId, Seq, ConversationId], OwnRow>(db, own('AND m.conversation = ?'))
  const owners = prepare<[string, ConversationId, Seq, Seq], AccountId>(
    db,
    `SELECT given.value FROM json_each(?) given WHERE EXISTS (
       SELECT 1 FROM memberships WHERE account = given.value AND conversation = ?
       AND joined_seq <= ? AND (left_seq IS NULL OR left_seq >= ?))`,
  ).pluck()
  const everybodys = prepare<[ConversationId], Interval & { readonly account: AccountId }>(
    db,
    `SELECT m.account, ${intervalColumns} FROM memberships m WHERE m.conversation = ? ORDER BY m.account, m.joined_seq`,
  )
  return {
    membersOf: async (conversation, afterId, limit) =>
      members.all(conversation, afterId, limit).map(row => ({ ...row, isSilenced: row.isSilenced !== 0 })),
    async intervalsOf(account, { after = 0, conversation: one } = {}) {
      const rows = one === undefined ? everywhere.all(account, after) : inOne.all(account, after, one)
      const intervals = rows.filter(row => row.conversation !== null)
      return {
        head: rows[0]?.head ?? 0,
        intervals: intervals.map(({ conversation, joinedSeq, leftSeq }) => ({ conversation, joinedSeq, leftSeq })),
      }
    },
    ownersAmong: async (accounts, conversation, seq) => owners.all(JSON.stringify(accounts), conversation, seq, seq),
    intervalsIn: async conversation => everybodys.all(conversation),
  }
}
