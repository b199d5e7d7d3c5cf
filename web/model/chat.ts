// START HERE for the model: what one signed-in session knows, as signals. It follows the log by the SDK's `updates` and
// `soft`, and holds its parts together; views read the parts and call their verbs, and keep no state of the server's.
import { batch, signal } from '@preact/signals'
import {
  type Address,
  type EntryView,
  type Feed,
  type Me,
  Refused,
  type State,
  type Update,
} from '../../src/sdk/sdk.ts'
import { Blocks } from './blocks.ts'
import { type Conversation, ConversationList } from './conversations.ts'
import { Copy } from './copy.ts'
import { dropCopy } from './copy-store.ts'
import { Drafts } from './drafts.ts'
import { Edits } from './edits.ts'
import { Outbox } from './outbox.ts'
import { Presences } from './presences.ts'
import type { Kept } from './kept.ts'
import { Typing } from './typing.ts'

export class Chat {
  readonly me: Me
  readonly conversations: ConversationList
  readonly outbox: Outbox
  readonly drafts: Drafts
  /** What is begun in forms: topics, new rooms. */
  readonly forms: Drafts
  readonly edits: Edits
  readonly typing: Typing
  readonly presences: Presences
  readonly blocks: Blocks
  readonly connection = signal<State>({ is: 'connecting' })
  /** New messages of others, one after the other: for announcements and notifications. */
  readonly arrived = signal<EntryView | undefined>(undefined)
  /** The browser lost its network, and the server does not answer: known at once, where a lost connection may only blink. */
  readonly isCutOff = signal(false)
  readonly #stop = new AbortController()
  readonly #copy: Copy
  /** The stream begins anew, with a hole before it: all is read anew once it is there. */
  #hasHole = false
  /** Askings for the list and what goes with it: only the last is tried again. */
  #askings = 0
  /** What is followed now; its cursor is where that ends which was applied here. */
  #feed: Feed<Update> | undefined

  /** `kept` is the account's own part of what the browser keeps. */
  constructor(me: Me, kept: Kept) {
    this.me = me
    this.conversations = new ConversationList(me, () => this.#askLater())
    this.outbox = new Outbox(me, kept, (to, seq) => this.conversations.at(to).log.holds(seq))
    this.drafts = new Drafts(kept)
    this.forms = new Drafts(kept, 'form.')
    this.edits = new Edits(me, kept)
    this.typing = new Typing(me)
    this.presences = new Presences(me)
    this.blocks = new Blocks(me)
    this.#copy = new Copy(me.account.id, this.#stop.signal)
    me.on('state', state => {
      const wasLive = this.connection.value.is === 'live'
      this.connection.value = state
      if (state.is === 'live') this.isCutOff.value = false
      if (state.is === 'live' && !wasLive) this.#caughtUp()
    })
  }

  /** Follows the log until the session is over; rejects with the reason. */
  async run(): Promise<void> {
    const { signal: until } = this.#stop
    this.outbox.resume()
    const comesBack = () => {
      // The live stream may have outlived what failed beside it.
      this.conversations.dropFailed()
      if (document.visibilityState === 'visible') this.me.reconnect()
    }
    addEventListener('online', comesBack, { signal: until })
    // A machine may have another way to the server, or be the server: only an answer that does not come is told.
    const goesAway = () => void this.me.probe(probeMsMax).then(isThere => (this.isCutOff.value = !isThere))
    addEventListener('offline', goesAway, { signal: until })
    document.addEventListener('visibilitychange', comesBack, { signal: until })
    const copied = await this.#copy.read()
    if (copied !== undefined) batch(() => this.conversations.restore(copied.conversations))
    this.#copy.follow(this.conversations, () => this.#feed?.cursor)
    await this.#followAgain(until, copied?.cursor)
  }

  /** The conversation with that address; one that nobody has written in yet has no id. */
  conversation(address: Address): Conversation {
    return this.conversations.at(address)
  }

  /** Ends the session on the server; resolves when that is done or cannot be. */
  async end(): Promise<void> {
    this.#stop.abort()
    // Unsent messages are dropped: whoever signs out here leaves nothing behind.
    await this.me.signOut({ signal: AbortSignal.timeout(signOutMsMax) }).catch(() => {})
    await this.me.close()
  }

  /**
   * Stops, for the session is over, and takes away what others wrote and is kept in the browser. What is one's own and
   * not sent is not this session's to take: see writing.ts.
   */
  leave(): void {
    this.#stop.abort()
    // Before anybody else signs in: where a cookie speaks, a message that is tried again would be sent as theirs.
    this.outbox.stop()
    dropCopy().catch(() => {})
  }

  /** Only the session's end is the end: what else is refused (by a proxy that was set up wrongly, say) may pass. */
  async #followAgain(until: AbortSignal, after: string | undefined): Promise<never> {
    for (let from = after; ; from = undefined) {
      const attempt = new AbortController()
      try {
        const either = AbortSignal.any([until, attempt.signal])
        await Promise.all([this.#follow(either, from), this.#followSoft(either)])
      } catch (error) {
        if (until.aborted || (error instanceof Refused && error.code === 'signed-out')) throw error
      }
      attempt.abort()
      await new Promise(resolve => setTimeout(resolve, againMs))
      until.throwIfAborted()
      this.#hasHole = true
    }
  }

  async #follow(until: AbortSignal, after: string | undefined): Promise<void> {
    // From where the copy ends, or from now on; what was before comes as lists and pages, and what comes twice is known by
    // its seq.
    this.#feed = this.me.updates({ after, signal: until })
    // What came together is drawn together.
    for await (const update of this.#feed) batch(() => this.#apply(update))
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
    // Pages that were read before the stream was there may lack what came in between.
    if (this.#hasHole) this.conversations.startOver()
    this.#hasHole = false
    this.conversations.dropFailed()
    this.askAnew()
  }

  /** Asks for the list of conversations and who is there, again and again until it comes or the connection is lost. */
  askAnew(): void {
    this.#askings += 1
    this.conversations.refresh().then(
      () => {
        const people = this.conversations.byActivity.value.filter(({ isRoom }) => !isRoom)
        this.presences.askAnew(people.slice(0, presencesAsked).map(({ name }) => name))
      },
      () => this.#askLater(),
    )
  }

  /** The same after a while, unless it is asked for before; once the connection is lost, its coming back asks. */
  #askLater(): void {
    this.#askings += 1
    const asking = this.#askings
    setTimeout(() => {
      const isWanted = asking === this.#askings && this.connection.value.is === 'live' && !this.#stop.signal.aborted
      if (isWanted) this.askAnew()
    }, againMs)
  }

  #apply(update: Update): void {
    switch (update.type) {
      case 'entries':
        for (const entry of update.entries) this.#applyEntry(entry)
        break
      case 'diverged':
        this.conversations.dropAfter(update.shared)
        this.askAnew()
        break
      case 'truncated':
        this.conversations.startOver()
        this.askAnew()
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

/** Of the answer to a probe: three seconds after the network is lost, the page says so. */
const probeMsMax = 2_000

/** After the log could not be followed, or the list not be read, for a reason that is not the session's end. */
const againMs = 5_000

/** People at the top of the list whose presence is asked for: what is in sight, and no flood when a server comes back. */
const presencesAsked = 20

/** Of the last word to the server: a page that is closing, or offline, does not wait for it. */
const signOutMsMax = 5_000
