// Memberships, as the append sees and changes them: intervals [joinedSeq, leftSeq] that are opened and closed, and never
// deleted. An account has at most one open interval in a conversation.
import { roomsOfMemberMax, roomStaysMax } from '../../../protocol/limits.ts'
import type { AccountId, ConversationId, Role, Seq } from '../../store.ts'
import { type Connection, prepare } from '../connect.ts'

export type Members = ReturnType<typeof members>

/** A present member. */
export interface Present {
  readonly role: Role
  readonly isSilenced: number
  readonly readSeq: Seq
}

export function members(db: Connection) {
  const present = prepare<[AccountId, ConversationId], Present>(
    db,
    `SELECT role, is_silenced AS isSilenced, read_seq AS readSeq FROM memberships
     WHERE account = ? AND conversation = ? AND left_seq IS NULL`,
  )
  const owns = prepare<[AccountId, ConversationId, Seq, Seq], number>(
    db,
    `SELECT 1 FROM memberships
       WHERE account = ? AND conversation = ? AND joined_seq <= ? AND (left_seq IS NULL OR left_seq >= ?) LIMIT 1`,
  ).pluck()
  // Coming back lifts no silence and lowers no read marker.
  const open = prepare<[AccountId, ConversationId, Seq, Role, AccountId, ConversationId]>(
    db,
    `INSERT INTO memberships (account, conversation, joined_seq, role, is_silenced, read_seq)
     SELECT ?, ?, ?, ?, coalesce(max(is_silenced), 0), coalesce(max(read_seq), 0)
     FROM (SELECT is_silenced, read_seq FROM memberships WHERE account = ? AND conversation = ?
           ORDER BY joined_seq DESC LIMIT 1)`,
  )
  const stays = prepare<[AccountId, ConversationId], number>(
    db,
    `SELECT count(*) FROM (
       SELECT 1 FROM memberships WHERE account = ? AND conversation = ? LIMIT ${roomStaysMax})`,
  ).pluck()
  const rooms = prepare<[AccountId], number>(
    db,
    `SELECT count(*) FROM (
       SELECT 1 FROM memberships m JOIN conversations c ON c.id = m.conversation AND c.kind = 'room'
       WHERE m.account = ? AND m.left_seq IS NULL LIMIT ${roomsOfMemberMax})`,
  ).pluck()
  const removed = prepare<[AccountId, ConversationId, AccountId], number>(
    db,
    `SELECT 1 FROM messages WHERE kind = 'remove' AND seq = (
       SELECT left_seq FROM memberships WHERE account = ? AND conversation = ? ORDER BY joined_seq DESC LIMIT 1)
     AND subject = ?`,
  ).pluck()
  const close = prepare<[Seq, AccountId, ConversationId]>(
    db,
    'UPDATE memberships SET left_seq = ? WHERE account = ? AND conversation = ? AND left_seq IS NULL',
  )
  return {
    present: (account: AccountId, conversation: ConversationId) => present.get(account, conversation),

    /** Whether the entry at `seq` lies within one of the account's intervals. */
    owns: (account: AccountId, conversation: ConversationId, seq: Seq) =>
      owns.get(account, conversation, seq, seq) !== undefined,

    /** Whether the account has come to the conversation as often as it may. */
    hasStaysMax: (account: AccountId, conversation: ConversationId) =>
      stays.get(account, conversation) === roomStaysMax,

    /** Whether the account is in as many rooms as others may put it into. */
    hasRoomsMax: (account: AccountId) => rooms.get(account) === roomsOfMemberMax,

    /** Whether the account's last stay in the room ended with an owner removing it. */
    wasRemoved: (account: AccountId, room: ConversationId) => removed.get(account, room, account) !== undefined,

    open(account: AccountId, conversation: ConversationId, joinedSeq: Seq, role: Role = 'member'): void {
      open.run(account, conversation, joinedSeq, role, account, conversation)
    },

    close(account: AccountId, conversation: ConversationId, leftSeq: Seq): void {
      close.run(leftSeq, account, conversation)
    },
  }
}
