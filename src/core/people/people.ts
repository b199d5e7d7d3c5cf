// People: who else is here, and whom one does not want to hear from.
import { nameKey } from '../../protocol/names.ts'
import { Refusal, refuseField } from '../../protocol/refusals.ts'
import type { Account, Person, Store } from '../../store/store.ts'
import { unknownAccount } from './accounts.ts'
import type { Committer } from '../log/committer.ts'
import * as fieldTexts from '../../protocol/texts/fields.ts'

/** Whom people find: everybody, or those with whom they share a room. */
export type Visibility = 'everybody' | 'sharing-a-room'

interface Needs {
  readonly store: Pick<Store, 'findPeople' | 'personByKey' | 'blockedBy' | 'hasMet'>
  readonly committer: Committer
  readonly visibility: Visibility
}

export interface PeopleQuery {
  /** The beginning of a name or of a later word of it, in any letter case. */
  readonly search: string
  /** The last name of the page before. */
  readonly after: string
  readonly limit: number
}

export class People {
  readonly #needs: Needs

  constructor(needs: Needs) {
    this.#needs = needs
  }

  /** Whether `find` covers every account, rather than only people who share a room with the asker. */
  get listsEverybody(): boolean {
    return this.#needs.visibility === 'everybody'
  }

  /**
   * A page of people without those who block the asker, and whether there are more: first those whose name begins with
   * `search`, by name, then those in whose name a later word does, by that word.
   */
  async find(
    asker: Account,
    { search, after, limit }: PeopleQuery,
  ): Promise<{ people: readonly Person[]; more: boolean }> {
    const { store, visibility } = this.#needs
    const found = await store.findPeople({
      asker: asker.id,
      keyPrefix: nameKey(search),
      afterKey: nameKey(after),
      limit: limit + 1,
      sharingWith: visibility === 'everybody' ? null : asker.id,
    })
    return { people: found.slice(0, limit), more: found.length > limit }
  }

  blockedBy(account: Account): Promise<readonly Person[]> {
    return this.#needs.store.blockedBy(account.id)
  }

  /**
   * Blocks somebody whom the account finds in the list of people or has met in a conversation, also a closed account. All
   * others are unknown alike: a block leaves no trace, and would tell unnoticed which accounts exist. Refuses with
   * `account-unknown`, `field-invalid` (oneself), and as the committer does.
   */
  async block(account: Account, name: string): Promise<Refusal | undefined> {
    const other = await this.#needs.store.personByKey(nameKey(name))
    if (other === undefined) return unknownAccount(name)
    if (other.id === account.id) return refuseField('field-invalid', 'name', fieldTexts.ownName)
    if (!(await this.#knows(account, other))) return unknownAccount(name)
    const written = await this.#needs.committer.submitOne({ kind: 'block', account: account.id, other: other.id })
    if (written instanceof Refusal) return written
    return written.kind === 'no-such-account' ? unknownAccount(name) : undefined
  }

  async #knows(account: Account, other: Person): Promise<boolean> {
    // The whole name is the first of those that begin with it.
    const { people } = await this.find(account, { search: other.name, after: '', limit: 1 })
    return people[0]?.id === other.id || (await this.#needs.store.hasMet(account.id, other.id))
  }

  /** Takes a block back; also one of an account that was closed since, or that there never was. */
  async unblock(account: Account, name: string): Promise<Refusal | undefined> {
    const blocked = await this.blockedBy(account)
    const other = blocked.find(person => nameKey(person.name) === nameKey(name))
    if (other === undefined) return undefined
    const written = await this.#needs.committer.submitOne({ kind: 'unblock', account: account.id, other: other.id })
    return written instanceof Refusal ? written : undefined
  }
}
