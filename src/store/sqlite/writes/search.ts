// The search index: words are added behind the log, and taken out with the text that they stood in. What a word is, is
// decided by who gives them.
import type { ConversationId, IndexWords, Seq, Written } from '../../store.ts'
import { type Connection, prepare } from '../connect.ts'

export type SearchWrites = ReturnType<typeof searchWrites>

interface Indexed {
  readonly conversation: ConversationId
  readonly words: string
}

export function searchWrites(db: Connection) {
  const indexedUpTo = prepare<[], Seq>(db, "SELECT value FROM marks WHERE name = 'indexed-up-to'").pluck()
  const setIndexed = prepare<[Seq]>(db, "UPDATE marks SET value = ? WHERE name = 'indexed-up-to'")
  // Both take a whole batch, [[seq, [word, ...]], ...]: a statement a word costs more than the word. Only where there is
  // still a text: the message may have been erased after its words were read.
  const addWords = prepare<[string]>(
    db,
    `INSERT INTO words (conversation, word, seq)
     SELECT m.conversation, w.value, m.seq
     FROM json_each(?) given CROSS JOIN messages m CROSS JOIN json_each(given.value, '$[1]') w
     WHERE m.seq = given.value ->> 0 AND m.kind = 'text'
     ORDER BY m.conversation, w.value, m.seq
     ON CONFLICT DO NOTHING`,
  )
  const addMessages = prepare<[string]>(
    db,
    `INSERT INTO message_words (seq, words)
     SELECT m.seq, char(10) || group_concat(w.value, char(10)) || char(10)
     FROM json_each(?) given CROSS JOIN messages m CROSS JOIN json_each(given.value, '$[1]') w
     WHERE m.seq = given.value ->> 0 AND m.kind = 'text'
     GROUP BY given.key
     ON CONFLICT DO NOTHING`,
  )
  const indexed = prepare<[Seq], Indexed>(
    db,
    'SELECT m.conversation, w.words FROM message_words w JOIN messages m ON m.seq = w.seq WHERE w.seq = ?',
  )
  const forgetWords = prepare<[ConversationId, string, Seq]>(
    db,
    'DELETE FROM words WHERE conversation = ? AND word IN (SELECT value FROM json_each(?)) AND seq = ?',
  )
  const forgetMessage = prepare<[Seq]>(db, 'DELETE FROM message_words WHERE seq = ?')

  function forget(message: Seq): void {
    const found = indexed.get(message)
    if (found === undefined) return
    forgetWords.run(found.conversation, JSON.stringify(found.words.split('\n').slice(1, -1)), message)
    forgetMessage.run(message)
  }

  return {
    indexWords: ({ upTo, messages, forget: changed }: IndexWords): Written => {
      const before = indexedUpTo.get() ?? 0
      // A repeat from before another batch: its words may be those of a text that has changed since.
      if (upTo < before) return { kind: 'done' }
      for (const seq of changed) forget(seq)
      if (messages.length > 0) {
        const given = JSON.stringify(messages.map(({ seq, words }) => [seq, words]))
        addWords.run(given)
        addMessages.run(given)
      }
      if (upTo > before) setIndexed.run(upTo)
      return { kind: 'done' }
    },

    /** Takes a message's words out. */
    forget,
  }
}
