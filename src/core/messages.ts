// Check, then commit: a typed draft becomes a stored message or a refusal.
import { nameKey } from '../protocol/names.ts'
import { Refusal } from '../protocol/refusals.ts'
import { checkText } from '../protocol/text.ts'
import type { Account, Seq, Store } from '../store/store.ts'
import { unknownAccount } from './accounts.ts'
import type { Committer } from './committer.ts'

export interface DirectDraft {
  /** The recipient's name in any letter case. */
  readonly recipient: string
  readonly text: string
  /** The sender's clock, seconds since 1970. */
  readonly sentAtS: number
}

export class Messages {
  readonly #store: Pick<Store, 'accountByKey'>
  readonly #committer: Committer

  constructor(store: Pick<Store, 'accountByKey'>, committer: Committer) {
    this.#store = store
    this.#committer = committer
  }

  /**
   * Stores a message from `sender` and resolves with its seq once it is durable. Refuses with `field-invalid` and
   * `too-large` (on `message`), `account-unknown` (the recipient), and as the committer does.
   */
  async sendDirect(sender: Account, { recipient, text, sentAtS }: DirectDraft): Promise<Seq | Refusal> {
    const unfit = checkText(text, 'message')
    if (unfit !== undefined) return unfit
    const account = await this.#store.accountByKey(nameKey(recipient))
    if (account === undefined) return unknownAccount(recipient)
    const write = { kind: 'send-direct', sender: sender.id, recipient: account.id, text, sentAtS } as const
    const written = await this.#committer.submitOne(write)
    if (written instanceof Refusal) return written
    if (written.kind === 'no-such-account') return unknownAccount(recipient)
    if (written.kind !== 'stored') throw new Error(`a send was answered with ${written.kind}`)
    return written.seq
  }
}
