// The riddles of the first lab's server, kept in SQLite in a folder of their own. An answer goes in and never comes out.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'

/** A riddle as anybody may see it. */
export interface Riddle {
  readonly id: number
  readonly question: string
  /** How often somebody guessed, and how often that was right. */
  readonly guesses: number
  readonly correct: number
}

/** Riddles in one store: years of a class, and still one answer of a size that a client reads at once. */
export const riddlesMax = 1_000

export interface Riddles extends Disposable {
  /** All of them, oldest first. */
  readonly all: () => Riddle[]
  readonly one: (id: number) => Riddle | undefined
  /** Kept once this returns; undefined where there are 1,000 already. */
  readonly add: (question: string, answer: string) => Riddle | undefined
  /** Counts the guess; undefined where there is no such riddle. Letter case and outer spaces do not matter. */
  readonly guess: (id: number, guess: string) => { readonly correct: boolean; readonly riddle: Riddle } | undefined
}

/** A riddle with its answer, as a new store begins with. */
export interface FirstRiddle {
  readonly question: string
  readonly answer: string
}

/**
 * Opens the riddles in `folder`. A folder that is missing is created, and a store that is new begins with `first`.
 * Throws the error of the file system or of SQLite.
 */
export function openRiddles(folder: string, first: readonly FirstRiddle[] = []): Riddles {
  mkdirSync(folder, { recursive: true })
  const db = new Database(join(folder, 'riddles.sqlite'))
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  // One transaction, so that two programs on one new folder do not both add the first riddles.
  db.transaction(() => createTable(db, first)).immediate()
  const seen = 'id, question, guesses, correct'
  const all = db.prepare<[], Riddle>(`SELECT ${seen} FROM riddles ORDER BY id`)
  const one = db.prepare<[number], Riddle>(`SELECT ${seen} FROM riddles WHERE id = ?`)
  const answerOf = db.prepare<[number], { answer: string }>('SELECT answer FROM riddles WHERE id = ?')
  // One statement, so that two programs on one folder cannot go past the bound together.
  const add = db.prepare<[string, string, number], Riddle>(
    `INSERT INTO riddles (question, answer) SELECT ?, ? WHERE (SELECT count(*) FROM riddles) < ? RETURNING ${seen}`,
  )
  const count = db.prepare<[number, number], Riddle>(
    `UPDATE riddles SET guesses = guesses + 1, correct = correct + ? WHERE id = ? RETURNING ${seen}`,
  )
  return {
    all: () => all.all(),
    one: id => one.get(id),
    add: (question, answer) => add.get(question, answer, riddlesMax),
    guess(id, guess) {
      const answer = answerOf.get(id)?.answer
      if (answer === undefined) return undefined
      const correct = fold(guess) === fold(answer)
      const riddle = count.get(correct ? 1 : 0, id)
      return riddle && { correct, riddle }
    },
    [Symbol.dispose]: () => void db.close(),
  }
}

function createTable(db: Database.Database, first: readonly FirstRiddle[]): void {
  const isNew = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'riddles'").get() === undefined
  if (!isNew) return
  db.exec(`CREATE TABLE riddles (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    question TEXT NOT NULL,
    answer TEXT NOT NULL,
    guesses INTEGER NOT NULL DEFAULT 0,
    correct INTEGER NOT NULL DEFAULT 0
  ) STRICT`)
  const add = db.prepare<[string, string]>('INSERT INTO riddles (question, answer) VALUES (?, ?)')
  for (const { question, answer } of first) add.run(question, answer)
}

// Upper case, not lower: STRASSE is how straße is written in capitals, and a sigma is the same wherever it stands.
function fold(text: string): string {
  return text.normalize('NFKC').trim().toUpperCase().normalize('NFKC')
}
