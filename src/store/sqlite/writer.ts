// The writer: the one thread that writes. It takes a batch, commits it, answers; it runs nothing else, so an fsync that
// takes long never holds the event loop that serves connections.
import { closeSync, fsyncSync, openSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import type { Write, Written } from '../store.ts'
import { type Appender, appender, type Position } from './append.ts'
import { busyTimeoutMs, type Connection, connectWriter, type Synchronous } from './connect.ts'

export interface WriterOptions {
  readonly file: string
  readonly synchronous: Synchronous
}

export interface Job {
  readonly batch: readonly Write[]
  readonly nowMs: number
}

export type JobResult =
  | { readonly outcome: 'written'; readonly results: readonly Written[] }
  | { readonly outcome: 'not-written'; readonly divisible: boolean; readonly reason: string }
  | { readonly outcome: 'unknown'; readonly reason: string }

/**
 * How long settling waits for readers, in milliseconds: our own end within a few, and one that reads on may read for
 * hours, while every sender waits for an answer.
 */
const settleTimeoutMs = 500

/** Commits batches on one connection. After a COMMIT that failed it takes nothing until it knows what became of it. */
class Writer {
  readonly #options: WriterOptions
  #db: Connection
  #appender: Appender
  // True from the start: what an earlier process left in the WAL may have failed to be synced and be in the system's
  // cache only; commits that were put after it would be lost with it.
  #doubt = true

  constructor(options: WriterOptions) {
    this.#options = options
    this.#db = connectWriter(options.file, options.synchronous)
    this.#appender = appender(this.#db)
  }

  commit({ batch, nowMs }: Job): JobResult {
    let before: Position
    let results: readonly Written[]
    try {
      if (this.#doubt) this.#settle()
    } catch (error) {
      return { outcome: 'not-written', divisible: false, reason: `still finding out: ${reasonOf(error)}` }
    }
    try {
      this.#db.exec('BEGIN IMMEDIATE')
      before = this.#appender.position()
      results = this.#appender.append(batch, nowMs)
    } catch (error) {
      return this.#rolledBack(error)
    }
    try {
      this.#db.exec('COMMIT')
      return { outcome: 'written', results }
    } catch (error) {
      return this.#findOut(error, before, results)
    }
  }

  close(): void {
    this.#db.close()
  }

  /** A statement failed before COMMIT: nothing can have been stored. */
  #rolledBack(error: unknown): JobResult {
    try {
      if (this.#db.inTransaction) this.#db.exec('ROLLBACK')
    } catch {
      this.#doubt = true // the connection itself is broken: begin the next batch on a new one
    }
    // A constraint, a value that cannot be bound: one write is at fault. A full disk or a lock is everybody's.
    const code = codeOf(error)
    const divisible = !/^SQLITE_(FULL|IOERR|BUSY|LOCKED|CANTOPEN|READONLY|NOMEM|CORRUPT|NOTADB)/.test(code)
    return { outcome: 'not-written', divisible, reason: reasonOf(error) }
  }

  /** COMMIT failed, perhaps in its fsync: only the file itself can tell. */
  #findOut(error: unknown, before: Position, results: readonly Written[]): JobResult {
    try {
      this.#settle()
    } catch (again) {
      this.#doubt = true
      return { outcome: 'unknown', reason: `${reasonOf(error)}; then, finding out: ${reasonOf(again)}` }
    }
    const after = this.#appender.position()
    const moved =
      after.head !== before.head ||
      after.lastAccount !== before.lastAccount ||
      after.quietBatches !== before.quietBatches
    // A batch that changed nothing has not moved, and is then said not to be written; a repeat changes nothing either.
    if (moved) return { outcome: 'written', results }
    return { outcome: 'not-written', divisible: false, reason: reasonOf(error) }
  }

  /**
   * Opens the file anew and moves what the WAL holds into the database, with its own fsync: pages that a failed fsync
   * left in the system's cache are marked clean there and would never be written again (Rebello et al., USENIX ATC
   * 2020), so reading them back proves nothing. What the checkpoint does not take over is cut off with the WAL; SQLite
   * leaves that cut to the cache, where a power failure would undo it and bring a refused batch back.
   */
  #settle(): void {
    this.#db.close()
    this.#db = connectWriter(this.#options.file, this.#options.synchronous)
    this.#db.pragma(`busy_timeout = ${settleTimeoutMs}`)
    const [checkpoint] = this.#db.pragma('wal_checkpoint(TRUNCATE)') as [{ busy: number }]
    this.#db.pragma(`busy_timeout = ${busyTimeoutMs}`)
    if (checkpoint.busy !== 0) throw new Error('another program is reading the database')
    syncFile(`${this.#options.file}-wal`)
    this.#appender = appender(this.#db)
    this.#doubt = false
  }
}

/** SQLite holds no lock on the WAL itself; closing a descriptor of the database would drop those of the process. */
function syncFile(file: string): void {
  const descriptor = openSync(file, 'r+')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? `${codeOf(error)} ${error.message}`.trim() : String(error)
}

/** The thread's own loop: one job in, one result out. */
export function serveWriter(): void {
  if (parentPort === null) return
  const port = parentPort
  const writer = new Writer(workerData as WriterOptions)
  port.on('message', (message: string) => {
    if (message === 'close') {
      writer.close()
      port.close()
    } else {
      port.postMessage(JSON.stringify(writer.commit(JSON.parse(message) as Job) satisfies JobResult))
    }
  })
}
