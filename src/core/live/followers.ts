// Follow: each live reader gets what belongs to its account, in order, from its cursor on. Readers are found by
// conversation, never by walking all of them; an entry is turned into JSON once, not once a reader. A reader that is too
// slow loses its queue, not its place: it reads on from the store.
import type { EntryView } from '../../protocol/v1.ts'
import type { SoftNotice } from '../../bus/bus.ts'
import type { AccountId, ConversationId, Entry, Seq, SessionId } from '../../store/store.ts'
import { type Later, later } from '../kit/clock.ts'
import type { Directory, Place } from '../people/directory.ts'
import { type Placed, viewsOf } from '../conversations/entry-views.ts'
import { type Bounds, boundsUsual, Follower, type FollowerNeeds, type FollowStore, type Tailed } from './follower.ts'
import { Reach } from '../conversations/readable-ranges.ts'
import type { Caller } from '../people/sessions.ts'
import type { Tail } from '../log/tail.ts'
import { isChange, withoutTarget } from '../conversations/versions.ts'

interface Options {
  readonly later?: Later
  /** Other bounds for each reader than the usual ones. */
  readonly bounds?: Partial<Bounds>
}

/** Accounts whose last change of memberships or sessions is remembered, for readers that are just beginning. */
const changesMax = 100_000

export class Followers {
  readonly #store: FollowStore
  readonly #directory: Directory
  readonly #options: Options
  readonly #reach: Reach
  readonly #byConversation = new Map<ConversationId, Set<Follower>>()
  readonly #byAccount = new Map<AccountId, Set<Follower>>()
  readonly #lastChange = new Map<AccountId, Seq>()
  /** What each reader needs; with the tail, nothing without. */
  #needs: FollowerNeeds | undefined
  #stopping = false

  constructor(store: FollowStore, directory: Directory, options: Options = {}) {
    this.#store = store
    this.#directory = directory
    this.#options = options
    this.#reach = new Reach(store)
  }

