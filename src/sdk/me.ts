// A session: what one account can do and hears. It holds the parts together (the calls, the live link, the sender, the
// readers) and decides nothing itself.
import type { Address, ChangeView, EntryView, FoundView, MeView, SoftEvent } from '../protocol/v1.ts'
import { checkText } from '../protocol/text.ts'
import { AccountVerbs } from './account.ts'
import { Conversations } from './conversations.ts'
import { asError, Closed, isSignedOut, Refused, refusedHere } from './errors.ts'
import { Emitter, type Events, type Listener, type State } from './events.ts'
import { entriesOf, type Feed, iteratorOf, type Message, messagesOf, softQueue, stateQueue, updatesOf } from './feed.ts'
import { type Ask, type Call, callAt, path, type Place, type Waiting } from './http.ts'
import { Link } from './link.ts'
import { People } from './people.ts'
import { pause } from './platform.ts'
import { Reader, type Update } from './reader.ts'
import { Rooms } from './rooms.ts'
import { Sender } from './sender.ts'
import type { Stored } from './waiting.ts'

/** The server tells the others no more often, so that more would be sent for nothing. */
const typingMs = 3_000

/** How long `close` waits for messages that are not acknowledged yet. */
const drainMsMax = 10_000

/** Of chance in a session's ids: one account would need billions of sessions for two to begin alike. */
const prefixBytes = 9

export interface Reading extends Waiting {
  /** The cursor to go on from, as a feed or an update gave it; `start` for all that is kept. Without it, from now on. */
  readonly after?: string | undefined
}

export interface Sending extends Waiting {
  /** 1 to 64 characters of one's own, where a message is to be stored once even if the program starts anew. */
  readonly clientId?: string
}

export class Me implements AsyncDisposable {
  /** The account's name as it is shown. */
  readonly name: string
  readonly account: MeView
  /** For `resume`; undefined where the browser's cookie speaks. */
  readonly token: string | undefined
  readonly rooms: Rooms
  readonly conversations: Conversations
  readonly people: People
  readonly own: AccountVerbs
  readonly #place: Place
  readonly #call: Call
  readonly #emitter = new Emitter()
  readonly #link: Link
  readonly #sender: Sender
  readonly #idPrefix: string
  #idCount = 0
  /** Where it was told lately. */
  readonly #typing = new Set<Address>()
  #closing: Promise<void> | undefined

