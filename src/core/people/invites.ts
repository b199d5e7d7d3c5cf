// Invites: a secret that lets a number of people make an account, until it expires. Shown once, kept only as a hash.
import { createHash } from 'node:crypto'
import { Refusal } from '../../protocol/refusals.ts'
import type { AccountId, OpenInvite, Store } from '../../store/store.ts'
import type { Clock, Random } from '../kit/clock.ts'
import type { Committer } from '../log/committer.ts'
import * as accountTexts from '../../protocol/texts/accounts.ts'

/** Accounts that one invite can make: a large class's. */
export const usesMax = 1_000

/** The first invite of a server: whoever starts one also sets it up on that day. */
const firstLifeSeconds = 24 * 3_600

export interface Invite {
  /** Which one it is, for those who look after invites; says nothing of the secret. */
  readonly id: string
  /** 256 random bits in base64url. */
  readonly invite: string
  readonly uses: number
  readonly makesAdmin: boolean
  readonly expiresAtMs: number
}

export interface InviteDraft {
  readonly uses: number
  readonly expiresInSeconds: number
  readonly makesAdmin: boolean
}

/** The hash under which an invite or a token is stored: it is random and long, so that it needs no salt and no slowness. */
export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

/** 256 random bits, in characters that pass a URL, a header and a cookie as they are. */
export function secretOf(random: Random): string {
  return Buffer.from(random(32)).toString('base64url')
}

interface Needs {
  readonly store: Pick<Store, 'hasAccounts' | 'openInvites'>
  readonly committer: Committer
  readonly clock: Clock
  readonly random: Random
}

export class Invites {
  readonly #needs: Needs

  constructor(needs: Needs) {
    this.#needs = needs
  }

  /** A new invite by an account, or by the server itself (null). Refuses with `signed-out`, and as the committer does. */
  async create(by: AccountId | null, { uses, expiresInSeconds, makesAdmin }: InviteDraft): Promise<Invite | Refusal> {
    const { committer, clock, random } = this.#needs
    const invite = secretOf(random)
    const expiresAtMs = clock() + expiresInSeconds * 1_000
    const id = hashOf(invite)
    const write = { kind: 'create-invite', inviteHash: id, by, makesAdmin, uses, expiresAtMs } as const
    const written = await committer.submitOne(write)
    if (written instanceof Refusal) return written
    // Closed between the question who asks and the write.
    if (written.kind !== 'done') return new Refusal('signed-out', accountTexts.closedMeanwhile)
    return { id, invite, uses, makesAdmin, expiresAtMs }
  }

  /** A page of the invites that still let somebody in, by id, after one. */
  async list(
    after: string,
    limit: number,
  ): Promise<{ readonly invites: readonly OpenInvite[]; readonly more: boolean }> {
    const { store, clock } = this.#needs
    const found = await store.openInvites({ afterHash: after, limit: limit + 1, nowMs: clock() })
    return { invites: found.slice(0, limit), more: found.length > limit }
  }

  /** Takes an invite back. Refuses with `invite-unknown` where it lets nobody in any more, and as the committer does. */
  async withdraw(id: string): Promise<Refusal | undefined> {
    const written = await this.#needs.committer.submitOne({ kind: 'end-invite', inviteHash: id })
    if (written instanceof Refusal) return written
    return written.kind === 'done' ? undefined : unknownInvite
  }

  /** The invite of a server without accounts, whose first account is an admin; undefined where there are accounts. */
  async createFirst(): Promise<Invite | undefined> {
    if (await this.#needs.store.hasAccounts()) return undefined
    const invite = await this.create(null, { uses: 1, expiresInSeconds: firstLifeSeconds, makesAdmin: true })
    if (invite instanceof Refusal) throw new Error(invite.message)
    return invite
  }
}

export const unknownInvite = new Refusal('invite-unknown', accountTexts.noInvite)

/**
 * Where a browser takes an invite; in the fragment, which stays out of logs. `base` is an address of the server, with the
 * path below which a proxy has it.
 */
export function inviteLink(base: string | URL, invite: string): string {
  return new URL(`#invite=${invite}`, base).href
}
