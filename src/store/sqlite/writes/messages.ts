// Messages: sent, direct or to a room, once or again. This is the hot path: what a send asks in the usual case is
// answered by one look into an index, and only a "no" costs more.
import { hash } from 'node:crypto'
import type { AccountId, ConversationId, SendDirect, SendRoom, Seq, Written } from '../../store.ts'
import { type Connection, prepare } from '../connect.ts'
import type { Log } from './log.ts'
import type { Members } from './members.ts'
import type { People } from './people.ts'

/** What was stored under a client id, and what is left of its first text. */
interface FirstSend {
  readonly seq: Seq
  readonly conversation: ConversationId
  readonly storedAtMs: number
  readonly low: AccountId | null
  readonly high: AccountId | null
  /** Null where the message was erased or is no longer kept, or 0.4 replaced its first text. */
  readonly text: string | null
  /** Of a first text that 0.4 replaced. */
  readonly digest: string | null
}

interface Place {
  readonly isClosed: number
  readonly isSilenced: number
}

export function messageWrites(db: Connection, log: Log, { people, members }: { people: People; members: Members }) {
  const openPair = prepare<[AccountId, AccountId], ConversationId>(
    db,
    `SELECT id FROM conversations INDEXED BY conversations_open_pair
       WHERE kind = 'direct' AND is_closed = 0 AND pair_low = ? AND pair_high = ?`,
  ).pluck()
  const insertPair = prepare<[AccountId, AccountId]>(
    db,
    "INSERT INTO conversations (kind, pair_low, pair_high) VALUES ('direct', ?, ?)",
  )
  const placeIn = prepare<[AccountId, ConversationId], Place>(
    db,
    `SELECT c.is_closed AS isClosed, m.is_silenced AS isSilenced
     FROM memberships m JOIN conversations c ON c.id = m.conversation AND c.kind = 'room'
     WHERE m.account = ? AND m.conversation = ? AND m.left_seq IS NULL`,
  )
  const findSend = prepare<[AccountId, string], FirstSend>(
    db,
    `SELECT s.seq, s.conversation, s.stored_at AS storedAtMs, c.pair_low AS low, c.pair_high AS high,
       CASE WHEN m.kind = 'text' AND m.refers_to IS NULL THEN m.text END AS text, d.digest
     FROM sends s
     LEFT JOIN conversations c ON c.id = s.conversation
     LEFT JOIN messages m ON m.seq = s.seq
     LEFT JOIN first_digests d ON d.message = s.seq
     WHERE s.sender = ? AND s.client_id = ?`,
  )
  const insertSend = prepare<[AccountId, string, Seq, ConversationId, number]>(
    db,
    `INSERT INTO sends (sender, client_id, seq, conversation, stored_at) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (sender, client_id) DO NOTHING`,
  )

  /** What a repeat is answered with; undefined for what has not been sent before. */
  function repeatOf(write: SendDirect | SendRoom): Written | undefined {
    const first = write.once === undefined ? undefined : findSend.get(write.sender, write.once.clientId)
    if (first === undefined) return undefined
    if (!isTheSame(write, first)) return { kind: 'client-id-reused' }
    const { seq, conversation, storedAtMs } = first
    return { kind: 'stored', seq, conversation, storedAtMs, repeated: true }
  }

  /** That it is a repeat is found out by noting it: asking first would cost every send a look into the index. */
  function send(write: SendDirect | SendRoom, conversation: ConversationId): Written {
    const { sender, text, sentAtS, once } = write
    if (once !== undefined) {
      const noted = insertSend.run(sender, once.clientId, log.head + 1, conversation, log.storedAtMs)
      if (noted.changes === 0) return repeatOf(write) ?? { kind: 'client-id-reused' }
    }
    return log.addText(conversation, sender, text, sentAtS)
  }

  /** Why there is no open conversation of the pair; or one that is made, with memberships that begin at the next seq. */
  function newPair(low: AccountId, high: AccountId): ConversationId | Written {
    if (!people.isLive(low) || !people.isLive(high)) return { kind: 'no-such-account' }
    if (people.isEitherBlocked(low, high)) return { kind: 'blocked' }
    const made = Number(insertPair.run(low, high).lastInsertRowid)
    members.open(low, made, log.head + 1)
    if (low !== high) members.open(high, made, log.head + 1)
    return made
  }

  return {
    sendDirect: (write: SendDirect): Written => {
      const low = Math.min(write.sender, write.recipient)
      const high = Math.max(write.sender, write.recipient)
      const open = openPair.get(low, high)
      if (open !== undefined) return send(write, open)
      const repeat = repeatOf(write)
      if (repeat !== undefined) return repeat
      const made = newPair(low, high)
      return typeof made === 'number' ? send(write, made) : made
    },

    sendRoom: (write: SendRoom): Written => {
      const no = refusedIn(placeIn.get(write.sender, write.conversation))
      // What was stored once stays so, whatever has become of the sender since.
      return no === undefined ? send(write, write.conversation) : (repeatOf(write) ?? { kind: no })
    },
  }
}

function refusedIn(place: Place | undefined): 'not-a-member' | 'silenced' | 'room-closed' | undefined {
  if (place === undefined) return 'not-a-member'
  if (place.isSilenced !== 0) return 'silenced'
  return place.isClosed === 0 ? undefined : 'room-closed'
}

/** Whether a send goes where the first one under its client id went and says the same, as far as that is still known. */
function isTheSame(write: SendDirect | SendRoom, { conversation, low, high, text, digest }: FirstSend): boolean {
  const isSamePlace =
    write.kind === 'send-room'
      ? write.conversation === conversation
      : Math.min(write.sender, write.recipient) === low && Math.max(write.sender, write.recipient) === high
  if (!isSamePlace) return false
  if (text !== null) return text === write.text
  return digest === null || digest === digestOf(write)
}

/** As 0.4 computed it when it stored the message. */
function digestOf(write: SendDirect | SendRoom): string {
  const to = write.kind === 'send-direct' ? `@${write.recipient}` : `#${write.conversation}`
  return hash('sha256', `${to}\0${write.text}`, 'base64url').slice(0, 22)
}