  /** Made by `signIn`, `register` and `resume`. */
  constructor(place: Place, account: MeView) {
    this.#place = place
    this.account = account
    this.name = account.name
    this.token = place.token
    this.#link = new Link(place, this.#emitter)
    this.#call = this.#untilOver(callAt(place))
    this.#sender = new Sender(this.#link, this.#call, place.platform, this.#emitter)
    this.#idPrefix = idPrefix(place.platform.randomBytes(prefixBytes))
    this.rooms = new Rooms(this.#call)
    this.conversations = new Conversations(this.#call)
    this.people = new People(this.#call)
    this.own = new AccountVerbs(this.#call)
  }

  /** Of the live connection, which is there while something reads. */
  get state(): State {
    return this.#link.state
  }

  /** Calls `listener` with each event of that name until the result is called. */
  on<K extends keyof Events>(name: K, listener: Listener<Events[K]>): () => void {
    return this.#emitter.on(name, listener)
  }

  /**
   * Sends `text` to `@account` or `#room`, and resolves when it is stored. It is tried again, over whatever connection
   * there is, until the server has acknowledged or refused it, and stored once however often it is tried. Messages keep
   * the order in which they were sent, but that one which the server puts off (`busy`) may fall behind. Rejects with
   * `Refused`, with the signal's reason, with `Withdrawn` or `Closed`, or with `ForeignAnswer` where a proxy blocks this
   * message while it lets other requests pass (HTTP 413 or 403, say). No other message is held up by that, and sending it
   * again under the same `clientId` is safe.
   */
  async send(to: Address, text: string, { clientId = this.#nextId(), signal }: Sending = {}): Promise<Stored> {
    const unfit = checkText(text, 'text')
    if (unfit !== undefined) throw refusedHere(unfit)
    // With the message the typing is over for those who hear of it: the next one is told anew.
    this.#typing.delete(to)
    return this.#sender.send({ to, text, clientId }, signal)
  }

  /**
   * Takes back a message whose `send` has not settled. A message that only waits is never sent. Where an attempt is under
   * way, that is the last one: `send` still resolves if the server stores the message, and rejects with `Withdrawn`
   * otherwise. Does nothing for other ids.
   */
  withdraw(clientId: string): void {
    this.#sender.withdraw(clientId)
  }

  /** Sends `text` to where `entry` was said: the room, or the other of the two. */
  reply(entry: Pick<EntryView, 'to' | 'sender'>, text: string, sending: Sending = {}): Promise<Stored> {
    const toMe = entry.to.startsWith('@') && entry.sender !== this.name
    return this.send(toMe ? `@${entry.sender}` : entry.to, text, sending)
  }

  /** Gives a message of mine another text. */
  edit(seq: number, text: string, { signal }: Waiting = {}): Promise<ChangeView> {
    return this.#call('PATCH', path`/messages/${seq}`, { body: { text }, signal })
  }

  /** Erases a message of mine, or in a room that one owns anybody's. */
  erase(seq: number, { signal }: Waiting = {}): Promise<ChangeView> {
    return this.#call('DELETE', path`/messages/${seq}`, { signal })
  }

  /**
   * Every message to or from me, in the order of the log, without gap or double, until `break` or the signal: first
   * those behind `after`, then each as it comes. It goes on by itself when the connection is lost. Throws `Refused` when
   * the session is over. It begins at once, not with the first step, and is to be read or ended.
   */
  messages({ after, signal }: Reading = {}): Feed<Message> {
    return messagesOf(this.#reader(after), signal)
  }

  /** The same for entries of every kind: edits, deletions, who came and went. Kinds that are not known are to be passed over. */
  entries({ after, signal }: Reading = {}): Feed<EntryView> {
    return entriesOf(this.#reader(after), signal)
  }

  /**
   * The same for those who keep a copy: arrays of entries with the cursor behind them, and what makes a copy wrong. After
   * `diverged` everything behind `shared` is to be dropped; after `truncated` what lay below `floor` never comes.
   */
  updates({ after, signal }: Reading = {}): Feed<Update> {
    return updatesOf(this.#reader(after), signal)
  }

  /** Who types, comes, goes, and has read how far: hints that may be lost. */
  soft({ signal }: Waiting = {}): AsyncIterableIterator<SoftEvent, undefined> & AsyncDisposable {
    const queue = softQueue()
    const unfollow = this.#link.follow({
      frame(frame) {
        if (frame.type === 'soft') for (const event of frame.events) queue.push(event)
      },
      failed: why => queue.end(why),
    })
    const close = () => {
      unfollow()
      queue.end()
    }
    return iteratorOf(() => queue.next(), close, signal)
  }

  /** The state now, then each that follows; where one is slow, only the last. */
  states({ signal }: Waiting = {}): AsyncIterableIterator<State, undefined> & AsyncDisposable {
    const queue = stateQueue()
    queue.push(this.state)
    const off = this.on('state', state => {
      queue.push(state)
      if (state.is === 'over') queue.end()
    })
    if (this.state.is === 'over') queue.end()
    const close = () => {
      off()
      queue.end()
    }
    return iteratorOf(() => queue.next(), close, signal)
  }

  /** Resolves when the live connection is there; it needs somebody who reads. Rejects when the session is over. */
  async live({ signal }: Waiting = {}): Promise<void> {
    for await (const state of this.states({ signal })) {
      if (state.is === 'live') return
      if (state.is === 'over') throw state.why
    }
  }

  /** Tries at once what waits for the next attempt: the network is back, say. */
  reconnect(): void {
    this.#link.retryNow()
  }

  /**
   * Asks the server for an answer, as when the network may be gone. Where none comes within `timeoutMs`, gives the live
   * connection up and opens another. Resolves with whether the server answered.
   */
  async probe(timeoutMs: number): Promise<boolean> {
    const late = new AbortController()
    const cancel = this.#place.platform.after(timeoutMs, () => late.abort())
    try {
      await this.#call('GET', '/me', { signal: late.signal })
      return true
    } catch (error) {
      if (error instanceof Refused) return true
      this.#link.renew(asError(error))
      return false
    } finally {
      cancel()
    }
  }

  /**
   * Tells the others in a conversation that one is typing; to be called as often as one likes. A hint that may be lost:
   * what is wrong with it is told as the event `refused`.
   */
  typing(to: Address): void {
    if (this.#typing.has(to)) return undefined
    this.#typing.add(to)
    this.#place.platform.after(typingMs, () => this.#typing.delete(to))
    const wire = this.#link.sending
    if (wire !== undefined) return wire.send(JSON.stringify({ type: 'typing', to }))
    this.#call('POST', '/typing', { body: { to } }).catch((error: unknown) => {
      if (error instanceof Refused) this.#emitter.emit('refused', error)
    })
    return undefined
  }

  /** My messages in which the words stand, newest first: words, beginnings of words, "a phrase". */
  search(q: string, { before, limit, signal }: { before?: number; limit?: number } & Waiting = {}): Promise<FoundView> {
    return this.#call('GET', '/search', { query: { q, before, limit }, signal })
  }

  /** Ends the session on the server too, so that its token is worth nothing. */
  async signOut({ signal }: Waiting = {}): Promise<void> {
    await this.#sender.drained()
    await this.#call('DELETE', '/sessions/current', { signal })
    await this.close()
  }

  /**
   * Ends all that this session has open; its token stays good. Waits up to 10 s for messages that are not acknowledged
   * yet, then their `send` rejects with `Closed`. Feeds end as if there were no more.
   */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /** The first answer that says so ends the session here too: a live connection may not have heard of it yet. */
  #untilOver(call: Call): Call {
    return async <T>(method: string, to: string, ask?: Ask) => {
      try {
        return await call<T>(method, to, ask)
      } catch (error) {
        if (isSignedOut(error)) this.#link.end(asError(error))
        throw error
      }
    }
  }

  async #close(): Promise<void> {
    const drained = new AbortController()
    const late = pause(this.#place.platform, drainMsMax, drained.signal).catch(() => {})
    await Promise.race([this.#sender.drained(), late])
    drained.abort()
    const why = new Closed()
    this.#link.end(why)
    this.#sender.end(why)
  }

  #reader(after: string | undefined): Reader {
    const { platform } = this.#place
    return new Reader({ link: this.#link, call: this.#call, platform, emitter: this.#emitter, me: this.name }, after)
  }

  #nextId(): string {
    this.#idCount += 1
    return `${this.#idPrefix}-${this.#idCount.toString(36)}`
  }
}

/** Letters and digits; neighbours in an index, since all ids of a session begin with it. */
function idPrefix(bytes: Uint8Array): string {
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
}
