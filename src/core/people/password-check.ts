// Whether a password is an account's own, with its price, its limits and its memory. Nothing else compares passwords.
import { passwordBytesMax } from '../../protocol/limits.ts'
import { nameKey } from '../../protocol/names.ts'
import { Refusal, refuseField } from '../../protocol/refusals.ts'
import { checkUnicode, codePointsOf } from '../../protocol/text.ts'
import type { Account, SessionId } from '../../store/store.ts'
import type { Clock, Random } from '../kit/clock.ts'
import { Guesses } from './guesses.ts'
import type { Waiter } from './hash-queue.ts'
import type { RateLimiter } from '../kit/rate-limiter.ts'
import { Passwords } from './passwords.ts'
import { Remembered } from './password-cache.ts'
import * as fieldTexts from '../../protocol/texts/fields.ts'

export interface PasswordNeeds {
  readonly random: Random
  readonly clock: Clock
  /** Counts what costs a hash, by the source. */
  readonly attempts: RateLimiter
  /** Wrong passwords of one account that are compared within 24 hours, over all strangers; Infinity for no limit. */
  readonly guessesPerDay: number
}

/** Where a password comes from: whom its limits count, and whose proofs help it. */
export interface Source extends Waiter {
  /** Registrations, sign-ins and turns are counted under it: an address, IPv6 by /64, or an account that is signed in. */
  readonly key: string
  /** The address, where it may stand for a person: a proof is remembered for it, and for no other. */
  readonly address?: string
  /** The session through which somebody who is signed in shows the password again. */
  readonly session?: SessionId
}

export class PasswordCheck {
  readonly #attempts: RateLimiter
  readonly #guesses: Guesses
  readonly #passwords: Passwords
  readonly #remembered: Remembered

  constructor({ random, clock, attempts, guessesPerDay }: PasswordNeeds) {
    this.#attempts = attempts
    this.#guesses = new Guesses(guessesPerDay, clock)
    this.#passwords = new Passwords(random)
    this.#remembered = new Remembered(random, clock)
  }

  /** The PHC string of a new password. Refuses with `too-many` by the source, `busy`, and with what `unless` refuses. */
  async hash(password: string, source: Source, unless?: () => Promise<Refusal | undefined>): Promise<string | Refusal> {
    return this.#attempts.take(source.key) ?? (await this.#passwords.hash(password, source, unless))
  }

  /**
   * Whether `password` is the one of `account`, whose name was given as `name`. It costs a hash, also without an account,
   * so that the time discloses nothing; only a password that this address has proved lately is recognised at once. A wrong
   * one counts against the account's guesses; with none left, right and wrong ones are refused alike. Refuses with
   * `field-invalid` (on `password`), `too-many`, and `busy`.
   */
  async isRight(
    name: string,
    account: Account | undefined,
    password: string,
    source: Source,
  ): Promise<boolean | Refusal> {
    const unfit = checkPassword(password, 'password')
    if (unfit !== undefined) return unfit
    const counted = account === undefined ? `name ${nameKey(name)}` : `account ${account.id}`
    const guess = this.#guesses.begin(counted, this.#ownBudgets(account, source))
    if (guess instanceof Refusal) return guess
    using held = guess
    const { address } = source
    if (account !== undefined && address !== undefined && this.#remembered.hasProof(account, address)) {
      if (this.#remembered.knows(account, password, address)) return true
      // It was compared: it counts, also where the hash below is refused.
      held.spend()
    }
    const tooMany = this.#attempts.take(source.key)
    if (tooMany !== undefined) return tooMany
    const right = await this.#passwords.verify(account?.password ?? nobodysPassword, password, source)
    if (right instanceof Refusal) return right
    if (account === undefined || !right) {
      held.spend()
      return false
    }
    this.remember(account, password, source)
    return true
  }

  /** The source has just proved this password of the account, or set it. */
  remember(account: Account, password: string, { address }: Source): void {
    if (address !== undefined) this.#remembered.keep(account, password, address)
  }

  #ownBudgets(account: Account | undefined, { address, session }: Source): string[] {
    if (account === undefined) return []
    const keys: string[] = []
    if (session !== undefined) keys.push(`session ${session}`)
    if (address !== undefined && this.#remembered.hasProof(account, address)) keys.push(`${account.id} at ${address}`)
    return keys
  }
}

/** A password as it may be; refuses with `field-invalid` on `field`. With `charactersMin`, also one that is too short. */
export function checkPassword(password: string, field: string, charactersMin = 0): Refusal | undefined {
  if (Buffer.byteLength(password) > passwordBytesMax) {
    return refuseField('field-invalid', field, fieldTexts.bytesOver(passwordBytesMax))
  }
  const characters = codePointsOf(password)
  if (characters < charactersMin) {
    const few = charactersMin === 1 ? fieldTexts.empty : fieldTexts.passwordShort(characters, charactersMin)
    return refuseField('field-invalid', field, few)
  }
  return checkUnicode(password, field)
}

/** Made of 32 random bytes that nobody kept, with the parameters of every other one. */
const nobodysPassword =
  '$argon2id$v=19$m=19456,t=2,p=1$+BaK3mVJBVDr6a6ibrIdkQ$Y3z6dbUyBPx5dSieCC2QDQYCmqbI83CMScwKCyqOkH0'
