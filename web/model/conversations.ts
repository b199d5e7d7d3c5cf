// One's conversations, the last active first: each with its log and how much of it is unread. What the server's list says
// is taken as it is; between two lists the entries that come move it on.
import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals'
import { isMyEnd } from '../../src/sdk/copy/copy.ts'
import { viewAfter } from '../../src/sdk/copy/conversation.ts'
import { nameKey } from '../../src/protocol/names.ts'
import {
  type Address,
  type ConversationView,
  type EntryView,
  type Me,
  Refused,
  type SoftEvent,
} from '../../src/sdk/sdk.ts'
import type { CopiedConversation } from './copied.ts'
import { Log } from './log.ts'

/** As many as one page of the list gives; the rest comes page by page. */
const pageConversations = 100

export class Conversation {
  readonly address: Address
  /** As the list shows it; undefined while nobody has written in it, or one is not in it. */
  readonly view = signal<ConversationView | undefined>(undefined)
  /** An entry of it came, and the server was not asked about it yet: it has begun, whatever the list says. */
  readonly isUnlisted = signal(false)
  /** Whether it is known if one is in it: its view is there, or the whole list came without it. */
  readonly isSettled: ReadonlySignal<boolean>
  readonly log: Log
  /** How far the others have read, by name; what is not known is not there. */
  readonly readBy = signal<ReadonlyMap<string, number>>(new Map())
  readonly unread: ReadonlySignal<number> = computed(() => this.view.value?.unread ?? 0)
  /** What was said last. To who has just joined the list says nothing of what was said before, which may be open to them. */
  readonly last: ReadonlySignal<EntryView | undefined> = computed(() => {
    const { hasEnd, blocks } = this.log
    const isSaid = ({ kind }: EntryView) => kind === 'text' || kind === 'erased'
    return this.view.value?.last ?? (hasEnd.value ? blocks.value.at(-1)?.lines.value.findLast(isSaid) : undefined)
  })
  /** What of it is kept in the browser: with the newest lines, and without. */
  readonly copied: ReadonlySignal<CopiedConversation | undefined> = computed(() => {
    const log = this.log.copied.value
    return log === undefined ? this.copiedView.value : this.view.value && { view: this.view.value, log }
  })
  readonly copiedView: ReadonlySignal<CopiedConversation | undefined> = computed(
    () => this.view.value && { view: this.view.value },
  )
  readonly #me: Me
  #marking: Promise<unknown> = Promise.resolve()

  /** `isListWhole`: what is not in the list is not there. */
  constructor(me: Me, address: Address, isListWhole: ReadonlySignal<boolean>) {
    this.#me = me
    this.address = address
    this.isSettled = computed(() => this.view.value !== undefined || (isListWhole.value && !this.isUnlisted.value))
    this.log = new Log(me, () => this.view.value?.id ?? (this.isSettled.value ? 'none' : undefined))
  }

  get isRoom(): boolean {
    return this.address.startsWith('#')
  }

  /** The room's or the other's name, without its sign. */
  get name(): string {
    return this.address.slice(1)
  }

  /** Says that one has read up to `seq`; what was read before is not said again. */
  markRead(seq: number): void {
    const view = this.view.value
    if (view === undefined || seq <= view.readSeq) return
    this.moveRead(seq)
    const mark = () => {
      // Only the latest counts by the time the one before is done.
      if (seq < (this.view.value?.readSeq ?? 0)) return undefined
      return this.#me.conversations.markRead(view.id, seq).catch(() => {})
    }
    this.#marking = this.#marking.then(mark, mark)
  }

