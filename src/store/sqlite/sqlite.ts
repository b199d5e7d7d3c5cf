// The store on SQLite: one writer in a thread of its own, one connection for reads, one locked folder.
import { Worker } from 'node:worker_threads'
import { NotWritten, OutcomeUnknown, type Store, type Write, type Written } from '../store.ts'
import type { Synchronous } from './connect.ts'
import { takeFolder } from './folder.ts'
import { openReader } from './reader.ts'
import type { Job, JobResult, WriterOptions } from './writer.ts'

/** A store in a folder, which it holds until disposed. Throws CannotOpen with a sentence for people. */
export function openSqlite(dir: string, { synchronous = 'FULL' }: { synchronous?: Synchronous } = {}): Store {
  const folder = takeFolder(dir)
  const reader = openReader(folder.file)
  const writer = new WriterThread({ file: folder.file, synchronous })
  return {
    ...reader.reads,
    countUnread: async (...asked) => reader.unread.count(...asked),
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

  constructor(options: WriterOptions) {
    this.#options = options
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
    // A thread that died (out of memory, say) is replaced by the next write, which first settles what it left.
    this.#thread ??= this.#start()
    const result = await this.#ask(this.#thread, job)
    if (result.outcome === 'written') return result.results
    if (result.outcome === 'not-written') throw new NotWritten(result.reason, result.divisible)
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
