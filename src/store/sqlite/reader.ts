// Reads, on a connection of their own. Each is one short statement, finished before it answers: no transaction and no
// iterator outlives a call, since a reader that stays holds back the WAL's checkpoint.
import type { Account, AccountId, ConversationId, Direct, Entry, Epoch, Seq, Store } from '../store.ts'
import { type Connection, connectReader } from './connect.ts'

type Reads = Omit<Store, 'write' | typeof Symbol.asyncDispose>

export interface Reader {
  readonly reads: Reads
  close(): void
}

const entryColumns = 'seq, conversation, sender, kind, text, sent_at AS sentAtS, stored_at AS storedAtMs'

export function openReader(file: string): Reader {
  const db = connectReader(file)
  return { reads: { ...accountReads(db), ...logReads(db) }, close: () => db.close() }
}

function accountReads(db: Connection) {
  const byKey = db.prepare<[string], Account>(
    `SELECT id, name, password, password_rule AS passwordRule, created_at AS createdAtMs
     FROM accounts WHERE name_key = ? AND deleted_at IS NULL`,
  )
  const directs = db.prepare<[AccountId], Direct>(
    `SELECT c.id AS conversation, p.id AS peer, p.name AS peerName, m.joined_seq AS joinedSeq
     FROM memberships m
     JOIN conversations c ON c.id = m.conversation AND c.kind = 'direct'
     JOIN accounts p ON p.id = c.pair_low + c.pair_high - m.account
     WHERE m.account = ?`,
  )
  return {
    accountByKey: async (nameKey: string) => byKey.get(nameKey),
    directsOf: async (account: AccountId) => directs.all(account),
  }
}

function logReads(db: Connection) {
  const head = db.prepare<[], Seq | null>('SELECT max(seq) FROM messages').pluck()
  const epochs = db.prepare<[], Epoch>('SELECT epoch, first_seq AS firstSeq FROM log_meta ORDER BY first_seq, epoch')
  const seqs = db
    .prepare<[ConversationId, Seq, Seq, number], Seq>(
      'SELECT seq FROM messages WHERE conversation = ? AND seq > ? AND seq <= ? ORDER BY seq LIMIT ?',
    )
    .pluck()
  const at = db.prepare<[string], Entry>(
    `SELECT ${entryColumns} FROM messages WHERE seq IN (SELECT value FROM json_each(?)) ORDER BY seq`,
  )
  const after = db.prepare<[Seq, number], Entry>(
    `SELECT ${entryColumns} FROM messages WHERE seq > ? ORDER BY seq LIMIT ?`,
  )
  return {
    head: async () => head.get() ?? 0,
    epochs: async () => epochs.all(),
    seqsOf: async (conversation: ConversationId, from: Seq, upTo: Seq, limit: number) =>
      seqs.all(conversation, from, upTo, limit),
    entriesAt: async (wanted: readonly Seq[]) => at.all(JSON.stringify(wanted)),
    entriesAfter: async (from: Seq, limit: number) => after.all(from, limit),
  }
}
