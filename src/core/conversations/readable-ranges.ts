// What an account may read back. Of a conversation that is what belongs to it (its membership intervals), and for the
// members of a room whose history is open all of it.
import type { AccountId, ConversationId, Interval, Seq, Store } from '../../store/store.ts'
import { breathe } from '../kit/yield-turn.ts'
import type { Range } from './merge.ts'

type Log = Pick<Store, 'intervalsOf' | 'conversation'>

/** Rooms of which it is remembered whether their history is open: it never changes. */
const roomsMax = 50_000

export class Reach {
  readonly #log: Log
  readonly #isOpen = new Map<ConversationId, boolean>()

  constructor(log: Log) {
    this.#log = log
  }

  /** What a present member may read of a conversation, oldest first; undefined for who is no member. */
  async within(account: AccountId, conversation: ConversationId): Promise<readonly Range[] | undefined> {
    const { head, intervals: own } = await this.#log.intervalsOf(account, { conversation })
    if (own.every(({ leftSeq }) => leftSeq !== null)) return undefined
    return this.#rangesOf(own, head)
  }

  /** What an account, a present member or not, may read of a conversation, oldest first. */
  async of(account: AccountId, conversation: ConversationId): Promise<readonly Range[]> {
    const { head, intervals } = await this.#log.intervalsOf(account, { conversation })
    return this.#rangesOf(intervals, head)
  }

  /** What an account may read at all, in no order: its intervals, and open rooms of which it is a member whole. */
  async everything(account: AccountId): Promise<readonly Range[]> {
    const { head, intervals } = await this.#log.intervalsOf(account)
    return this.#rangesOf(intervals, head)
  }

  async #rangesOf(intervals: readonly Interval[], head: Seq): Promise<readonly Range[]> {
    const whole = new Set<ConversationId>()
    for (const [at, { conversation, leftSeq }] of intervals.entries()) {
      if (at % 256 === 255) await breathe()
      if (leftSeq === null && (await this.hasOpenHistory(conversation))) whole.add(conversation)
    }
    const own = intervals.filter(({ conversation }) => !whole.has(conversation))
    return [
      ...own.map(({ conversation, joinedSeq, leftSeq }) => rangeOf(conversation, joinedSeq, leftSeq ?? head)),
      ...[...whole].map(conversation => rangeOf(conversation, 1, head)),
    ]
  }

  /** Whether the members of a conversation may read all of it. */
  async hasOpenHistory(conversation: ConversationId): Promise<boolean> {
    const known = this.#isOpen.get(conversation)
    if (known !== undefined) return known
    const info = await this.#log.conversation(conversation)
    const isOpen = info?.kind === 'room' && info.history === 'all'
    this.#isOpen.set(conversation, isOpen)
    const [oldest] = this.#isOpen.keys()
    if (this.#isOpen.size > roomsMax && oldest !== undefined) this.#isOpen.delete(oldest)
    return isOpen
  }
}

function rangeOf(conversation: ConversationId, joinedSeq: Seq, upTo: Seq): Range {
  return { conversation, joinedSeq, after: joinedSeq - 1, upTo }
}