  /** One has read up to `seq`, here or on another device. */
  moveRead(seq: number): void {
    const view = this.view.value
    if (view === undefined || seq <= view.readSeq) return
    this.view.value = { ...view, readSeq: seq, unread: this.#unreadAfter(seq, view) }
  }

  /** One is not in it any more: what is said from then on is not heard, and what was held would have a hole. */
  gone(): void {
    this.view.value = undefined
    this.log.reset()
  }

  /** Asks how far the others have read: the answer is small, rooms of more than a page do not show it. */
  async askReadBy(): Promise<void> {
    const id = this.view.value?.id
    if (id === undefined) return
    const { members } = await this.#me.conversations.members(id)
    const known = members.filter(({ name, readSeq }) => readSeq > 0 && name !== this.#me.name)
    this.readBy.value = new Map(known.map(({ name, readSeq }) => [name, readSeq]))
  }

  #unreadAfter(seq: number, view: ConversationView): number {
    if (seq >= view.lastSeq) return 0
    const counted = this.log.countAfter(seq, this.#me.name)
    return counted ?? view.unread
  }
}

export class ConversationList {
  readonly #me: Me
  /** Called where a conversation is not in the list and could not be asked for: the list is to be asked for again. */
  readonly #missed: () => void
  readonly #byKey = new Map<string, Conversation>()
  readonly #all: Signal<readonly Conversation[]> = signal([])
  /** Conversations that the server is asked for now; `again` where more came of it since. */
  readonly #asked = new Map<number, 'once' | 'again'>()
  /** Lists that were asked for: only the last one says what is not there. */
  #turn = 0
  /** All of the server's list has come: what is not in it is not there. */
  readonly isWhole = signal(false)
  /** There is no whole list yet, and the server did not give it. */
  readonly isFailed = signal(false)
  /** Those that one is in, the last active first. */
  readonly byActivity: ReadonlySignal<readonly Conversation[]> = computed(() =>
    this.#all.value
      .filter(({ view }) => view.value !== undefined)
      .toSorted((a, b) => (b.view.value?.lastSeq ?? 0) - (a.view.value?.lastSeq ?? 0)),
  )
  readonly unread: ReadonlySignal<number> = computed(() =>
    this.#all.value.reduce((sum, { unread }) => sum + unread.value, 0),
  )

  constructor(me: Me, missed: () => void) {
    this.#me = me
    this.#missed = missed
  }

  /** The conversation with that address, which need not exist on the server. */
  at(address: Address): Conversation {
    const key = keyOf(address)
    const there = this.#byKey.get(key)
    if (there !== undefined) return there
    const made = new Conversation(this.#me, address, this.isWhole)
    this.#byKey.set(key, made)
    this.#all.value = [...this.#all.value, made]
    return made
  }

  byId(id: number): Conversation | undefined {
    return this.#all.value.find(({ view }) => view.value?.id === id)
  }

  /** Begins with what was kept; what the server said meanwhile is newer. */
  restore(copied: readonly CopiedConversation[]): void {
    for (const { view, log } of copied) {
      const conversation = this.at(view.address)
      if (conversation.view.value !== undefined) continue
      conversation.view.value = view
      if (log !== undefined) conversation.log.restore(log)
    }
  }

  /**
   * Takes the server's list; to be asked for while the live stream is there. Where a page fails it rejects; what came so
   * far stands.
   */
  async refresh(): Promise<void> {
    const turn = (this.#turn += 1)
    try {
      await this.#takeAll(() => turn === this.#turn)
    } catch (error) {
      if (turn === this.#turn) this.isFailed.value = !this.isWhole.value
      throw error
    }
  }

  async #takeAll(isLatest: () => boolean): Promise<void> {
    const before = new Map(this.#all.value.map(conversation => [conversation, conversation.view.value]))
    const unlisted = this.#all.value.filter(({ isUnlisted }) => isUnlisted.value)
    const seen = new Set<Conversation>()
    for (let last: number | undefined; ; ) {
      const at = last === undefined ? {} : { before: last }
      const { conversations, more } = await this.#me.conversations.list({ ...at, limit: pageConversations })
      for (const view of conversations) seen.add(this.take(view))
      last = conversations.at(-1)?.lastSeq
      if (!more || last === undefined) break
    }
    if (!isLatest()) return
    this.isWhole.value = true
    this.isFailed.value = false
    for (const conversation of unlisted) conversation.isUnlisted.value = false
    // What moved on meanwhile is newer than the list.
    for (const [conversation, was] of before) {
      if (was !== undefined && !seen.has(conversation) && conversation.view.value === was) conversation.gone()
    }
  }

  /** Takes one conversation as the server says it is: a room that was just made or joined, say. */
  take(view: ConversationView): Conversation {
    const conversation = this.at(view.address)
    const was = conversation.view.value
    // An entry may have come since the list was made: the later one is right.
    if (was === undefined || was.lastSeq <= view.lastSeq) conversation.view.value = view
    if (was === undefined) conversation.log.begun(view.lastSeq)
    conversation.isUnlisted.value = false
    // So may the reader have read on.
    if (was !== undefined) conversation.moveRead(was.readSeq)
    return conversation
  }

  /**
   * Asks the server for one conversation anew: its room's topic, say, has changed. Where one is not in it, it goes.
   * Rejects where the server does not say.
   */
  async reload(id: number): Promise<void> {
    try {
      this.take(await this.#me.conversations.get(id))
    } catch (error) {
      if (!(error instanceof Refused) || error.code !== 'conversation-unknown') throw error
      this.byId(id)?.gone()
    }
  }

  /** Moves things on by an entry of the log. Returns whether it was new here. */
  heard(entry: EntryView): boolean {
    const conversation = this.at(addressOf(entry, this.#me.name))
    const view = conversation.view.value
    // As it was before this entry: what was unread and is erased is not unread any more.
    const wasAbout = entry.refersTo === undefined ? undefined : conversation.log.find(entry.refersTo)
    conversation.log.heard(entry)
    const isEnd = isMyEnd(entry, this.#me.name)
    // Also where the list knows already that one came back: what was said in between is not there.
    if (isEnd) conversation.log.reset()
    if (view === undefined) {
      conversation.isUnlisted.value = !isEnd
      this.#ask(entry.conversation, conversation)
      return true
    }
    if (entry.seq <= view.lastSeq) return false
    if (isEnd) conversation.gone()
    else conversation.view.value = viewAfter(view, entry, this.#me.name, wasAbout)
    return true
  }

  /** One request at a time for each, however many of its entries come together. */
  #ask(id: number, conversation: Conversation): void {
    const isAsked = this.#asked.has(id)
    this.#asked.set(id, isAsked ? 'again' : 'once')
    if (isAsked) return
    const answered = () => {
      const isToAskAgain = this.#asked.get(id) === 'again'
      this.#asked.delete(id)
      if (isToAskAgain) this.#ask(id, conversation)
    }
    this.reload(id)
      .then(() => (conversation.isUnlisted.value = false), this.#missed)
      .finally(answered)
      .catch(() => {})
  }

  heardRead({ conversation: id, who, seq }: Extract<SoftEvent, { kind: 'read' }>): void {
    const conversation = this.byId(id)
    if (conversation === undefined) return
    if (who === this.#me.name) return conversation.moveRead(seq)
    if ((conversation.readBy.value.get(who) ?? 0) >= seq) return
    conversation.readBy.value = new Map([...conversation.readBy.value, [who, seq]])
  }

  /** The log was rolled back: nothing after `shared` is in it any more. */
  dropAfter(shared: number): void {
    for (const conversation of this.#all.value) {
      conversation.log.dropAfter(shared)
      const view = conversation.view.value
      if (view !== undefined && view.lastSeq > shared) conversation.view.value = { ...view, lastSeq: shared }
    }
  }

  /** What could not be loaded may be there now: it is asked for again when it is looked at. */
  dropFailed(): void {
    for (const { log } of this.#all.value) if (log.state.value === 'failed') log.reset()
  }

  /**
   * Something between what is held and what comes is gone: all logs are read anew when they are looked at, and what is
   * not there is known with the next list.
   */
  startOver(): void {
    this.#turn += 1
    this.isWhole.value = false
    for (const { log } of this.#all.value) log.reset()
  }
}

/** Where an entry stands for `me`: the room, or the other of the two. */
export function addressOf({ to, sender }: Pick<EntryView, 'to' | 'sender'>, me: string): Address {
  return to.startsWith('#') || sender === me ? to : `@${sender}`
}

function keyOf(address: Address): string {
  return address[0] + nameKey(address.slice(1))
}
