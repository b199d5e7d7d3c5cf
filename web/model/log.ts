// One conversation's entries as far as they were loaded: a stretch of the log without a hole, in blocks that stay as they
// are when more comes before or after them, so that a view need only look at a block that changed.
import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals'
import { changed, type KeptEntry } from '../../src/sdk/copy/conversation.ts'
import type { EntryView, Me } from '../../src/sdk/sdk.ts'
import { type CopiedLog, copiedLog } from './copied.ts'

/** One line of a conversation: a message, an erased one, or something that happened in the room. */
export type Line = KeptEntry

/** Lines that belong together in memory, not for the reader; `key` stays the same for the block's life. */
export interface Block {
  readonly key: number
  readonly lines: Signal<readonly Line[]>
}

/** What a view is asked to bring into sight; `nth` makes the same seq asked for twice two requests. */
export interface Sight {
  readonly seq: number
  readonly nth: number
  readonly why: 'asked' | 'unread'
}

/** As many as a tall window shows twice: a page is one request and one block. */
const pageEntries = 60

/** Lines of a block that still grows; small enough that one more line costs little to draw. */
const blockLinesMax = 60

/** Blocks of a log that grows for days, or is read back for hours: some 25,000 lines, a few tens of megabytes. */
const blocksMax = 400

/** Blocks that are kept of a conversation that nobody looks at. */
const restingBlocks = 2

/** Blocks at the end that hold more than is copied. */
const copiedBlocks = 4

/** A conversation's id; `none` once the server has said that it has not begun; undefined while that is not known. */
export type Whereabouts = number | 'none' | undefined

