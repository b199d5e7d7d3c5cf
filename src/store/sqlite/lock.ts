// A file that one process at a time holds: of a data folder, of the state of `hullo watch`. The system lets go of it with
// the process, also on kill -9; a file with a process id in it would stay behind. It must never be removed: whoever had
// it open would hold another one than who comes next.
import { closeSync, openSync } from 'node:fs'
import Database from 'better-sqlite3'

/** Takes the lock, in a file that is made where it is missing; undefined where another process holds it. Throws as the system does. */
export function takeLock(file: string): Disposable | undefined {
  makeFile(file)
  let lock: Database.Database | undefined
  try {
    lock = new Database(file, { timeout: 0 })
    lock.pragma('journal_mode = MEMORY') // nothing is written: no second file beside it
    lock.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    lock?.close()
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) return undefined
    throw error
  }
  const held = lock
  return { [Symbol.dispose]: () => void held.close() }
}

/** For its owner alone, also where the folder was there before and is open to others; a database's WAL takes over its mode. */
export function makeFile(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600))
  } catch (error) {
    // One that is there is not even opened: closing it would let go of every lock that this process has on it (POSIX).
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}
