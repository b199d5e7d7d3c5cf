// Commit: what arrives while the last commit runs goes down as the next batch (group commit). A caller hears only after
// the commit, never before. The committer decides who shares a transaction, and nothing else.
import { batchBytesMax, batchMessagesMax } from '../protocol/limits.ts'
import { Refusal } from '../protocol/refusals.ts'
import { NotWritten, OutcomeUnknown, type Store, type Write, type Written } from '../store/store.ts'
import type { Clock } from './chance.ts'
import * as stateTexts from '../protocol/texts/state.ts'

export type Outcome = Written | Refusal

/** What the committer needs of the store. */
type Log = Pick<Store, 'write'>

interface Group {
  readonly writes: readonly Write[]
  readonly bytes: number
  readonly settle: (outcomes: readonly Outcome[]) => void
  readonly fail: (error: unknown) => void
}

/** Is told why a batch was not stored, or why nobody knows: the store's words, which hold nothing of anybody's. */
export type Trouble = (reason: string) => void

/** Is told of each batch right after its commit; never waits and never throws. */
export type Announce = (writes: readonly Write[], results: readonly Written[]) => void

interface Options {
  readonly queueBytesMax?: number
  readonly announce?: Announce
  readonly trouble?: Trouble
}

/** Bytes that may wait: a few seconds of a slow disk at full load, and no more memory than a small server has. */
const queueBytesMax = 16 * 1_048_576

export class Committer {
  readonly #log: Log
  readonly #clock: Clock
  readonly #queueBytesMax: number
  readonly #announce: Announce
  readonly #trouble: Trouble
  #queue: Group[] = []
  #queueBytes = 0
  #running: Promise<void> | undefined

  constructor(log: Log, clock: Clock, options: Options = {}) {
    this.#log = log
    this.#clock = clock
    this.#queueBytesMax = options.queueBytesMax ?? queueBytesMax
    this.#announce = options.announce ?? (() => {})
    this.#trouble = options.trouble ?? (() => {})
  }

  /**
   * Stores `writes` (at most 1,000) in this order, perhaps with others in between; one outcome a write. Resolves after
   * the commit. Refuses each with `busy` where too much waits, `unavailable` where the store could not take it, and
   * `outcome-unknown` where nobody can say; rejects only if something broke.
   */
  submit(writes: readonly Write[]): Promise<readonly Outcome[]> {
    const bytes = bytesOf(writes)
    // A group larger than the bound may pass an empty queue: it could never pass otherwise.
    if (this.#queue.length > 0 && this.#queueBytes + bytes > this.#queueBytesMax) {
      const busy = new Refusal('busy', stateTexts.storeCrowded, {
        retryAfterSeconds: 1,
      })
      return Promise.resolve(writes.map(() => busy))
    }
    return new Promise((settle, fail) => {
      this.#queue.push({ writes, bytes, settle, fail })
      this.#queueBytes += bytes
      this.#running ??= this.#run()
    })
  }

  async submitOne(write: Write): Promise<Outcome> {
    const [outcome] = await this.submit([write])
    if (outcome === undefined) throw new Error('the store gave no result for a write')
    return outcome
  }

  /** Refuses with `unavailable` what waits for the batch under way: there is no time left for it. */
  refuseWaiting(): void {
    const groups = this.#queue
    this.#queue = []
    this.#queueBytes = 0
    for (const { writes, settle } of groups) settle(writes.map(() => unavailable))
  }

  /** Resolves when everything that was submitted has its outcome. */
  async drain(): Promise<void> {
    while (this.#running !== undefined) await this.#running
  }

  async #run(): Promise<void> {
    // What else arrives within this turn of the event loop shares the first transaction.
    await new Promise(resolve => setImmediate(resolve))
    while (this.#queue.length > 0) {
      const groups = this.#take()
      deal(groups, await this.#commit(groups.flatMap(group => group.writes)))
    }
    this.#running = undefined
  }

  /** The oldest groups that fit one batch; at least one. */
  #take(): Group[] {
    let count = 0
    let bytes = 0
    let groups = 0
    for (const group of this.#queue) {
      const fits = count + group.writes.length <= batchMessagesMax && bytes + group.bytes <= batchBytesMax
      if (groups > 0 && !fits) break
      count += group.writes.length
      bytes += group.bytes
      groups += 1
    }
    this.#queueBytes -= bytes
    return this.#queue.splice(0, groups)
  }

  /** One batch; one that fails although it could be divided is halved, in order, until the culprit stands alone. */
  async #commit(writes: readonly Write[]): Promise<readonly (Outcome | Broken)[]> {
    try {
      const results = await this.#log.write(writes, this.#clock())
      this.#announce(writes, results)
      return results
    } catch (error) {
      if (error instanceof Error) this.#trouble(`${error.name}: ${error.message}`)
      if (error instanceof OutcomeUnknown) return writes.map(() => unknown)
      if (!(error instanceof NotWritten)) return writes.map(() => new Broken(error))
      if (!error.divisible || writes.length === 1) return writes.map(() => unavailable)
      const half = Math.ceil(writes.length / 2)
      const first = await this.#commit(writes.slice(0, half))
      return [...first, ...(await this.#commit(writes.slice(half)))]
    }
  }
}

const unavailable = new Refusal('unavailable', stateTexts.notStored)
const unknown = new Refusal('outcome-unknown', stateTexts.outcomeUnknown)

/** In place of an outcome: the store threw what it never should. The other half of a divided batch may be stored. */
class Broken {
  readonly error: unknown

  constructor(error: unknown) {
    this.error = error
  }
}

function deal(groups: readonly Group[], outcomes: readonly (Outcome | Broken)[]): void {
  let next = 0
  for (const { writes, settle, fail } of groups) {
    const own = outcomes.slice(next, next + writes.length)
    const broken = own.find(outcome => outcome instanceof Broken)
    if (broken === undefined) settle(own as readonly Outcome[])
    else fail(broken.error)
    next += writes.length
  }
}

/** Two bytes a UTF-16 unit, and about 200 for the object itself. */
function bytesOf(writes: readonly Write[]): number {
  let bytes = 0
  for (const write of writes) bytes += 200 + 2 * unitsOf(write)
  return bytes
}

/** What makes a write large; names and hashes are within the 200. */
function unitsOf(write: Write): number {
  if ('text' in write) return write.text.length
  if (write.kind === 'create-room') return write.topic.length
  if (write.kind === 'change-room') return write.change.what === 'topic' ? write.change.text.length : 0
  // An object a word, of about 100 bytes.
  return write.kind === 'index-words' ? 50 * write.words.length + 4 * write.forget.length : 0
}