export class Log {
  readonly #me: Me
  readonly #id: () => Whereabouts
  readonly blocks: Signal<readonly Block[]> = signal([])
  /** `empty` nothing was asked for; `failed` what was asked for did not come. */
  readonly state: Signal<'empty' | 'loading' | 'ready' | 'failed'> = signal('empty')
  /** The first entry that one may read is there. */
  readonly hasStart = signal(false)
  /** The last entry is there, and new ones are added as they come. */
  readonly hasEnd = signal(false)
  readonly sight: Signal<Sight | undefined> = signal(undefined)
  /** Told by the view: the reader is at the end, and does not read back. */
  isFollowed = true
  /** Its newest lines, to be kept in the browser; undefined where the end is not loaded. */
  readonly copied: ReadonlySignal<CopiedLog | undefined> = computed(() => this.#copy())
  /** No page was read: there was nothing, as the server said. */
  #isAssumed = false
  /** The lowest and highest entries that were looked at; entries that are no lines count too. */
  #firstSeq = 0
  #lastSeq = 0
  /** Messages of which an edit was seen: a page has their present text, and does not say that it was another. */
  readonly #edited = new Set<number>()
  /** What came while a page was on its way. */
  #meanwhile: EntryView[] = []
  #loading: Promise<boolean> | undefined
  /** How often everything was dropped: a page that was asked for before belongs nowhere any more. */
  #resets = 0
  #keys = 0
  #sights = 0

  constructor(me: Me, id: () => Whereabouts) {
    this.#me = me
    this.#id = id
  }

  /** The highest entry that was seen here, whether or not it is a line. */
  get lastSeq(): number {
    return this.#lastSeq
  }

  /** Begins with lines that were kept; what comes next must be all that came since. */
  restore({ lines, hasStart, lastSeq }: CopiedLog): void {
    if (this.state.value !== 'empty') return
    this.blocks.value = [this.#block(lines)]
    this.#firstSeq = lines[0]?.seq ?? 0
    this.#lastSeq = Math.max(lastSeq, lines.at(-1)?.seq ?? 0)
    // A first line that names one before it is not the first.
    this.hasStart.value = hasStart && (lines[0]?.prev ?? 0) === 0
    this.hasEnd.value = true
    this.state.value = 'ready'
  }

  /** Loads the end of the log, unless it is there. */
  async openAtEnd(): Promise<void> {
    if (this.hasEnd.value) return
    await this.#load(async id => this.#begin(await this.#page(id, {}), undefined))
  }

  /** Loads what is around an entry, unless it is there, and asks the view to show it. */
  async openAt(seq: number, why: Sight['why'] = 'asked'): Promise<void> {
    if (this.#id() === undefined) return
    // Another page may be on its way, which may even hold it.
    if (!this.holds(seq)) await this.#loading
    if (!this.holds(seq)) {
      await this.#load(async id => {
        const [before, after] = await Promise.all([this.#page(id, { before: seq + 1 }), this.#page(id, { after: seq })])
        this.#begin({ entries: [...before.entries, ...after.entries], more: before.more }, after.more)
      })
    }
    this.#sights += 1
    this.sight.value = { seq, nth: this.#sights, why }
  }

  /** Back to the end from wherever one is. */
  async toEnd(): Promise<void> {
    if (!this.hasEnd.value) this.reset()
    await this.openAtEnd()
  }

  /** Loads the page before what is there; resolves with whether it came. */
  loadOlder(): Promise<boolean> {
    if (this.state.value !== 'ready' || this.hasStart.value) return Promise.resolve(true)
    return this.#load(async id => {
      const { entries, more } = await this.#page(id, { before: this.#firstSeq })
      this.#apply(entries, lines => {
        if (lines.length > 0) this.blocks.value = [this.#block(lines), ...this.blocks.value]
      })
      this.#firstSeq = entries[0]?.seq ?? this.#firstSeq
      this.hasStart.value = !more
      this.#keepFirst(blocksMax)
    })
  }

  /** Loads the page after what is there; resolves with whether it came. */
  loadNewer(): Promise<boolean> {
    if (this.state.value !== 'ready' || this.hasEnd.value) return Promise.resolve(true)
    return this.#load(async id => {
      const { entries, more } = await this.#page(id, { after: this.#lastSeq })
      this.#append(entries)
      if (!more) this.#reachEnd()
      this.#keepLast(blocksMax)
    })
  }

  /** An entry of this conversation that comes live. */
  heard(entry: EntryView): void {
    if (this.#loading !== undefined) this.#meanwhile.push(entry)
    // Something before it was not seen: a log with a hole would hide it for ever.
    if (this.hasEnd.value && entry.prev > this.#lastSeq) this.reset()
    else if (this.hasEnd.value) this.#grow(entry)
    else if (entry.kind === 'edit' || entry.kind === 'delete') this.#change(entry)
  }

  /** The server lists the conversation after all, up to `lastSeq`: what was not seen of it is loaded. */
  begun(lastSeq: number): void {
    if (this.#isAssumed && lastSeq > this.#lastSeq) this.reset()
    this.#isAssumed = false
  }

  /** How many messages of others stand after `seq`; undefined where not all of them are loaded. */
  countAfter(seq: number, me: string): number | undefined {
    if (!this.hasEnd.value || (this.#firstSeq > seq + 1 && !this.hasStart.value)) return undefined
    const lines = this.blocks.value.flatMap(block => block.lines.value)
    return lines.filter(line => line.seq > seq && line.kind === 'text' && line.sender !== me).length
  }

  /** The last message of mine that can be edited. */
  lastOwn(me: string): Line | undefined {
    for (const block of this.blocks.value.toReversed()) {
      const line = block.lines.value.findLast(({ sender, kind }) => sender === me && kind === 'text')
      if (line !== undefined) return line
    }
    return undefined
  }

  /** Whether a line is loaded. */
  holds(seq: number): boolean {
    return this.find(seq) !== undefined
  }

  find(seq: number): Line | undefined {
    for (const block of this.blocks.value) {
      const line = block.lines.value.find(one => one.seq === seq)
      if (line !== undefined) return line
    }
    return undefined
  }

  /** Nobody looks at it: what lies far back can be loaded again. */
  rest(): void {
    this.sight.value = undefined
    if (this.hasEnd.value) this.#keepLast(restingBlocks)
  }

  /** Drops everything; what is looked at again is loaded again. */
  reset(): void {
    this.#resets += 1
    this.#loading = undefined
    this.#isAssumed = false
    this.#firstSeq = 0
    this.#lastSeq = 0
    this.blocks.value = []
    this.state.value = 'empty'
    this.hasStart.value = false
    this.hasEnd.value = false
    this.sight.value = undefined
  }

  /** The log was rolled back: what stood after `shared` is gone. An edit among it may have changed any line. */
  dropAfter(shared: number): void {
    const isTouched = this.#loading !== undefined || this.#lastSeq > shared
    if (this.state.value !== 'empty' && isTouched) this.reset()
  }

  /** Rejects where everything was dropped meanwhile. */
  async #page(id: number, at: { before?: number; after?: never } | { after?: number; before?: never }) {
    const resets = this.#resets
    const page = await this.#me.conversations.history(id, { ...at, limit: pageEntries })
    if (resets !== this.#resets) throw new Error('overtaken')
    return page
  }

  /**
   * One page at a time; a conversation that nobody has written in is all there. While it is not known whether there is
   * one, nothing is: the view asks again once that is known.
   */
  #load(step: (id: number) => Promise<void>): Promise<boolean> {
    if (this.#loading !== undefined) return this.#loading
    const id = this.#id()
    if (id === undefined) return Promise.resolve(false)
    if (id === 'none') {
      this.#isAssumed = true
      this.state.value = 'ready'
      this.hasStart.value = true
      this.hasEnd.value = true
      return Promise.resolve(true)
    }
    if (this.state.value !== 'ready') this.state.value = 'loading'
    this.#meanwhile = []
    this.#loading = this.#run(() => step(id))
    return this.#loading
  }

  async #run(step: () => Promise<void>): Promise<boolean> {
    const resets = this.#resets
    const isCome = await step().then(
      () => true,
      () => false,
    )
    if (resets !== this.#resets) return false
    this.#loading = undefined
    this.state.value = isCome || this.blocks.value.length > 0 ? 'ready' : 'failed'
    return isCome
  }

  /** Begins anew with these entries. `moreAfter` is undefined where they are the log's end. */
  #begin({ entries, more }: { entries: readonly EntryView[]; more: boolean }, moreAfter: boolean | undefined): void {
    this.blocks.value = []
    this.#firstSeq = entries[0]?.seq ?? 0
    this.#lastSeq = 0
    this.hasStart.value = !more
    this.hasEnd.value = false
    this.#append(entries)
    if (moreAfter !== true) this.#reachEnd()
  }

  #reachEnd(): void {
    this.hasEnd.value = true
    this.#append(this.#meanwhile)
    this.#meanwhile = []
  }

  /** Adds what follows on; what came already is passed over. */
  #append(entries: readonly EntryView[]): void {
    const fresh = entries.filter(({ seq }) => seq > this.#lastSeq)
    this.#apply(fresh, lines => {
      let rest = lines
      const growing = this.blocks.value.at(-1)
      const room = blockLinesMax - (growing?.lines.value.length ?? blockLinesMax)
      if (growing !== undefined && room > 0 && rest.length > 0) {
        growing.lines.value = [...growing.lines.value, ...rest.slice(0, room)]
        rest = rest.slice(room)
      }
      if (rest.length > 0) this.blocks.value = [...this.blocks.value, this.#block(rest)]
    })
    this.#lastSeq = fresh.at(-1)?.seq ?? this.#lastSeq
  }

  /** One more at the end. Over its bound the log lets go of the end that the reader is far from. */
  #grow(entry: EntryView): void {
    this.#append([entry])
    if (this.blocks.value.length <= blocksMax) return
    if (this.isFollowed) this.#keepLast(blocksMax / 2)
    else this.#keepFirst(blocksMax)
  }

  /** Hands on the lines among `entries`, then changes those that the rest is about. */
  #apply(entries: readonly EntryView[], put: (lines: readonly Line[]) => void): void {
    for (const { kind, refersTo } of entries) if (kind === 'edit' && refersTo !== undefined) this.#edited.add(refersTo)
    put(entries.filter(isLine).map(entry => (this.#edited.has(entry.seq) ? { ...entry, edited: true } : entry)))
    for (const entry of entries) if (!isLine(entry)) this.#change(entry)
  }

  #change(change: EntryView): void {
    const { refersTo } = change
    if (refersTo === undefined || isLine(change)) return
    for (const block of this.blocks.value) {
      const index = block.lines.value.findIndex(({ seq }) => seq === refersTo)
      const line = block.lines.value[index]
      if (line === undefined) continue
      block.lines.value = block.lines.value.with(index, changed(line, change))
      return
    }
  }

  /** Lets go of the end, to be loaded again when it is looked at. */
  #keepFirst(count: number): void {
    if (this.blocks.value.length <= count) return
    this.blocks.value = this.blocks.value.slice(0, count)
    this.#lastSeq = this.blocks.value.at(-1)?.lines.value.at(-1)?.seq ?? this.#lastSeq
    this.hasEnd.value = false
  }

  #keepLast(count: number): void {
    if (this.blocks.value.length <= count) return
    this.blocks.value = this.blocks.value.slice(-count)
    this.#firstSeq = this.blocks.value[0]?.lines.value[0]?.seq ?? this.#firstSeq
    this.hasStart.value = false
  }

  #copy(): CopiedLog | undefined {
    const newest = this.blocks.value.slice(-copiedBlocks)
    if (!this.hasEnd.value || newest.length === 0) return undefined
    const hasStart = this.hasStart.value && newest.length === this.blocks.value.length
    const lines = newest.flatMap(block => block.lines.value)
    return copiedLog({ lines, hasStart, lastSeq: this.#lastSeq })
  }

  #block(lines: readonly Line[]): Block {
    this.#keys += 1
    return { key: this.#keys, lines: signal(lines) }
  }
}

function isLine({ kind }: EntryView): boolean {
  return kind !== 'edit' && kind !== 'delete'
}
