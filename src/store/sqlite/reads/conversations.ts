// Conversations: what they are, and what an account has of them.
import type { AccountId, ConversationId, ConversationInfo, ConversationReads, Direct, History } from '../../store.ts'
import type { Membership, Role, Seq } from '../../store.ts'
import { type Connection, prepare } from '../connect.ts'
import { type InWords, pageOfNames } from '../name-words.ts'

/** Either kind, flat: of a direct conversation the names of the pair, of a room the rest. */
interface InfoRow {
  readonly id: ConversationId
  readonly kind: 'direct' | 'room'
  readonly low: AccountId
  readonly lowName: string
  readonly high: AccountId
  readonly highName: string
  readonly name: string
  readonly topic: string
  readonly isPrivate: number
  readonly history: History
  readonly isClosed: number
  readonly members: number
}

interface MembershipRow extends InfoRow {
  readonly role: Role
  readonly isSilenced: number
  readonly joinedSeq: Seq
  readonly readSeq: Seq
  readonly lastSeq: Seq
}

const infoColumns = `c.id, c.kind, l.id AS low, l.name AS lowName, h.id AS high, h.name AS highName,
  c.name, c.topic, c.is_private AS isPrivate, c.history, c.is_closed AS isClosed, c.members`
const infoTables = `conversations c
  LEFT JOIN accounts l ON l.id = c.pair_low LEFT JOIN accounts h ON h.id = c.pair_high`
const lastSeqOf = (conversation: string) => `(SELECT max(seq) FROM messages WHERE conversation = ${conversation})`

type Names =
  | 'directsOf'
  | 'directBetween'
  | 'roomByKey'
  | 'conversation'
  | 'publicRooms'
  | 'membershipsOf'
  | 'membership'

export function conversationReads(db: Connection): Pick<ConversationReads, Names> {
  const directs = prepare<[AccountId], Direct>(
    db,
    `SELECT c.id AS conversation, p.id AS peer, p.name AS peerName, m.joined_seq AS joinedSeq
     FROM memberships m
     JOIN conversations c ON c.id = m.conversation AND c.kind = 'direct'
     JOIN accounts p ON p.id = c.pair_low + c.pair_high - m.account
     WHERE m.account = ?`,
  )
  const pair = prepare<[AccountId, AccountId], ConversationId>(
    db,
    "SELECT id FROM conversations WHERE kind = 'direct' AND pair_low = ? AND pair_high = ?",
  ).pluck()
  const room = prepare<[string], ConversationId>(
    db,
    "SELECT id FROM conversations WHERE kind = 'room' AND name_key = ?",
  ).pluck()
  const info = prepare<[ConversationId], InfoRow>(db, `SELECT ${infoColumns} FROM ${infoTables} WHERE c.id = ?`)
  const publicRooms = prepare<[string, string, string, number], InfoRow>(
    db,
    `SELECT ${infoColumns} FROM ${infoTables}
     WHERE c.kind = 'room' AND c.is_private = 0 AND c.name_key >= ? AND c.name_key < ? AND c.name_key > ?
     ORDER BY c.name_key LIMIT ?`,
  )
  const publicRoomsByWord = prepare<[string, string, string], InfoRow & InWords>(
    db,
    `SELECT ${infoColumns}, found.words, found.name_key AS nameKey
     FROM room_words found CROSS JOIN ${infoTables}
     WHERE c.id = found.conversation AND found.words < ? AND (found.words, found.name_key) > (?, ?)
     ORDER BY found.words, found.name_key`,
  )
  return {
    directsOf: async account => directs.all(account),
    directBetween: async (a, b) => pair.get(Math.min(a, b), Math.max(a, b)),
    roomByKey: async nameKey => room.get(nameKey),
    conversation: async id => {
      const row = info.get(id)
      return row === undefined ? undefined : infoOf(row)
    },
    publicRooms: async query =>
      pageOfNames<InfoRow>(query, {
        byKey: (from, to, afterKey, limit) => publicRooms.all(from, to, afterKey, limit),
        byWord: (to, { words, key }) => publicRoomsByWord.iterate(to, words, key),
      }).map(infoOf),
    ...membershipReads(db),
  }
}

function membershipReads(db: Connection): Pick<ConversationReads, 'membershipsOf' | 'membership'> {
  // The last seqs first, a look into the index for each, and only then what the page shows.
  const all = prepare<[AccountId, Seq, number], MembershipRow>(
    db,
    `WITH own AS MATERIALIZED (
       SELECT conversation, role, is_silenced, joined_seq, read_seq, ${lastSeqOf('m.conversation')} AS last_seq
       FROM memberships m WHERE account = ? AND left_seq IS NULL
     ), page AS MATERIALIZED (
       SELECT * FROM own WHERE last_seq < ? ORDER BY last_seq DESC LIMIT ?
     )
     SELECT ${infoColumns}, page.role, page.is_silenced AS isSilenced, page.joined_seq AS joinedSeq,
       page.read_seq AS readSeq, page.last_seq AS lastSeq
     FROM page CROSS JOIN ${infoTables} WHERE c.id = page.conversation ORDER BY page.last_seq DESC`,
  )
  const one = prepare<[AccountId, ConversationId], MembershipRow>(
    db,
    `SELECT ${infoColumns}, m.role, m.is_silenced AS isSilenced, m.joined_seq AS joinedSeq, m.read_seq AS readSeq,
       ${lastSeqOf('m.conversation')} AS lastSeq
     FROM memberships m CROSS JOIN ${infoTables}
     WHERE m.account = ? AND m.conversation = ? AND m.left_seq IS NULL AND c.id = m.conversation`,
  )
  return {
    membershipsOf: async (account, beforeSeq, limit) => all.all(account, beforeSeq, limit).map(membershipOf),
    membership: async (account, conversation) => {
      const row = one.get(account, conversation)
      return row === undefined ? undefined : membershipOf(row)
    },
  }
}

function infoOf(row: InfoRow): ConversationInfo {
  const { id, kind } = row
  if (kind === 'direct') {
    return { id, kind, low: { id: row.low, name: row.lowName }, high: { id: row.high, name: row.highName } }
  }
  const { name, topic, isPrivate, history, isClosed, members } = row
  return { id, kind, name, topic, isPrivate: isPrivate !== 0, history, isClosed: isClosed !== 0, members }
}

function membershipOf(row: MembershipRow): Membership {
  const { role, isSilenced, joinedSeq, readSeq, lastSeq } = row
  return { conversation: infoOf(row), role, isSilenced: isSilenced !== 0, joinedSeq, readSeq, lastSeq }
}
