// The data folder: made for us alone, held by one process at a time, its database brought up to this version.
import { closeSync, fsyncSync, mkdirSync, openSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import Database from 'better-sqlite3'
import { CannotOpen } from '../store.ts'
import { damagedAtStart, databaseInUse, lockDamaged, lockRemoved, notADatabase, notOurs } from './advice.ts'
import { busyTimeoutMs, type Connection, connectWriter, isBusy, isDamage, isNoDatabase } from './connect.ts'
import { type FileIdentity, identityOf, whyNotOurs } from './files.ts'
import { checkDatabase, checkFiles } from './health.ts'
import { whoHolds } from './holders.ts'
import { type FolderLock, makeFile, takeFolderLock } from './lock.ts'
import { migrations } from './migrations.ts'

/** Marks the file as Hullo's ("Hulo" in ASCII), so that another program's database is not taken for one. */
const applicationId = 0x48756c6f

/** A larger database is not written anew at a start, which would take longer than a few seconds; docs/reference/settings.md. */
const vacuumBytesMax = 268_435_456

export interface Folder {
  readonly file: string
  /** The files that must stay in their places while the store is open. Throws where one is not there. */
  filesInUse(): readonly FileIdentity[]
  /** What stands in the way of opening, in a sentence. */
  cannotOpen(error: unknown): CannotOpen
  /** Releases the folder. */
  release(): void
}

/**
 * Takes the data folder for this process, migrates its database and checks it. Throws CannotOpen, with a sentence, where the
 * folder cannot be made or written, is in use, holds a database of a newer version or of another program, or is damaged. The
 * work is bounded, however large the database is.
 */
export function takeFolder(dir: string): Folder {
  try {
    makeFolder(dir)
  } catch (error) {
    throw new CannotOpen(`The data folder ${dir} cannot be made: ${(error as Error).message}`, { cause: error })
  }
  const file = join(dir, 'hullo.sqlite')
  const lockFile = join(dir, 'hullo.lock')
  for (const path of [lockFile, file, `${file}-wal`, `${file}-shm`, `${file}-journal`]) {
    const finding = whyNotOurs(path)
    if (finding !== undefined) throw new CannotOpen(notOurs(path, finding))
  }
  const lock = lockFolder(dir, lockFile)
  const kept = identityOf(lockFile)
  try {
    makeFile(file)
    checkFiles(file, lock.isRemembered)
    check(file)
    if (!lock.isRemembered) proveAlone(dir, file)
    migrate(file)
    checkDatabase(file)
    if (!lock.isRemembered && !lock.remember()) throw inUse(dir)
  } catch (error) {
    lock[Symbol.dispose]()
    throw cannotOpen(file, error)
  }
  const opened = [kept, identityOf(file)]
  return {
    file,
    filesInUse: () => [...opened, identityOf(`${file}-wal`), identityOf(`${file}-shm`)].map(present),
    cannotOpen: error => cannotOpen(file, error),
    release: () => lock[Symbol.dispose](),
  }
}

function present(identity: FileIdentity | undefined): FileIdentity {
  if (identity === undefined) throw new Error('a file disappeared while it was being opened')
  return identity
}

function cannotOpen(file: string, error: unknown): CannotOpen {
  if (error instanceof CannotOpen) return error
  const { message } = error as Error
  if (isNoDatabase(error)) return new CannotOpen(notADatabase(file), { cause: error })
  if (isDamage(error)) return new CannotOpen(damagedAtStart(file, message), { cause: error })
  if (isBusy(error)) return new CannotOpen(databaseInUse(file, whoHolds(file)), { cause: error })
  return new CannotOpen(`The database ${file} cannot be opened: ${message}`, { cause: error })
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
function lockFolder(dir: string, path: string): FolderLock {
  let lock: FolderLock | undefined
  try {
    lock = takeFolderLock(path)
  } catch (error) {
    if (isDamage(error)) throw new CannotOpen(lockDamaged(path), { cause: error })
    throw new CannotOpen(`The data folder ${dir} cannot be used: ${(error as Error).message}`, { cause: error })
  }
  if (lock !== undefined) return lock
  throw inUse(dir)
}

function inUse(dir: string): CannotOpen {
  return new CannotOpen(
    `The data folder ${dir} is in use by another Hullo. Stop that one, or give this one its own with --data DIR.`,
  )
}

/**
 * Refuses where anything else has the database open. Asked only behind a lock file that no earlier process has marked: a
 * Hullo that holds a removed one still has the database open, and SQLite gives nobody the whole file beside it.
 */
function proveAlone(dir: string, file: string): void {
  const db = new Database(file, { timeout: busyTimeoutMs })
  try {
    db.pragma('locking_mode = EXCLUSIVE')
    db.exec('BEGIN EXCLUSIVE')
    db.exec('ROLLBACK')
  } catch (error) {
    if (!isBusy(error)) throw error
    throw new CannotOpen(lockRemoved(dir, whoHolds(file)), { cause: error })
  } finally {
    db.close()
  }
}

/** Refuses a database that this version does not know, before a byte of it is changed. */
function check(file: string): void {
  const db = new Database(file, { timeout: busyTimeoutMs })
  try {
    // Closing it moves what a killed process left in the WAL into the database.
    db.pragma('fullfsync = ON')
    db.pragma('checkpoint_fullfsync = ON')
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
    if (statSync(file).size <= vacuumBytesMax) vacuumIfDue(db)
  } finally {
    db.close()
  }
}

/**
 * Writes the file anew after a migration from a version that left erased texts in its free space. Where that fails, for
 * want of space on the disk, it is due again at the next start.
 */
function vacuumIfDue(db: Connection): void {
  if (db.prepare("SELECT 1 FROM marks WHERE name = 'vacuum-due'").get() === undefined) return
  try {
    db.exec('VACUUM')
    db.exec("DELETE FROM marks WHERE name = 'vacuum-due'")
  } catch (error) {
    if (isDamage(error)) throw error
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
