// Search by words. Only the asker's own conversations are ever looked into, the newest messages first: in each the
// rarest of the words leads, and a message that has it is asked for the others.
//
// PostgreSQL does the same in one statement, with the loop over the conversations as a LATERAL join.
import type { ConversationId, LogReads, Seq } from '../../store.ts'
import { type Connection, prepare } from '../connect.ts'

type Query = Parameters<LogReads['findWords']>[0]

/** The words from `from` to `to`, both included: one word, or all that begin with a prefix. */
interface Term {
  readonly from: string
  readonly to: string
  /** How often it occurs within what is asked about, counted to `countMax`. */
  readonly count: number
}

/** Occurrences of a term that are counted: enough to tell rare from common, and a fraction of a millisecond. */
const countMax = 1_000

/** What a message must have besides the leading term. */
const hasOthers = `NOT EXISTS (
  SELECT 1 FROM json_each(?) other
  WHERE NOT EXISTS (SELECT 1 FROM words x
    WHERE x.seq = w.seq AND x.word >= other.value ->> 0 AND x.word <= other.value ->> 1))`

type Find = [ConversationId, string, string, Seq, Seq, string, number]

export function searchReads(db: Connection): Pick<LogReads, 'findWords' | 'indexedUpTo'> {
  const indexedUpTo = prepare<[], Seq>(db, "SELECT value FROM marks WHERE name = 'indexed-up-to'").pluck()
  const count = prepare<[string, string, string], number>(
    db,
    `SELECT count(*) FROM (
         SELECT 1 FROM json_each(?) c CROSS JOIN words w
         WHERE w.conversation = c.value ->> 0 AND w.word >= ? AND w.word <= ?
         AND w.seq > c.value ->> 1 AND w.seq <= c.value ->> 2 LIMIT ${countMax})`,
  ).pluck()
  // One word is found in the order of its seqs, and no further than the limit.
  const byWord = prepare<Find, Seq>(
    db,
    `SELECT w.seq FROM words w
       WHERE w.conversation = ? AND w.word = ? AND ? IS NOT NULL AND w.seq > ? AND w.seq < ? AND ${hasOthers}
       ORDER BY w.seq DESC LIMIT ?`,
  ).pluck()
  // What begins with a prefix is several words, whose seqs are sorted: only done where no whole word leads.
  const byPrefix = prepare<Find, Seq>(
    db,
    `SELECT DISTINCT w.seq FROM words w
       WHERE w.conversation = ? AND w.word >= ? AND w.word <= ? AND w.seq > ? AND w.seq < ? AND ${hasOthers}
       ORDER BY w.seq DESC LIMIT ?`,
  ).pluck()

  function termsOf({ words, within: parts }: Query): Term[] {
    const within = JSON.stringify(parts.map(({ conversation, after, upTo }) => [conversation, after, upTo]))
    const terms = words.map(({ word, isPrefix }) => {
      const to = isPrefix ? `${word}\u{10ffff}` : word
      return { from: word, to, count: count.get(within, word, to) ?? 0 }
    })
    // Of two that are as rare, or as common, the whole word.
    return terms.toSorted((a, b) => a.count - b.count || Number(a.from !== a.to) - Number(b.from !== b.to))
  }

  return {
    indexedUpTo: async () => indexedUpTo.get() ?? 0,
    async findWords(query) {
      const [lead, ...others] = termsOf(query)
      if (lead === undefined || lead.count === 0) return []
      const rest = JSON.stringify(others.map(({ from, to }) => [from, to]))
      const find = lead.from === lead.to ? byWord : byPrefix
      let found: Seq[] = []
      for (const { conversation, after, upTo } of query.within) {
        // Once there are enough, only newer ones are of interest.
        const from = Math.max(after, found.length >= query.limit ? (found.at(-1) ?? 0) : 0)
        const before = Math.min(query.before, upTo + 1)
        const more = find.all(conversation, lead.from, lead.to, from, before, rest, query.limit)
        if (more.length === 0) continue
        found = [...new Set([...found, ...more])].toSorted((a, b) => b - a).slice(0, query.limit)
      }
      return found
    },
  }
}
