// Check, then commit: typed drafts become stored messages or refusals. However many come at once, they are checked in
// one pass, looked up once a recipient, and stored in one call of the committer.
import { Refusal, refuseField } from '../../protocol/refusals.ts'
import { checkText, checkUnicode } from '../../protocol/text.ts'
import { timestampSecondsMax } from '../../protocol/limits.ts'
import type { DraftView } from '../../protocol/v1.ts'
import type { Account, ConversationId, SendDirect, SendRoom, Seq, Store } from '../../store/store.ts'
import { unknownAccount } from '../people/accounts.ts'
import type { Clock } from '../kit/clock.ts'
import type { Committer, Outcome } from '../log/committer.ts'
import { refusalFor, unknownRoom, unreachable } from './conversation-refusals.ts'
import { type Recipient, Recipients } from './recipients.ts'
import * as fieldTexts from '../../protocol/texts/fields.ts'
import * as conversationTexts from '../../protocol/texts/conversations.ts'

export interface DirectDraft {
  /** The recipient's name in any letter case. */
  readonly recipient: string
  readonly text: string
  /** The sender's clock, seconds since 1970. */
  readonly sentAtS: number
}

/** What was stored, and where; `repeated` if an earlier send with the same client id did it. */
export interface Stored {
  readonly seq: Seq
  readonly conversation: ConversationId
  readonly storedAtMs: number
  readonly repeated: boolean
}

type Lookup = Pick<Store, 'accountByKey' | 'roomByKey' | 'conversation'>

/** A draft that passed its checks. */
interface Ready {
  readonly recipient: Recipient
  readonly write: SendDirect | SendRoom
}

export class Messages {
  readonly #committer: Committer
  readonly #clock: Clock
  readonly #recipients: Recipients

  constructor(store: Lookup, committer: Committer, clock: Clock) {
    this.#committer = committer
    this.#clock = clock
    this.#recipients = new Recipients(store)
  }

  /**
   * Stores messages of one sender (at most 1,000), in this order, and resolves once they are durable; one result a
   * draft, since one that is refused stops none of the others. Refuses with `field-invalid`, `too-large`, `unreachable`,
   * `room-unknown`, `not-a-member`, `silenced`, `room-closed`, `client-id-reused`, and as the committer does.
   */
  async sendMany(sender: Account, drafts: readonly DraftView[]): Promise<readonly (Stored | Refusal)[]> {
    const store = await this.checkMany(sender, drafts)
    return await store()
  }

  /**
   * The first half of `sendMany`: what can be said without storing anything. What is given back is the other half; it goes
   * down in the turn in which it is called, so that who calls one after the other keeps the order of messages without
   * waiting for a commit in between.
   */
  async checkMany(
    sender: Account,
    drafts: readonly DraftView[],
  ): Promise<() => Promise<readonly (Stored | Refusal)[]>> {
    const recipients = await this.#recipientsOf(drafts)
    const nowS = this.#clock() / 1_000
    const checked = drafts.map(draft => ready(sender, draft, recipients.get(draft.to), nowS))
    return () => this.#store(checked)
  }

  /**
   * The lab's send: stores a message from `sender` and resolves with its seq once it is durable. Refuses with
   * `field-invalid` and `too-large` (on `message`), `account-unknown` (the recipient, and who cannot be reached for
   * another reason), and as the committer does.
   */
  async sendDirect(sender: Account, { recipient, text, sentAtS }: DirectDraft): Promise<Seq | Refusal> {
    const unfit = checkText(text, 'message')
    if (unfit !== undefined) return unfit
    const found = await this.#recipients.find(`@${recipient}`)
    if (found instanceof Refusal || found.kind !== 'account') return unknownAccount(recipient)
    const write = { kind: 'send-direct', sender: sender.id, recipient: found.account, text, sentAtS } as const
    const written = await this.#committer.submitOne(write)
    if (written instanceof Refusal) return written
    if (written.kind === 'no-such-account' || written.kind === 'blocked') return unknownAccount(recipient)
    if (written.kind !== 'stored') throw new Error(`a send was answered with ${written.kind}`)
    return written.seq
  }

