// The store on SQLite: one writer in a thread of its own, one connection for reads, one locked folder.
import { Worker } from 'node:worker_threads'
import { Damaged, NotWritten, OutcomeUnknown, type Store, type Write, type Written } from '../store.ts'
import type { Synchronous } from './connect.ts'
import { damagedMeanwhile, movedMeanwhile } from './advice.ts'
import { type Folder, takeFolder } from './folder.ts'
import { openReader, type Reader } from './reader.ts'
import type { Fault, Job, JobResult, WriterOptions } from './writer.ts'

export interface SqliteOptions {
  readonly synchronous?: Synchronous
  /** Gets a sentence, once, when a file of the store is not in its place any more: nothing is stored from then on. */
  readonly moved?: (sentence: string) => void
  /** Gets a sentence, once, when the database turns out to be damaged; what does not touch the damage goes on. */
  readonly damaged?: (sentence: string) => void
}

/** A store in a folder, which it holds until disposed. Throws CannotOpen with a sentence for people. */
export function openSqlite(dir: string, options: SqliteOptions = {}): Store {
  const folder = takeFolder(dir)
  let reader: Reader | undefined
  try {
    const { synchronous = 'FULL' } = options
    const damaged = once(() => options.damaged?.(damagedMeanwhile(folder.file)))
    const moved = once((path: string) => options.moved?.(movedMeanwhile(path)))
    reader = openReader(folder.file, damaged)
    const heard = (fault: Fault) => (fault.what === 'moved' ? moved(fault.path) : damaged())
    const inUse = folder.filesInUse()
    return storeOf(folder, reader, new WriterThread({ file: folder.file, synchronous, inUse }, heard))
  } catch (error) {
    reader?.close()
    folder.release()
    throw folder.cannotOpen(error)
  }
}

function once<Values extends unknown[]>(run: (...values: Values) => void): (...values: Values) => void {
  let isRun = false
  return (...values) => {
    if (isRun) return
    isRun = true
    run(...values)
  }
}

function storeOf(folder: Folder, reader: Reader, writer: WriterThread): Store {
  return {
    ...reader.reads,
    countUnread: reader.countUnread,
    async write(batch, nowMs) {
      const results = await writer.write({ batch, nowMs }).catch((error: unknown) => {
        // Nobody may know yet what became of it.
        reader.unread.clear()
        throw error
      })
      reader.unread.stored(batch, results)
      return results
    },
    async [Symbol.asyncDispose]() {
      // The reader first: the last connection to close is the writer's, which then moves the WAL into the database.
      reader.close()
      await writer.close()
      folder.release()
    },
  }
}

/** The near end of the writer's thread: one job at a time, in the order of the calls. */
class WriterThread {
  readonly #options: WriterOptions
  #thread: Worker | undefined
  /** Takes the result of the job that the thread has. */
  #settle: ((result: JobResult) => void) | undefined
  #last: Promise<unknown> = Promise.resolve()
  #closed = false
  readonly #heard: (fault: Fault) => void
  /** Set for good when a file was moved: nothing reaches the thread any more. */
  #moved: string | undefined

  constructor(options: WriterOptions, heard: (fault: Fault) => void) {
    this.#options = options
    this.#heard = heard
    this.#thread = this.#start()
  }

  write(job: Job): Promise<readonly Written[]> {
    if (this.#closed) return Promise.reject(new NotWritten('the store is closed', false))
    const result = this.#last.then(() => this.#run(job))
    this.#last = result.catch(() => {})
    return result
  }

  /** Finishes what was asked before; the thread is gone when this resolves, however it ended. */
  async close(): Promise<void> {
    this.#closed = true
    await this.#last
    const thread = this.#thread
    if (thread === undefined) return
    const gone = new Promise(resolve => thread.once('exit', resolve))
    thread.postMessage('close')
    await gone
  }

  async #run(job: Job): Promise<readonly Written[]> {
    if (this.#moved !== undefined) throw new NotWritten(this.#moved, false)
    // A thread that died (out of memory, say) is replaced by the next write, which first settles what it left.
    this.#thread ??= this.#start()
    const result = await this.#ask(this.#thread, job)
    if (result.outcome === 'written') return result.results
    if (result.fault !== undefined) this.#heard(result.fault)
    if (result.fault?.what === 'moved') this.#moved = result.reason
    if (result.outcome === 'not-written') {
      throw result.fault?.what === 'damaged'
        ? new Damaged(result.reason)
        : new NotWritten(result.reason, result.divisible)
    }
    throw new OutcomeUnknown(result.reason)
  }

  #ask(thread: Worker, job: Job): Promise<JobResult> {
    return new Promise(resolve => {
      this.#settle = resolve
      // As JSON, both ways: to clone the objects of a batch of 64 costs each thread half as much again. What a write and a
      // result hold comes through it as it was: strings (lone surrogates too), finite numbers, null.
      thread.postMessage(JSON.stringify(job satisfies { batch: readonly Write[] }))
    })
  }

  #answered(result: JobResult): void {
    const settle = this.#settle
    this.#settle = undefined
    settle?.(result)
  }

  #start(): Worker {
    const thread = new Worker(new URL('./writer-thread.ts', import.meta.url), { workerData: this.#options })
    // Heard for as long as it lives: to begin and end listening with each job cost as much as its result.
    thread.on('message', (json: string) => this.#answered(JSON.parse(json) as JobResult))
    thread.on('error', (error: Error) =>
      this.#answered({ outcome: 'unknown', reason: `the writer failed: ${error.message}` }),
    )
    thread.once('exit', () => {
      if (this.#thread === thread) this.#thread = undefined
      this.#answered({ outcome: 'unknown', reason: 'the writer ended' })
    })
    return thread
  }
}
