// Whom an address means. Names never change hands and rooms are never renamed, so that an answer stays true; only the
// number of answers in memory is bounded. Whether the account still lives is asked by the store, inside the append.
import { nameKey } from '../../protocol/names.ts'
import { Refusal, refuseField } from '../../protocol/refusals.ts'
import { checkUnicode } from '../../protocol/text.ts'
import type { Account, AccountId, ConversationId, Store } from '../../store/store.ts'
import { unknownRoom, unreachable } from './conversation-refusals.ts'
import * as fieldTexts from '../../protocol/texts/fields.ts'

export type Recipient =
  | { readonly kind: 'account'; readonly account: AccountId; readonly name: string }
  | { readonly kind: 'room'; readonly conversation: ConversationId; readonly name: string; readonly isPrivate: boolean }

type Lookup = Pick<Store, 'accountByKey' | 'roomByKey' | 'conversation'>

/** Answers kept: those of a busy server, in a few megabytes. */
const recipientsMax = 50_000

export class Recipients {
  readonly #store: Lookup
  readonly #known = new Map<string, Recipient>()

  constructor(store: Lookup) {
    this.#store = store
  }

  /** Whom `@name` or `#room` means. Refuses with `field-invalid`, `unreachable`, `room-unknown`. */
  async find(address: string): Promise<Recipient | Refusal> {
    const nameOnly = nameKey(address.slice(1))
    const key = address.slice(0, 1) + nameOnly
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const found = await this.#look(address, nameOnly)
    if (!(found instanceof Refusal)) this.#keep(key, found)
    return found
  }

  /** The account of a name; refuses with `unreachable` on `field`. */
  async account(name: string, field: string): Promise<Extract<Recipient, { kind: 'account' }> | Refusal> {
    const found = await this.find(`@${name}`)
    return found instanceof Refusal || found.kind !== 'account' ? unreachable(name, field) : found
  }

  async #look(address: string, key: string): Promise<Recipient | Refusal> {
    const unfit = checkUnicode(address, 'to')
    if (unfit !== undefined) return unfit
    const name = address.slice(1)
    if (address.startsWith('@')) {
      const account: Account | undefined = await this.#store.accountByKey(key)
      return account === undefined ? unreachable(name) : { kind: 'account', account: account.id, name: account.name }
    }
    if (!address.startsWith('#')) return refuseField('field-invalid', 'to', fieldTexts.neitherPersonNorRoom)
    const conversation = await this.#store.roomByKey(key)
    const room = conversation === undefined ? undefined : await this.#store.conversation(conversation)
    if (room?.kind !== 'room') return unknownRoom(name)
    return { kind: 'room', conversation: room.id, name: room.name, isPrivate: room.isPrivate }
  }

  #keep(key: string, recipient: Recipient): void {
    this.#known.set(key, recipient)
    const [oldest] = this.#known.keys()
    if (this.#known.size > recipientsMax && oldest !== undefined) this.#known.delete(oldest)
  }
}
