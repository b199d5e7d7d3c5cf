// Whether a password is an account's own: with its price, its limits and its memory. Nothing else compares passwords.
import { passwordBytesMax } from '../protocol/limits.ts'
import { nameKey } from '../protocol/names.ts'
import { Refusal, refuseField } from '../protocol/refusals.ts'
import { checkUnicode, codePointsOf } from '../protocol/text.ts'
import type { Account } from '../store/store.ts'
import type { Random } from './chance.ts'
import type { RateLimiter } from './limits.ts'
import { Passwords } from './passwords.ts'
import { Remembered } from './remembered.ts'
import * as fieldTexts from '../protocol/texts/fields.ts'

export interface PasswordNeeds {
  readonly random: Random
  /** Counts what costs a hash, by who asks. */
  readonly attempts: RateLimiter
  /** Counts guesses at one account's password, from wherever they come. */
  readonly guesses: RateLimiter
}

export class PasswordCheck {
  readonly #attempts: RateLimiter
  readonly #guesses: RateLimiter
  readonly #passwords: Passwords
  readonly #remembered: Remembered

  constructor({ random, attempts, guesses }: PasswordNeeds) {
    this.#attempts = attempts
    this.#guesses = guesses
    this.#passwords = new Passwords(random)
    this.#remembered = new Remembered(random)
  }

  /**
   * A PHC string of a new password; refuses with `too-many` for whom `from` names, `busy`, and what `unless` refuses when
   * its turn has come.
   */
  async hash(password: string, from: string, unless?: () => Promise<Refusal | undefined>): Promise<string | Refusal> {
    return this.#attempts.take(from) ?? (await this.#passwords.hash(password, unless))
  }

  /**
   * Whether `password` is the one of `account`, whose name was given as `name`. It costs a hash, also without an account,
   * so that the time says nothing; only a password that was right lately is known at once. Refuses with `field-invalid`
   * (on `password`), `too-many`, and `busy`.
   */
  async isRight(
    name: string,
    account: Account | undefined,
    password: string,
    from: string,
  ): Promise<boolean | Refusal> {
    const unfit = checkPassword(password, 'password')
    if (unfit !== undefined) return unfit
    if (account !== undefined && this.#remembered.knows(account, password)) return true
    const tooMany = this.#attempts.take(from) ?? this.#guesses.take(nameKey(name))
    if (tooMany !== undefined) return tooMany
    const right = await this.#passwords.verify(account?.password ?? nobodysPassword, password)
    if (right instanceof Refusal) return right
    if (account === undefined || !right) return false
    this.#remembered.keep(account, password)
    return true
  }

  /** This account was made with this password just now. */
  remember(account: Account, password: string): void {
    this.#remembered.keep(account, password)
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
