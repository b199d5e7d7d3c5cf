// Soft state: who is here, who is typing, how far somebody has read. It is never in the log, may be lost, and is only
// for those who share a direct conversation or a small room; of somebody who blocks them, nobody hears anything.
import type { Bus } from '../../bus/bus.ts'
import { Refusal } from '../../protocol/refusals.ts'
import type { SoftEvent } from '../../protocol/v1.ts'
import type { Account, AccountId, ConversationId, Membership, Seq, Store } from '../../store/store.ts'
import type { Clock } from '../kit/clock.ts'
import type { Committer } from '../log/committer.ts'
import { refusalFor } from '../conversations/conversation-refusals.ts'
import { Recipients } from '../conversations/recipients.ts'

/** Members of a room beyond which nobody is told: everybody would hear of everybody all the time. */
const smallRoomMembersMax = 100

/** Conversations that hear of a coming or going: the latest active ones. */
const conversationsMax = 200

/** Typing is said again at most this often; who does not hear it for twice as long takes it as over. */
const typingMs = 3_000

/** Who leaves and comes back within this time has not left: a page that is loaded anew, a net that blinks. */
const absenceMs = 5_000

type SoftStore = Pick<
  Store,
  | 'showsPresence'
  | 'isBlocked'
  | 'membershipsOf'
  | 'membership'
  | 'blockedBy'
  | 'directBetween'
  | 'accountByKey'
  | 'roomByKey'
  | 'conversation'
>

interface Needs {
  readonly store: SoftStore
  readonly committer: Committer
  readonly bus: Bus
  readonly clock: Clock
}

interface Presence {
  connections: number
  lastSeenMs: number
  leaving: NodeJS.Timeout | undefined
}

/** Accounts whose last coming or going is remembered. */
const presencesMax = 50_000

export class Soft {
  readonly #needs: Needs
  readonly #recipients: Recipients
  readonly #presences = new Map<AccountId, Presence>()
  /** When somebody's typing was last told, and up to where the conversation went then. */
  readonly #typed = new Map<string, { readonly atMs: number; readonly lastSeq: Seq }>()

  constructor(needs: Needs) {
    this.#needs = needs
    this.#recipients = new Recipients(needs.store)
  }

