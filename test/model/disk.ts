// The store of a simulated run: SQLite's own transaction and reads in this process, on a file that outlives simulated
// crashes. It takes its time and fails as planned; what it says is durable is committed, unless a bug is planted.
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { appender, type Appender } from '../../src/store/sqlite/append.ts'
import { type Connection, connectWriter } from '../../src/store/sqlite/connect.ts'
import { takeFolder } from '../../src/store/sqlite/folder.ts'
import { openReader, type Reader } from '../../src/store/sqlite/reader.ts'
import {
  NotWritten,
  OutcomeUnknown,
  type Reads,
  type Seq,
  type Store,
  type Write,
  type Written,
} from '../../src/store/store.ts'
import { type Chance, turns } from './chance.ts'

/** A text with this in it makes every batch fail that it is in. */
export const curse = '\u2620'

export interface DiskPlan {
  readonly chance: Chance
  /** Of its faults, while there are to be any. */
  faulty: boolean
  /** Planted: says that it is stored before it is. */
  readonly answersBeforeCommit: boolean
}

type Fault = 'none' | 'divisible' | 'indivisible' | 'unknown-stored' | 'unknown-lost'

/** Where the databases of simulated runs are, and one that is new and empty. */
export class Workshop implements Disposable {
  readonly #dir: string
  readonly #blank: string
  #disks = 0

  constructor() {
    // In memory where there is such a place: nothing here is about the disk itself.
    this.#dir = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'hullo-model-'))
    const folder = takeFolder(join(this.#dir, 'blank'))
    folder.release()
    this.#blank = folder.file
  }

  disk(plan: DiskPlan): Disk {
    this.#disks += 1
    const dir = join(this.#dir, String(this.#disks))
    mkdirSync(dir)
    const file = join(dir, 'hullo.sqlite')
    copyFileSync(this.#blank, file)
    return new Disk(dir, file, plan)
  }

  [Symbol.dispose](): void {
    rmSync(this.#dir, { recursive: true, force: true })
  }
}

export class Disk implements Disposable {
  readonly #dir: string
  readonly #plan: DiskPlan
  readonly #db: Connection
  readonly #appender: Appender
  readonly #reader: Reader
  #last: Promise<unknown> = Promise.resolve()
  /** The last seq that is committed. */
  head: Seq = 0

  constructor(dir: string, file: string, plan: DiskPlan) {
    this.#dir = dir
    this.#plan = plan
    this.#db = connectWriter(file, 'OFF')
    this.#appender = appender(this.#db)
    this.#reader = openReader(file)
  }

  /** Reads that never fail, for the judge. */
  get reads(): Reads {
    return this.#reader.reads
  }

  /** The store as one process has it, until `isAlive` says that it has been killed. */
  storeOf(isAlive: () => boolean): Store {
    return {
      ...(this.#slow(isAlive) as unknown as Reads),
      write: (batch, nowMs) => {
        const result = this.#last.then(() => this.#write(batch, nowMs, isAlive))
        this.#last = result.then(({ done }) => done)
        return result.then(({ answer }) => answer)
      },
      [Symbol.asyncDispose]: () => Promise.resolve(),
    }
  }

  [Symbol.dispose](): void {
    this.#reader.close()
    this.#db.close()
    rmSync(this.#dir, { recursive: true, force: true })
  }

  /** `done`: when the next batch may begin. Never rejects; what the process is told is in `answer`. */
  async #write(
    batch: readonly Write[],
    nowMs: number,
    isAlive: () => boolean,
  ): Promise<{ done: Promise<unknown>; answer: Promise<readonly Written[]> }> {
    const { chance } = this.#plan
    const fault = this.#faultOf(batch)
    await turns(chance.below(4))
    if (!isAlive()) return { done: Promise.resolve(), answer: never() }
    if (fault === 'divisible' || fault === 'indivisible') {
      return settled(Promise.reject(new NotWritten('as planned', fault === 'divisible')))
    }
    this.#db.exec('BEGIN IMMEDIATE')
    const results = this.#appender.append(batch, nowMs)
    if (this.#plan.answersBeforeCommit) {
      const wait = chance.below(3)
      const done = turns(wait).then(() => this.#end(isAlive() && fault !== 'unknown-lost'))
      return { done, answer: Promise.resolve(results) }
    }
    this.#end(fault !== 'unknown-lost')
    const wait = chance.below(3)
    if (fault === 'none') return { done: Promise.resolve(), answer: turns(wait).then(() => given(results, isAlive)) }
    return settled(turns(wait).then(() => given(undefined, isAlive)))
  }

  #end(stored: boolean): void {
    this.#db.exec(stored ? 'COMMIT' : 'ROLLBACK')
    this.head = this.#appender.position().head
  }

  #faultOf(batch: readonly Write[]): Fault {
    const { chance, faulty } = this.#plan
    if (batch.some(write => 'text' in write && write.text.includes(curse))) return 'divisible'
    if (!faulty) return 'none'
    return chance.weighted({
      none: 85,
      divisible: 4,
      indivisible: 4,
      'unknown-stored': 4,
      'unknown-lost': 3,
    })
  }

  /** Every read at some moment between the call and the answer, and now and then not at all. */
  #slow(isAlive: () => boolean): Record<string, unknown> {
    const { chance } = this.#plan
    const slow = (read: (...args: unknown[]) => Promise<unknown>) => {
      return async (...args: unknown[]) => {
        if (!isAlive()) return never()
        if (chance.odds(0.6)) return read(...args)
        const longest = chance.pick([2, 2, 2, 20])
        await turns(chance.below(longest))
        if (!isAlive()) return never()
        if (this.#plan.faulty && chance.odds(0.02)) throw new Error('a read failed, as planned')
        const result = await read(...args)
        await turns(chance.below(longest))
        return isAlive() ? result : never()
      }
    }
    const reads = Object.entries(this.#reader.reads) as [string, (...args: unknown[]) => Promise<unknown>][]
    return Object.fromEntries(reads.map(([name, read]) => [name, slow(read)]))
  }
}

function settled(answer: Promise<readonly Written[]>): { done: Promise<unknown>; answer: Promise<readonly Written[]> } {
  // Whoever asked hears of it; the next batch need not.
  answer.catch(() => {})
  return { done: Promise.resolve(), answer }
}

function given(results: readonly Written[] | undefined, isAlive: () => boolean): Promise<readonly Written[]> {
  if (!isAlive()) return never()
  return results === undefined ? Promise.reject(new OutcomeUnknown('as planned')) : Promise.resolve(results)
}

/** What a process that was killed hears. */
function never<T>(): Promise<T> {
  return new Promise<T>(() => {})
}
