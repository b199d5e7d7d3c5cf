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
  release,
  without,
} from '../sdk/copy/copy.ts'
import { arrived } from '../sdk/copy/outgoing.ts'
import { type Me, Refused } from '../sdk/sdk.ts'
import { bounded } from './model/bounds.ts'
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

/** What did not come is asked for again after that time: often enough for somebody who waits, and no burden. */
const againMs = 5_000

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
  readonly #asking = new Map<string, Promise<boolean>>()
  readonly #failed = new Set<string>()
  /** Why the list was refused, so that the same is said once. */
  #saidOfList = ''
  /** How far was read while the server could not be told. */
  readonly #untold = new Map<number, number>()
  /** Conversations of which the server is being told how far was read. */
  readonly #telling = new Set<number>()
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
    for (const id of this.#untold.keys()) void this.#tellRead(id)
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
    const { scroll } = model.paneOf(this.#state)
    // Whoever goes back to the newest from afar does not read all that is between.
    if (kept.newer && scroll === undefined) return this.#screen.changeCopy(copy => release(copy, kept.view.id))
    if (kept.older === undefined) return void this.#history(kept)
    const { width, height } = layoutOf(this.#state)
    const { isAtEnd, isAtTop } = windowOf(timelineFor(this.#state, width), scroll, height)
    if (isAtTop && kept.older) void this.#history(kept)
    if (isAtEnd && kept.newer) return void this.#newer(kept)
    if (isAtEnd && this.#state.sheet === undefined) void this.#markRead(kept)
  }

  get #state(): ChatState {
    return this.#screen.state
  }

  /** Reads the list anew; where that fails, again later. */
  async #refresh(): Promise<void> {
    await this.#once('list', async () => {
      try {
        await this.#readList()
        this.#saidOfList = ''
      } catch (error) {
        const why = error instanceof Refused ? error.message : ''
        if (why !== '' && why !== this.#saidOfList) this.#screen.note(why, 'bad')
        this.#saidOfList = why
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

  /** Resolves with whether it came. What fails is not asked again at once: else it would be asked without end. */
  #once(what: string, work: () => Promise<void>): Promise<boolean> {
    if (this.#failed.has(what)) return Promise.resolve(false)
    const before = this.#asking.get(what)
    if (before !== undefined) return before
    const asking = work()
      .then(
        () => true,
        () => {
          this.#failed.add(what)
          this.#askAgainLater(what)
          return false
        },
      )
      .finally(() => this.#asking.delete(what))
    this.#asking.set(what, asking)
    return asking
  }

  /** Where the connection is lost until then, its coming back asks. */
  #askAgainLater(what: string): void {
    const ask = () => {
      if (this.#screen.signal.aborted || this.#state.link !== 'live') return
      this.#failed.delete(what)
      if (this.#state.isListed) this.settle()
      else void this.#refresh()
    }
    setTimeout(ask, againMs).unref()
  }

  #askConversation(id: number): Promise<boolean> {
    return this.#once(`conversation ${id}`, async () => {
      try {
        const view = await this.#screen.me.conversations.get(id)
        this.#screen.changeCopy(copy => listed(copy, [view]))
        // Whoever waits for somebody to write sees what is written.
        if (this.#state.open === undefined && model.paneOf(this.#state).line.text === '')
          this.#screen.open(view.address)
      } catch (error) {
        if (!(error instanceof Refused) || error.code !== 'conversation-unknown') throw error
        this.#screen.changeCopy(copy => without(copy, id))
      }
      this.#askPresences()
    })
  }

  /** Older entries of a conversation, or its newest. */
  #history({ view: { id, address }, entries, older }: KeptConversation): Promise<boolean> {
    const fate = (pane: Partial<model.Pane>) => this.#screen.change(state => model.withPane(state, pane, address))
    return this.#once(`history ${id}`, async () => {
      const first = entries[0]
      const place = older === undefined || first === undefined ? {} : { before: first.seq }
      if (place.before !== undefined) fate({ loading: true })
      const page = await this.#screen.me.conversations
        .history(id, { ...place, limit: pageEntries })
        .catch((error: unknown) => {
          fate({ loading: false, isMissing: true })
          throw error
        })
      fate({ loading: false, isMissing: false })
      this.#screen.change(state => {
        const outbox = arrived(state.outbox, page.entries.filter(isKnownEcho(state)), state.me)
        return bounded({ ...state, copy: paged(state.copy, id, page, place), outbox }, [id])
      })
      if (place.before === undefined) await this.#askMembers(id)
    })
  }

  /** Entries after those that are held, where later ones were released. */
  #newer({ view: { id }, entries }: KeptConversation): Promise<boolean> {
    return this.#once(`newer ${id}`, async () => {
      const after = entries.at(-1)?.seq ?? 0
      const page = await this.#screen.me.conversations.history(id, { after, limit: pageEntries })
      this.#screen.change(state => bounded({ ...state, copy: paged(state.copy, id, page, { after }) }, [id]))
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

  /** As far as is held: what only the list has told of is not seen. */
  async #markRead({ view: { id, readSeq, unread }, entries }: KeptConversation): Promise<void> {
    const lastSeq = entries.at(-1)?.seq ?? 0
    if (lastSeq <= readSeq || (unread === 0 && readSeq > 0)) return
    this.#screen.changeCopy(copy => readUpTo(copy, id, this.#screen.me.name, lastSeq, this.#screen.me.name))
    this.#untold.set(id, lastSeq)
    await this.#tellRead(id)
  }

  /** One request at a time of each conversation: in a busy one the next says how far it is by then. */
  async #tellRead(id: number): Promise<void> {
    if (this.#telling.has(id)) return
    this.#telling.add(id)
    for (let seq = this.#untold.get(id); seq !== undefined; seq = this.#untold.get(id)) {
      const upTo = seq
      const told = await this.#ask(() => this.#screen.me.conversations.markRead(id, upTo))
      if (told === undefined) break
      if (this.#untold.get(id) === upTo) this.#untold.delete(id)
    }
    this.#telling.delete(id)
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
