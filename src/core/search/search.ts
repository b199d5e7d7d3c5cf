// Search over one's own messages. The index says in which messages the words occur, in any version, within the asker's
// conversations only. A message is left out, before anything is counted or shown, where the asker may not read it or the
// version that they get does not match.
import { type Refusal, refuseField } from '../../protocol/refusals.ts'
import { checkUnicode } from '../../protocol/text.ts'
import type { EntryView } from '../../protocol/v1.ts'
import type { Account, ConversationId, Entry, Seq, Store } from '../../store/store.ts'
import { breathe } from '../kit/yield-turn.ts'
import type { Directory } from '../people/directory.ts'
import { jsonUnitsOf, pageUnitsMax, viewsOf } from '../conversations/entry-views.ts'
import type { Indexer } from './indexer.ts'
import type { Range } from '../conversations/merge.ts'
import type { Reach } from '../conversations/readable-ranges.ts'
import { asReadBy } from '../conversations/versions.ts'
import { matches, parseQuery, type Query } from '../../protocol/words.ts'
import * as fieldTexts from '../../protocol/texts/fields.ts'

type Log = Pick<Store, 'head' | 'lastSeqs' | 'findWords' | 'entriesAt' | 'lastEdits' | 'seqsBefore'>

interface Needs {
  readonly store: Log
  readonly directory: Directory
  readonly reach: Reach
  readonly indexer: Pick<Indexer, 'at' | 'reached'>
}

export interface Found {
  /** Newest first. */
  readonly entries: EntryView[]
  /** Where to go on; undefined if there is nothing before. */
  readonly before: Seq | undefined
  /** How far the index reached, where that was not to the end of the log: later messages may be missing. */
  readonly indexedUpTo: Seq | undefined
}

/** Conversations that the index is asked about at once, before others get their turn. */
const conversationsMax = 256

/** Messages taken from the index at once; with those of a room from before one came, some are not shown. */
const pageSeqs = 64

/** Pages looked through for one answer: a search that finds little says how far it has come. */
const pagesMax = 16

/** How long a search waits for the index to reach the head: it is usually there within a few milliseconds. */
const freshMs = 1_000

export class Search {
  readonly #needs: Needs

  constructor(needs: Needs) {
    this.#needs = needs
  }

  /** Messages of one's own conversations in which all words occur, before a seq. Refuses with `field-invalid` (`q`). */
  async find(
    { id }: Account,
    { q, before, limit }: { q: string; before: Seq; limit: number },
  ): Promise<Found | Refusal> {
    const { store, reach, indexer } = this.#needs
    const unfit = checkUnicode(q, 'q')
    if (unfit !== undefined) return unfit
    const query = parseQuery(q)
    if (query === undefined) return refuseField('field-invalid', 'q', fieldTexts.noWord)
    const head = await store.head()
    await indexer.reached(head, AbortSignal.timeout(freshMs))
    const indexedUpTo = indexer.at < head ? indexer.at : undefined
    const mine = new Mine(await reach.everything(id))
    const within = await this.#byActivity(mine.ranges)
    const entries: Entry[] = []
    let units = 0
    let from = before
    for (let pages = 0; pages < pagesMax; pages += 1) {
      const seqs = await this.#seqs(query, within, from)
      const seen = await asReadBy(store, async conversation => mine.rangesIn(conversation), await store.entriesAt(seqs))
      for (const entry of seen.toReversed()) {
        if (entry.kind === 'text' && mine.has(entry) && matches(query, entry.text)) {
          entries.push(entry)
          units += jsonUnitsOf(entry)
        }
        if (entries.length === limit || units >= pageUnitsMax)
          return { entries: await this.#views(entries, mine), before: entry.seq, indexedUpTo }
      }
      if (seqs.length < pageSeqs) return { entries: await this.#views(entries, mine), before: undefined, indexedUpTo }
      from = seqs.at(-1) ?? from
      await breathe()
    }
    return { entries: await this.#views(entries, mine), before: from, indexedUpTo }
  }

  /** Where the newest are found first, the others need not be looked through to their end. */
  async #byActivity(ranges: readonly Range[]): Promise<readonly Range[]> {
    const conversations = [...new Set(ranges.map(({ conversation }) => conversation))]
    const lastSeqs = await this.#needs.store.lastSeqs(conversations)
    const last = new Map(conversations.map((conversation, at) => [conversation, lastSeqs[at] ?? 0]))
    const lastOf = ({ conversation, upTo }: Range) => Math.min(upTo, last.get(conversation) ?? 0)
    return ranges.toSorted((a, b) => lastOf(b) - lastOf(a))
  }

  /**
   * The newest messages before a seq in which the words occur, descending. Only what the asker may read is asked about:
   * where the rest was found would say that it is there.
   */
  async #seqs({ sought }: Query, ranges: readonly Range[], before: Seq): Promise<readonly Seq[]> {
    let found: Seq[] = []
    for (let at = 0; at < ranges.length; at += conversationsMax) {
      if (at > 0) await breathe()
      const within = ranges.slice(at, at + conversationsMax)
      const more = await this.#needs.store.findWords({ words: sought, within, before, limit: pageSeqs })
      found = [...found, ...more].toSorted((a, b) => b - a).slice(0, pageSeqs)
    }
    return found
  }

  async #views(entries: readonly Entry[], mine: Mine): Promise<EntryView[]> {
    const { store, directory } = this.#needs
    const placed = await Promise.all(
      entries.map(async entry => {
        const joinedSeq = mine.rangeOf(entry)?.joinedSeq ?? entry.seq
        const [prev = 0] = await store.seqsBefore(entry.conversation, entry.seq, joinedSeq, 1)
        return { entry, prev }
      }),
    )
    return viewsOf(directory, placed)
  }
}

/** What the asker may read, by conversation. */
class Mine {
  readonly ranges: readonly Range[]
  readonly #ranges = new Map<ConversationId, Range[]>()

  constructor(ranges: readonly Range[]) {
    this.ranges = ranges
    for (const range of ranges) {
      const known = this.#ranges.get(range.conversation)
      if (known === undefined) this.#ranges.set(range.conversation, [range])
      else known.push(range)
    }
  }

  rangesIn(conversation: ConversationId): readonly Range[] {
    return this.#ranges.get(conversation) ?? []
  }

  rangeOf({ conversation, seq }: Entry): Range | undefined {
    return this.rangesIn(conversation).find(({ after, upTo }) => seq > after && seq <= upTo)
  }

  has(entry: Entry): boolean {
    return this.rangeOf(entry) !== undefined
  }
}
