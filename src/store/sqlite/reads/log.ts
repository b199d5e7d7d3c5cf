// The log itself: by seq, and by conversation through the index (conversation, seq).
import type { ConversationId, Entry, Epoch, LogReads, Seq } from '../../store.ts'
import type { Connection } from '../connect.ts'

const entryColumns = `seq, conversation, sender, kind, text, refers_to AS refersTo, subject, sent_at AS sentAtS,
  stored_at AS storedAtMs`

export function logReads(db: Connection): Omit<LogReads, 'findWords' | 'indexedUpTo'> {
  const head = db.prepare<[], Seq | null>('SELECT max(seq) FROM messages').pluck()
  const epochs = db.prepare<[], Epoch>('SELECT epoch, first_seq AS firstSeq FROM log_meta ORDER BY first_seq, epoch')
  const seqs = db
    .prepare<[ConversationId, Seq, Seq, number], Seq>(
      'SELECT seq FROM messages WHERE conversation = ? AND seq > ? AND seq <= ? ORDER BY seq LIMIT ?',
    )
    .pluck()
  const backwards = db
    .prepare<[ConversationId, Seq, Seq, number], Seq>(
      'SELECT seq FROM messages WHERE conversation = ? AND seq < ? AND seq >= ? ORDER BY seq DESC LIMIT ?',
    )
    .pluck()
  const lastSeqs = db
    .prepare<[string], Seq>(
      `SELECT coalesce((SELECT max(seq) FROM messages WHERE conversation = c.value), 0)
       FROM json_each(?) c ORDER BY c.key`,
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
    seqsOf: async (conversation, from, upTo, limit) => seqs.all(conversation, from, upTo, limit),
    seqsBefore: async (conversation, before, from, limit) => backwards.all(conversation, before, from, limit),
    lastSeqs: async conversations => lastSeqs.all(JSON.stringify(conversations)),
    entriesAt: async wanted => at.all(JSON.stringify(wanted)),
    entriesAfter: async (from, limit) => after.all(from, limit),
  }
}
