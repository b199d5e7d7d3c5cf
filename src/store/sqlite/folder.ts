// The data folder: made for us alone, held by one process at a time, its database brought up to this version.
import { closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import Database from 'better-sqlite3'
import { CannotOpen } from '../store.ts'
import { busyTimeoutMs, type Connection, connectWriter } from './connect.ts'
import { makeFile, takeLock } from './lock.ts'
import { migrations } from './migrations.ts'

/** Marks the file as Hullo's ("Hulo" in ASCII), so that another program's database is not taken for one. */
const applicationId = 0x48756c6f

export interface Folder {
  readonly file: string
  /** Lets go of the folder. */
  release(): void
}

/**
 * Takes the data folder for this process and migrates its database. Throws CannotOpen, with a sentence, where the folder
 * cannot be made or written, is in use, or holds a database of a newer version or of another program.
 */
export function takeFolder(dir: string): Folder {
  try {
    makeFolder(dir)
  } catch (error) {
    throw new CannotOpen(`The data folder ${dir} cannot be made: ${(error as Error).message}`, { cause: error })
  }
  const lock = lockFolder(dir)
  const file = join(dir, 'hullo.sqlite')
  try {
    makeFile(file)
    check(file)
    migrate(file)
  } catch (error) {
    lock[Symbol.dispose]()
    if (error instanceof CannotOpen) throw error
    throw new CannotOpen(`The database ${file} cannot be opened: ${(error as Error).message}`, { cause: error })
  }
  return { file, release: () => lock[Symbol.dispose]() }
}

/** Makes the folder, and those above it, so that they outlive a power failure as the database in them does. */
function makeFolder(dir: string): void {
  const first = mkdirSync(dir, { recursive: true, mode: 0o700 })
  if (first === undefined || process.platform === 'win32') return // Windows cannot open a folder to sync it
  const top = dirname(resolve(first))
  for (let parent = dirname(resolve(dir)); parent.length >= top.length; parent = dirname(parent)) {
    syncFolder(parent)
    if (parent === dirname(parent)) return
  }
}

function syncFolder(dir: string): void {
  const descriptor = openSync(dir, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

// A lock of its own rather than one on the database, so that DB Browser can look into that while the server runs.
function lockFolder(dir: string): Disposable {
  let lock: Disposable | undefined
  try {
    lock = takeLock(join(dir, 'hullo.lock'))
  } catch (error) {
    throw new CannotOpen(`The data folder ${dir} cannot be used: ${(error as Error).message}`, { cause: error })
  }
  if (lock !== undefined) return lock
  throw new CannotOpen(
    `The data folder ${dir} is in use by another Hullo. Stop that one, or give this one its own with --data DIR.`,
  )
}

/** Refuses a database that this version does not know, before a byte of it is changed. */
function check(file: string): void {
  const db = new Database(file, { timeout: busyTimeoutMs })
  try {
    const version = versionOf(db)
    const id = db.pragma('application_id', { simple: true }) as number
    const tables = db.prepare<[], number>('SELECT count(*) FROM sqlite_schema').pluck().get() ?? 0
    if (id !== applicationId && (version !== 0 || tables !== 0)) {
      throw new CannotOpen(`${file} is not a database of Hullo's. Give Hullo a folder of its own with --data DIR.`)
    }
    if (version > migrations.length) {
      throw new CannotOpen(
        `${file} was made by a newer Hullo (data version ${version}; this one knows ${migrations.length}). ` +
          'Run the newer Hullo, or give this one another folder with --data DIR.',
      )
    }
  } finally {
    db.close()
  }
}

function migrate(file: string): void {
  const db = connectWriter(file, 'FULL')
  try {
    for (let step = versionOf(db); step < migrations.length; step += 1) apply(db, step)
  } finally {
    db.close()
  }
}

function versionOf(db: Connection): number {
  return db.pragma('user_version', { simple: true }) as number
}

function apply(db: Connection, step: number): void {
  db.transaction(() => {
    db.exec(migrations[step] ?? '')
    db.pragma(`user_version = ${step + 1}`)
    db.pragma(`application_id = ${applicationId}`)
  }).immediate()
}
