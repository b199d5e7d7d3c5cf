// The search index: words are added behind the log, those of every version of a message under the message, and removed
// with its texts. The caller decides what a word is.
import type { ConversationId, IndexWords, Seq, Written } from '../../store.ts'
import { type Connection, prepare } from '../connect.ts'

export type SearchWrites = ReturnType<typeof searchWrites>

/** The words of one version of a message, each between two line breaks. */
interface Indexed {
  readonly message: Seq
  readonly conversation: ConversationId
  readonly words: string
}

export function searchWrites(db: Connection) {
  const indexedUpTo = prepare<[], Seq>(db, "SELECT value FROM marks WHERE name = 'indexed-up-to'").pluck()
  const setIndexed = prepare<[Seq]>(db, "UPDATE marks SET value = ? WHERE name = 'indexed-up-to'")
  // Both accept a whole batch, [[seq, [word, ...]], ...]: a statement a word costs more than the word. `v` is a version, `m`
  // its message, which may have been erased after the words were read.
  const versionsOfBatch = `json_each(?) given CROSS JOIN messages v CROSS JOIN messages m
     CROSS JOIN json_each(given.value, '$[1]') w
     WHERE v.seq = given.value ->> 0 AND m.seq = CASE v.kind WHEN 'edit' THEN v.refers_to ELSE v.seq END
       AND m.kind = 'text'`
  const addWords = prepare<[string]>(
    db,
    `INSERT INTO words (conversation, word, seq)
     SELECT m.conversation, w.value, m.seq FROM ${versionsOfBatch}
     ORDER BY m.conversation, w.value, m.seq
     ON CONFLICT DO NOTHING`,
  )
  const addVersions = prepare<[string]>(
    db,
    `INSERT INTO message_words (seq, words)
     SELECT v.seq, char(10) || group_concat(w.value, char(10)) || char(10) FROM ${versionsOfBatch}
     GROUP BY given.key
     ON CONFLICT DO NOTHING`,
  )
  const versionsOf = prepare<[Seq, Seq], Seq>(
    db,
    'SELECT ? UNION ALL SELECT seq FROM versions WHERE message = ?',
  ).pluck()
  const indexed = prepare<[Seq], Indexed>(
    db,
    `SELECT CASE v.kind WHEN 'edit' THEN v.refers_to ELSE v.seq END AS message, v.conversation, w.words
     FROM message_words w JOIN messages v ON v.seq = w.seq WHERE w.seq = ?`,
  )
  const forgetWords = prepare<[ConversationId, string, Seq]>(
    db,
    'DELETE FROM words WHERE conversation = ? AND word IN (SELECT value FROM json_each(?)) AND seq = ?',
  )
  // Blanked, not deleted: to delete a row moves its neighbours between pages, and copies of those stay behind.
  const blankVersion = prepare<[Seq]>(db, "UPDATE message_words SET words = '' WHERE seq = ?")

  function forgetVersion(version: Seq): void {
    const found = indexed.get(version)
    if (found === undefined || found.words === '') return
    forgetWords.run(found.conversation, JSON.stringify(found.words.split('\n').slice(1, -1)), found.message)
    blankVersion.run(version)
  }

  return {
    indexWords: ({ upTo, messages }: IndexWords): Written => {
      const before = indexedUpTo.get() ?? 0
      if (upTo < before) return { kind: 'done' }
      if (messages.length > 0) {
        const given = JSON.stringify(messages.map(({ seq, words }) => [seq, words]))
        addWords.run(given)
        addVersions.run(given)
      }
      if (upTo > before) setIndexed.run(upTo)
      return { kind: 'done' }
    },

    /** Removes the words of a message that is erased, those of all its versions. */
    forget(message: Seq): void {
      for (const version of versionsOf.all(message, message)) forgetVersion(version)
    },

    /** Removes the words of one version of a message of which all versions are being erased. */
    forgetVersion,
  }
}