  /** Another text for a message of one's own. Refuses as a send does, and with `message-unknown` and `not-yours`. */
  async edit(sender: Account, message: Seq, text: string): Promise<Stored | Refusal> {
    const unfit = checkSaid(text)
    if (unfit !== undefined) return unfit
    const sentAtS = this.#clock() / 1_000
    const written = await this.#committer.submitOne({ kind: 'edit', sender: sender.id, message, text, sentAtS })
    if (written instanceof Refusal || written.kind === 'stored') return written
    if (written.kind === 'blocked') return new Refusal('unreachable', conversationTexts.nobodyReached)
    return refusalFor(written.kind)
  }

  /**
   * Erases a message of one's own, or, for an owner of the room, anybody's; undefined if it was erased already. Refuses
   * with `message-unknown`, `not-yours`, `not-a-member`, and as the committer does.
   */
  async delete(sender: Account, message: Seq): Promise<Stored | undefined | Refusal> {
    const written = await this.#committer.submitOne({ kind: 'delete', sender: sender.id, message })
    if (written instanceof Refusal || written.kind === 'stored') return written
    return written.kind === 'unchanged' ? undefined : refusalFor(written.kind)
  }

  async #store(checked: readonly (Ready | Refusal)[]): Promise<readonly (Stored | Refusal)[]> {
    const writes = checked.flatMap(one => (one instanceof Refusal ? [] : [one.write]))
    const outcomes = writes.length === 0 ? [] : await this.#committer.submit(writes)
    let next = 0
    return checked.map(one => {
      if (one instanceof Refusal) return one
      const outcome = outcomes[next]
      next += 1
      return resultOf(one, outcome)
    })
  }

  /** One lookup a recipient, however many messages go there. */
  async #recipientsOf(drafts: readonly DraftView[]): Promise<ReadonlyMap<string, Recipient | Refusal>> {
    const found = new Map<string, Recipient | Refusal>()
    for (const { to } of drafts) if (!found.has(to)) found.set(to, await this.#recipients.find(to))
    return found
  }
}

function ready(
  { id: sender }: Account,
  { text, clientId, sentAt }: DraftView,
  recipient: Recipient | Refusal | undefined,
  nowS: number,
): Ready | Refusal {
  const unfit = checkSaid(text) ?? checkClientId(clientId) ?? checkSentAt(sentAt)
  if (unfit !== undefined) return unfit
  if (recipient === undefined) throw new Error('a recipient was not looked up')
  if (recipient instanceof Refusal) return recipient
  const sentAtS = sentAt ?? nowS
  // Each member by name: to spread them together made three more objects of each message.
  const write: Mutable<SendDirect | SendRoom> =
    recipient.kind === 'account'
      ? { kind: 'send-direct', sender, recipient: recipient.account, text, sentAtS }
      : { kind: 'send-room', sender, conversation: recipient.conversation, text, sentAtS }
  if (clientId !== undefined) write.once = { clientId }
  return { recipient, write }
}

type Mutable<T> = T extends unknown ? { -readonly [Name in keyof T]: T[Name] } : never

/** What people say on v1 is never empty; the lab's route allows it. */
function checkSaid(text: string): Refusal | undefined {
  return text === '' ? refuseField('field-invalid', 'text', fieldTexts.empty) : checkText(text, 'text')
}

function checkClientId(clientId: string | undefined): Refusal | undefined {
  if (clientId === undefined) return undefined
  // 64 characters: a prefix of a session and a counter, or a UUID, with room to spare.
  if (clientId === '' || clientId.length > 64) {
    return refuseField('field-invalid', 'clientId', fieldTexts.clientIdLength)
  }
  return checkUnicode(clientId, 'clientId')
}

function checkSentAt(sentAt: number | undefined): Refusal | undefined {
  if (sentAt === undefined || (sentAt >= 0 && sentAt <= timestampSecondsMax)) return undefined
  return refuseField('field-invalid', 'sentAt', fieldTexts.secondsNotMilliseconds)
}

function resultOf({ recipient }: Ready, outcome: Outcome | undefined): Stored | Refusal {
  if (outcome === undefined) throw new Error('the committer gave no outcome for a message')
  if (outcome instanceof Refusal || outcome.kind === 'stored') return outcome
  if (outcome.kind === 'no-such-account' || outcome.kind === 'blocked') return unreachable(recipient.name)
  // Of a private room nobody outside learns that it is there.
  if (outcome.kind === 'not-a-member' && recipient.kind === 'room' && recipient.isPrivate) {
    return unknownRoom(recipient.name)
  }
  return refusalFor(outcome.kind)
}
