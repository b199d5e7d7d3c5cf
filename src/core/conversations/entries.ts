// Reading: what belongs to an account after a cursor, and the history of a conversation by seq. A page is read by its
// seqs first and its rows then; nothing is held open, and nothing is read that is not shown.
import { type Refusal, refuseField } from '../../protocol/refusals.ts'
import type { EntryView } from '../../protocol/v1.ts'
import type { Account, ConversationId, Seq, Store } from '../../store/store.ts'
import { unknownConversation } from './conversation-refusals.ts'
import type { Directory } from '../people/directory.ts'
import { readPage } from './entry-views.ts'
import { mergeRanges, type Range, type Step } from './merge.ts'
import type { Reach } from './readable-ranges.ts'
import { stretchesOf } from './ranges.ts'
import type { RangesOf } from './versions.ts'
import * as fieldTexts from '../../protocol/texts/fields.ts'

type Log = Pick<Store, 'intervalsOf' | 'lastSeqs' | 'seqsOf' | 'seqsBefore' | 'entriesAt' | 'lastEdits'>

interface Needs {
  readonly store: Log
  readonly directory: Directory
  readonly reach: Reach
}

/** Entries, and how far they go: where there is no more, up to the head, past what was nobody's here. */
export interface After {
  readonly entries: EntryView[]
  readonly last: Seq
  readonly lastStoredAtMs: number
  readonly more: boolean
}

/** At most one of the two; the latest where there is none. */
export interface HistoryQuery {
  readonly before?: Seq
  readonly after?: Seq
  readonly limit: number
}

export interface History {
  readonly entries: EntryView[]
  readonly more: boolean
}

export class Entries {
  readonly #store: Log
  readonly #directory: Directory
  readonly #reach: Reach

  constructor({ store, directory, reach }: Needs) {
    this.#store = store
    this.#directory = directory
    this.#reach = reach
  }

  /** What belongs to the account after `seq`, up to `head`. */
  async after({ id }: Account, { seq, head }: { seq: Seq; head: Seq }, limit: number): Promise<After> {
    const steps = await firstOf(this.#store, await stretchesOf(this.#store, id, seq, head), limit + 1)
    const entries = await this.#read(steps.slice(0, limit), conversation => this.#reach.of(id, conversation))
    const more = steps.length > entries.length
    const last = more ? (entries.at(-1)?.seq ?? seq) : Math.max(seq, head)
    const [end] = await this.#store.entriesAt([last])
    return { entries, last, lastStoredAtMs: end?.storedAtMs ?? 0, more }
  }

  /** A page of a conversation, ascending. Refuses with `conversation-unknown` who is not in it, and `field-invalid`. */
  async history(
    { id }: Account,
    conversation: ConversationId,
    { before, after, limit }: HistoryQuery,
  ): Promise<History | Refusal> {
    if (before !== undefined && after !== undefined) {
      return refuseField('field-invalid', 'before', fieldTexts.excludes('after'))
    }
    const ranges = await this.#reach.within(id, conversation)
    if (ranges === undefined) return unknownConversation()
    const rangesOf = async () => ranges
    if (after !== undefined) {
      const later = ranges.map(range => ({ ...range, after: Math.max(range.after, after) }))
      const steps = await firstOf(this.#store, later, limit + 1)
      const entries = await this.#read(steps.slice(0, limit), rangesOf)
      return { entries, more: steps.length > entries.length }
    }
    const steps = await lastOf(this.#store, ranges, before ?? Number.MAX_SAFE_INTEGER, limit + 1)
    const entries = await this.#read(steps.slice(0, limit), rangesOf)
    return { entries: entries.toReversed(), more: steps.length > entries.length }
  }

  /** As many of them as fit a page, at least one. */
  #read(steps: readonly Step[], rangesOf: RangesOf): Promise<EntryView[]> {
    return readPage({ log: this.#store, directory: this.#directory, rangesOf }, steps)
  }
}

async function firstOf(log: Log, ranges: readonly Range[], count: number): Promise<readonly Step[]> {
  for await (const page of mergeRanges(log, ranges, count)) return page
  return []
}

/** The last entries before a seq of ranges of one conversation, descending; fewer than `count` only if there are no more. */
async function lastOf(log: Log, ranges: readonly Range[], before: Seq, count: number): Promise<readonly Step[]> {
  const steps: Step[] = []
  for (const { conversation, joinedSeq, upTo } of ranges.toSorted((a, b) => b.joinedSeq - a.joinedSeq)) {
    // One more than is wanted, since each entry names the one before it.
    const wanted = count - steps.length
    const seqs = await log.seqsBefore(conversation, Math.min(before, upTo + 1), joinedSeq, wanted + 1)
    steps.push(...seqs.slice(0, wanted).map((seq, at) => ({ seq, prev: seqs[at + 1] ?? 0 })))
    if (steps.length === count) break
  }
  return steps
}