  /**
   * Tells the others in a conversation that somebody is typing. To a person it refuses nothing, whoever that is: unlike a
   * message it leaves no trace, and would tell unnoticed which accounts exist and who blocks the asker. Refuses with
   * `room-unknown` and `not-a-member`.
   */
  async typing(account: Account, to: string): Promise<Refusal | undefined> {
    const { store, clock } = this.#needs
    const recipient = await this.#recipients.find(to)
    if (recipient instanceof Refusal) return recipient.code === 'unreachable' ? undefined : recipient
    const conversation =
      recipient.kind === 'room' ? recipient.conversation : await store.directBetween(account.id, recipient.account)
    // Before the first message there is nobody who could be told.
    if (conversation === undefined) return undefined
    const membership = await store.membership(account.id, conversation)
    if (membership === undefined) return refusalFor('not-a-member')
    const key = `${account.id} ${conversation}`
    if (!(await store.showsPresence(account.id))) return undefined
    if (!(await this.#isShared(membership))) return undefined
    // A message ends it for those who hear: after one it is told anew, however soon.
    const { lastSeq } = membership
    const told = this.#typed.get(key)
    if (told !== undefined && told.lastSeq === lastSeq && clock() - told.atMs < typingMs) return undefined
    if (this.#typed.size >= presencesMax) this.#typed.clear()
    this.#typed.set(key, { atMs: clock(), lastSeq })
    await this.#tell(account, [conversation], { kind: 'typing', conversation, who: account.name })
    return undefined
  }

  /**
   * Moves a read marker up; resolves with where it is. One's own devices and the others of a small conversation are told.
   * Refuses with `not-a-member`, and as the committer does.
   */
  async markRead(account: Account, conversation: ConversationId, seq: Seq): Promise<Seq | Refusal> {
    const { store, committer, bus } = this.#needs
    const membership = await store.membership(account.id, conversation)
    if (membership === undefined) return refusalFor('not-a-member')
    // Not beyond the end: each such marker would be a write that changes nothing.
    const upTo = Math.min(seq, membership.lastSeq)
    if (upTo <= membership.readSeq) return membership.readSeq
    const written = await committer.submitOne({ kind: 'mark-read', account: account.id, conversation, seq: upTo })
    if (written instanceof Refusal) return written
    if (written.kind !== 'read') return refusalFor(written.kind)
    const event: SoftEvent = { kind: 'read', conversation, who: account.name, seq: written.seq }
    bus.publish({ kind: 'soft', event, to: { account: account.id }, by: 0, hidden: [] })
    if (await this.#isShared(membership)) await this.#tell(account, [conversation], event)
    return written.seq
  }

  /** A live connection of an account has begun. */
  arrive(account: Account): void {
    const presence = this.#presences.get(account.id)
    if (presence === undefined) {
      this.#presences.set(account.id, { connections: 1, lastSeenMs: this.#needs.clock(), leaving: undefined })
      this.#forgetOldest()
    } else {
      clearTimeout(presence.leaving)
      presence.connections += 1
      if (presence.connections > 1 || presence.leaving !== undefined) {
        presence.leaving = undefined
        return
      }
    }
    this.#announce(account, true)
  }

  /** A live connection of an account has ended. */
  depart(account: Account): void {
    const presence = this.#presences.get(account.id)
    if (presence === undefined) return
    presence.connections -= 1
    presence.lastSeenMs = this.#needs.clock()
    if (presence.connections > 0) return
    presence.leaving = setTimeout(() => {
      presence.leaving = undefined
      this.#announce(account, false)
    }, absenceMs)
    presence.leaving.unref()
  }

  /** Whether somebody is here, as `asker` may know it: undefined looks the same for absent, unknown and hidden. */
  async presenceOf(asker: Account, name: string): Promise<{ online: boolean; lastSeenMs?: number } | undefined> {
    const recipient = await this.#recipients.find(`@${name}`)
    if (recipient instanceof Refusal || recipient.kind !== 'account') return undefined
    const { store } = this.#needs
    if ((await store.directBetween(asker.id, recipient.account)) === undefined) return undefined
    const hidden = await store.blockedBy(recipient.account)
    const presence = this.#presences.get(recipient.account)
    if (presence === undefined || hidden.some(({ id }) => id === asker.id)) return undefined
    if (!(await store.showsPresence(recipient.account))) return undefined
    const online = presence.connections > 0 || presence.leaving !== undefined
    return online ? { online } : { online, lastSeenMs: presence.lastSeenMs }
  }

  /** Whether others see that one is here and typing. Refuses as the committer does. */
  async setPresence(account: Account, isShown: boolean): Promise<Refusal | undefined> {
    // Gone for the others before it is hidden, and there again after it is shown.
    const isHere = (this.#presences.get(account.id)?.connections ?? 0) > 0
    if (!isShown && isHere) await this.#say(account, false)
    const written = await this.#needs.committer.submitOne({ kind: 'set-presence', account: account.id, isShown })
    if (written instanceof Refusal) return written
    if (isShown && isHere) await this.#say(account, true)
    return undefined
  }

  #announce(account: Account, online: boolean): void {
    // Soft: what fails is said again the next time.
    this.#say(account, online).catch(() => {})
  }

  async #say(account: Account, online: boolean): Promise<void> {
    const { store } = this.#needs
    if (!(await store.showsPresence(account.id))) return
    const lastSeen = online ? {} : { lastSeen: (this.#presences.get(account.id)?.lastSeenMs ?? 0) / 1_000 }
    const event: SoftEvent = { kind: 'presence', who: account.name, online, ...lastSeen }
    const memberships = await store.membershipsOf(account.id, Number.MAX_SAFE_INTEGER, conversationsMax)
    const conversations: ConversationId[] = []
    for (const membership of memberships) {
      if (await this.#isShared(membership)) conversations.push(membership.conversation.id)
    }
    await this.#tell(account, conversations, event)
  }

  /** Whether what is soft is told there at all: in a small room, and between two of whom neither blocks the other. */
  async #isShared({ conversation }: Membership): Promise<boolean> {
    if (conversation.kind === 'room') return conversation.members <= smallRoomMembersMax
    return !(await this.#needs.store.isBlocked(conversation.low.id, conversation.high.id))
  }

  async #tell(by: Account, conversations: readonly ConversationId[], event: SoftEvent): Promise<void> {
    const { store, bus } = this.#needs
    const hidden = (await store.blockedBy(by.id)).map(({ id }) => id)
    for (const conversation of conversations) {
      bus.publish({ kind: 'soft', event, to: { conversation }, by: by.id, hidden })
    }
  }

  #forgetOldest(): void {
    for (const [account, { connections }] of this.#presences) {
      if (this.#presences.size <= presencesMax) return
      if (connections === 0) this.#presences.delete(account)
    }
  }
}
