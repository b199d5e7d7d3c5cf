// Search, off the hot path: the words of messages are put into the index behind the log, in batches of bounded size
// through the committer like everything else. It begins where the store says it had come to, so that a restart costs
// nothing. The words of an edit are added to those of its message; the writer removes those of erased texts by itself.
import { Refusal } from '../../protocol/refusals.ts'
import type { Entry, IndexWords, Seq, Store } from '../../store/store.ts'
import { breathe } from '../kit/yield-turn.ts'
import type { Committer } from '../log/committer.ts'
import { wordsOf } from '../../protocol/words.ts'

type Log = Pick<Store, 'head' | 'indexedUpTo' | 'entriesAfter'>

/** Entries read at once. */
const pageEntries = 256

/** Words after which a batch ends: some 5 ms of the writer's time, for which a message may have to wait. */
const batchWordsMax = 500

/** Characters that are taken apart before others get their turn. */
const turnUnitsMax = 16_384

/** How often the log is looked at: what search may lag behind when nobody searches. */
const pollMs = 1_000

/** Longest pause between two batches, unless somebody waits. */
const restMsMax = 500

/**
 * How many times as long as a batch took the pause behind it is, where messages come faster than they can be indexed in
 * half of the time: sends keep nearly all of it then, and search lags behind until it is quieter.
 */
const restsUnderLoad = 20

export class Indexer implements AsyncDisposable {
  readonly #log: Log
  readonly #committer: Committer
  #at: Seq = 0
  #running: Promise<void> | undefined
  #timer: NodeJS.Timeout | undefined
  #more = false
  #stopping = false
  #waiting: { readonly seq: Seq; readonly resolve: () => void }[] = []
  #endRest = () => {}

  constructor(log: Log, committer: Committer) {
    this.#log = log
    this.#committer = committer
  }

  /** Follows the log from now on, until it is disposed. */
  start(): void {
    this.#timer = setInterval(() => this.#wake(), pollMs)
    this.#timer.unref()
    this.#wake()
  }

  /** How far the index is known to reach. */
  get at(): Seq {
    return this.#at
  }

  /** Resolves when everything up to `seq` is in the index, or `signal` aborts; hurries it. */
  reached(seq: Seq, signal: AbortSignal): Promise<void> {
    if (this.#at >= seq || signal.aborted) return Promise.resolve()
    return new Promise(resolve => {
      this.#waiting.push({ seq, resolve })
      signal.addEventListener('abort', () => this.#letGo(one => one.resolve === resolve), { once: true })
      this.#endRest()
      this.#wake()
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping = true
    clearInterval(this.#timer)
    this.#endRest()
    await this.#running
    this.#letGo(() => true)
  }

  #wake(): void {
    if (this.#stopping) return
    this.#more = true
    this.#running ??= this.#run()
      // A fault of the store is not lost: the next poll begins again at the same place.
      .catch(() => {
        this.#more = false
      })
      .finally(() => {
        this.#running = undefined
        if (this.#more) this.#wake()
      })
  }

  async #run(): Promise<void> {
    this.#at = Math.max(this.#at, await this.#log.indexedUpTo())
    while (this.#more && !this.#stopping) {
      this.#more = false
      await this.#catchUp()
      this.#letGo(({ seq }) => seq <= this.#at)
    }
  }

  async #catchUp(): Promise<void> {
    let sinceMs = performance.now()
    let head = await this.#log.head()
    while (!this.#stopping) {
      const from = performance.now()
      const before = this.#at
      const entries = await this.#log.entriesAfter(this.#at, pageEntries)
      if (entries.length === 0) return
      const write = await indexWrite(entries)
      const outcome = await this.#committer.submitOne(write)
      // Too much to do, or something is wrong: it comes back later.
      if (outcome instanceof Refusal) return
      this.#at = write.upTo
      this.#letGo(({ seq }) => seq <= this.#at)
      const nowMs = performance.now()
      const grown = (await this.#log.head()) - head
      await this.#rest(
        restMs({ tookMs: nowMs - from, indexed: this.#at - before, arrived: grown, inMs: nowMs - sinceMs }),
      )
      sinceMs = nowMs
      head += grown
    }
  }

  async #rest(ms: number): Promise<void> {
    if (this.#stopping || this.#waiting.length > 0) return breathe()
    return new Promise(resolve => {
      const timer = setTimeout(resolve, ms)
      this.#endRest = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  #letGo(whom: (one: { readonly seq: Seq; readonly resolve: () => void }) => boolean): void {
    const gone = this.#waiting.filter(whom)
    if (gone.length === 0) return
    this.#waiting = this.#waiting.filter(one => !gone.includes(one))
    for (const { resolve } of gone) resolve()
  }
}

/**
 * How long to leave the writer to others, after a batch that took so long for so many entries, when in that many
 * milliseconds so many have come: as long again, and much longer where there is no keeping up.
 */
export function restMs(batch: { tookMs: number; indexed: number; arrived: number; inMs: number }): number {
  const { tookMs, indexed, arrived, inMs } = batch
  const isUnderLoad = arrived * 2 * tookMs > indexed * inMs
  return Math.min(isUnderLoad ? restsUnderLoad * tookMs : tookMs, restMsMax)
}

/** The words of these entries for the index, or of as many of the first as make a batch. */
export async function indexWrite(entries: readonly Entry[]): Promise<IndexWords> {
  const messages: IndexWords['messages'][number][] = []
  let upTo = 0
  let count = 0
  let units = 0
  for (const { kind, text, seq } of entries) {
    if (kind === 'text' || kind === 'edit') {
      const words = [...wordsOf(text)]
      if (words.length > 0) messages.push({ seq, words })
      count += words.length
      units += text.length
    }
    upTo = seq
    if (count >= batchWordsMax) break
    if (units < turnUnitsMax) continue
    units = 0
    await breathe()
  }
  return { kind: 'index-words', upTo, messages }
}
