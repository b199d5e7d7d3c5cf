// A file that one process at a time holds: of a data folder, of the state of `hullo watch`. The system lets go of it with
// the process, also on kill -9; a file with a process id in it would stay behind. It must never be removed: whoever had
// it open would hold another one than who comes next.
import { closeSync, openSync } from 'node:fs'
import Database from 'better-sqlite3'
import { isBusy } from './connect.ts'
import { identityOf } from './files.ts'

/** Takes the lock, in a file that is made where it is missing; undefined where another process holds it. Throws as the system does. */
export function takeLock(file: string): Disposable | undefined {
  const lock = hold(file)
  return lock && { [Symbol.dispose]: () => void lock.close() }
}

export interface FolderLock extends Disposable {
  /**
   * Whether this very file was locked by an earlier process that called `remember`. If not, it may have been removed or
   * replaced while another process holds the one before it.
   */
  readonly isRemembered: boolean
  /** Writes into the file which file it is. Returns false where another process took the lock in that moment. */
  remember(): boolean
}

/** The same for a data folder, in which a lock file that was removed or replaced is to be noticed. */
export function takeFolderLock(file: string): FolderLock | undefined {
  const lock = hold(file)
  if (lock === undefined) return undefined
  const mark = markOf(file)
  return {
    isRemembered: lock.pragma('user_version', { simple: true }) === mark,
    remember() {
      try {
        lock.exec('COMMIT')
        lock.pragma(`user_version = ${mark}`)
        lock.exec('BEGIN EXCLUSIVE')
        return true
      } catch (error) {
        if (isBusy(error)) return false
        throw error
      }
    },
    [Symbol.dispose]: () => void lock.close(),
  }
}

/** 31 bits of the file's identity, never 0: a copy of a lock file, or a new one in its place, has others. */
function markOf(file: string): number {
  const { device, inode } = identityOf(file) ?? { device: 0n, inode: 0n }
  return Number((inode ^ (inode >> 31n) ^ (device << 16n)) & 0x7fffffffn) || 1
}

function hold(file: string): Database.Database | undefined {
  makeFile(file)
  const lock = new Database(file, { timeout: 0 })
  try {
    lock.pragma('journal_mode = MEMORY') // no second file beside it
    lock.exec('BEGIN EXCLUSIVE')
    return lock
  } catch (error) {
    lock.close()
    if (isBusy(error)) return undefined
    throw error
  }
}

/** Makes the file if it is missing. For its owner alone, also where the folder was there before and is open to others; a database's WAL takes over its mode. */
export function makeFile(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600))
  } catch (error) {
    // One that is there is not even opened: closing it would let go of every lock that this process has on it (POSIX).
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}
