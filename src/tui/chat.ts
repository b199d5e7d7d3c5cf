// A session as a person sees it: keeps the state that the screen shows up to date from the live stream, asks the server
// for what is looked at, and sends. It draws nothing, reads no keys, and never ends the process.
import { randomUUID } from 'node:crypto'
import type { Sentence } from '../protocol/texts/sentence.ts'
import type { Address, EntryView, SoftEvent } from '../protocol/v1.ts'
import {
  byActivity,
  type Copy,
  emptyCopy,
  indexOfSeq,
  type KeptConversation,
  listed,
  paged,
  readUpTo,
  received,
  trim,
  without,
} from '../sdk/copy/copy.ts'
import { again, arrived, begun, failed, stored } from '../sdk/copy/outgoing.ts'
import { Closed, type Me, Refused, type Update } from '../sdk/sdk.ts'
import { layoutOf, timelineFor } from './model/frame.ts'
import * as model from './model/state.ts'
import type { ChatState } from './model/state.ts'
import { windowOf } from './model/timeline.ts'

/** How the chat ended: by the person, who stays signed in or not, or because the session is over. */
export type Ending = 'left' | 'signed-out' | 'over'

/** Entries of the first page and of each one before it: some screens full. */
const pageEntries = 100

/** Conversations of one page of the list. */
const listPage = 100

/** People who were last talked to, of whom it is shown whether they are here. */
const presencesMax = 50

/** Entries that are kept of a conversation that nobody looks at. */
const keptEntriesMax = 400

/** Said again at most this often, and over when it is not heard for twice as long. */
const typingSeconds = 3

export class Chat implements AsyncDisposable {
  readonly me: Me
  #state: ChatState
  readonly #listeners = new Set<() => void>()
  readonly #stop = new AbortController()
  readonly #ended = Promise.withResolvers<Ending>()
  /** What is being asked for now, so that nothing is asked twice at once. */
  readonly #asking = new Set<string>()
  readonly #failed = new Set<string>()
  /** How far was read while the server could not be told. */
  readonly #untold = new Map<number, number>()
  readonly #keyPrefix = randomUUID()
  readonly #members = new Map<number, readonly string[]>()
  #keys = 0
  #typedAt = 0
  #settling = false
  #ticking: NodeJS.Timeout | undefined

  constructor(me: Me, size: model.Size) {
    this.me = me
    this.#state = model.beginning(me.name, size, Date.now() / 1000)
  }

  get state(): ChatState {
    return this.#state
  }

  /** Aborts when the chat ends. */
  get signal(): AbortSignal {
    return this.#stop.signal
  }

  /** Calls `listener` after each change until the result is called. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  change(by: (state: ChatState) => ChatState): void {
    const before = this.#state
    this.#state = { ...by(before), now: Date.now() / 1000 }
    for (const listener of this.#listeners) listener()
    if (this.#settling) return
    this.#settling = true
    queueMicrotask(() => {
      this.#settling = false
      this.#settle()
    })
  }

  changeCopy(by: (copy: Copy) => Copy): void {
    this.change(state => ({ ...state, copy: by(state.copy) }))
  }

  /** Follows the session until `end`. */
  async run(): Promise<Ending> {
    this.#ticking = setInterval(() => this.#tick(), 1_000)
    void this.#followStates()
    void this.#followUpdates()
    void this.#followSoft()
    return await this.#ended.promise
  }

  end(how: Ending): void {
    this.#ended.resolve(this.#state.link === 'over' ? 'over' : how)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#ticking)
    this.#stop.abort(new Closed())
    await this.me.close()
  }

