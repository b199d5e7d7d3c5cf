// Commit: what arrives while the last commit runs goes down as the next batch (group commit). A caller hears only after
// the commit, never before. The committer decides who shares a transaction, and nothing else.
import { batchBytesMax, batchMessagesMax } from '../../protocol/limits.ts'
import { Refusal } from '../../protocol/refusals.ts'
import { Damaged, NotWritten, OutcomeUnknown, type Store, type Write, type Written } from '../../store/store.ts'
import type { Clock } from '../kit/clock.ts'
import { refusalOfFault } from '../kit/faults.ts'
import * as stateTexts from '../../protocol/texts/state.ts'

export type Outcome = Written | Refusal

/** What the committer needs of the store. */
type Log = Pick<Store, 'write'>

/** What was submitted at once. It may take several batches; its outcomes come together, when the last is known. */
interface Group {
  readonly writes: readonly Write[]
  /** Of the first writes, as far as they are known. */
  readonly outcomes: (Outcome | Broken)[]
  /** How many of the writes have gone into a batch. */
  taken: number
  /** How many are to; the others are refused. */
  end: number
  readonly settle: (outcomes: readonly Outcome[]) => void
  readonly fail: (error: unknown) => void
}

/** What goes down as one, and how many of these writes are each group's. */
interface Batch {
  readonly writes: readonly Write[]
  readonly shares: readonly { readonly group: Group; readonly count: number }[]
}

/** Is told why a batch was not stored, or why nobody knows: the store's words, which hold nothing of anybody's. */
export type Trouble = (reason: string) => void

/** Is told of each batch right after its commit; never waits and never throws. */
export type Announce = (writes: readonly Write[], results: readonly Written[]) => void

/** Says whether a write may be stored at all, before it is queued. */
export interface Admission {
  /** Counts the write, or refuses it. */
  admit(write: Write): Refusal | undefined
  giveBack(write: Write): void
  /** Gets what became of writes that were admitted. */
  settle(writes: readonly Write[], outcomes: readonly unknown[]): void
}

interface Options {
  readonly queueBytesMax?: number
  readonly admission?: Admission
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
  readonly #admission: Admission | undefined
  #queue: Group[] = []
  #queueBytes = 0
  #running: Promise<void> | undefined

  constructor(log: Log, clock: Clock, options: Options = {}) {
    this.#log = log
    this.#clock = clock
    this.#queueBytesMax = options.queueBytesMax ?? queueBytesMax
    this.#announce = options.announce ?? (() => {})
    this.#trouble = options.trouble ?? (() => {})
    this.#admission = options.admission
  }

  /**
   * Stores `writes` in this order, perhaps with others in between; one outcome a write. Resolves after the commit, or the
   * last of several: more than a batch holds goes down in parts, each for itself. Refuses each with `busy` where too
   * much waits, `unavailable` where the store could not take it, and `outcome-unknown` where nobody can say, and as the
   * admission does; rejects only if something broke.
   */
  submit(writes: readonly Write[]): Promise<readonly Outcome[]> {
    const refused = this.#refusedOf(writes)
    return refused === undefined ? this.#enqueue(writes) : this.#submitOthers(writes, refused)
  }

  /** What the admission refuses, by position; undefined where that is nothing. */
  #refusedOf(writes: readonly Write[]): Map<number, Refusal> | undefined {
    if (this.#admission === undefined) return undefined
    let refused: Map<number, Refusal> | undefined
    for (let at = 0; at < writes.length; at += 1) {
      const refusal = this.#admission.admit(writes[at] as Write)
      if (refusal === undefined) continue
      refused ??= new Map()
      refused.set(at, refusal)
    }
    return refused
  }

