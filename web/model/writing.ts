// What an account has written in this browser and the log does not have: drafts, and messages that are not sent yet. It
// outlives a session that ends by itself and is given to the same account alone: signing out takes it away, and so does
// the next one who signs in. On plain HTTP nothing of it lies on the disk while nobody is signed in (decision 10).
import type { MeView } from '../../src/sdk/sdk.ts'
import { within, type Kept } from './kept.ts'

/** All of it, of everybody: what begins otherwise (how the page looks) is nobody's writing. */
const all = 'of.'

interface Places {
  /** Where it lies while somebody is signed in. */
  readonly storage: Kept
  /** Whether it may lie there also when the session has ended by itself; otherwise this page remembers it until it is closed. */
  readonly staysThere: boolean
  readonly tabs: Tabs
}

/** Which accounts are signed in in tabs that share the storage, under names that this file gives them. */
export interface Tabs {
  /** Says until `until` aborts that this one is. */
  hold(account: string, until: AbortSignal): void
  /** Those that some tab says so of. */
  held(): Promise<readonly string[]>
}

export class Writing {
  readonly #places: Places
  #leaving = new AbortController()
  #remembered: ReadonlyMap<string, string> = new Map()

  constructor(places: Places) {
    this.#places = places
  }

  /** Where `account` keeps what it writes from now on, with what it left here; what others left here is gone. */
  async enter(account: MeView): Promise<Kept> {
    const { storage, tabs } = this.#places
    const mine = nameOf(account)
    this.#leaving = new AbortController()
    const { signal } = this.#leaving
    tabs.hold(mine, signal)
    for (const [name, value] of this.#remembered) if (name.startsWith(mine)) storage.write(name, value)
    this.#remembered = new Map()
    const spared = [mine, ...(await tabs.held())]
    for (const name of storage.names(all)) {
      if (!spared.some(one => name.startsWith(one))) storage.write(name, undefined)
    }
    return within(storage, mine, signal)
  }

  /** The session ended by itself. Answers whether something waits for the account to come back. */
  leave(account: MeView): boolean {
    const { storage, staysThere } = this.#places
    this.#leaving.abort()
    const names = storage.names(nameOf(account))
    if (!staysThere) {
      this.#remembered = new Map(names.map(name => [name, storage.read(name) ?? '']))
      storage.forget(nameOf(account))
    }
    return names.length > 0
  }

  /** The account signed out, or is no more. */
  forget(account: MeView): void {
    this.#leaving.abort()
    // It may have seemed to end by itself before it was known why.
    this.#remembered = new Map()
    this.#places.storage.forget(nameOf(account))
  }
}

/** Another server at the same address, its data begun anew, gives the same ids to other people: hence the time as well. */
function nameOf({ id, createdAt }: MeView): string {
  return `${all}${id}.${createdAt}.`
}
