// Rooms: made, found, joined, left and kept in order. Who may do what is decided by the store, inside the append; here
// names become ids, and what the store says no to becomes a refusal.
import { topicBytesMax } from '../../protocol/limits.ts'
import { type Name, nameKey, parseRoomName } from '../../protocol/names.ts'
import { Refusal, refuseField } from '../../protocol/refusals.ts'
import { checkUnicode } from '../../protocol/text.ts'
import type { NewRoomView, RoomView } from '../../protocol/v1.ts'
import type { Account, ConversationId, Role, RoomChange, Store, Written } from '../../store/store.ts'
import type { Committer, Outcome } from '../log/committer.ts'
import { refusalFor, unreachable } from './conversation-refusals.ts'
import { roomOf } from './conversations.ts'
import { Recipients } from './recipients.ts'
import * as fieldTexts from '../../protocol/texts/fields.ts'
import * as accountTexts from '../../protocol/texts/accounts.ts'
import * as conversationTexts from '../../protocol/texts/conversations.ts'

interface Needs {
  readonly store: Pick<Store, 'accountByKey' | 'roomByKey' | 'conversation' | 'publicRooms' | 'membership'>
  readonly committer: Committer
}

type Stored = Extract<Written, { kind: 'stored' }>

export interface RoomsQuery {
  /** The beginning of a name, in any letter case. */
  readonly search: string
  /** The name behind which the page begins. */
  readonly after: string
  readonly limit: number
}

/** What is done to a member of a room, by name. */
export type MemberChange =
  | { readonly what: 'invite' | 'remove' | 'silence' | 'unsilence' }
  | { readonly what: 'role'; readonly role: Role }

export class Rooms {
  readonly #store: Needs['store']
  readonly #committer: Committer
  readonly #recipients: Recipients

  constructor({ store, committer }: Needs) {
    this.#store = store
    this.#committer = committer
    this.#recipients = new Recipients(store)
  }

  /**
   * Makes a room of which `owner` is the first member. Refuses with `field-invalid`, `room-exists`, and as the
   * committer does.
   */
  async create(owner: Account, wanted: NewRoomView): Promise<RoomView | Refusal> {
    const { topic = '', private: isPrivate = false, history = 'from-joining' } = wanted
    const name = parseRoomName(wanted.name, 'name')
    if (name instanceof Refusal) return name
    const unfit = checkTopic(topic, 'topic')
    if (unfit !== undefined) return unfit
    const written = await this.#committer.submitOne({
      kind: 'create-room',
      owner: owner.id,
      name: name.shown,
      nameKey: name.key,
      topic,
      isPrivate,
      history,
    })
    if (written instanceof Refusal) return written
    if (written.kind === 'name-taken') {
      return new Refusal('room-exists', accountTexts.nameTaken(await this.#nameTaken(name)), { field: 'name' })
    }
    if (written.kind !== 'stored') return refusalFor(written.kind)
    const room = await this.#store.conversation(written.conversation)
    if (room?.kind !== 'room') throw new Error('a new room is not there')
    return roomOf(room)
  }

  /** The name as the room that has it shows it; of a private room not even the letter case is disclosed. */
  async #nameTaken({ key, shown }: Name): Promise<string> {
    const id = await this.#store.roomByKey(key)
    const room = id === undefined ? undefined : await this.#store.conversation(id)
    return room?.kind === 'room' && !room.isPrivate ? room.name : shown
  }

  /** A page of the public rooms in whose name a word begins with `search`, as `People.find` orders them, after the name `after`. */
  async list({ search, after, limit }: RoomsQuery): Promise<{ readonly rooms: RoomView[]; readonly more: boolean }> {
    const query = { keyPrefix: nameKey(search), afterKey: nameKey(after), limit: limit + 1 }
    const found = await this.#store.publicRooms(query)
    const rooms = found.slice(0, limit).flatMap(room => (room.kind === 'room' ? [roomOf(room)] : []))
    return { rooms, more: found.length > limit }
  }

  /**
   * Joins, leaves, closes, reopens, or sets the topic; undefined where it was so already. Refuses with `field-invalid`,
   * `room-unknown`, `not-a-member`, `owners-only` (also joining after an owner removed the account), `room-full`,
   * `last-owner`, and as the committer does.
   */
  async change(
    actor: Account,
    conversation: ConversationId,
    change: Exclude<RoomChange, { account: unknown }>,
  ): Promise<Stored | undefined | Refusal> {
    const unfit = change.what === 'topic' ? checkTopic(change.text, 'text') : undefined
    return unfit ?? changed(await this.#submit(actor, conversation, change))
  }

  /** Does something to a member, or makes one. Refuses as `change` does, and with `unreachable`. */
  async changeMember(
    actor: Account,
    conversation: ConversationId,
    name: string,
    change: MemberChange,
  ): Promise<Stored | undefined | Refusal> {
    const found = await this.#recipients.account(name, 'name')
    if (found instanceof Refusal) {
      // Who may not see the room learns nothing about people from it either.
      return (await this.#seenBy(actor, conversation)) ? found : refusalFor('no-such-room')
    }
    const outcome = await this.#submit(actor, conversation, { ...change, account: found.account })
    if (outcome instanceof Refusal) return outcome
    if (outcome.kind === 'no-such-account' || outcome.kind === 'blocked') return unreachable(found.name, 'name')
    const isOther = outcome.kind === 'not-a-member' && found.account !== actor.id
    if (isOther && (await this.#store.membership(actor.id, conversation)) !== undefined) {
      return new Refusal('not-a-member', conversationTexts.notInRoom(found.name), { field: 'name' })
    }
    return changed(outcome)
  }

  #submit({ id: actor }: Account, conversation: ConversationId, change: RoomChange): Promise<Outcome> {
    return this.#committer.submitOne({ kind: 'change-room', conversation, actor, change })
  }

  async #seenBy({ id }: Account, conversation: ConversationId): Promise<boolean> {
    const room = await this.#store.conversation(conversation)
    if (room?.kind !== 'room') return false
    return !room.isPrivate || (await this.#store.membership(id, conversation)) !== undefined
  }
}

/** The entry that was stored; undefined where there was nothing to change. */
function changed(outcome: Outcome): Stored | undefined | Refusal {
  if (outcome instanceof Refusal || outcome.kind === 'stored') return outcome
  return outcome.kind === 'unchanged' ? undefined : refusalFor(outcome.kind)
}

/** A topic may be empty. Refuses with `field-invalid`. */
function checkTopic(topic: string, field: string): Refusal | undefined {
  if (Buffer.byteLength(topic) > topicBytesMax) {
    return refuseField('field-invalid', field, fieldTexts.bytesOver(topicBytesMax))
  }
  return checkUnicode(topic, field)
}
