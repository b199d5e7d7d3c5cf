// The transaction: a batch of writes becomes rows, each message with the next seq. It runs in the writer's thread, on
// the only connection that writes; it decides nothing that another engine would decide otherwise.
import type { AccountId, ConversationId, Register, SendDirect, Seq, Write, Written } from '../store.ts'
import type { Connection } from './connect.ts'

/** What a batch has changed, for finding out after a failed COMMIT whether it is there. */
export interface Position {
  readonly head: Seq
  readonly lastAccount: AccountId
}

export interface Appender {
  position(): Position
  /** Carries out a batch within the transaction that the caller has begun. */
  append(batch: readonly Write[], nowMs: number): Written[]
}

interface Row {
  readonly seq: Seq
  readonly stored_at: number
}

export function appender(db: Connection): Appender {
  const lastRow = db.prepare<[], Row>('SELECT seq, stored_at FROM messages ORDER BY seq DESC LIMIT 1')
  const lastAccount = db.prepare<[], number | null>('SELECT max(id) FROM accounts').pluck()
  const insertAccount = db.prepare<[string, string, string, number, number]>(
    `INSERT INTO accounts (name, name_key, password, password_rule, created_at) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (name_key) DO NOTHING`,
  )
  const liveAccount = db
    .prepare<[AccountId], number>('SELECT 1 FROM accounts WHERE id = ? AND deleted_at IS NULL')
    .pluck()
  const findPair = db
    .prepare<[AccountId, AccountId], ConversationId>(
      "SELECT id FROM conversations WHERE kind = 'direct' AND pair_low = ? AND pair_high = ?",
    )
    .pluck()
  const insertPair = db.prepare<[AccountId, AccountId]>(
    "INSERT INTO conversations (kind, pair_low, pair_high) VALUES ('direct', ?, ?)",
  )
  const insertMembership = db.prepare<[AccountId, ConversationId, Seq]>(
    'INSERT INTO memberships (account, conversation, joined_seq) VALUES (?, ?, ?)',
  )
  const insertMessage = db.prepare<[Seq, ConversationId, AccountId, string, string | null, number, number]>(
    `INSERT INTO messages (seq, conversation, sender, kind, text, client_id, sent_at, stored_at)
     VALUES (?, ?, ?, 'text', ?, ?, ?, ?)`,
  )
  const findSend = db.prepare<[AccountId, string], { seq: Seq; digest: string; conversation: ConversationId }>(
    `SELECT s.seq, s.digest, m.conversation FROM sends s JOIN messages m ON m.seq = s.seq
     WHERE s.sender = ? AND s.client_id = ?`,
  )
  const insertSend = db.prepare<[AccountId, string, Seq, string]>(
    'INSERT INTO sends (sender, client_id, seq, digest) VALUES (?, ?, ?, ?)',
  )

  function register(write: Register, nowMs: number): Written {
    const { name, nameKey, password, passwordRule } = write
    const { changes, lastInsertRowid } = insertAccount.run(name, nameKey, password, passwordRule, nowMs)
    return changes === 0 ? { kind: 'name-taken' } : { kind: 'registered', account: Number(lastInsertRowid) }
  }

  /** The pair's conversation; made, with its memberships beginning at `seq`, where there is none. */
  function pairOf(a: AccountId, b: AccountId, seq: Seq): ConversationId | undefined {
    const low = Math.min(a, b)
    const high = Math.max(a, b)
    const found = findPair.get(low, high)
    if (found !== undefined) return found
    if (liveAccount.get(low) === undefined || liveAccount.get(high) === undefined) return undefined
    const made = Number(insertPair.run(low, high).lastInsertRowid)
    insertMembership.run(low, made, seq)
    if (low !== high) insertMembership.run(high, made, seq)
    return made
  }

  function sendDirect(write: SendDirect, seq: Seq, storedAtMs: number): Written {
    const { sender, recipient, text, sentAtS, once } = write
    if (once !== undefined) {
      const first = findSend.get(sender, once.clientId)
      if (first !== undefined && first.digest !== once.digest) return { kind: 'client-id-reused' }
      if (first !== undefined) {
        return { kind: 'stored', seq: first.seq, conversation: first.conversation, repeated: true }
      }
    }
    const conversation = pairOf(sender, recipient, seq)
    if (conversation === undefined) return { kind: 'no-such-account' }
    insertMessage.run(seq, conversation, sender, text, once?.clientId ?? null, sentAtS, storedAtMs)
    if (once !== undefined) insertSend.run(sender, once.clientId, seq, once.digest)
    return { kind: 'stored', seq, conversation, repeated: false }
  }

  return {
    position: () => ({ head: lastRow.get()?.seq ?? 0, lastAccount: lastAccount.get() ?? 0 }),
    append(batch, nowMs) {
      const last = lastRow.get()
      const storedAtMs = Math.max(nowMs, last?.stored_at ?? 0)
      let head = last?.seq ?? 0
      return batch.map(write => {
        if (write.kind === 'register') return register(write, nowMs)
        const written = sendDirect(write, head + 1, storedAtMs)
        if (written.kind === 'stored' && !written.repeated) head += 1
        return written
      })
    },
  }
}