  /** Reads the list anew; where that fails, again once the connection is back. */
  async #refresh(): Promise<void> {
    await this.#once('list', async () => {
      try {
        await this.#readList()
      } catch (error) {
        if (error instanceof Refused) this.note(error.message, 'bad')
        throw error
      }
    })
  }

  async #readList(): Promise<void> {
    for (let before: number | undefined; ; ) {
      const page = await this.me.conversations.list({ ...(before && { before }), limit: listPage })
      this.changeCopy(copy => listed(copy, page.conversations))
      before = page.conversations.at(-1)?.lastSeq
      if (!page.more || before === undefined) break
    }
    this.change(state => ({ ...state, isListed: true }))
    const [newest] = byActivity(this.#state.copy)
    if (this.#state.open === undefined && newest !== undefined) this.open(newest.view.address)
  }

  open(address: Address): void {
    const left = model.openConversation(this.#state)
    this.change(state => {
      const next = model.opened(state, address)
      const isOther = left !== undefined && model.openConversation(next) !== left
      return isOther ? { ...next, copy: trim(next.copy, left.view.id, keptEntriesMax) } : next
    })
  }

  /** Sends to what is open; the echo is there at once. */
  send(text: string): void {
    const { open } = this.#state
    if (open !== undefined) this.sendTo(open, text)
  }

  sendTo(to: Address, text: string): void {
    this.#keys += 1
    const key = `${this.#keyPrefix}-${this.#keys}`
    this.change(state => {
      const outbox = begun(state.outbox, { key, to, text, at: Date.now() / 1000 })
      return model.withPane({ ...state, outbox }, { scroll: undefined, newAfter: undefined, marked: undefined }, to)
    })
    void this.#deliver(key, to, text)
  }

  /** Tries a message again that was not sent. */
  retry(key: string): void {
    const one = this.#state.outbox.find(({ key: its, state }) => its === key && state === 'failed')
    if (one === undefined) return
    this.change(state => ({ ...state, outbox: again(state.outbox, key) }))
    void this.#deliver(key, one.to, one.text)
  }

  /** Tells the others, now and then. */
  typing(): void {
    const { open, now } = this.#state
    if (open === undefined || now - this.#typedAt < typingSeconds) return
    this.#typedAt = now
    this.me.typing(open)
  }

  note(text: string, tone: model.Note['tone'] = 'plain', address = this.#state.open): void {
    this.change(state => model.noted(state, { text, tone }, address))
  }

  hint(hint: Sentence): void {
    this.change(state => ({ ...state, hint }))
  }

  question(text: Sentence, answer: () => void): void {
    this.change(state => ({ ...state, question: { text, answer } }))
  }

  /** Does what may be refused; the reason is shown where it was asked for. */
  async attempt(work: () => Promise<void>): Promise<void> {
    const { open } = this.#state
    try {
      await work()
    } catch (error) {
      if (!this.signal.aborted) this.note(reasonOf(error), 'bad', open)
    }
  }

  /** Older entries of a conversation; whether any came. */
  async loadOlder(kept: KeptConversation): Promise<boolean> {
    const { id } = kept.view
    await this.#askHistory(kept)
    const after = this.#state.copy.conversations.get(id)
    return after !== undefined && after.entries !== kept.entries
  }

  /** Names of who is in the open conversation, as far as they were asked for. */
  membersHere(): readonly string[] {
    const kept = model.openConversation(this.#state)
    return kept === undefined ? [] : (this.#members.get(kept.view.id) ?? [])
  }

  async #deliver(key: string, to: Address, text: string): Promise<void> {
    try {
      const { seq, conversation } = await this.me.send(to, text, { clientId: key })
      this.change(state => {
        const entries = state.copy.conversations.get(conversation)?.entries ?? []
        return { ...state, outbox: stored(state.outbox, key, seq, indexOfSeq(entries, seq) !== -1) }
      })
    } catch (error) {
      if (!this.signal.aborted) this.change(state => ({ ...state, outbox: failed(state.outbox, key, reasonOf(error)) }))
    }
  }

  async #followStates(): Promise<void> {
    try {
      for await (const { is } of this.me.states({ signal: this.signal })) {
        if (is === 'live') this.#failed.clear()
        this.change(state => ({ ...state, link: is }))
        if (is === 'live') void this.#comeBack()
      }
    } catch (error) {
      if (!this.signal.aborted) throw error
    }
  }

  async #comeBack(): Promise<void> {
    // Not before the stream is there: what came between the two would be missed.
    if (!this.#state.isListed) await this.#refresh()
    this.#askPresences()
    for (const [id, seq] of this.#untold) void this.#tellRead(id, seq)
  }

  async #followUpdates(): Promise<void> {
    try {
      for await (const update of this.me.updates({ signal: this.signal })) this.#take(update)
    } catch (error) {
      if (!this.signal.aborted) this.change(state => ({ ...state, link: 'over', hint: undefined }))
      if (!(error instanceof Refused) && !this.signal.aborted) this.note(reasonOf(error), 'bad')
    }
  }

  #take(update: Update): void {
    if (update.type === 'entries') return this.#receive(update.entries)
    if (update.type === 'beat') return
    // What is held may be wrong from here on: all of it is read anew.
    this.change(state => ({ ...state, copy: emptyCopy, isListed: false }))
    void this.#refresh()
  }

  #receive(entries: readonly EntryView[]): void {
    this.change(state => {
      const known = entries.filter(({ conversation }) => state.copy.conversations.has(conversation))
      const copy = received(state.copy, entries, state.me)
      const outbox = arrived(state.outbox, known, state.me)
      const spoken = new Set(entries.map(({ conversation, sender }) => `${conversation} ${sender}`))
      const typing = state.typing.filter(({ conversation, who }) => !spoken.has(`${conversation} ${who}`))
      return { ...state, copy, outbox, typing }
    })
  }

  async #followSoft(): Promise<void> {
    try {
      for await (const event of this.me.soft({ signal: this.signal })) this.#soften(event)
    } catch {
      // Hints only; that the session is over is told by the updates.
    }
  }

  #soften(event: SoftEvent): void {
    this.change(state => {
      if (event.kind === 'read') {
        return { ...state, copy: readUpTo(state.copy, event.conversation, event.who, event.seq, state.me) }
      }
      if (event.kind === 'presence') {
        const { who, kind: _, ...presence } = event
        return { ...state, presences: new Map(state.presences).set(who, presence) }
      }
      if (event.kind !== 'typing' || event.who === state.me) return state
      const others = state.typing.filter(one => one.conversation !== event.conversation || one.who !== event.who)
      const { conversation, who } = event
      return { ...state, typing: [...others, { conversation, who, until: state.now + 2 * typingSeconds }] }
    })
  }

  /** Lets go of who types no more; a new minute may be a new day. */
  #tick(): void {
    const { typing, now } = this.#state
    const at = Date.now() / 1000
    if (typing.some(one => one.until <= at) || Math.floor(now / 60) !== Math.floor(at / 60)) {
      this.change(state => ({ ...state, typing: state.typing.filter(one => one.until > at) }))
    }
  }

  // ── What follows from what is looked at ──

  #settle(): void {
    if (this.signal.aborted) return
    for (const id of this.#state.copy.unknown) void this.#askConversation(id)
    const kept = model.openConversation(this.#state)
    if (kept === undefined || this.#state.link === 'over') return
    if (kept.view.address !== this.#state.open) this.#rename(kept.view.address)
    if (kept.older === undefined) return void this.#askHistory(kept)
    const { width, height } = layoutOf(this.#state)
    const { isAtEnd, isAtTop } = windowOf(timelineFor(this.#state, width), model.paneOf(this.#state).scroll, height)
    if (isAtTop && kept.older) void this.#askHistory(kept)
    if (isAtEnd && this.#state.sheet === undefined) void this.#markRead(kept)
  }

  /** What was opened under a name in other letters goes on under the name as it is shown. */
  #rename(address: Address): void {
    this.change(state => model.withPane({ ...state, open: address }, model.paneOf(state)))
  }

  /** What fails is not asked again until the connection is back: else it would be asked without end. */
  async #once(what: string, work: () => Promise<void>): Promise<void> {
    if (this.#asking.has(what) || this.#failed.has(what)) return
    this.#asking.add(what)
    try {
      await work()
    } catch {
      this.#failed.add(what)
    } finally {
      this.#asking.delete(what)
    }
  }

  #askConversation(id: number): Promise<void> {
    return this.#once(`conversation ${id}`, async () => {
      try {
        const view = await this.me.conversations.get(id)
        this.changeCopy(copy => listed(copy, [view]))
        // Whoever waits for somebody to write sees what is written.
        if (this.#state.open === undefined && model.paneOf(this.#state).line.text === '') this.open(view.address)
      } catch (error) {
        if (!(error instanceof Refused)) throw error
        this.changeCopy(copy => without(copy, id))
      }
      this.#askPresences()
    })
  }

  #askHistory({ view: { id, address }, entries, older }: KeptConversation): Promise<void> {
    return this.#once(`history ${id}`, async () => {
      const first = entries[0]
      const before = older === undefined || first === undefined ? undefined : first.seq
      if (before !== undefined) this.change(state => model.withPane(state, { loading: true }, address))
      const page = await this.me.conversations
        .history(id, { ...(before === undefined ? {} : { before }), limit: pageEntries })
        .finally(() => this.change(state => model.withPane(state, { loading: false }, address)))
      this.change(state => {
        const outbox = arrived(state.outbox, page.entries.filter(isKnownEcho(state)), state.me)
        return { ...state, copy: paged(state.copy, id, page), outbox }
      })
      if (before === undefined) await this.#askMembers(id)
    })
  }

  async #askMembers(id: number): Promise<void> {
    const page = await this.#ask(() => this.me.conversations.members(id))
    if (page === undefined) return
    this.#members.set(
      id,
      page.members.map(({ name }) => name),
    )
    this.changeCopy(copy =>
      page.members.reduce(
        (all, { name, readSeq }) => (name === this.me.name ? all : readUpTo(all, id, name, readSeq, this.me.name)),
        copy,
      ),
    )
  }

  /** Who of those with whom one talks is here. */
  #askPresences(): void {
    const direct = byActivity(this.#state.copy).filter(({ view }) => view.room === undefined)
    for (const { view } of direct.slice(0, presencesMax)) {
      const name = view.address.slice(1)
      void this.#once(`presence ${name}`, async () => {
        const presence = await this.me.people.presence(name)
        this.change(state => ({ ...state, presences: new Map(state.presences).set(name, presence) }))
      })
    }
  }

  async #markRead({ view: { id, lastSeq, readSeq, unread } }: KeptConversation): Promise<void> {
    if (lastSeq <= readSeq || (unread === 0 && readSeq > 0)) return
    this.changeCopy(copy => readUpTo(copy, id, this.me.name, lastSeq, this.me.name))
    await this.#tellRead(id, lastSeq)
  }

  async #tellRead(id: number, seq: number): Promise<void> {
    this.#untold.set(id, seq)
    const told = await this.#ask(() => this.me.conversations.markRead(id, seq))
    if (told !== undefined && this.#untold.get(id) === seq) this.#untold.delete(id)
  }

  /** What is asked in passing: no answer is no event, the next occasion asks again. */
  async #ask<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work()
    } catch {
      return undefined
    }
  }
}

/** Only what the server has said to be this very entry: a page may hold the same words from long ago. */
function isKnownEcho(state: ChatState): (entry: EntryView) => boolean {
  return ({ seq }) => state.outbox.some(one => one.seq === seq)
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
