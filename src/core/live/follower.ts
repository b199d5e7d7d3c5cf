// One live reader: the entries of one account after its cursor, from the store while it is behind and from the tail once
// it has caught up. It is pulled by its connection, which writes at the speed of the other end.
import type { EndFrame, EntryView, SoftEvent } from '../../protocol/v1.ts'
import type { Account, AccountId, ConversationId, Seq, Session, SessionId, Store } from '../../store/store.ts'
import type { Later } from '../kit/clock.ts'
import type { Directory } from '../people/directory.ts'
import { readPlaced } from '../conversations/entry-views.ts'
import { heldEntriesMax, mergeRanges } from '../conversations/merge.ts'
import type { Reach } from '../conversations/readable-ranges.ts'
import { stretchesOf } from '../conversations/ranges.ts'
import type { Tail } from '../log/tail.ts'

export type FollowStore = Pick<
  Store,
  | 'conversation'
  | 'intervalsOf'
  | 'ownersAmong'
  | 'sessionsOf'
  | 'lastSeqs'
  | 'lastEdits'
  | 'seqsOf'
  | 'seqsBefore'
  | 'entriesAt'
>

/** For readers whose membership began after the message that an edit or a delete is about. */
interface Limited {
  readonly message: Seq
  /** The accounts of the readers that were there when it was prepared. */
  readonly accounts: ReadonlySet<AccountId>
  /** Those of them to whom the message belongs by an earlier membership. */
  readonly owners: ReadonlySet<AccountId>
  readonly instead: Tailed
}

/** An entry on its way to readers: its JSON is made once. */
export interface Tailed {
  readonly seq: Seq
  readonly storedAtMs: number
  readonly prev: Seq
  readonly view: EntryView
  readonly json: string
  /** Of an edit or a delete whose message not every reader may read: what the others get. */
  readonly limited?: Limited
}

/** What a connection is to write next. */
export type Live =
  | { readonly kind: 'entries'; readonly json: readonly string[]; readonly last: Seq; readonly storedAtMs: number }
  /** Nothing more for this account up to here. */
  | { readonly kind: 'beat'; readonly last: Seq; readonly storedAtMs: number }
  | { readonly kind: 'soft'; readonly events: readonly SoftEvent[] }
  | { readonly kind: 'end'; readonly reason: EndFrame['reason'] }

export interface Bounds {
  /** UTF-16 units of JSON that may wait for one reader. */
  readonly queueUnitsMax: number
  /** Units handed to a connection at once, unless a single entry has more. */
  readonly frameUnitsMax: number
  /** Entries read from the store at once, and held until they are written. */
  readonly pageEntries: number
}

export const boundsUsual: Bounds = {
  // Some seconds of a busy room, and little enough for thousands of readers.
  queueUnitsMax: 262_144,
  // Small enough that a reader on a slow line gets on with each, and can answer a ping behind it.
  frameUnitsMax: 65_536,
  pageEntries: heldEntriesMax,
}

/** Soft events that may wait; the oldest go first, since each is only true for a moment. */
const softMax = 64

/** The same for all readers: one object, not one for each of ten thousand. */
export interface FollowerNeeds {
  readonly store: FollowStore
  readonly directory: Directory
  readonly reach: Reach
  readonly tail: Tail
  readonly later: Later
  readonly bounds: Bounds
}

/** Whose the reader is. */
interface Reader {
  readonly account: Account
  readonly session: Session
  /** Not beyond where the tail is. */
  readonly after: Seq
}

/** An entry that waits to be handed on. */
type Ready = Pick<Tailed, 'seq' | 'storedAtMs' | 'json'>

export class Follower implements Disposable {
  readonly account: AccountId
  readonly session: SessionId
  readonly #needs: FollowerNeeds
  /** The conversations that it is in, as of the tail, and where its membership begins. */
  readonly #joined = new Map<ConversationId, Seq>()
  /** Everything of this account's up to here has been handed on. */
  #at: Seq
  #behind = true
  #queue: Ready[] = []
  #queueUnits = 0
  #soft: SoftEvent[] = []
  #over: EndFrame['reason'] | undefined
  #wake: (() => void) | undefined
  #dispose: () => void = () => {}
  #onEnd: (reason: EndFrame['reason']) => void = () => {}

  constructor(needs: FollowerNeeds, { account, session, after }: Reader) {
    this.#needs = needs
    this.account = account.id
    this.session = session.id
    this.#at = after
  }

  // ── Fed by Followers, in the turn of the tail ──

