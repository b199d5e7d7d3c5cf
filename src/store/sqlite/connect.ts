// One connection to the database file, with the settings that durability rests on, read back. SQLite takes an unknown
// or refused pragma in silence, and this build's own default in WAL mode is synchronous=NORMAL, which loses commits.
import Database from 'better-sqlite3'

export type Connection = Database.Database

/** How often the writer calls fsync: FULL is what Hullo promises; OFF exists so that the durability test can fail. */
export type Synchronous = 'FULL' | 'OFF'

/**
 * How long a connection waits for a lock that a tool such as DB Browser holds, in milliseconds: senders wait as long for
 * their 503, and so does a server that is told to stop.
 */
export const busyTimeoutMs = 1_000

export function connectWriter(file: string, synchronous: Synchronous): Connection {
  const db = new Database(file, { timeout: busyTimeoutMs })
  set(db, 'journal_mode', 'WAL', 'wal')
  set(db, 'synchronous', synchronous, synchronous === 'FULL' ? 2 : 0)
  set(db, 'foreign_keys', 'ON', 1)
  // Overwrites what is deleted with zeros, also in pages that become free.
  set(db, 'secure_delete', 'ON', 1)
  // macOS: fsync there does not reach the disk's platters, F_FULLFSYNC does. Elsewhere these have no effect.
  set(db, 'fullfsync', 'ON', 1)
  set(db, 'checkpoint_fullfsync', 'ON', 1)
  return db
}

export function connectReader(file: string): Connection {
  const db = new Database(file, { timeout: busyTimeoutMs, readonly: true })
  set(db, 'query_only', 'ON', 1)
  return db
}

/**
 * Prepares a statement, once for many runs. SQLite's planner, as this build has it (STAT4), looks at the values of bare
 * parameters, and for that prepares most statements again each time they are bound, which costs ten times their run.
 * Behind a plus, which changes nothing, it does not look.
 */
export function prepare<Values extends unknown[], Row = unknown>(
  db: Connection,
  sql: string,
): Database.Statement<Values, Row> {
  return db.prepare<unknown[], Row>(sql.replaceAll('?', '+?')) as Database.Statement<Values, Row>
}

function set(db: Connection, pragma: string, value: string, expected: string | number): void {
  db.pragma(`${pragma} = ${value}`)
  const actual = db.pragma(pragma, { simple: true })
  if (actual !== expected) throw new Error(`SQLite did not take ${pragma} = ${value}; it says ${String(actual)}`)
}

/** Whether SQLite found that the file is not as it wrote it. */
export function isDamage(error: unknown): boolean {
  return error instanceof Database.SqliteError && /^SQLITE_(CORRUPT|NOTADB)/.test(error.code)
}

/** Whether a file does not begin as SQLite's do. */
export function isNoDatabase(error: unknown): boolean {
  return error instanceof Database.SqliteError && error.code.startsWith('SQLITE_NOTADB')
}

/** Whether another program holds a lock that was needed. */
export function isBusy(error: unknown): boolean {
  return error instanceof Database.SqliteError && /^SQLITE_(BUSY|LOCKED)/.test(error.code)
}

/** Behind every word that begins with a prefix: the last code point is no character. */
export function afterPrefix(prefix: string): string {
  return `${prefix}\u{10ffff}`
}
