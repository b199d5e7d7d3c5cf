// Catch up: the entries of many conversations in the order of the log, a page at a time. What waits in memory is seqs,
// never texts; nothing is held open while a page is being read or written, and others get their turn between pages.
import type { ConversationId, Seq, Store } from '../../store/store.ts'
import { breathe } from '../kit/yield-turn.ts'
import { SeqQueues, type SeqQueue } from './seq-queues.ts'

type Log = Pick<Store, 'seqsOf' | 'seqsBefore'>

/** A part of a conversation that is wanted: after < seq <= upTo, within a membership that begins at `joinedSeq`. */
export interface Range {
  readonly conversation: ConversationId
  readonly joinedSeq: Seq
  readonly after: Seq
  readonly upTo: Seq
}

/** An entry's place, and that of the one before it in its conversation within the membership (0: there is none). */
export interface Step {
  readonly seq: Seq
  readonly prev: Seq
}

/** Entries in a page: 1 MiB if all texts are of the largest size, and of usual ones enough that a page costs little. */
export const pageEntriesUsual = 64

/**
 * Entries whose texts are in memory for one reader: 256 KiB if all are of the largest size. A reader that stops reading
 * holds them until it is cut.
 */
export const heldEntriesMax = 16

/** Seqs that one conversation has waiting: few at first, since there may be thousands of conversations. */
const seqsFirst = 8
const seqsMost = 1_024

/** Seqs that all of them together may have waiting, beyond the first few of each: about a megabyte. */
const seqsTogether = 131_072

/** The entries of all `ranges`, ascending across conversations; pages are never empty. Ranges must not overlap. */
export async function* mergeRanges(
  log: Log,
  ranges: readonly Range[],
  pageEntries = pageEntriesUsual,
): AsyncGenerator<readonly Step[], void, undefined> {
  const most = Math.min(seqsMost, Math.max(seqsFirst, Math.floor(seqsTogether / ranges.length)))
  const queues = new SeqQueues()
  for (const [index, range] of ranges.entries()) {
    if (index % pageEntriesUsual === pageEntriesUsual - 1) await breathe()
    queues.add(await begin(log, range))
  }
  for (;;) {
    const page: Step[] = []
    while (page.length < pageEntries) {
      const queue = queues.lowest()
      if (queue === undefined) break
      const seq = queue.seqs[queue.next] as Seq
      page.push({ seq, prev: queue.prev })
      queue.prev = seq
      queue.next += 1
      if (queue.next === queue.seqs.length) await refill(log, queue, most)
      queues.settleLowest()
    }
    if (page.length === 0) return
    yield page
    await breathe()
  }
}

/** The beginning of a range; what comes before it is only looked up where there is something in it. */
async function begin(log: Log, { conversation, joinedSeq, after, upTo }: Range): Promise<SeqQueue> {
  const from = Math.max(after, joinedSeq - 1)
  const queue: SeqQueue = { conversation, upTo, after: from, prev: 0, seqs: [], next: 0, size: seqsFirst }
  await refill(log, queue, seqsFirst)
  const [first] = queue.seqs
  if (first !== undefined && from >= joinedSeq) {
    queue.prev = (await log.seqsBefore(conversation, first, joinedSeq, 1))[0] ?? 0
  }
  return queue
}

/** Reads on where the queue ended; a queue that has been emptied before gets more the next time. */
async function refill(log: Log, queue: SeqQueue, most: number): Promise<void> {
  const { conversation, after, upTo, size } = queue
  queue.seqs = after < upTo ? await log.seqsOf(conversation, after, upTo, size) : []
  queue.next = 0
  // Fewer than were asked for: that was the end, and it is not asked again.
  queue.after = queue.seqs.length < size ? upTo : (queue.seqs.at(-1) ?? upTo)
  queue.size = Math.min(size * 2, most)
}