  /** True if it was not in there. */
  join(conversation: ConversationId, joinedSeq: Seq): boolean {
    if (this.#joined.has(conversation)) return false
    this.#joined.set(conversation, joinedSeq)
    return true
  }

  leave(conversation: ConversationId): void {
    this.#joined.delete(conversation)
  }

  /** UTF-16 units that wait for the connection, for counting. */
  get queuedUnits(): number {
    return this.#queueUnits
  }

  /** Where the membership begins that goes on; undefined where it is not in there. */
  joinedSeq(conversation: ConversationId): Seq | undefined {
    return this.#joined.get(conversation)
  }

  conversations(): Iterable<ConversationId> {
    return this.#joined.keys()
  }

  /** Never waits: what does not fit is read from the store later. */
  take(entry: Tailed): void {
    if (this.#behind || entry.seq <= this.#at) return
    const ready = this.#asSeenHere(entry)
    this.#queueUnits += ready.json.length
    if (this.#queueUnits > this.#needs.bounds.queueUnitsMax) this.fallBehind()
    else this.#queue.push(ready)
  }

  /** Loses its queue, not its place. */
  fallBehind(): void {
    this.#behind = true
    this.#queue = []
    this.#queueUnits = 0
  }

  tell(event: SoftEvent): void {
    if (this.#soft.length === softMax) this.#soft.shift()
    this.#soft.push(event)
    this.wake()
  }

  end(reason: EndFrame['reason']): void {
    if (this.#over === undefined) this.#onEnd(reason)
    this.#over ??= reason
    this.wake()
  }

  wake(): void {
    this.#wake?.()
  }

  /** Calls `run` in the very turn in which this ends, be its connection waiting for a reader that does not read. */
  onEnd(run: (reason: EndFrame['reason']) => void): void {
    this.#onEnd = run
    if (this.#over !== undefined) run(this.#over)
  }

  onDispose(dispose: () => void): void {
    this.#dispose = dispose
  }

  [Symbol.dispose](): void {
    this.#dispose()
    this.end('stopping')
  }

  // ── Pulled by the connection ──

  /**
   * What comes next, until the session or the server ends (the last one says so) or `signal` aborts. After `beatMs`
   * without anything it gives a beat, whose place is a good cursor.
   */
  async *live(signal: AbortSignal, beatMs: number): AsyncGenerator<Live, void, undefined> {
    const wake = () => this.wake()
    signal.addEventListener('abort', wake)
    try {
      while (!signal.aborted) {
        if (this.#over !== undefined) {
          yield { kind: 'end', reason: this.#over }
          return
        }
        if (this.#behind) yield* this.#catchUp(signal)
        else if (this.#queue.length > 0) yield this.#next()
        else if (this.#soft.length > 0) yield { kind: 'soft', events: this.#soft.splice(0) }
        else if (!(await this.#woken(beatMs)) && this.#isIdle()) yield this.#beat()
      }
    } finally {
      signal.removeEventListener('abort', wake)
    }
  }

  /** Reads the store up to where the tail is; from there on the queue goes on. */
  async *#catchUp(signal: AbortSignal): AsyncGenerator<Live, void, undefined> {
    const { store, directory, reach, tail } = this.#needs
    const rangesOf = (conversation: ConversationId) => reach.of(this.account, conversation)
    // In one turn: what the tail delivers after `upTo` goes into the queue.
    const upTo = tail.at
    const storedAtMs = tail.atStoredMs
    this.#behind = false
    const ranges = await stretchesOf(store, this.account, this.#at, upTo)
    for await (const page of mergeRanges(store, ranges, this.#needs.bounds.pageEntries)) {
      const views = await readPlaced({ log: store, directory, rangesOf }, page)
      while (views.length > 0) {
        if (signal.aborted || this.#over !== undefined) return
        yield this.#frameOf(this.#readyFor(views))
      }
    }
    if (upTo <= this.#at) return
    this.#at = upTo
    yield { kind: 'beat', last: upTo, storedAtMs }
  }

  #next(): Live {
    const frame = this.#frameOf(this.#queue)
    for (const json of frame.json) this.#queueUnits -= json.length
    return frame
  }

  /**
   * Takes the oldest of `views`, as much as fits a frame; at least one. The others stay as they were read: as JSON a text
   * may be six times as large.
   */
  #readyFor(views: EntryView[]): Ready[] {
    const ready: Ready[] = []
    let units = 0
    for (const view of views) {
      const one = readyOf(view)
      units += one.json.length
      if (ready.length > 0 && units > this.#needs.bounds.frameUnitsMax) break
      ready.push(one)
    }
    views.splice(0, ready.length)
    return ready
  }

  /** Takes the oldest of `waiting`, as much as fits a frame; at least one. */
  #frameOf(waiting: Ready[]): Extract<Live, { kind: 'entries' }> {
    let units = 0
    let count = 0
    for (const { json } of waiting) {
      if (count > 0 && units + json.length > this.#needs.bounds.frameUnitsMax) break
      units += json.length
      count += 1
    }
    const taken = waiting.splice(0, count)
    const last = taken.at(-1)
    this.#at = last?.seq ?? this.#at
    return { kind: 'entries', json: taken.map(({ json }) => json), last: this.#at, storedAtMs: last?.storedAtMs ?? 0 }
  }

  /** Whether nothing waits; asked again in the turn in which a beat is given, since the tail may just have been here. */
  #isIdle(): boolean {
    return !this.#behind && this.#queue.length === 0 && this.#over === undefined
  }

  /** With nothing in the queue, whatever the tail has passed and was not put there is not this account's. */
  #beat(): Live {
    const { tail } = this.#needs
    this.#at = tail.at
    return { kind: 'beat', last: tail.at, storedAtMs: tail.atStoredMs }
  }

  /** True when something happened, false when the time is over. */
  #woken(beatMs: number): Promise<boolean> {
    return new Promise(resolve => {
      const settle = (isWoken: boolean) => {
        callOff()
        this.#wake = undefined
        resolve(isWoken)
      }
      const callOff = this.#needs.later(beatMs, () => settle(false))
      this.#wake = () => settle(true)
    })
  }

  /** For one who joined with this entry nothing was before it. */
  #asSeenHere(entry: Tailed): Tailed {
    const { prev, view, seq } = entry
    const joined = this.#joined.get(view.conversation) ?? seq
    return prev === 0 || prev >= joined ? entry : { ...entry, prev: 0, json: JSON.stringify({ ...view, prev: 0 }) }
  }
}

function readyOf(view: EntryView): Ready {
  return { seq: view.seq, storedAtMs: Math.round(view.storedAt * 1_000), json: JSON.stringify(view) }
}
