// Asks the server for what is looked at: the list, pages of history, members, presences, and how far was read. Nothing is
// asked twice at once, and what failed not again until the connection is back. It follows no stream and sends nothing.
import type { Address, EntryView } from '../protocol/v1.ts'
import {
  byActivity,
  type Copy,
  emptyCopy,
  type KeptConversation,
  listed,
  paged,
  readUpTo,
  without,
} from '../sdk/copy/copy.ts'
import { arrived } from '../sdk/copy/outgoing.ts'
import { type Me, Refused } from '../sdk/sdk.ts'
import { layoutOf, timelineFor } from './model/frame.ts'
import * as model from './model/state.ts'
import type { ChatState } from './model/state.ts'
import { windowOf } from './model/timeline.ts'

/** Entries of the first page and of each one before it: some screens full. */
const pageEntries = 100

/** Conversations of one page of the list. */
const listPage = 100

/** People who were last talked to, of whom it is shown whether they are here. */
const presencesMax = 50

/** What asking and following need of the chat. */
export interface Screen {
  readonly me: Me
  readonly state: ChatState
  /** Aborts when the chat ends. */
  readonly signal: AbortSignal
  change(by: (state: ChatState) => ChatState): void
  changeCopy(by: (copy: Copy) => Copy): void
  open(address: Address): void
  /** A line in the open conversation. */
  note(text: string, tone: model.Note['tone']): void
}

export class Asking {
  readonly #screen: Screen
  /** What is being asked for now, so that nothing is asked twice at once. */
  readonly #asking = new Set<string>()
  readonly #failed = new Set<string>()
  /** How far was read while the server could not be told. */
  readonly #untold = new Map<number, number>()
  readonly #members = new Map<number, readonly string[]>()

  constructor(screen: Screen) {
    this.#screen = screen
  }

  /** Names of who is in a conversation, as far as they were asked for. */
  membersOf(id: number): readonly string[] {
    return this.#members.get(id) ?? []
  }

  /** The connection is there, for the first time or again. */
  async comeBack(): Promise<void> {
    this.#failed.clear()
    // Not before the stream is there: what came between the two would be missed.
    if (!this.#state.isListed) await this.#refresh()
    this.#askPresences()
    for (const [id, seq] of this.#untold) void this.#tellRead(id, seq)
  }

  /** What is held may be wrong from here on: all of it is read anew. */
  async beginAnew(): Promise<void> {
    this.#screen.change(state => ({ ...state, copy: emptyCopy, isListed: false }))
    await this.#refresh()
  }

  /** Asks for what the state as it is now shows and does not hold, and tells how far was read. */
  settle(): void {
    if (this.#screen.signal.aborted) return
    for (const id of this.#state.copy.unknown) void this.#askConversation(id)
    const kept = model.openConversation(this.#state)
    if (kept === undefined || this.#state.link === 'over') return
    if (kept.view.address !== this.#state.open) this.#rename(kept.view.address)
    if (kept.older === undefined) return void this.history(kept)
    const { width, height } = layoutOf(this.#state)
    const { isAtEnd, isAtTop } = windowOf(timelineFor(this.#state, width), model.paneOf(this.#state).scroll, height)
    if (isAtTop && kept.older) void this.history(kept)
    if (isAtEnd && this.#state.sheet === undefined) void this.#markRead(kept)
  }

  get #state(): ChatState {
    return this.#screen.state
  }

  /** Reads the list anew; where that fails, again once the connection is back. */
  async #refresh(): Promise<void> {
    await this.#once('list', async () => {
      try {
        await this.#readList()
      } catch (error) {
        if (error instanceof Refused) this.#screen.note(error.message, 'bad')
        throw error
      }
    })
  }

  async #readList(): Promise<void> {
    for (let before: number | undefined; ; ) {
      const page = await this.#screen.me.conversations.list({ ...(before && { before }), limit: listPage })
      this.#screen.changeCopy(copy => listed(copy, page.conversations))
      before = page.conversations.at(-1)?.lastSeq
      if (!page.more || before === undefined) break
    }
    this.#screen.change(state => ({ ...state, isListed: true }))
    const [newest] = byActivity(this.#state.copy)
    if (this.#state.open === undefined && newest !== undefined) this.#screen.open(newest.view.address)
  }

  /** What was opened under a name in other letters goes on under the name as it is shown. */
  #rename(address: Address): void {
    this.#screen.change(state => model.withPane({ ...state, open: address }, model.paneOf(state)))
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
        const view = await this.#screen.me.conversations.get(id)
        this.#screen.changeCopy(copy => listed(copy, [view]))
        // Whoever waits for somebody to write sees what is written.
        if (this.#state.open === undefined && model.paneOf(this.#state).line.text === '')
          this.#screen.open(view.address)
      } catch (error) {
        if (!(error instanceof Refused)) throw error
        this.#screen.changeCopy(copy => without(copy, id))
      }
      this.#askPresences()
    })
  }

  /** Older entries of a conversation, or its first page. */
  history({ view: { id, address }, entries, older }: KeptConversation): Promise<void> {
    return this.#once(`history ${id}`, async () => {
      const first = entries[0]
      const before = older === undefined || first === undefined ? undefined : first.seq
      if (before !== undefined) this.#screen.change(state => model.withPane(state, { loading: true }, address))
      const page = await this.#screen.me.conversations
        .history(id, { ...(before === undefined ? {} : { before }), limit: pageEntries })
        .finally(() => this.#screen.change(state => model.withPane(state, { loading: false }, address)))
      this.#screen.change(state => {
        const outbox = arrived(state.outbox, page.entries.filter(isKnownEcho(state)), state.me)
        return { ...state, copy: paged(state.copy, id, page), outbox }
      })
      if (before === undefined) await this.#askMembers(id)
    })
  }

  async #askMembers(id: number): Promise<void> {
    const page = await this.#ask(() => this.#screen.me.conversations.members(id))
    if (page === undefined) return
    this.#members.set(
      id,
      page.members.map(({ name }) => name),
    )
    this.#screen.changeCopy(copy =>
      page.members.reduce(
        (all, { name, readSeq }) =>
          name === this.#screen.me.name ? all : readUpTo(all, id, name, readSeq, this.#screen.me.name),
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
        const presence = await this.#screen.me.people.presence(name)
        this.#screen.change(state => ({ ...state, presences: new Map(state.presences).set(name, presence) }))
      })
    }
  }

  async #markRead({ view: { id, lastSeq, readSeq, unread } }: KeptConversation): Promise<void> {
    if (lastSeq <= readSeq || (unread === 0 && readSeq > 0)) return
    this.#screen.changeCopy(copy => readUpTo(copy, id, this.#screen.me.name, lastSeq, this.#screen.me.name))
    await this.#tellRead(id, lastSeq)
  }

  async #tellRead(id: number, seq: number): Promise<void> {
    this.#untold.set(id, seq)
    const told = await this.#ask(() => this.#screen.me.conversations.markRead(id, seq))
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
