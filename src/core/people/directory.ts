// Names: what an id is called where people see it. Accounts and rooms are never renamed, so what was looked up once
// stays true; only the number of names in memory is bounded.
import type { AccountId, ConversationId, Person, Store } from '../../store/store.ts'
import type { Address } from '../../protocol/v1.ts'

type Lookup = Pick<Store, 'people' | 'conversation'>

/** Names kept, of accounts and of conversations each: a busy server's, in a few megabytes. */
const namesMax = 50_000

/** What is fixed about a conversation: the room's name, or the pair. */
export type Place =
  | { readonly kind: 'room'; readonly name: string }
  | { readonly kind: 'direct'; readonly low: Person; readonly high: Person }

export class Directory {
  readonly #store: Lookup
  readonly #names = new Map<AccountId, string>()
  readonly #places = new Map<ConversationId, Place>()

  constructor(store: Lookup) {
    this.#store = store
  }

  /** Makes sure that `name` and `place` know these ids; throws if one of them does not exist. */
  async learn(accounts: ReadonlySet<AccountId>, conversations: ReadonlySet<ConversationId>): Promise<void> {
    forgetOldest(this.#names)
    forgetOldest(this.#places)
    const unknown = [...accounts].filter(id => !this.#names.has(id))
    if (unknown.length > 0) for (const { id, name } of await this.#store.people(unknown)) this.#names.set(id, name)
    for (const id of conversations) {
      if (id === 0 || this.#places.has(id)) continue
      const info = await this.#store.conversation(id)
      if (info === undefined) throw new Error(`there is no conversation ${id}`)
      this.#places.set(id, info)
    }
  }

  /** The name of an account that was learnt. */
  name(account: AccountId): string {
    const name = this.#names.get(account)
    if (name === undefined) throw new Error(`the name of account ${account} was not looked up`)
    return name
  }

  /** A conversation that was learnt. */
  place(conversation: ConversationId): Place {
    const place = this.#places.get(conversation)
    if (place === undefined) throw new Error(`conversation ${conversation} was not looked up`)
    return place
  }

  /** Where something said by `sender` in a conversation goes. */
  address(conversation: ConversationId, sender: AccountId): Address {
    const place = this.place(conversation)
    if (place.kind === 'room') return `#${place.name}`
    return `@${place.low.id === sender ? place.high.name : place.low.name}`
  }
}

/** Before new ones come in, so that nothing goes that was just learnt. */
function forgetOldest(map: Map<number, unknown>): void {
  for (const key of map.keys()) {
    if (map.size <= namesMax) return
    map.delete(key)
  }
}
