// The search index: words are added behind the log, and taken out with the text that they stood in. What a word is, is
// decided by who gives them.
import type { IndexWords, Seq, Written } from '../../store.ts'
import { type Connection, prepare } from '../connect.ts'

export type SearchWrites = ReturnType<typeof searchWrites>

export function searchWrites(db: Connection) {
  const indexedUpTo = prepare<[], Seq>(db, "SELECT value FROM marks WHERE name = 'indexed-up-to'").pluck()
  const setIndexed = prepare<[Seq]>(db, "UPDATE marks SET value = ? WHERE name = 'indexed-up-to'")
  // Only where there is still a text: the message may have been erased after its words were read.
  const addWord = prepare<[string, Seq]>(
    db,
    `INSERT INTO words (conversation, word, seq) SELECT conversation, ?, seq FROM messages WHERE seq = ? AND kind = 'text'
     ON CONFLICT DO NOTHING`,
  )
  const forgetWords = prepare<[Seq]>(db, 'DELETE FROM words WHERE seq = ?')
  return {
    indexWords: ({ upTo, words, forget }: IndexWords): Written => {
      const before = indexedUpTo.get() ?? 0
      // A repeat from before another batch: its words may be those of a text that has changed since.
      if (upTo < before) return { kind: 'done' }
      for (const seq of forget) forgetWords.run(seq)
      for (const { word, seq } of words) addWord.run(word, seq)
      if (upTo > before) setIndexed.run(upTo)
      return { kind: 'done' }
    },

    /** Takes a message's words out. */
    forget(message: Seq): void {
      forgetWords.run(message)
    },
  }
}
