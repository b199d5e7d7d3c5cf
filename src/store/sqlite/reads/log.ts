// The log itself: by seq, and by conversation through the index (conversation, seq).
import { type ConversationId, Damaged, type Entry, type Epoch, type LogReads, type Seq } from '../../store.ts'
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
  const lastEdits = prepare<[string], Seq>(
    db,
    `SELECT coalesce((SELECT max(seq) FROM versions
       WHERE message = given.value ->> 0 AND seq > given.value ->> 1 AND seq <= given.value ->> 2), 0)
     FROM json_each(?) given ORDER BY given.key`,
  ).pluck()
  const after = prepare<[Seq, number], Entry>(
    db,
    `SELECT ${entryColumns} FROM messages WHERE seq > ? ORDER BY seq LIMIT ?`,
  )
  const bounds = prepare<[], { floor: Seq | null; head: Seq | null }>(
    db,
    'SELECT (SELECT min(seq) FROM messages) AS floor, (SELECT max(seq) FROM messages) AS head',
  )

  /** The log has no holes from its floor to its head: a row that is not found there is lost, not absent. */
  function refuseHole(missing: readonly Seq[]): void {
    if (missing.length === 0) return
    const { floor, head: last } = bounds.get() as { floor: Seq | null; head: Seq | null }
    const lost = missing.find(seq => floor !== null && last !== null && seq >= floor && seq <= last)
    if (lost !== undefined) throw new Damaged(`entry ${lost} of the log is missing`)
  }

  function entriesAt(wanted: readonly Seq[]): Entry[] {
    const found = at.all(JSON.stringify(wanted))
    if (found.length < wanted.length) {
      const present = new Set(found.map(({ seq }) => seq))
      refuseHole(wanted.filter(seq => !present.has(seq)))
    }
    return found
  }

  function entriesAfter(from: Seq, limit: number): Entry[] {
    const found = after.all(from, limit)
    const expected = from + found.length
    // The last is not where it would be without a hole before it: look which is the first to be missing.
    if (found.length > 0 && found.at(-1)?.seq !== expected) {
      const index = found.findIndex(({ seq }, place) => seq !== from + 1 + place)
      refuseHole([from + 1 + index])
    }
    return found
  }

  return {
    head: async () => head.get() ?? 0,
    epochs: async () => epochs.all(),
    seqsOf: async (conversation, from, upTo, limit) => seqs.all(conversation, from, upTo, limit),
    seqsBefore: async (conversation, before, from, limit) => backwards.all(conversation, before, from, limit),
    lastSeqs: async conversations => lastSeqs.all(JSON.stringify(conversations)),
    entriesAt: async wanted => entriesAt(wanted),
    lastEdits: async asked =>
      lastEdits.all(JSON.stringify(asked.map(({ message, after: from, upTo }) => [message, from, upTo]))),
    entriesAfter: async (from, limit) => entriesAfter(from, limit),
  }
}