  async #submitOthers(writes: readonly Write[], refused: ReadonlyMap<number, Refusal>): Promise<readonly Outcome[]> {
    const admitted = writes.filter((_, at) => !refused.has(at))
    const outcomes = admitted.length === 0 ? [] : await this.#enqueue(admitted)
    let next = 0
    return writes.map((_, at) => {
      const refusal = refused.get(at)
      if (refusal !== undefined) return refusal
      next += 1
      return outcomes[next - 1] as Outcome
    })
  }

  #enqueue(writes: readonly Write[]): Promise<readonly Outcome[]> {
    let bytes = 0
    for (const write of writes) bytes += bytesOf(write)
    // A group larger than the bound may pass an empty queue: it could never pass otherwise.
    if (this.#queue.length > 0 && this.#queueBytes + bytes > this.#queueBytesMax) {
      const busy = new Refusal('busy', stateTexts.storeCrowded, {
        retryAfterSeconds: 1,
      })
      for (const write of writes) this.#admission?.giveBack(write)
      return Promise.resolve(writes.map(() => busy))
    }
    return new Promise((settle, fail) => {
      this.#queue.push({ writes, outcomes: [], taken: 0, end: writes.length, settle, fail })
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
    for (const group of groups) {
      // Of the first the beginning may be in the batch under way, which settles it then.
      group.end = group.taken
      settleIfKnown(group)
    }
  }

  /** Resolves when everything that was submitted has its outcome. */
  async drain(): Promise<void> {
    while (this.#running !== undefined) await this.#running
  }

  async #run(): Promise<void> {
    // What else arrives within this turn of the event loop shares the first transaction.
    await new Promise(resolve => setImmediate(resolve))
    while (this.#queue.length > 0) {
      const { writes, shares } = this.#take()
      const outcomes = await this.#commit(writes)
      this.#admission?.settle(writes, outcomes)
      deal(shares, outcomes)
    }
    this.#running = undefined
  }

  /** The oldest writes that fit one batch; at least one. A group that does not fit goes on in the next. */
  #take(): Batch {
    const writes: Write[] = []
    const shares: { readonly group: Group; readonly count: number }[] = []
    let bytes = 0
    let gone = 0
    for (const group of this.#queue) {
      const from = group.taken
      for (const write of group.writes.slice(from)) {
        const more = bytesOf(write)
        if (writes.length > 0 && (writes.length === batchMessagesMax || bytes + more > batchBytesMax)) break
        writes.push(write)
        bytes += more
        group.taken += 1
      }
      shares.push({ group, count: group.taken - from })
      if (group.taken < group.end) break
      gone += 1
    }
    this.#queueBytes -= bytes
    this.#queue.splice(0, gone)
    return { writes, shares }
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
      if (error instanceof Damaged) return writes.map(() => refusalOfFault(error))
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

function deal(shares: Batch['shares'], outcomes: readonly (Outcome | Broken)[]): void {
  let next = 0
  for (const { group, count } of shares) {
    for (const end = next + count; next < end; next += 1) group.outcomes.push(outcomes[next] as Outcome | Broken)
    settleIfKnown(group)
  }
}

function settleIfKnown({ writes, outcomes, end, settle, fail }: Group): void {
  if (outcomes.length < end) return
  const broken = outcomes.find(outcome => outcome instanceof Broken)
  if (broken !== undefined) fail(broken.error)
  else if (end === writes.length) settle(outcomes as readonly Outcome[])
  else settle([...(outcomes as readonly Outcome[]), ...writes.slice(end).map(() => unavailable)])
}

/** Two bytes a UTF-16 unit, and about 200 for the object itself. */
function bytesOf(write: Write): number {
  return 200 + 2 * unitsOf(write)
}

/** What makes a write large; names and hashes are within the 200. */
function unitsOf(write: Write): number {
  if ('text' in write) return write.text.length
  if (write.kind === 'create-room') return write.topic.length
  if (write.kind === 'change-room') return write.change.what === 'topic' ? write.change.text.length : 0
  if (write.kind !== 'index-words') return 0
  // A word is a string of about 50 bytes.
  const words = write.messages.reduce((sum, message) => sum + message.words.length, 0)
  return 25 * words
}