  /** The tail that feeds `deliver`; set once, before anybody follows. */
  attach(tail: Tail): void {
    const { later: calls = later, bounds } = this.#options
    const [store, directory, reach] = [this.#store, this.#directory, this.#reach]
    this.#needs = { store, directory, reach, tail, later: calls, bounds: { ...boundsUsual, ...bounds } }
  }

  /** Who is being followed at the moment, for counting. */
  get count(): number {
    let count = 0
    for (const followers of this.#byAccount.values()) count += followers.size
    return count
  }

  /**
   * A reader of what belongs to the caller's account, after `after`. What it gives is durable, in seq order, without gap
   * or double; it ends with the session. Dispose it when its connection closes.
   */
  async follow(caller: Caller, after: Seq): Promise<Follower> {
    const needs = this.#needs
    if (needs === undefined) throw new Error('nothing feeds the followers')
    const { tail } = needs
    const { account, session } = caller
    const follower = new Follower(needs, { account, session, after })
    follower.onDispose(() => this.#forget(follower))
    for (;;) {
      // Only those that go on.
      const { head, intervals } = await this.#store.intervalsOf(account.id, { after: Number.MAX_SAFE_INTEGER })
      // Who asks was found out before: the end of the session may have passed the tail since.
      const sessions = await this.#store.sessionsOf(account.id, 0)
      await tail.reached(Math.max(head, after))
      // The view of the store is of `head`, the index is of `tail.at`: between them nothing of this account's may have
      // changed. No await from here to the end: the tail cannot move on.
      if ((this.#lastChange.get(account.id) ?? 0) > head) continue
      add(this.#byAccount, account.id, follower)
      for (const { conversation, joinedSeq } of intervals) this.#join(follower, conversation, joinedSeq)
      if (!sessions.some(({ id }) => id === session.id)) follower.end('session-over')
      if (this.#stopping) follower.end('stopping')
      return follower
    }
  }

  /**
   * Takes a batch of the tail's: what is to be seen by somebody becomes JSON. What is given back hands it on; a reader
   * that came meanwhile, for which nothing was prepared, reads it from the store.
   */
  async deliver(batch: readonly Placed[]): Promise<() => void> {
    const wanted = batch.filter(one => this.#isWanted(one))
    const firsts = new Map<ConversationId, Place>()
    // In the order of the batch, which leaves some out: a Map of them by seq cost as much as handing them on.
    const tailed = (await viewsOf(this.#directory, wanted)).map((view, at): Tailed => {
      const { entry, prev } = wanted[at] as Placed
      if (prev === 0) firsts.set(entry.conversation, this.#directory.place(entry.conversation))
      return tailedOf(wanted[at] as Placed, view)
    })
    for (const [at, { entry }] of wanted.entries()) {
      if (isChange(entry)) tailed[at] = await this.#withLimits(tailed[at] as Tailed, wanted[at] as Placed)
    }
    return () => {
      let next = 0
      for (const { entry, prev } of batch) {
        this.#open(entry, prev === 0 ? firsts.get(entry.conversation) : undefined)
        const one = tailed[next]?.seq === entry.seq ? tailed[next] : undefined
        if (one !== undefined) next += 1
        for (const follower of this.#byConversation.get(entry.conversation) ?? []) {
          const seen = one === undefined ? undefined : asSeenBy(follower, one)
          if (seen === undefined) follower.fallBehind()
          else follower.take(seen)
        }
        this.#close(entry)
      }
      for (const follower of this.#touched(batch)) follower.wake()
    }
  }

  /** Hands a soft event to those whom it is for, and to none of whom the one who caused it keeps away. */
  tell({ event, to, by, hidden }: SoftNotice): void {
    const followers = 'account' in to ? this.#byAccount.get(to.account) : this.#byConversation.get(to.conversation)
    for (const follower of followers ?? []) {
      if (follower.account !== by && !hidden.includes(follower.account)) follower.tell(event)
    }
  }

  /** Ends every reader; the server is stopping. */
  stop(): void {
    this.#stopping = true
    for (const followers of this.#byAccount.values()) for (const follower of followers) follower.end('stopping')
  }

  #isWanted({ entry, prev }: Placed): boolean {
    if (entry.conversation === 0) return false
    // The first of a conversation, and whatever brings somebody in, may be for readers that are not in the index yet.
    return this.#byConversation.has(entry.conversation) || prev === 0 || joins.has(entry.kind)
  }

  /** Finds out which of the present readers may not read the message that an edit or a delete is about. */
  async #withLimits(one: Tailed, { entry, prev }: Placed): Promise<Tailed> {
    const { conversation } = entry
    const isDirect = this.#directory.place(conversation).kind === 'direct'
    if (isDirect || (await this.#reach.hasOpenHistory(conversation))) return one
    const message = entry.refersTo ?? 0
    const accounts = new Set<AccountId>()
    for (const follower of this.#byConversation.get(conversation) ?? []) {
      if (joinedAfter(follower, conversation, message)) accounts.add(follower.account)
    }
    const owners = new Set(await this.#store.ownersAmong([...accounts], conversation, message))
    const [view] = await viewsOf(this.#directory, [{ entry: withoutTarget(entry), prev }])
    return { ...one, limited: { message, accounts, owners, instead: tailedOf({ entry, prev }, view as EntryView) } }
  }

  /** What begins with this entry, before it is handed on. `first`: the conversation, if this is its first entry. */
  #open({ kind, conversation, sender, subject, seq }: Entry, first: Place | undefined): void {
    if (joins.has(kind)) this.#enter(subject ?? sender, conversation, seq)
    else if (first?.kind === 'direct') for (const { id } of [first.low, first.high]) this.#enter(id, conversation, seq)
  }

  #enter(account: AccountId, conversation: ConversationId, seq: Seq): void {
    this.#noteChange(account, seq)
    for (const follower of this.#byAccount.get(account) ?? []) this.#join(follower, conversation, seq)
  }

  /** What ends with this entry, after it was handed on. */
  #close(entry: Entry): void {
    const { kind, conversation, sender, subject, seq, refersTo } = entry
    if (leaves.has(kind)) {
      const account = subject ?? sender
      this.#noteChange(account, seq)
      for (const follower of this.#byAccount.get(account) ?? []) this.#leave(follower, conversation)
    } else if (kind === 'delete-account') {
      this.#endSessions(entry, () => true)
    } else if (kind === 'password') {
      this.#endSessions(entry, session => session !== refersTo)
    } else if (kind === 'end-session') {
      this.#endSessions(entry, session => session === refersTo)
    }
  }

  #endSessions({ sender: account, seq }: Entry, which: (session: SessionId) => boolean): void {
    this.#noteChange(account, seq)
    for (const follower of this.#byAccount.get(account) ?? []) {
      if (which(follower.session)) follower.end('session-over')
    }
  }

  #noteChange(account: AccountId, seq: Seq): void {
    this.#lastChange.delete(account)
    this.#lastChange.set(account, seq)
    const [oldest] = this.#lastChange.keys()
    if (this.#lastChange.size > changesMax && oldest !== undefined) this.#lastChange.delete(oldest)
  }

  *#touched(batch: readonly Placed[]): Iterable<Follower> {
    const seen = new Set<ConversationId>()
    for (const { entry } of batch) {
      if (seen.has(entry.conversation)) continue
      seen.add(entry.conversation)
      yield* this.#byConversation.get(entry.conversation) ?? []
    }
  }

  #join(follower: Follower, conversation: ConversationId, joinedSeq: Seq): void {
    if (follower.join(conversation, joinedSeq)) add(this.#byConversation, conversation, follower)
  }

  #leave(follower: Follower, conversation: ConversationId): void {
    follower.leave(conversation)
    follower.wake()
    remove(this.#byConversation, conversation, follower)
  }

  #forget(follower: Follower): void {
    remove(this.#byAccount, follower.account, follower)
    for (const conversation of follower.conversations()) remove(this.#byConversation, conversation, follower)
  }
}

const joins: ReadonlySet<string> = new Set(['create', 'join', 'invite'])
const leaves: ReadonlySet<string> = new Set(['leave', 'remove'])

function tailedOf({ entry: { seq, storedAtMs }, prev }: Placed, view: EntryView): Tailed {
  return { seq, storedAtMs, prev, view, json: JSON.stringify(view) }
}

/** An entry as this reader gets it; undefined where that was not prepared, so that the store has to tell. */
function asSeenBy(follower: Follower, one: Tailed): Tailed | undefined {
  const { limited, view } = one
  if (limited === undefined || !joinedAfter(follower, view.conversation, limited.message)) return one
  if (!limited.accounts.has(follower.account)) return undefined
  return limited.owners.has(follower.account) ? one : limited.instead
}

function joinedAfter(follower: Follower, conversation: ConversationId, seq: Seq): boolean {
  return (follower.joinedSeq(conversation) ?? 0) > seq
}

function add<K>(index: Map<K, Set<Follower>>, key: K, follower: Follower): void {
  const followers = index.get(key)
  if (followers === undefined) index.set(key, new Set([follower]))
  else followers.add(follower)
}

function remove<K>(index: Map<K, Set<Follower>>, key: K, follower: Follower): void {
  const followers = index.get(key)
  followers?.delete(follower)
  if (followers?.size === 0) index.delete(key)
}
