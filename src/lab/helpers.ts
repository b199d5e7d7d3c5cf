// `hullo/lab`: the five helpers of the messaging lab, for those who build its routes themselves. They answer with the
// lab's numbers and work on the same store as the server, so that either can read what the other wrote.
import { randomBytes } from 'node:crypto'
import { localBus } from '../bus/local.ts'
import { assembleCore, unlimited } from '../core/assemble.ts'
import { readInbox } from '../core/lab/inbox.ts'
import type { Source } from '../core/people/password-check.ts'
import { AUTHENTICATION_FAILED, SUCCESS, USER_DOES_NOT_EXIST, USER_EXISTS } from '../protocol/lab-codes.ts'
import { Refusal, type RefusalCode } from '../protocol/refusals.ts'
import { openSqlite } from '../store/sqlite/sqlite.ts'

export { AUTHENTICATION_FAILED, SUCCESS, USER_DOES_NOT_EXIST, USER_EXISTS }

export interface LabMessage {
  /** Place in the log: later messages have higher ones. */
  readonly id: number
  readonly sender: string
  readonly recipient: string
  readonly message: string
  /** The sender's clock, seconds since 1970. */
  readonly timestamp: number
}

/** The lab's database. Every helper resolves after what it did is durable. */
export interface Lab extends AsyncDisposable {
  /** 1 if they match; 12 if not, also for a user that does not exist. */
  checkUsernamePassword(username: string, password: string): Promise<number>
  /** 1 once saved; 11 if the sender or the recipient does not exist. */
  saveMessageToDb(sender: string, recipient: string, message: string, timestamp: number): Promise<number>
  /** 1 once registered; 10 if that user exists. */
  registerUserToDb(username: string, password: string): Promise<number>
  /** 10 if that user exists, 11 if not. */
  findUserFromDb(username: string): Promise<number>
  /** All messages to that person, oldest first; none for a person who does not exist. */
  getMessagesFromDb(person: string): Promise<{ messages: LabMessage[] }>
}

/** What the lab has no number for (an empty name, a text that is too long): the message is a whole sentence. */
export class LabError extends Error {
  override readonly name = 'LabError'
  readonly code: RefusalCode
  /** What web frameworks answer with when a route throws this. */
  readonly statusCode: number

  constructor(refusal: Refusal) {
    super(refusal.message)
    this.code = refusal.code
    this.statusCode = /^(busy|unavailable|outcome-unknown)$/.test(refusal.code) ? 503 : 400
  }
}

/** The one program that has the database open; nothing limits it. */
const here: Source = { key: 'lab', address: 'lab', presence: () => 'here' }

/**
 * Opens (or makes) the lab's database in a folder, which is held until disposed: a second server on it is refused with a
 * sentence. The helpers reject with LabError where the lab has no number.
 */
export function openLab(dir: string): Lab {
  const store = openSqlite(dir)
  const { accounts, messages, committer } = assembleCore(
    { store, bus: localBus(), clock: Date.now, random: randomBytes },
    unlimited,
  )
  return {
    checkUsernamePassword: async (username, password) =>
      numberOf(await accounts.authenticate(username, password, here), {
        'account-unknown': AUTHENTICATION_FAILED,
        'password-wrong': AUTHENTICATION_FAILED,
      }),
    async saveMessageToDb(sender, recipient, text, sentAtS) {
      const account = await accounts.find(sender)
      if (account === undefined) return USER_DOES_NOT_EXIST
      const stored = await messages.sendDirect(account, { recipient, text, sentAtS })
      return numberOf(stored, { 'account-unknown': USER_DOES_NOT_EXIST })
    },
    registerUserToDb: async (username, password) =>
      numberOf(await accounts.register({ name: username, password, nameField: 'username' }, here), {
        'account-exists': USER_EXISTS,
      }),
    findUserFromDb: async username =>
      (await accounts.find(username)) === undefined ? USER_DOES_NOT_EXIST : USER_EXISTS,
    async getMessagesFromDb(person) {
      const account = await accounts.find(person)
      const found: LabMessage[] = []
      if (account === undefined) return { messages: found }
      for await (const page of readInbox(store, account)) {
        for (const { seq, sender, recipient, text, sentAtS } of page) {
          found.push({ id: seq, sender, recipient, message: text, timestamp: sentAtS })
        }
      }
      return { messages: found }
    },
    async [Symbol.asyncDispose]() {
      await committer.drain()
      await store[Symbol.asyncDispose]()
    },
  }
}

function numberOf(result: unknown, numbers: Partial<Record<RefusalCode, number>>): number {
  if (!(result instanceof Refusal)) return SUCCESS
  const number = numbers[result.code]
  if (number === undefined) throw new LabError(result)
  return number
}
