// Who: accounts are made, proved and closed here, for every transport.
import { nameKey, parseName } from '../../protocol/names.ts'
import { Refusal } from '../../protocol/refusals.ts'
import { checkUnicode } from '../../protocol/text.ts'
import type { Account, SessionId, Store } from '../../store/store.ts'
import type { Committer } from '../log/committer.ts'
import { hashOf, unknownInvite } from './invites.ts'
import { checkPassword, type PasswordCheck, type Source } from './password-check.ts'
import * as accountTexts from '../../protocol/texts/accounts.ts'

export type Registration = 'open' | 'invite' | 'closed'

export interface AccountRules {
  readonly registration: Registration
  /** Characters of the shortest password. */
  readonly passwordMin: number
}

interface Needs {
  readonly store: Pick<Store, 'accountByKey' | 'accountById'>
  readonly committer: Committer
  readonly passwords: PasswordCheck
  readonly rules: AccountRules
}

/** A new account as it was asked for. */
export interface Newcomer {
  readonly name: string
  readonly password: string
  readonly invite?: string
  /** What the transport calls the name, for a refusal of it. */
  readonly nameField?: string
}

/** The operator's own commands: nothing is counted there. */
const operator: Source = { key: 'the operator', presence: () => 'here' }

export class Accounts {
  readonly #store: Needs['store']
  readonly #committer: Committer
  readonly #passwords: PasswordCheck
  readonly #rules: AccountRules

  constructor({ store, committer, passwords, rules }: Needs) {
    this.#store = store
    this.#committer = committer
    this.#passwords = passwords
    this.#rules = rules
  }

  /** Who may make an account on this server. */
  get registration(): Registration {
    return this.#rules.registration
  }

  /** The account of that name in any letter case; undefined if there is none, or none can have that name. */
  find(name: string): Promise<Account | undefined> {
    return this.#store.accountByKey(nameKey(name))
  }

