// One's own list of conversations: what was said last, how much is unread, who is in there.
import type { Refusal } from '../../protocol/refusals.ts'
import type { ConversationView, EntryView, MemberView, RoomView } from '../../protocol/v1.ts'
import type {
  Account,
  AccountId,
  ConversationId,
  ConversationInfo,
  Member,
  Membership,
  Seq,
  Store,
} from '../../store/store.ts'
import { breathe } from '../kit/yield-turn.ts'
import { unknownConversation } from './conversation-refusals.ts'
import type { Directory } from '../people/directory.ts'
import { jsonUnitsOf, pageUnitsMax, readPlaced } from './entry-views.ts'
import type { Step } from './merge.ts'
import type { Reach } from './readable-ranges.ts'

type Log = Pick<
  Store,
  | 'membershipsOf'
  | 'membership'
  | 'membersOf'
  | 'countUnread'
  | 'seqsBefore'
  | 'entriesAt'
  | 'lastEdits'
  | 'isBlocked'
  | 'accountById'
>

interface Needs {
  readonly store: Log
  readonly directory: Directory
  readonly reach: Reach
}

/** Unread messages are counted up to here: people see "999+". */
const unreadMax = 1_000

/** Entries that are looked through for the last message: beyond so many joins and topics it is no news. */
const lookedBackMax = 200

/** Members of a room in which one sees how far the others have read: those of a group in which people know one another. */
const markersShownMax = 100

export class Conversations {
  readonly #store: Log
  readonly #directory: Directory
  readonly #reach: Reach

  constructor({ store, directory, reach }: Needs) {
    this.#store = store
    this.#directory = directory
    this.#reach = reach
  }

  /** A page of the conversations of which the account is a member, the latest active first, before a seq. */
  async list(
    { id }: Account,
    before: Seq,
    limit: number,
  ): Promise<{ readonly conversations: ConversationView[]; readonly more: boolean }> {
    const found = await this.#store.membershipsOf(id, before, limit + 1)
    const conversations = fitting(await this.#viewsOf(id, found.slice(0, limit)))
    return { conversations, more: found.length > conversations.length }
  }

  /** Refuses with `conversation-unknown`. */
  async get({ id }: Account, conversation: ConversationId): Promise<ConversationView | Refusal> {
    const membership = await this.#store.membership(id, conversation)
    const [view] = membership === undefined ? [] : await this.#viewsOf(id, [membership])
    return view ?? unknownConversation()
  }

  /** A page of the members by id. Refuses with `conversation-unknown`. */
  async members(
    { id }: Account,
    conversation: ConversationId,
    { after, limit }: { after: AccountId; limit: number },
  ): Promise<{ readonly members: MemberView[]; readonly more: boolean } | Refusal> {
    const own = await this.#store.membership(id, conversation)
    if (own === undefined) return unknownConversation()
    const found = await this.#store.membersOf(conversation, after, limit + 1)
    const isSmall = own.conversation.kind === 'direct' || own.conversation.members <= markersShownMax
    const members: MemberView[] = []
    for (const member of found.slice(0, limit)) {
      members.push(memberOf(member, isSmall && (await this.#showsMarker(id, member.id))))
    }
    return { members, more: found.length > limit }
  }

  /** Whose marker moves no more, since they block the asker or are gone, shows none. */
  async #showsMarker(asker: AccountId, member: AccountId): Promise<boolean> {
    const isBlocked = await this.#store.isBlocked(asker, member)
    return !isBlocked && (await this.#store.accountById(member)) !== undefined
  }

  async #viewsOf(account: AccountId, memberships: readonly Membership[]): Promise<ConversationView[]> {
    const lasts = await this.#lastsOf(account, memberships)
    const views: ConversationView[] = []
    for (const membership of memberships) {
      const { conversation, joinedSeq, readSeq } = membership
      // Each may be a read of a thousand rows: others get their turn in between.
      await breathe()
      const read = Math.max(readSeq, joinedSeq - 1)
      const unread = await this.#store.countUnread(conversation.id, account, read, unreadMax)
      views.push(viewOf(account, membership, lasts.get(conversation.id), unread))
    }
    return views
  }

  /** The last message of each, within the membership. */
  async #lastsOf(
    account: AccountId,
    memberships: readonly Membership[],
  ): Promise<ReadonlyMap<ConversationId, EntryView>> {
    const steps: Step[] = []
    for (const membership of memberships) {
      const step = await this.#lastStep(membership)
      if (step !== undefined) steps.push(step)
    }
    const rangesOf = (conversation: ConversationId) => this.#reach.of(account, conversation)
    const views = await readPlaced(
      { log: this.#store, directory: this.#directory, rangesOf },
      steps.toSorted((a, b) => a.seq - b.seq),
    )
    return new Map(views.map(view => [view.conversation, view]))
  }

  async #lastStep({ conversation, joinedSeq, lastSeq }: Membership): Promise<Step | undefined> {
    // Most often the very last entry is a message.
    for (const count of [1, lookedBackMax]) {
      const seqs = await this.#store.seqsBefore(conversation.id, lastSeq + 1, joinedSeq, count + 1)
      const entries = await this.#store.entriesAt(seqs.slice(0, count))
      const last = entries.findLast(({ kind }) => kind === 'text' || kind === 'erased')
      if (last !== undefined) return { seq: last.seq, prev: seqs[seqs.indexOf(last.seq) + 1] ?? 0 }
    }
    return undefined
  }
}

function viewOf(
  account: AccountId,
  { conversation, role, isSilenced, readSeq, lastSeq }: Membership,
  last: EntryView | undefined,
  unread: number,
): ConversationView {
  const room = conversation.kind === 'room' ? roomOf(conversation) : undefined
  return {
    id: conversation.id,
    address: addressOf(account, conversation),
    ...(room === undefined ? {} : { room }),
    role,
    silenced: isSilenced,
    readSeq,
    lastSeq,
    ...(last === undefined ? {} : { last }),
    unread,
  }
}

/** The first of them, as many as fit a page; at least one. */
function fitting(views: readonly ConversationView[]): ConversationView[] {
  let units = 0
  const over = views.findIndex(({ last }) => {
    units += last === undefined ? 0 : jsonUnitsOf(last)
    return units > pageUnitsMax
  })
  return over === -1 ? [...views] : views.slice(0, Math.max(1, over))
}

function addressOf(account: AccountId, conversation: ConversationInfo): ConversationView['address'] {
  if (conversation.kind === 'room') return `#${conversation.name}`
  const { low, high } = conversation
  return `@${low.id === account ? high.name : low.name}`
}

export function roomOf(room: Extract<ConversationInfo, { kind: 'room' }>): RoomView {
  const { id, name, topic, isPrivate, history, isClosed, members } = room
  return { id, name, topic, private: isPrivate, history, closed: isClosed, members }
}

function memberOf({ id, name, role, isSilenced, readSeq }: Member, isShown: boolean): MemberView {
  return { id, name, role, silenced: isSilenced, readSeq: isShown ? readSeq : 0 }
}
