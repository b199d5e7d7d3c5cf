// START HERE for the model: what one signed-in session knows, as signals. It follows the log by the SDK's `updates` and
// `soft`, and holds its parts together; views read the parts and call their verbs, and keep no state of the server's.
import { signal } from '@preact/signals'
import type { Address, EntryView, Me, State, Update } from '../../src/sdk/sdk.ts'
import { type Conversation, ConversationList } from './conversations.ts'
import { Drafts } from './drafts.ts'
import { Outbox } from './outbox.ts'
import { Presences } from './presences.ts'
import type { Kept } from './kept.ts'
import { Typing } from './typing.ts'

export class Chat {
  readonly me: Me
  readonly conversations: ConversationList
  readonly outbox: Outbox
  readonly drafts: Drafts
  readonly typing: Typing
  readonly presences: Presences
  readonly connection = signal<State>({ is: 'connecting' })
  /** New messages of others, one after the other: for announcements and notifications. */
  readonly arrived = signal<EntryView | undefined>(undefined)
  readonly #stop = new AbortController()

  constructor(me: Me, kept: Kept) {
    this.me = me
    this.conversations = new ConversationList(me)
    this.outbox = new Outbox(me, kept, (to, seq) => this.conversations.at(to).log.holds(seq))
    this.drafts = new Drafts(me.name, kept)
    this.typing = new Typing(me)
    this.presences = new Presences(me)
    me.on('state', state => {
      const wasLive = this.connection.value.is === 'live'
      this.connection.value = state
      if (state.is === 'live' && !wasLive) this.#caughtUp()
    })
  }

  /** Follows the log until the session is over; rejects with the reason. */
  async run(): Promise<void> {
    const { signal: until } = this.#stop
    const soft = this.#followSoft(until)
    this.outbox.resume()
    addEventListener('online', () => this.me.reconnect(), { signal: until })
    await Promise.all([this.#follow(until), soft])
  }

  /** The conversation with that address; one that nobody has written in yet has no id. */
  conversation(address: Address): Conversation {
    return this.conversations.at(address)
  }

  /** Opens the log of a conversation at an entry; the view scrolls there and shows which it is. */
  async openAt(address: Address, seq: number): Promise<void> {
    const conversation = await this.conversations.known(address)
    await conversation.log.openAt(seq)
  }

  /** Ends the session on the server; resolves when that is done or cannot be. */
  async end(): Promise<void> {
    this.#stop.abort()
    // Unsent messages are dropped: whoever signs out here leaves nothing behind.
    await this.me.signOut({ signal: AbortSignal.timeout(signOutMsMax) }).catch(() => {})
    await this.me.close()
  }

  /** Takes away what is kept of this session in the browser. */
  forget(): void {
    this.#stop.abort()
    this.outbox.forget()
    this.drafts.forget()
  }

  async #follow(until: AbortSignal): Promise<void> {
    // From now on; what was before comes as lists and pages, and what comes twice is known by its seq.
    for await (const update of this.me.updates({ signal: until })) this.#apply(update)
  }

  async #followSoft(until: AbortSignal): Promise<void> {
    for await (const event of this.me.soft({ signal: until })) {
      if (event.kind === 'typing') this.typing.heard(event.conversation, event.who)
      else if (event.kind === 'presence') this.presences.heard(event)
      else this.conversations.heardRead(event)
    }
  }

  /** The live stream is there (again): what is soft, and how things stood before, is asked for. */
  #caughtUp(): void {
    this.conversations.refresh().catch(() => {})
    this.presences.forgetAll()
  }

  #apply(update: Update): void {
    switch (update.type) {
      case 'entries':
        for (const entry of update.entries) this.#applyEntry(entry)
        break
      case 'diverged':
        this.conversations.dropAfter(update.shared)
        break
      case 'truncated':
        this.conversations.startOver()
        break
      case 'beat':
        break
    }
  }

  #applyEntry(entry: EntryView): void {
    this.outbox.heard(entry)
    const isNew = this.conversations.heard(entry)
    if (entry.kind !== 'text' || entry.sender === this.me.name || !isNew) return
    this.typing.stopped(entry.conversation, entry.sender)
    this.arrived.value = entry
  }
}

/** Of the last word to the server: a page that is closing, or offline, does not wait for it. */
const signOutMsMax = 5_000
