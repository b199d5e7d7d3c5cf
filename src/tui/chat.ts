// A session as a person sees it: holds the state that the screen shows, tells whoever draws it of each change, and sends.
// What comes is put in by following.ts, what is looked at asked for by asking.ts. It draws nothing and reads no keys.
import { randomUUID } from 'node:crypto'
import type { Sentence } from '../protocol/texts/sentence.ts'
import type { Address } from '../protocol/v1.ts'
import { type Copy, indexOfSeq, trim } from '../sdk/copy/copy.ts'
import { again, begun, deleting, failed, forgotten, type Outgoing, stored } from '../sdk/copy/outgoing.ts'
import { Closed, type Me, Withdrawn } from '../sdk/sdk.ts'
import type { KeptWriting } from '../terminal/kept-writing.ts'
import * as says from '../protocol/texts/terminal.ts'
import { messageOf } from '../terminal/reason.ts'
import { Asking } from './asking.ts'
import { follow } from './following.ts'
import { otherEntries } from './model/bounds.ts'
import * as model from './model/state.ts'
import type { ChatState } from './model/state.ts'
import { paced } from './pace.ts'

/** How the chat ended: by the person, who stays signed in or not, or because the session is over. */
export type Ending = 'left' | 'signed-out' | 'over'

/** What is shown and not held is asked for at most so often, and how far was read is told no more often. */
const settlePace = { pauseMs: 100, share: 3 } as const

export class Chat implements AsyncDisposable {
  readonly me: Me
  #state: ChatState
  readonly #listeners = new Set<() => void>()
  readonly #stop = new AbortController()
  readonly #ended = Promise.withResolvers<Ending>()
  readonly #keyPrefix = randomUUID()
  readonly #asking = new Asking(this)
  readonly #settling = paced(() => this.#asking.settle(), settlePace)
  #keys = 0
  #moving: Promise<void> | undefined

  readonly #writing: KeptWriting

  /** `writing` is what this account wrote here before and is not stored. */
  constructor(me: Me, size: model.Size, writing: KeptWriting) {
    this.me = me
    this.#writing = writing
    this.#state = model.withWriting(model.beginning(me.name, size, Date.now() / 1000), writing.read())
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
    if (this.#state.panes !== before.panes) this.#writing.linesChanged(() => model.linesOf(this.#state))
    for (const listener of this.#listeners) listener()
    this.#settling.request()
  }

  changeCopy(by: (copy: Copy) => Copy): void {
    this.change(state => ({ ...state, copy: by(state.copy) }))
  }

  /** Follows the session until `end`. */
  async run(): Promise<Ending> {
    follow(this, this.#asking)
    for (const one of this.#state.outbox) void this.#deliver(one)
    return await this.#ended.promise
  }

  end(how: Ending): void {
    this.#ended.resolve(this.#state.link === 'over' ? 'over' : how)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort(new Closed())
    this.#writing.flush()
    this.#settling[Symbol.dispose]()
    await this.me.close()
  }

  open(address: Address): void {
    const left = model.openConversation(this.#state)
    this.change(state => {
      const next = model.opened(state, address)
      const isOther = left !== undefined && model.openConversation(next) !== left
      return isOther ? { ...next, copy: trim(next.copy, left.view.id, otherEntries) } : next
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
    const draft = { key, to, text, at: Date.now() / 1000 }
    this.#writing.keep(draft)
    this.change(state => {
      const outbox = begun(state.outbox, draft)
      return model.withPane({ ...state, outbox }, { scroll: undefined, newAfter: undefined, marked: undefined }, to)
    })
    void this.#deliver(draft)
  }

  /** Tries a message again that was not sent. */
  retry(key: string): void {
    const one = this.#outgoing(key)
    if (one?.state !== 'failed') return
    this.change(state => ({ ...state, outbox: again(state.outbox, key) }))
    void this.#deliver(one)
  }

  /** Deletes a message that is not stored: one that waits is never sent, one that was stored meanwhile is erased. */
  discard(key: string): void {
    const one = this.#outgoing(key)
    if (one?.state === 'failed') return this.#forget(key)
    if (one?.state !== 'sending') return
    // Whatever becomes of this program, it is not sent again.
    this.#writing.drop(key)
    this.change(state => ({ ...state, outbox: deleting(state.outbox, key) }))
    this.me.withdraw(key)
  }

  /** Tells the others; the session sees to it that this is no more often than is of use. */
  typing(): void {
    const { open } = this.#state
    if (open !== undefined) this.me.typing(open)
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
      if (!this.signal.aborted) this.note(messageOf(error), 'bad', open)
    }
  }

  /**
   * The same for what ends in another conversation, if `work` says so. Until it is there, what is typed must not go to
   * the one that is left: whoever reads keys waits for `moving`.
   */
  async move(work: () => Promise<Address | undefined>): Promise<void> {
    const moving = this.attempt(async () => {
      const to = await work()
      if (to !== undefined && this.#moving === moving) this.open(to)
    })
    this.#moving = moving
    await moving
    if (this.#moving === moving) this.stay()
  }

  /** Settles when the chat is where the last command leads; undefined where it is there. */
  get moving(): Promise<void> | undefined {
    return this.#moving
  }

  /** Does not wait to get there: what comes of the command is in the list. */
  stay(): void {
    this.#moving = undefined
  }

  /** Names of who is in the open conversation, as far as they were asked for. */
  membersHere(): readonly string[] {
    const kept = model.openConversation(this.#state)
    return kept === undefined ? [] : this.#asking.membersOf(kept.view.id)
  }

  #outgoing(key: string): Outgoing | undefined {
    return this.#state.outbox.find(one => one.key === key)
  }

  #forget(key: string): void {
    this.#writing.drop(key)
    this.change(state => ({ ...state, outbox: forgotten(state.outbox, key) }))
  }

  async #deliver({ key, to, text }: Pick<Outgoing, 'key' | 'to' | 'text'>): Promise<void> {
    try {
      const { seq, conversation } = await this.me.send(to, text, { clientId: key })
      if (this.#outgoing(key)?.state === 'deleting') return await this.#eraseLate(key, to, seq)
      this.#writing.drop(key)
      this.change(state => {
        const entries = state.copy.conversations.get(conversation)?.entries ?? []
        // In a busy room its entry may have come and been released already.
        const isHeld = indexOfSeq(entries, seq) !== -1 || seq < (entries[0]?.seq ?? 0)
        return { ...state, outbox: stored(state.outbox, key, seq, isHeld) }
      })
    } catch (error) {
      if (this.#outgoing(key)?.state === 'deleting') {
        this.#forget(key)
        if (error instanceof Withdrawn && error.mayBeStored) this.note(says.mayBeStored, 'bad', to)
      } else if (!this.signal.aborted) {
        this.change(state => ({ ...state, outbox: failed(state.outbox, key, messageOf(error)) }))
      }
    }
  }

  /** The server stored it before it could be taken back. */
  async #eraseLate(key: string, to: Address, seq: number): Promise<void> {
    try {
      await this.me.erase(seq)
    } catch {
      this.note(says.storedAlready, 'bad', to)
    }
    this.#forget(key)
  }
}
