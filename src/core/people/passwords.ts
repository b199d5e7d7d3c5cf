// Passwords as argon2id in PHC strings (RFC 9106; parameters: OWASP's second choice, 19 MiB, 2 passes). Few hashes run at
// once and callers take turns (hash-queue.ts): sign-ins never make the server slow for others.
import { argon2, timingSafeEqual } from 'node:crypto'
import type { Refusal } from '../../protocol/refusals.ts'
import type { Random } from '../kit/clock.ts'
import { HashQueue, type Waiter } from './hash-queue.ts'

const memoryKiB = 19_456
const passes = 2
const saltBytes = 16
const tagBytes = 32

/** Hashes at once: libuv has four threads, and two are left for the file system and DNS. */
const runningMax = 2

/** Hashes that wait: ten seconds' worth, longer than which nobody waits for a sign-in. */
const waitingMax = 500

/**
 * The most that a stored string may ask for, four times what other programs' usual ones do: a second of one thread, not
 * the server's memory for minutes.
 */
const storedMax = { memoryKiB: 262_144, passes: 10, workKiB: 1_048_576, saltBytes: 64, tagBytes: 64 }
const storedMin = { memoryKiB: 8, passes: 1, workKiB: 8, saltBytes: 8, tagBytes: 4 }

/** A caller without an address: a command of the operator's, a test. */
const nobodyElse: Waiter = { key: '', presence: () => 'here' }

export class Passwords {
  readonly #random: Random
  readonly #queue = new HashQueue(runningMax, waitingMax)

  constructor(random: Random) {
    this.#random = random
  }

  /**
   * The PHC string of a password. Refuses with `busy` when too many wait, and with what `unless` refuses: it is asked
   * just before the work, so that its refusal costs no hash.
   */
  hash(
    password: string,
    waiter: Waiter = nobodyElse,
    unless: () => Promise<Refusal | undefined> = async () => undefined,
  ): Promise<string | Refusal> {
    return this.#queue.run(waiter, async () => {
      const refusal = await unless()
      if (refusal !== undefined) return refusal
      const salt = this.#random(saltBytes)
      const tag = await derive(password, { salt, memoryKiB, passes, tagBytes })
      return `$argon2id$v=19$m=${memoryKiB},t=${passes},p=1$${base64(salt)}$${base64(tag)}`
    })
  }

  /**
   * Whether a PHC string was made of this password. Refuses with `busy` when too many wait. Rejects where the string is in
   * another form than ours, or asks for more work than this server does.
   */
  verify(phc: string, password: string, waiter: Waiter = nobodyElse): Promise<boolean | Refusal> {
    return this.#queue.run(waiter, async () => {
      const { tag: expected, ...parameters } = parsePhc(phc)
      return timingSafeEqual(await derive(password, parameters), expected)
    })
  }
}

interface Parameters {
  readonly salt: Uint8Array
  readonly memoryKiB: number
  readonly passes: number
  readonly tagBytes: number
}

function parsePhc(phc: string): Parameters & { readonly tag: Buffer } {
  const [, memory, time, saltText, tagText] =
    /^\$argon2id\$v=19\$m=(\d{1,9}),t=(\d{1,9}),p=1\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(phc) ?? []
  if (saltText === undefined || tagText === undefined) {
    throw new Error('a stored password is not in a form that is known')
  }
  const [salt, tag] = [Buffer.from(saltText, 'base64'), Buffer.from(tagText, 'base64')]
  const asked = { memoryKiB: Number(memory), passes: Number(time), saltBytes: salt.length, tagBytes: tag.length }
  const work = { ...asked, workKiB: asked.memoryKiB * asked.passes }
  const names = Object.keys(storedMax) as (keyof typeof storedMax)[]
  const wrong = names.find(name => work[name] > storedMax[name] || work[name] < storedMin[name])
  if (wrong !== undefined) throw new Error(`a stored password asks for ${wrong} ${work[wrong]}, which is out of bounds`)
  return { salt, tag, memoryKiB: asked.memoryKiB, passes: asked.passes, tagBytes: tag.length }
}

function derive(password: string, { salt, memoryKiB: memory, passes: time, tagBytes: tagLength }: Parameters) {
  const parameters = { message: password, nonce: salt, parallelism: 1, memory, passes: time, tagLength }
  return new Promise<Buffer>((resolve, reject) => {
    argon2('argon2id', parameters, (error, tag) => (error === null ? resolve(tag) : reject(error)))
  })
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/=+$/, '')
}
