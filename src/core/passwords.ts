// Passwords as argon2id in PHC strings (RFC 9106; parameters: OWASP's second choice, 19 MiB, 2 passes). Hashing takes
// tens of milliseconds of a core on purpose, so that few run at once and a bounded number waits: sign-ins never make
// the server slow for others.
import { argon2, timingSafeEqual } from 'node:crypto'
import { Refusal } from '../protocol/refusals.ts'
import type { Random } from './chance.ts'
import * as stateTexts from '../protocol/texts/state.ts'

const memoryKiB = 19_456
const passes = 2
const saltBytes = 16
const tagBytes = 32

/** Hashes at once: libuv has four threads, and two are left for the file system and DNS. */
const runningMax = 2

/** Hashes that wait: ten seconds' worth, longer than which nobody waits for a sign-in. */
const waitingMax = 500

export class Passwords {
  readonly #random: Random
  #running = 0
  readonly #waiting: (() => void)[] = []

  constructor(random: Random) {
    this.#random = random
  }

  /**
   * The PHC string of a password; refuses with `busy` where too many wait. `unless` is asked when its turn has come, just
   * before the work: what it refuses costs nothing.
   */
  hash(
    password: string,
    unless: () => Promise<Refusal | undefined> = async () => undefined,
  ): Promise<string | Refusal> {
    return this.#inTurn(async () => {
      const refusal = await unless()
      if (refusal !== undefined) return refusal
      const salt = this.#random(saltBytes)
      const tag = await derive(password, salt, memoryKiB, passes, tagBytes)
      return `$argon2id$v=19$m=${memoryKiB},t=${passes},p=1$${base64(salt)}$${base64(tag)}`
    })
  }

  /** Whether a PHC string was made of this password; refuses with `busy` where too many wait. */
  verify(phc: string, password: string): Promise<boolean | Refusal> {
    return this.#inTurn(async () => {
      const [, memory, time, salt, tag] = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=1\$([^$]+)\$([^$]+)$/.exec(phc) ?? []
      if (salt === undefined || tag === undefined) throw new Error('a stored password is not in a form that is known')
      const expected = Buffer.from(tag, 'base64')
      const actual = await derive(password, Buffer.from(salt, 'base64'), Number(memory), Number(time), expected.length)
      return timingSafeEqual(actual, expected)
    })
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T | Refusal> {
    if (this.#running >= runningMax) {
      if (this.#waiting.length >= waitingMax) {
        return new Refusal('busy', stateTexts.signInsCrowded, {
          retryAfterSeconds: 5,
        })
      }
      // The place of the one who leaves is handed on: nobody who comes later can take it.
      await new Promise<void>(resolve => this.#waiting.push(resolve))
    } else {
      this.#running += 1
    }
    try {
      return await work()
    } finally {
      const next = this.#waiting.shift()
      if (next !== undefined) next()
      else this.#running -= 1
    }
  }
}

function derive(password: string, nonce: Uint8Array, memory: number, time: number, tagLength: number): Promise<Buffer> {
  const parameters = { message: password, nonce, parallelism: 1, memory, passes: time, tagLength }
  return new Promise((resolve, reject) => {
    argon2('argon2id', parameters, (error, tag) => (error === null ? resolve(tag) : reject(error)))
  })
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/=+$/, '')
}
