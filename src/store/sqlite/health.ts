// Whether a database is what it should be, as far as a bounded look can tell: its header, its tables, the end of its log.
// The whole of a large one would take minutes to check; damage elsewhere is met, and said, when it is read.
import { closeSync, openSync, readSync, statSync } from 'node:fs'
import Database from 'better-sqlite3'
import { CannotOpen } from '../store.ts'
import { damagedAtStart, emptied, walAlone, walDamaged } from './advice.ts'
import { type Connection, connectReader } from './connect.ts'
import { migrations } from './migrations.ts'

/** Rows at the end of the log that are compared with their index: what a crash can have touched, read in milliseconds. */
const rowsChecked = 1_000

const walHeaderBytes = 32

/**
 * Looks at the files before SQLite does, which takes an empty one for a new database, then deletes its WAL, and passes over a
 * WAL whose header is broken. `wasUsed`: the folder has had a database. Throws CannotOpen.
 */
export function checkFiles(file: string, wasUsed: boolean): void {
  const wal = `${file}-wal`
  const walBytes = statSync(wal, { throwIfNoEntry: false })?.size ?? 0
  if (statSync(file).size === 0) {
    if (walBytes > walHeaderBytes) throw new CannotOpen(walAlone(file))
    if (wasUsed) throw new CannotOpen(emptied(file))
  }
  if (walBytes > walHeaderBytes && !isWalHeader(headerOf(wal))) throw new CannotOpen(walDamaged(file))
}

/** SQLite holds no lock on a WAL, so closing a descriptor of it drops none. */
function headerOf(wal: string): Buffer {
  const descriptor = openSync(wal, 'r')
  try {
    const header = Buffer.alloc(walHeaderBytes)
    readSync(descriptor, header, 0, walHeaderBytes, 0)
    return header
  } finally {
    closeSync(descriptor)
  }
}

/** A header of zeros is what a power failure can leave of a WAL to which nothing was committed. */
function isWalHeader(header: Buffer): boolean {
  if (header.every(byte => byte === 0)) return true
  const magic = header.readUInt32BE(0)
  if ((magic & ~1) >>> 0 !== 0x377f0682) return false
  // The checksum of SQLite's WAL format, over the header's first 24 bytes.
  const word = (at: number) => ((magic & 1) === 1 ? header.readUInt32BE(at) : header.readUInt32LE(at))
  let [first, second] = [0, 0]
  for (let at = 0; at < 24; at += 8) {
    first = (first + word(at) + second) >>> 0
    second = (second + word(at + 4) + first) >>> 0
  }
  return header.readUInt32BE(24) === first && header.readUInt32BE(28) === second
}

/** Checks a database of this version. Throws CannotOpen, or what SQLite finds. */
export function checkDatabase(file: string): void {
  const db = connectReader(file)
  try {
    const finding = missingPart(db) ?? brokenEnd(db)
    if (finding !== undefined) throw new CannotOpen(damagedAtStart(file, finding))
  } finally {
    db.close()
  }
}

/** A table, index or column that this version has and the database has not. What people add themselves is theirs. */
function missingPart(db: Connection): string | undefined {
  const model = new Database(':memory:')
  try {
    for (const migration of migrations) model.exec(migration)
    const found = new Set(partsOf(db))
    const missing = partsOf(model).find(part => !found.has(part))
    if (missing !== undefined) return `its ${missing} is missing`
    for (const table of tablesOf(model)) db.prepare(`SELECT * FROM "${table}" LIMIT 1`).all()
    return undefined
  } finally {
    model.close()
  }
}

function partsOf(db: Connection): string[] {
  const objects = db
    .prepare<[], string>("SELECT type || ' ' || name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'")
    .pluck()
    .all()
  const columns = db
    .prepare<[], string>(
      `SELECT 'column ' || t.name || '.' || c.name FROM sqlite_schema t, pragma_table_info(t.name) c WHERE t.type = 'table'`,
    )
    .pluck()
    .all()
  return [...objects, ...columns]
}

function tablesOf(db: Connection): string[] {
  return db
    .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .pluck()
    .all()
}

interface End {
  readonly rows: number
  readonly first: number | null
  readonly last: number | null
  readonly bytes: number
  readonly unindexed: number
}

/** What is wrong with the last rows of the log: a hole, or an index that says something else than the table. */
function brokenEnd(db: Connection): string | undefined {
  const lastRows = `SELECT seq, conversation, text FROM messages NOT INDEXED ORDER BY seq DESC LIMIT ${rowsChecked}`
  const { rows, first, last, unindexed } = db
    .prepare<[], End>(
      `WITH r AS MATERIALIZED (${lastRows})
       SELECT count(*) AS rows, min(seq) AS first, max(seq) AS last, total(length(text)) AS bytes,
              total(NOT EXISTS (SELECT 1 FROM messages m INDEXED BY messages_conversation
                                WHERE m.conversation = r.conversation AND m.seq = r.seq)) AS unindexed
       FROM r`,
    )
    .get() as End
  if (first === null || last === null) return undefined
  if (last - first + 1 !== rows) return 'messages are missing at the end of the log'
  const indexed = db
    .prepare<[number], number>(
      `WITH c AS MATERIALIZED (SELECT DISTINCT conversation FROM (${lastRows}))
       SELECT count(*) FROM c JOIN messages m INDEXED BY messages_conversation
         ON m.conversation = c.conversation AND m.seq >= ?`,
    )
    .pluck()
    .get(first)
  if (unindexed > 0 || indexed !== rows) return 'the index of the newest messages does not fit them'
  return undefined
}
