// One reader's way through the log: everything of the account's behind a cursor, in order, without gap or double. What
// comes live is queued for it, within a bound; behind that bound, and behind a cursor of its own, it reads pages.
import { parseCursor } from '../protocol/cursor.ts'
import type { EntriesView, EntryView, ServerFrame } from '../protocol/v1.ts'
import { Closed, mayPass, Refused, NoAnswer } from './errors.ts'
import type { Emitter } from './events.ts'
import { isEntries } from './frames.ts'
import type { Call } from './http.ts'
import type { Link } from './link.ts'
import { backoffMs, pause, type Platform } from './platform.ts'
import { Verifier } from './verifier.ts'
import * as clientTexts from '../protocol/texts/client.ts'

/** What a reader is told, in order. `cursor` is where to go on from when this has been dealt with. */
export type Update =
  | { readonly type: 'entries'; readonly entries: readonly EntryView[]; readonly cursor: string | undefined }
  | { readonly type: 'beat'; readonly cursor: string }
  | { readonly type: 'diverged'; readonly shared: number }
  | { readonly type: 'truncated'; readonly floor: number }

type Queued = Extract<ServerFrame, { type: Update['type'] }>

/** Of what waits for a reader who is slow: a few seconds of a busy account; beyond it, it is dropped and read again. */
const queuedCharsMax = 4 * 2 ** 20
const queuedFramesMax = 10_000

/** As many as the server gives in one page: catching up is one request after the other. */
const pageEntries = 256

/** Cursors that are remembered for reading again: what is missing is noticed with the conversation's next entry. */
const marksMax = 256

export interface ReaderNeeds {
  readonly link: Link
  readonly call: Call
  readonly platform: Platform
  readonly emitter: Emitter
  /** The account's own name. */
  readonly me: string
}

export class Reader {
  readonly #needs: ReaderNeeds
  readonly #verifier: Verifier
  readonly #unfollow: () => void
  readonly #stop = new AbortController()
  #cursor: string | undefined
  #marks: { readonly seq: number; readonly cursor: string | undefined }[] = []
  #queue: { frame: Queued; chars: number }[] = []
  #queuedChars = 0
  /** The queue does not follow on the cursor: pages come first. */
  #behind: boolean
  /** Something was dropped from the queue since the last page was asked for. */
  #hole = false
  /** Gaps for which was read again already. */
  readonly #triedGaps = new Set<string>()
  /** What was read with the last update, and comes after it. */
  #next: Update | undefined
  #over: { why?: Error } | undefined
  #wake = () => {}

