// The log itself: by seq, and by conversation through the index (conversation, seq).
import type { ConversationId, Entry, Epoch, LogReads, Seq } from '../../store.ts'
import { type Connection, prepare } from '../connect.ts'

const entryColumns = `seq, conversation, sender, kind, text, refers_to AS refersTo, subject, sent_at AS sentAtS,
  stored_at AS storedAtMs`

export function logReads(db: Connection): Omit<LogReads, 'findWords' | 'indexedUpTo'> {
  const head = prepare<[], Seq | null>(db, 'SELECT max(seq) FROM messages').pluck()
  const epochs = prepare<[], Epoch>(
    db,
    `SELECT epoch, first_seq AS firstSeq, shared_seq AS sharedSeq, cursor_key AS cursorKey
     FROM log_meta ORDER BY first_seq`,
  )
  const seqs = prepare<[ConversationId, Seq, Seq, number], Seq>(
    db,
    'SELECT seq FROM messages WHERE conversation = ? AND seq > ? AND seq <= ? ORDER BY seq LIMIT ?',
  ).pluck()
  const backwards = prepare<[ConversationId, Seq, Seq, number], Seq>(
    db,
    'SELECT seq FROM messages WHERE conversation = ? AND seq < ? AND seq >= ? ORDER BY seq DESC LIMIT ?',
  ).pluck()
  const lastSeqs = prepare<[string], Seq>(
    db,
    `SELECT coalesce((SELECT max(seq) FROM messages WHERE conversation = c.value), 0)
       FROM json_each(?) c ORDER BY c.key`,
  ).pluck()
  const at = prepare<[string], Entry>(
    db,
    `SELECT ${entryColumns} FROM messages WHERE seq IN (SELECT value FROM json_each(?)) ORDER BY seq`,
  )
  const after = prepare<[Seq, number], Entry>(
    db,
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
