// Search by words. Only the asker's own conversations are ever looked into, the newest messages first: in each the
// rarest of the words leads, and the messages that have it are asked for the others. It goes in steps of bounded work,
// between which others get their turn, however much there is of what is looked for.
//
// PostgreSQL does the same with its own statements.
import { setImmediate as breathe } from 'node:timers/promises'
import type { ConversationId, LogReads, Seq } from '../../store.ts'
import { afterPrefix, type Connection, prepare } from '../connect.ts'

type Query = Parameters<LogReads['findWords']>[0]

/** One word, or all that begin with a prefix. */
interface Term {
  readonly word: string
  readonly isPrefix: boolean
  /** How often it occurs where one looks, counted to `countMax`; of a prefix, in those conversations at all. */
  readonly count: number
}

/** Occurrences of a term that are counted: enough to tell rare from common, and a fraction of a millisecond. */
const countMax = 1_000

/** Messages looked at in one step: some ten milliseconds if all of them are of the largest size, usually a fraction of one. */
const stepSeqs = 128

/** Seqs of a conversation with from < seq < before, descending, among which those are that one looks for. */
type Source = (conversation: ConversationId, word: string, from: Seq, before: Seq) => Seq[]

export function searchReads(db: Connection): Pick<LogReads, 'findWords' | 'indexedUpTo'> {
  const indexedUpTo = prepare<[], Seq>(db, "SELECT value FROM marks WHERE name = 'indexed-up-to'").pluck()
  const termsOf = counting(db)
  const sources = sourcesOf(db)
  const hasAll = 'NOT EXISTS (SELECT 1 FROM json_each(?) other WHERE instr(m.words, other.value) = 0)'
  const having = prepare<[string, string, string], Seq>(
    db,
    `SELECT c.value FROM json_each(?) c
     WHERE EXISTS (SELECT 1 FROM message_words m WHERE m.seq = c.value AND ${hasAll})
       OR EXISTS (SELECT 1 FROM versions v CROSS JOIN message_words m
                  WHERE v.message = c.value AND m.seq = v.seq AND ${hasAll})
     ORDER BY c.key`,
  ).pluck()

  return {
    indexedUpTo: async () => indexedUpTo.get() ?? 0,
    async findWords(query) {
      const terms = termsOf(query)
      const [lead, ...others] = terms
      if (lead === undefined || lead.count === 0 || query.limit === 0) return []
      const isWalk = lead.isPrefix && lead.count === countMax
      const next = isWalk ? sources.everything : lead.isPrefix ? sources.byPrefix : sources.byWord
      // The word that leads too: it may be of another version than the others.
      const rest = isWalk || others.length > 0 ? JSON.stringify(terms.map(asWritten)) : undefined
      let found: Seq[] = []
      for (const { conversation, after, upTo } of query.within) {
        let before = Math.min(query.before, upTo + 1)
        for (;;) {
          // Once there are enough, only newer ones are of interest.
          const from = found.length < query.limit ? after : Math.max(after, found.at(-1) ?? 0)
          const step = next(conversation, lead.word, from, before)
          const more = rest === undefined ? step : having.all(JSON.stringify(step), rest, rest)
          if (more.length > 0) found = newest([...found, ...more], query.limit)
          if (step.length < stepSeqs) break
          before = step.at(-1) ?? before
          await breathe()
        }
      }
      return found
    },
  }
}

/** The terms of a query, the rarest first; of two that are as rare, or as common, the whole word. */
function counting(db: Connection): (query: Query) => Term[] {
  const ofWord = prepare<[string, string], number>(
    db,
    `SELECT count(*) FROM (
         SELECT 1 FROM json_each(?) c CROSS JOIN words w
         WHERE w.conversation = c.value ->> 0 AND w.word = ?
         AND w.seq > c.value ->> 1 AND w.seq <= c.value ->> 2 LIMIT ${countMax})`,
  ).pluck()
  // Whatever the seq: the words that begin so are not in the order of seqs, and might all have to be gone through.
  const ofPrefix = prepare<[string, string, string], number>(
    db,
    `SELECT count(*) FROM (
         SELECT 1 FROM json_each(?) c CROSS JOIN words w
         WHERE w.conversation = c.value ->> 0 AND w.word >= ? AND w.word <= ? LIMIT ${countMax})`,
  ).pluck()
  return ({ words, within: parts }) => {
    const within = JSON.stringify(parts.map(({ conversation, after, upTo }) => [conversation, after, upTo]))
    const terms = words.map(({ word, isPrefix }) => {
      const count = isPrefix ? ofPrefix.get(within, word, afterPrefix(word)) : ofWord.get(within, word)
      return { word, isPrefix, count: count ?? 0 }
    })
    return terms.toSorted((a, b) => a.count - b.count || Number(a.isPrefix) - Number(b.isPrefix))
  }
}

function sourcesOf(db: Connection): Readonly<Record<'byWord' | 'byPrefix' | 'everything', Source>> {
  const byWord = prepare<[ConversationId, string, Seq, Seq], Seq>(
    db,
    `SELECT seq FROM words WHERE conversation = ? AND word = ? AND seq > ? AND seq < ?
     ORDER BY seq DESC LIMIT ${stepSeqs}`,
  ).pluck()
  // Several words, whose seqs are sorted: only for a prefix of which there are few.
  const byPrefix = prepare<[ConversationId, string, string, Seq, Seq], Seq>(
    db,
    `SELECT DISTINCT seq FROM words WHERE conversation = ? AND word >= ? AND word <= ? AND seq > ? AND seq < ?
     ORDER BY seq DESC LIMIT ${stepSeqs}`,
  ).pluck()
  // What begins so is nearly everywhere: message by message it is found soon.
  const everything = prepare<[ConversationId, Seq, Seq], Seq>(
    db,
    `SELECT seq FROM messages WHERE conversation = ? AND seq > ? AND seq < ? ORDER BY seq DESC LIMIT ${stepSeqs}`,
  ).pluck()
  return {
    byWord: (conversation, word, from, before) => byWord.all(conversation, word, from, before),
    byPrefix: (conversation, word, from, before) => byPrefix.all(conversation, word, afterPrefix(word), from, before),
    everything: (conversation, _word, from, before) => everything.all(conversation, from, before),
  }
}

/** A term as it stands in a message's words. */
function asWritten({ word, isPrefix }: Term): string {
  return isPrefix ? `\n${word}` : `\n${word}\n`
}

function newest(seqs: readonly Seq[], limit: number): Seq[] {
  return [...new Set(seqs)].toSorted((a, b) => b - a).slice(0, limit)
}
