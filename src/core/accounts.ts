// Who: accounts are made and their passwords checked here, for every transport.
import { passwordBytesMax } from '../protocol/limits.ts'
import { nameKey, parseName } from '../protocol/names.ts'
import { Refusal, refuseField } from '../protocol/refusals.ts'
import { checkUnicode, codePointsOf } from '../protocol/text.ts'
import type { Account, Store } from '../store/store.ts'
import type { Random } from './chance.ts'
import type { Committer } from './committer.ts'
import type { RateLimiter } from './limits.ts'
import { Passwords } from './passwords.ts'
import { Remembered } from './remembered.ts'

export type Registration = 'open' | 'invite' | 'closed'

export interface AccountRules {
  readonly registration: Registration
  /** Characters of the shortest password. */
  readonly passwordMin: number
}

interface Needs {
  readonly store: Pick<Store, 'accountByKey'>
  readonly committer: Committer
  readonly random: Random
  readonly rules: AccountRules
  /** Counts what costs a hash, by who asks. */
  readonly attempts: RateLimiter
}

export class Accounts {
  readonly #store: Needs['store']
  readonly #committer: Committer
  readonly #rules: AccountRules
  readonly #attempts: RateLimiter
  readonly #passwords: Passwords
  readonly #remembered: Remembered

  constructor({ store, committer, random, rules, attempts }: Needs) {
    this.#store = store
    this.#committer = committer
    this.#rules = rules
    this.#attempts = attempts
    this.#passwords = new Passwords(random)
    this.#remembered = new Remembered(random)
  }

  /** The account of that name in any letter case; undefined if there is none, or none can have that name. */
  find(name: string): Promise<Account | undefined> {
    return this.#store.accountByKey(nameKey(name))
  }

  /**
   * Makes an account. Refuses with `field-invalid` (on `username` or `password`), `account-exists`,
   * `registration-closed`, `too-many` for whom `from` names, and as the committer does. Of any number of equal names at
   * once, one is made.
   */
  async register(username: string, password: string, from: string): Promise<Account | Refusal> {
    if (this.#rules.registration !== 'open') {
      return new Refusal('registration-closed', 'This server does not take registrations from everybody.')
    }
    const name = parseName(username, 'username')
    if (name instanceof Refusal) return name
    const unfit = checkPassword(password) ?? this.#checkLength(password)
    if (unfit !== undefined) return unfit
    // Asked now, and again when it is this one's turn to be hashed, so that a name that is taken does not cost a hash;
    // what counts is what the store says when it writes.
    const isTaken = async () => ((await this.find(name.shown)) === undefined ? undefined : taken(name.shown))
    const early = (await isTaken()) ?? this.#attempts.take(from)
    if (early !== undefined) return early
    const hash = await this.#passwords.hash(password, isTaken)
    if (hash instanceof Refusal) return hash
    const written = await this.#committer.submitOne({
      kind: 'register',
      name: name.shown,
      nameKey: name.key,
      password: hash,
      passwordRule: this.#rules.passwordMin,
    })
    if (written instanceof Refusal) return written
    if (written.kind === 'name-taken') return taken(name.shown)
    const account = await this.find(name.shown)
    if (account === undefined) throw new Error('a new account is not there')
    this.#remembered.keep(account, password)
    return account
  }

  /**
   * The account, if the password is its own. Refuses with `account-unknown`, `password-wrong`, `password-weak` (made
   * under a weaker rule than now: it needs a reset), `field-invalid`, `too-many` for whom `from` names, and `busy` where
   * too many sign in at once.
   */
  async authenticate(username: string, password: string, from: string): Promise<Account | Refusal> {
    const unfit = checkUnicode(username, 'username') ?? checkPassword(password)
    if (unfit !== undefined) return unfit
    const account = await this.find(username)
    if (account === undefined) return unknownAccount(username)
    if (!this.#remembered.knows(account, password)) {
      const tooMany = this.#attempts.take(from)
      if (tooMany !== undefined) return tooMany
      const right = await this.#passwords.verify(account.password, password)
      if (right instanceof Refusal) return right
      if (!right) return new Refusal('password-wrong', 'The password is not the right one.')
      this.#remembered.keep(account, password)
    }
    if (account.passwordRule < this.#rules.passwordMin) {
      return new Refusal(
        'password-weak',
        `This password was set when shorter ones were allowed (now ${this.#rules.passwordMin} characters at least).`,
      )
    }
    return account
  }

  #checkLength(password: string): Refusal | undefined {
    const characters = codePointsOf(password)
    const least = this.#rules.passwordMin
    if (characters >= least) return undefined
    const few = least === 1 ? 'is empty' : `has ${characters} characters; it needs at least ${least}`
    return refuseField('field-invalid', 'password', few)
  }
}

export function unknownAccount(name: string): Refusal {
  return new Refusal('account-unknown', `There is no account ${JSON.stringify(name)}.`)
}

function taken(name: string): Refusal {
  return new Refusal('account-exists', `The name ${JSON.stringify(name)} is taken.`)
}

function checkPassword(password: string): Refusal | undefined {
  if (Buffer.byteLength(password) > passwordBytesMax) {
    return refuseField('field-invalid', 'password', `has more than ${passwordBytesMax} bytes`)
  }
  return checkUnicode(password, 'password')
}
