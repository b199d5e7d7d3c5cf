// The writer: the one thread that writes. It takes a batch, commits it, answers; it runs nothing else, so an fsync that
// takes long never holds the event loop that serves connections.
import { closeSync, fsyncSync, openSync, statSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import type { Write, Written } from '../store.ts'
import { type Appender, appender, type Position } from './append.ts'
import { busyTimeoutMs, type Connection, connectWriter, isDamage, type Synchronous } from './connect.ts'
import { type FileIdentity, firstMoved } from './files.ts'
import { whoHolds } from './holders.ts'
import { rewriteInPlace } from './rewrite.ts'

export interface WriterOptions {
  readonly file: string
  readonly synchronous: Synchronous
  /** The files that are in use, and must stay in their places. */
  readonly inUse: readonly FileIdentity[]
}

export interface Job {
  readonly batch: readonly Write[]
  readonly nowMs: number
}

export type JobResult =
  | { readonly outcome: 'written'; readonly results: readonly Written[] }
  | { readonly outcome: 'not-written'; readonly divisible: boolean; readonly reason: string; readonly fault?: Fault }
  | { readonly outcome: 'unknown'; readonly reason: string; readonly fault?: Fault }

/** What no later write can mend: a file that is not in its place any more, by its path; or a damaged database. */
export type Fault = { readonly what: 'moved'; readonly path: string } | { readonly what: 'damaged' }

/**
 * How long settling waits for readers, in milliseconds: our own end within a few, and one that reads on may read for
 * hours, while every sender waits for an answer.
 */
const settleTimeoutMs = 100

class Moved extends Error {
  readonly path: string

  constructor(path: string) {
    super(`${path} is not the file any more that was opened`)
    this.path = path
  }
}

/**
 * How soon after an erasure the WAL is emptied, in milliseconds, and how often it is tried again while another program
 * reads: a checkpoint costs a few fsyncs, so that many deletions share one.
 */
const scrubAfterMs = 1_000

/** Commits batches on one connection. After a COMMIT that failed it takes nothing until it knows what became of it. */
class Writer {
  readonly #options: WriterOptions
  #db: Connection
  #appender: Appender
  // True where an earlier process left something in the WAL: it may have failed to be synced and be in the system's cache
  // only, and commits that were put after it would be lost with it. After a clean stop there is nothing.
  #doubt: boolean
  #isScrubDue: boolean

  constructor(options: WriterOptions) {
    this.#options = options
    this.#doubt = (statSync(`${options.file}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0
    this.#db = connectWriter(options.file, options.synchronous)
    this.#appender = appender(this.#db)
    // An earlier process may have been killed right after an erasure.
    this.#isScrubDue = this.#doubt
  }

  /** Whether the WAL may still hold texts that were erased. */
  get isScrubDue(): boolean {
    return this.#isScrubDue
  }

  commit({ batch, nowMs }: Job): JobResult {
    let before: Position
    let results: readonly Written[]
    try {
      if (this.#doubt) this.#settle()
    } catch (error) {
      const reason = `still finding out: ${reasonOf(error)}`
      return { outcome: 'not-written', divisible: false, reason, ...faultOf(error) }
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
      this.#isScrubDue ||= batch.some((write, at) => hasErased(write, results[at]))
    } catch (error) {
      return this.#findOut(error, before, results)
    }
    try {
      this.#checkPlaces()
      return { outcome: 'written', results }
    } catch (error) {
      return { outcome: 'unknown', reason: reasonOf(error), ...faultOf(error) }
    }
  }

  /** Throws where one of the files is not in its place: SQLite writes into files that were deleted without a complaint. */
  #checkPlaces(): void {
    const path = firstMoved(this.#options.inUse)
    if (path !== undefined) throw new Moved(path)
  }

  /**
   * Moves the WAL into the database, where deleted content is overwritten, and cuts the WAL off. Waits for nobody: where
   * another program reads an older state, it stays due.
   */
  scrub(): void {
    try {
      if (this.#doubt) this.#settle()
      if (this.#isScrubDue) this.#emptyWal(0)
    } catch {
      // A full or broken disk, or a file that was moved: the next batch reports it; this is tried again.
    }
  }

  close(): void {
    if (this.#isScrubDue) this.scrub()
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
    const held = /^SQLITE_(BUSY|LOCKED)/.test(code) ? `; ${whoHolds(this.#options.file)} is using the database` : ''
    return { outcome: 'not-written', divisible, reason: `${reasonOf(error)}${held}`, ...faultOf(error) }
  }

  /** COMMIT failed, perhaps in its fsync: only the file itself can tell. */
  #findOut(error: unknown, before: Position, results: readonly Written[]): JobResult {
    try {
      this.#settle()
    } catch (again) {
      this.#doubt = true
      const reason = `${reasonOf(error)}; then, finding out: ${reasonOf(again)}`
      return { outcome: 'unknown', reason, ...faultOf(again) }
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
   * Opens the file anew and makes sure that what counts as committed is on the disk: pages that a failed fsync left in the
   * system's cache are marked clean there and would never be written again (Rebello et al., USENIX ATC 2020), so reading
   * them back proves nothing. Nothing is settled while another program writes.
   */
  #settle(): void {
    this.#db.close()
    this.#db = connectWriter(this.#options.file, this.#options.synchronous)
    this.#checkPlaces()
    this.#appender = appender(this.#db)
    if (!this.#emptyWal()) this.#renewWal()
    this.#doubt = false
  }

  /**
   * Moves what the WAL holds into the database, with its own fsync. What is not taken over is cut off; SQLite leaves that
   * cut to the cache, where a power failure would undo it and bring a refused batch back. False where a reader is in the way.
   */
  #emptyWal(timeoutMs = settleTimeoutMs): boolean {
    this.#db.pragma(`busy_timeout = ${timeoutMs}`)
    const [checkpoint] = this.#db.pragma('wal_checkpoint(TRUNCATE)') as [{ busy: number }]
    this.#db.pragma(`busy_timeout = ${busyTimeoutMs}`)
    if (checkpoint.busy !== 0) return false
    syncFile(`${this.#options.file}-wal`)
    this.#isScrubDue = false
    return true
  }

  /**
   * The same where a reader keeps the WAL as it is: its bytes are written once more and synced, and a commit of our own
   * takes the place of what a failed one left behind the end, which a crash would otherwise bring back.
   */
  #renewWal(): void {
    try {
      this.#db.exec('BEGIN IMMEDIATE')
    } catch (error) {
      throw new Error(`${whoHolds(this.#options.file)} is using the database`, { cause: error })
    }
    try {
      rewriteInPlace(`${this.#options.file}-wal`)
      this.#db.exec("INSERT INTO marks VALUES ('settled', 1) ON CONFLICT (name) DO UPDATE SET value = value + 1")
      this.#db.exec('COMMIT')
    } catch (error) {
      if (this.#db.inTransaction) this.#db.exec('ROLLBACK')
      throw error
    }
  }
}

function hasErased({ kind }: Write, result: Written | undefined): boolean {
  return (kind === 'delete' && result?.kind === 'stored') || (kind === 'erase-some' && result?.kind === 'erased')
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

function faultOf(error: unknown): { fault?: Fault } {
  if (error instanceof Moved) return { fault: { what: 'moved', path: error.path } }
  return isDamage(error) ? { fault: { what: 'damaged' } } : {}
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
  let scrubbing: NodeJS.Timeout | undefined
  const planScrub = () => {
    if (!writer.isScrubDue) return
    scrubbing ??= setTimeout(() => {
      scrubbing = undefined
      writer.scrub()
      planScrub()
    }, scrubAfterMs)
  }
  port.on('message', (message: string) => {
    if (message === 'close') {
      clearTimeout(scrubbing)
      writer.close()
      port.close()
    } else {
      port.postMessage(JSON.stringify(writer.commit(JSON.parse(message) as Job) satisfies JobResult))
      planScrub()
    }
  })
  planScrub()
}
