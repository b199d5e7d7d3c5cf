// Tail: this process's in-order feed of the log. Notices say that there is more; what is passed on comes from a notice
// only where it follows on exactly, and from the store otherwise. A lost notice costs time, never an entry.
import type { LogNotice } from '../../bus/bus.ts'
import type { ConversationId, Entry, Seq, Store } from '../../store/store.ts'
import { type Later, later } from '../kit/clock.ts'
import type { Placed } from '../conversations/entry-views.ts'

type Log = Pick<Store, 'entriesAfter' | 'entriesAt' | 'head' | 'seqsBefore'>

/** Entries read from the store at once. */
const pageEntriesUsual = 500

/** Entries that notices may have waiting; beyond it they are read from the store, where they are anyway. */
const hintedMax = 4_000

/** How often the store is asked without being told: what a lost notice, or another node's, costs at most. */
const pollMs = 1_000

/** Conversations whose last seq is remembered, the first to come being the first to go; others are looked up again. */
const lastSeqsMax = 200_000

/**
 * Gets every entry of the log once, in order: it prepares what needs waiting, and gives back what hands the batch on.
 * That runs in one turn with the step of `at`, so that nobody can see the one without the other.
 */
export type Deliver = (batch: readonly Placed[]) => Promise<() => void>

interface Options {
  readonly later?: Later
  readonly pageEntries?: number
}

export class Tail {
  readonly #log: Log
  readonly #deliver: Deliver
  readonly #later: Later
  readonly #pageEntries: number
  #at: Seq
  #atStoredMs: number
  #hints: Entry[] = []
  /** The log reaches at least this far; so a notice has said. */
  #told: Seq = 0
  /** Whether the store is to be asked how far it reaches. */
  #look = false
  #stopped = false
  #running: Promise<void> | undefined
  #waiting: { readonly seq: Seq; readonly resolve: () => void }[] = []
  #callOff: () => void = () => {}
  readonly #lastSeqs = new Map<ConversationId, Seq>()

  private constructor(log: Log, deliver: Deliver, begin: { at: Seq; atStoredMs: number }, options: Options) {
    this.#log = log
    this.#deliver = deliver
    this.#at = begin.at
    this.#atStoredMs = begin.atStoredMs
    this.#later = options.later ?? later
    this.#pageEntries = options.pageEntries ?? pageEntriesUsual
  }

  /** A tail that begins at the log's head. */
  static async open(log: Log, deliver: Deliver, options: Options = {}): Promise<Tail> {
    const head = await log.head()
    const [entry] = await log.entriesAt([head])
    const tail = new Tail(log, deliver, { at: head, atStoredMs: entry?.storedAtMs ?? 0 }, options)
    tail.#poll()
    return tail
  }

  /** The last seq that has been delivered. */
  get at(): Seq {
    return this.#at
  }

  /** When the entry at `at` was stored, milliseconds since 1970. */
  get atStoredMs(): number {
    return this.#atStoredMs
  }

  hear({ head, entries = [] }: LogNotice): void {
    // Far behind, hints would only be a second queue: the store is read instead.
    if (head > this.#at && this.#hints.length + entries.length <= hintedMax) this.#hints.push(...entries)
    this.#told = Math.max(this.#told, head)
    this.#wake()
  }

  /** Resolves when everything up to `seq` has been delivered, or the tail has stopped. */
  reached(seq: Seq): Promise<void> {
    if (this.#at >= seq || this.#stopped) return Promise.resolve()
    return new Promise(resolve => {
      this.#waiting.push({ seq, resolve })
      this.#look = true
      this.#wake()
    })
  }

  /** Delivers nothing more; resolves when the batch under way is done. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#callOff()
    this.#hints = []
    await this.#running
    this.#letGo()
  }

  #poll(): void {
    this.#callOff = this.#later(pollMs, () => {
      this.#look = true
      this.#wake()
      this.#poll()
    })
  }

  #wake(): void {
    if (this.#isMore()) this.#running ??= this.#run()
  }

  #isMore(): boolean {
    return (this.#look || this.#at < this.#told) && !this.#stopped
  }

  async #run(): Promise<void> {
    try {
      // Not until the store has nothing more: asking it again after each batch was a read for nothing.
      while (this.#isMore()) {
        const entries = this.#hinted() ?? (await this.#read())
        if (entries.length > 0 && !this.#stopped) await this.#pass(entries)
      }
    } catch {
      // A fault of the store loses nothing: the next notice or poll begins again at the same place.
    } finally {
      // In the turn in which there was seen to be no more: a wake after it starts the next run.
      this.#hints = []
      this.#running = undefined
    }
  }

  async #pass(entries: readonly Entry[]): Promise<void> {
    const handOn = await this.#deliver(await this.#place(entries))
    if (this.#stopped) return
    handOn()
    const last = entries.at(-1)
    this.#at = last?.seq ?? this.#at
    this.#atStoredMs = last?.storedAtMs ?? this.#atStoredMs
    this.#letGo()
  }

  /** What comes directly after `at`, if it is among the hints. */
  #hinted(): readonly Entry[] | undefined {
    const hints = this.#hints
    if (hints.length === 0) return undefined
    this.#hints = []
    const from = hints.findIndex(entry => entry.seq === this.#at + 1)
    if (from < 0 || !isRun(hints, from)) return undefined
    return from === 0 ? hints : hints.slice(from)
  }

  /** The same from the store. */
  async #read(): Promise<readonly Entry[]> {
    const told = this.#told
    this.#look = false
    const entries = await this.#log.entriesAfter(this.#at, this.#pageEntries)
    if (entries.length === this.#pageEntries) this.#look = true
    // Whoever told of more was wrong: it is not asked for again.
    else if (entries.length === 0 && told === this.#told) this.#told = this.#at
    return entries
  }

  /** Each entry with the one before it in its conversation. */
  async #place(entries: readonly Entry[]): Promise<Placed[]> {
    const placed: Placed[] = []
    for (const entry of entries) {
      const { conversation, seq } = entry
      let prev = this.#lastSeqs.get(conversation)
      if (prev === undefined || prev >= seq) {
        prev = conversation === 0 ? 0 : ((await this.#log.seqsBefore(conversation, seq, 1, 1))[0] ?? 0)
      }
      this.#lastSeqs.set(conversation, seq)
      placed.push({ entry, prev })
    }
    for (const conversation of this.#lastSeqs.keys()) {
      if (this.#lastSeqs.size <= lastSeqsMax) break
      this.#lastSeqs.delete(conversation)
    }
    return placed
  }

  #letGo(): void {
    const isReached = ({ seq }: { seq: Seq }) => seq <= this.#at || this.#stopped
    const reached = this.#waiting.filter(isReached)
    if (reached.length === 0) return
    this.#waiting = this.#waiting.filter(one => !isReached(one))
    for (const { resolve } of reached) resolve()
  }
}

function isRun(entries: readonly Entry[], from: number): boolean {
  const first = entries[from]?.seq ?? 0
  for (let at = from; at < entries.length; at += 1) if (entries[at]?.seq !== first + at - from) return false
  return true
}
