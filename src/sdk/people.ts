// The others, as a session meets them: finding them, whether they are there, and not hearing from some.
import type { AccountView, InviteView } from '../protocol/v1.ts'
import { type Call, path, type Waiting } from './http.ts'

export interface Presence {
  readonly online: boolean
  /** Seconds since 1970; absent where it is not known or not shown. */
  readonly lastSeen?: number
}

export interface PeoplePage {
  readonly people: readonly AccountView[]
  readonly more: boolean
  /** Whether the list covers all accounts, rather than people who share a room with me. Absent from servers before 0.6. */
  readonly everybody?: boolean
}

export interface NewInvite {
  /** How many accounts can be made with it; 1 where nothing is said. */
  readonly uses?: number
  /** A week where nothing is said. */
  readonly expiresInSeconds?: number
  readonly makesAdmin?: boolean
}

export interface Invite {
  /** For `withdrawInvite`. */
  readonly id: string
  /** For `register`; shown this once. */
  readonly invite: string
  /** For a person to open. */
  readonly link: string
  readonly uses: number
  readonly makesAdmin: boolean
  /** Seconds since 1970. */
  readonly expiresAt: number
}

export class People {
  readonly #call: Call

  constructor(call: Call) {
    this.#call = call
  }

  /**
   * People in whose name a word begins with `search`: first those whose name begins with it, by name, then those with a
   * later word that does, by that word. The next page comes `after` the last name.
   */
  find({
    search,
    after,
    limit,
    signal,
  }: { search?: string; after?: string; limit?: number } & Waiting = {}): Promise<PeoplePage> {
    return this.#call('GET', '/people', { query: { search, after, limit }, signal })
  }

  /** An invite to the server. For admins. */
  invite(draft: NewInvite = {}, { signal }: Waiting = {}): Promise<Invite> {
    return this.#call('POST', '/invites', { body: draft, signal })
  }

  /** Invites that still let somebody in, by id; the next page comes `after` the last one's. For admins. */
  invites({ after, limit, signal }: { after?: string; limit?: number } & Waiting = {}): Promise<{
    invites: readonly InviteView[]
    more: boolean
  }> {
    return this.#call('GET', '/invites', { query: { after, limit }, signal })
  }

  /** Takes an invite back; who came in with it, stays. For admins. */
  async withdrawInvite(id: string, { signal }: Waiting = {}): Promise<void> {
    await this.#call('DELETE', path`/invites/${id}`, { signal })
  }

  presence(name: string, { signal }: Waiting = {}): Promise<Presence> {
    return this.#call('GET', path`/presence/${name}`, { signal })
  }

  /** `name` cannot write to me directly, and sees me as one who is never there. */
  async block(name: string, { signal }: Waiting = {}): Promise<void> {
    await this.#call('PUT', path`/blocks/${name}`, { signal })
  }

  async unblock(name: string, { signal }: Waiting = {}): Promise<void> {
    await this.#call('DELETE', path`/blocks/${name}`, { signal })
  }

  async blocked({ signal }: Waiting = {}): Promise<readonly AccountView[]> {
    return (await this.#call<{ people: AccountView[] }>('GET', '/blocks', { signal })).people
  }
}