  /** `after` is a cursor, or `start`: everything that is kept. Without it, from now on. */
  constructor(needs: ReaderNeeds, after?: string) {
    this.#needs = needs
    this.#verifier = new Verifier(needs.me)
    const { link } = needs
    const given = after === 'start' ? undefined : after
    const begin = link.state.is === 'idle' ? given : link.cursor
    this.#behind = after !== undefined && after !== begin
    this.#unfollow = link.follow(
      {
        frame: (frame, chars) => this.#accept(frame, chars),
        failed: why => this.#finish(why instanceof Closed ? {} : { why }),
      },
      given,
    )
    const cursor = after ?? begin
    if (after === 'start') this.#beginAt(undefined, 0)
    else if (cursor !== undefined) this.#beginAt(cursor)
  }

  /** Where to go on from when all updates so far have been dealt with; undefined until the stream has begun. */
  get cursor(): string | undefined {
    return this.#cursor
  }

  /** The next update; undefined when the reader was closed. Not to be called again before it has answered. */
  async next(): Promise<Update | undefined> {
    for (;;) {
      if (this.#over !== undefined) {
        if (this.#over.why !== undefined) throw this.#over.why
        return undefined
      }
      const next = this.#next
      if (next !== undefined) {
        this.#next = undefined
        return next
      }
      // Pages before the link has a place would leave a hole between the two.
      const nothingYet = this.#behind ? this.#needs.link.cursor === undefined : this.#queue.length === 0
      if (nothingYet) {
        await new Promise<void>(resolve => (this.#wake = resolve))
        continue
      }
      const update = this.#behind ? await this.#page() : this.#takeQueued()
      if (update !== undefined) return update
    }
  }

  close(): void {
    this.#finish({})
  }

  #finish(over: { why?: Error }): void {
    if (this.#over !== undefined) return
    this.#over = over
    this.#unfollow()
    this.#queue = []
    this.#stop.abort(over.why ?? new Closed())
    this.#wake()
  }

  #beginAt(cursor: string | undefined, seq = parseCursor(cursor ?? '')?.seq): void {
    this.#cursor = cursor
    if (seq === undefined) return
    this.#verifier.begin(seq)
    this.#marks = [{ seq, cursor }]
  }

  /** Called by the link: queues, never waits. */
  #accept(frame: ServerFrame, chars: number): void {
    if (frame.type === 'hello') {
      if (this.#cursor === undefined && !this.#behind) this.#beginAt(frame.cursor)
    } else if (frame.type === 'entries' || frame.type === 'diverged' || frame.type === 'truncated') {
      this.#enqueue(frame, chars)
    } else if (frame.type === 'beat') {
      if (this.#queue.at(-1)?.frame.type === 'beat') this.#queue.pop()
      this.#enqueue(frame, 0)
    }
    this.#wake()
  }

  #enqueue(frame: Queued, chars: number): void {
    this.#queue.push({ frame, chars })
    this.#queuedChars += chars
    if (this.#queuedChars <= queuedCharsMax && this.#queue.length <= queuedFramesMax) return
    this.#clearQueue()
    this.#hole = true
    this.#behind = true
  }

  #clearQueue(): void {
    this.#queue = []
    this.#queuedChars = 0
  }

  #takeQueued(): Update | undefined {
    const first = this.#queue.shift()
    if (first === undefined) return undefined
    this.#queuedChars -= first.chars
    return this.#take(first.frame)
  }

  #take(frame: Queued): Update | undefined {
    if (frame.type === 'entries') return this.#verified(frame.entries, frame.cursor)
    if (frame.type === 'beat') return this.#moved(frame.cursor)
    return frame.type === 'diverged' ? this.#diverged(frame.shared) : this.#truncated(frame.floor)
  }

  #diverged(shared: number): Update {
    this.#verifier.rollBack(shared)
    this.#cutOff()
    this.#needs.emitter.emit('diverged', { shared })
    return { type: 'diverged', shared }
  }

  #truncated(floor: number): Update {
    this.#verifier.truncate(floor)
    this.#cutOff()
    this.#needs.emitter.emit('truncated', { floor })
    return { type: 'truncated', floor }
  }

  /** Older cursors lead nowhere any more. */
  #cutOff(): void {
    this.#marks = []
    this.#triedGaps.clear()
  }

  #moved(cursor: string): Update | undefined {
    if (cursor === this.#cursor) return undefined
    this.#mark(cursor, 0)
    return { type: 'beat', cursor }
  }

  #mark(cursor: string, lastSeq: number): void {
    this.#cursor = cursor
    this.#marks.push({ seq: parseCursor(cursor)?.seq ?? lastSeq, cursor })
    if (this.#marks.length > marksMax) this.#marks.splice(1, marksMax / 2)
  }

  /** What of `entries` is new. At a gap it stops, and the next thing that is done is to read again from before it. */
  #verified(entries: readonly EntryView[], cursor: string): Update | undefined {
    const fresh: EntryView[] = []
    for (const entry of entries) {
      const verdict = this.#verifier.judge(entry)
      if (verdict.is === 'seen') continue
      if (verdict.is === 'gap' && this.#goBack(entry, verdict.seen)) {
        return fresh.length === 0 ? undefined : { type: 'entries', entries: fresh, cursor: this.#cursor }
      }
      this.#verifier.pass(entry)
      fresh.push(entry)
    }
    if (fresh.length === 0) return this.#moved(cursor)
    this.#mark(cursor, entries.at(-1)?.seq ?? 0)
    return { type: 'entries', entries: fresh, cursor }
  }

  /** Whether reading again may help: there is a cursor from before the gap, and it was not tried yet. */
  #goBack({ conversation, seq, prev }: EntryView, seen: number | undefined): boolean {
    const key = `${conversation}:${prev}`
    const mark = this.#marks.findLast(one => one.seq <= (seen ?? this.#verifier.from))
    const lasting = mark === undefined || this.#triedGaps.has(key)
    this.#needs.emitter.emit('gap', { conversation, seq, prev, seen, lasting })
    if (lasting) return false
    this.#triedGaps.add(key)
    this.#cursor = mark.cursor
    this.#marks = this.#marks.filter(one => one.seq <= mark.seq)
    this.#behind = true
    return true
  }

  async #page(): Promise<Update | undefined> {
    this.#clearQueue()
    this.#hole = false
    const page = await this.#readPage()
    if (page === undefined) return undefined
    // What came live since the page was asked for follows on the last page, and is queued already.
    this.#behind = page.more || this.#hole
    const { diverged, truncated } = page
    const cut =
      diverged === undefined
        ? truncated === undefined
          ? undefined
          : this.#truncated(truncated)
        : this.#diverged(diverged)
    const update = this.#verified(page.entries, page.cursor)
    if (!this.#behind) this.#triedGaps.clear()
    if (cut === undefined) return update
    this.#next = update
    return cut
  }

  async #readPage(): Promise<EntriesView | undefined> {
    const { call, platform } = this.#needs
    for (let failures = 1; ; failures += 1) {
      try {
        const page = await call<EntriesView>('GET', '/entries', {
          query: { after: this.#cursor, limit: pageEntries },
          signal: this.#stop.signal,
        })
        if (!isEntries(page.entries) || typeof page.cursor !== 'string') throw new NoAnswer(clientTexts.pageBroken)
        return page
      } catch (error) {
        if (this.#over !== undefined) return undefined
        if (!mayPass(error)) throw error
        const askedMs = error instanceof Refused ? (error.retryAfterSeconds ?? 0) * 1000 : 0
        await pause(platform, askedMs + backoffMs(failures, platform.random), this.#stop.signal).catch(() => {})
      }
    }
  }
}
