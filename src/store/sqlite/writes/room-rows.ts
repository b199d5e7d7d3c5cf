// The rows of rooms, read and written without a question asked; rooms.ts asks them.
import type { AccountId, ConversationId, CreateRoom, Role } from '../../store.ts'
import { type Connection, prepare } from '../connect.ts'
import { laterWords } from '../name-words.ts'

export interface Room {
  readonly id: ConversationId
  readonly topic: string
  readonly isPrivate: number
  readonly isClosed: number
  /** Present ones. */
  readonly members: number
}

const roomColumns = 'id, topic, is_private AS isPrivate, is_closed AS isClosed, members'

export function roomRows(db: Connection) {
  const insert = prepare<[string, string, string, string, number]>(
    db,
    `INSERT INTO conversations (kind, name, name_key, topic, history, is_private, members)
     VALUES ('room', ?, ?, ?, ?, ?, 1) ON CONFLICT (name_key) WHERE kind = 'room' DO NOTHING`,
  )
  const insertWords = prepare<[string, string, ConversationId]>(
    db,
    'INSERT INTO room_words (words, name_key, conversation) VALUES (?, ?, ?)',
  )
  const find = prepare<[ConversationId], Room>(
    db,
    `SELECT ${roomColumns} FROM conversations WHERE id = ? AND kind = 'room'`,
  )
  const roomsOf = prepare<[AccountId], Room>(
    db,
    `SELECT ${roomColumns} FROM conversations WHERE kind = 'room'
     AND id IN (SELECT conversation FROM memberships WHERE account = ? AND left_seq IS NULL) ORDER BY id`,
  )
  const count = prepare<[number, ConversationId]>(db, 'UPDATE conversations SET members = members + ? WHERE id = ?')
  const setTopic = prepare<[string, ConversationId]>(db, 'UPDATE conversations SET topic = ? WHERE id = ?')
  const setClosed = prepare<[number, ConversationId]>(db, 'UPDATE conversations SET is_closed = ? WHERE id = ?')
  const setRole = prepare<[Role, ConversationId, AccountId]>(
    db,
    'UPDATE memberships SET role = ? WHERE conversation = ? AND account = ? AND left_seq IS NULL',
  )
  const setSilenced = prepare<[number, ConversationId, AccountId]>(
    db,
    'UPDATE memberships SET is_silenced = ? WHERE conversation = ? AND account = ? AND left_seq IS NULL',
  )
  const otherOwner = prepare<[ConversationId, AccountId], number>(
    db,
    `SELECT 1 FROM memberships
       WHERE conversation = ? AND left_seq IS NULL AND role = 'owner' AND account <> ? LIMIT 1`,
  ).pluck()
  const heir = prepare<[ConversationId, AccountId], AccountId>(
    db,
    `SELECT account FROM memberships WHERE conversation = ? AND left_seq IS NULL AND account <> ?
       ORDER BY joined_seq, account LIMIT 1`,
  ).pluck()
  return {
    /** A new room with one member; undefined where the name is taken. */
    insert(nameKey: string, room: Pick<CreateRoom, 'name' | 'topic' | 'history' | 'isPrivate'>) {
      const { name, topic, history, isPrivate } = room
      const made = insert.run(name, nameKey, topic, history, isPrivate ? 1 : 0)
      if (made.changes === 0) return undefined
      const id = Number(made.lastInsertRowid)
      if (!isPrivate) for (const words of laterWords(nameKey)) insertWords.run(words, nameKey, id)
      return id
    },
    find: (room: ConversationId) => find.get(room),
    roomsOf: (account: AccountId) => roomsOf.all(account),
    count: (room: ConversationId, more: 1 | -1) => count.run(more, room),
    setTopic: (room: ConversationId, topic: string) => setTopic.run(topic, room),
    setClosed: (room: ConversationId, closed: 0 | 1) => setClosed.run(closed, room),
    setRole: (room: ConversationId, account: AccountId, role: Role) => setRole.run(role, room, account),
    setSilenced: (room: ConversationId, account: AccountId, silenced: 0 | 1) =>
      setSilenced.run(silenced, room, account),
    hasOtherOwner: (room: ConversationId, account: AccountId) => otherOwner.get(room, account) !== undefined,
    /** The present member who joined first, but for `account`. */
    heir: (room: ConversationId, account: AccountId) => heir.get(room, account),
  }
}