  /**
   * Makes an account. Refuses with `field-invalid` (on the name or `password`), `account-exists`,
   * `registration-closed`, `invite-needed`, `invite-unknown`, `too-many` by the source, and as the committer
   * does. Of any number of equal names at once, one is made; an invite is used up only by an account that was made.
   */
  async register(newcomer: Newcomer, source: Source): Promise<Account | Refusal> {
    const { password, invite, nameField = 'name' } = newcomer
    const closed = this.#checkOpen(invite)
    if (closed !== undefined) return closed
    const name = parseName(newcomer.name, nameField)
    if (name instanceof Refusal) return name
    const unfit = this.#checkNew(password, 'password')
    if (unfit !== undefined) return unfit
    // Asked now, and again when it is this one's turn to be hashed, so that a name that is taken does not cost a hash;
    // what counts is what the store says when it writes. Where one must be invited, not before the store has seen the
    // invite: who is here is not for everybody.
    const isTaken = async () => {
      const there = this.registration === 'open' ? await this.find(name.shown) : undefined
      return there === undefined ? undefined : taken(there.name)
    }
    const early = await isTaken()
    if (early !== undefined) return early
    const hash = await this.#passwords.hash(password, source, isTaken)
    if (hash instanceof Refusal) return hash
    const written = await this.#committer.submitOne({
      kind: 'register',
      name: name.shown,
      nameKey: name.key,
      password: hash,
      passwordRule: this.#rules.passwordMin,
      ...(invite === undefined ? {} : { inviteHash: hashOf(invite) }),
    })
    if (written instanceof Refusal) return written
    if (written.kind === 'name-taken') {
      // A deleted account's name is gone with it: then the name stands as it was typed.
      return taken((await this.find(name.shown))?.name ?? name.shown)
    }
    if (written.kind === 'no-such-invite') return unknownInvite
    const account = await this.find(name.shown)
    if (account === undefined) throw new Error('a new account is not there')
    this.#passwords.remember(account, password, source)
    return account
  }

  /**
   * The account, if the password is its own, as the lab's routes ask. Refuses with `account-unknown`, `password-wrong`,
   * `password-weak` (made under a weaker rule than now: it needs a reset), `field-invalid`, `too-many` by the source,
   * and `busy` where too many sign in at once.
   */
  async authenticate(name: string, password: string, source: Source): Promise<Account | Refusal> {
    const unfit = checkUnicode(name, 'username') ?? checkPassword(password, 'password')
    if (unfit !== undefined) return unfit
    const account = await this.find(name)
    if (account === undefined) return unknownAccount(name)
    return (await this.#prove(account, password, source)) ?? this.#checkStrength(account) ?? account
  }

  /** The same without a word on which of the two was wrong: `sign-in-failed`, after the same work. */
  async recognise(name: string, password: string, source: Source): Promise<Account | Refusal> {
    const account = await this.find(name)
    const right = await this.#passwords.isRight(name, account, password, source)
    if (right instanceof Refusal) return right
    if (account === undefined || !right) return new Refusal('sign-in-failed', accountTexts.signInWrong)
    return this.#checkStrength(account) ?? account
  }

  /**
   * Gives an account another password; every session ends but `keep`. Refuses with `password-wrong` (the present one),
   * `field-invalid` (on `current` or `next`), `too-many`, and as the committer does.
   */
  async changePassword(
    account: Account,
    change: { readonly current: string; readonly next: string; readonly keep: SessionId },
    source: Source,
  ): Promise<Refusal | undefined> {
    const { current, next, keep } = change
    const refusal =
      this.#checkNew(next, 'next') ?? checkPassword(current, 'current') ?? (await this.#prove(account, current, source))
    return refusal ?? (await this.#setPassword(account, next, keep, source))
  }

  /**
   * The same for somebody who has forgotten it, by the operator of the server; every session ends. Refuses with
   * `account-unknown`, `field-invalid` (on `password`), and as the committer does.
   */
  async resetPassword(name: string, next: string): Promise<Refusal | undefined> {
    const unfit = this.#checkNew(next, 'password')
    if (unfit !== undefined) return unfit
    const account = await this.find(name)
    return account === undefined ? unknownAccount(name) : this.#setPassword(account, next, null, operator)
  }

  /**
   * Closes an account for good. Its messages are still to be erased. Refuses with `password-wrong`, `field-invalid`,
   * `too-many`, and as the committer does; an account that is closed already is closed.
   */
  async close(account: Account, password: string, source: Source): Promise<Refusal | undefined> {
    const refusal = await this.#prove(account, password, source)
    if (refusal !== undefined) return refusal
    const written = await this.#committer.submitOne({ kind: 'delete-account', account: account.id })
    return written instanceof Refusal ? written : undefined
  }

  async #setPassword(
    account: Account,
    next: string,
    keep: SessionId | null,
    source: Source,
  ): Promise<Refusal | undefined> {
    const password = await this.#passwords.hash(next, source)
    if (password instanceof Refusal) return password
    const passwordRule = this.#rules.passwordMin
    const write = { kind: 'set-password', account: account.id, password, passwordRule, keep } as const
    const written = await this.#committer.submitOne(write)
    if (written instanceof Refusal) return written
    if (written.kind === 'no-such-account') return unknownAccount(account.name)
    if (written.kind !== 'stored') throw new Error(`a new password was answered with ${written.kind}`)
    this.#passwords.remember({ ...account, password }, next, source)
    return undefined
  }

  #checkNew(password: string, field: string): Refusal | undefined {
    return checkPassword(password, field, this.#rules.passwordMin)
  }

  async #prove(account: Account, password: string, source: Source): Promise<Refusal | undefined> {
    const right = await this.#passwords.isRight(account.name, account, password, source)
    if (right instanceof Refusal) return right
    return right ? undefined : new Refusal('password-wrong', accountTexts.passwordWrong)
  }

  #checkOpen(invite: string | undefined): Refusal | undefined {
    const { registration } = this.#rules
    if (registration === 'closed') return new Refusal('registration-closed', accountTexts.registrationClosed)
    if (registration === 'invite' && invite === undefined) {
      return new Refusal('invite-needed', accountTexts.registrationByInvite)
    }
    return undefined
  }

  #checkStrength({ passwordRule }: Account): Refusal | undefined {
    const least = this.#rules.passwordMin
    if (passwordRule >= least) return undefined
    return new Refusal('password-weak', accountTexts.passwordTooWeakNow(least))
  }
}

export function unknownAccount(name: string): Refusal {
  return new Refusal('account-unknown', accountTexts.noAccount(name))
}

function taken(name: string): Refusal {
  return new Refusal('account-exists', accountTexts.nameTaken(name))
}
