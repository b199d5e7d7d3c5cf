// The lab's inbox: every direct message to one account, oldest first, page by page in bounded memory. The conversations
// are merged by seq; what waits in memory is seqs, never texts, and nothing is held open while a page is being written.
import type { Account, ConversationId, Direct, Entry, Seq, Store } from '../store/store.ts'
import { breathe } from './breathe.ts'

export interface InboxMessage {
  readonly seq: Seq
  readonly sender: string
  readonly recipient: string
  readonly text: string
  readonly sentAtS: number
}

type Log = Pick<Store, 'directsOf' | 'head' | 'seqsOf' | 'entriesAt'>

/** Messages in a page: 1 MiB if all texts are of the largest size, and of usual ones enough that a page costs little. */
const pageMessages = 64

/** Seqs that one conversation has waiting: few at first, since there may be thousands of conversations. */
const seqsFirst = 8
const seqsMost = 1_024

/** Everything that was to this account when it was asked for; pages are never empty. */
export async function* readInbox(log: Log, account: Account): AsyncGenerator<readonly InboxMessage[], void, undefined> {
  const upTo = await log.head()
  const directs = new Map((await log.directsOf(account.id)).map(direct => [direct.conversation, direct]))
  for await (const seqs of mergedSeqs(log, [...directs.values()], upTo)) {
    const page = received(await log.entriesAt(seqs), directs, account)
    if (page.length > 0) yield page
  }
}

/** Seqs of all these conversations in ascending order, a page at a time. */
async function* mergedSeqs(log: Log, directs: readonly Direct[], upTo: Seq): AsyncGenerator<readonly Seq[]> {
  const queues = new SeqQueues()
  for (const [index, { conversation, joinedSeq }] of directs.entries()) {
    if (index % pageMessages === pageMessages - 1) await breathe()
    queues.add(await refill(log, { conversation, seqs: [], next: 0, after: joinedSeq - 1, size: seqsFirst }, upTo))
  }
  for (;;) {
    const page: Seq[] = []
    while (page.length < pageMessages) {
      const queue = queues.lowest()
      if (queue === undefined) break
      page.push(queue.seqs[queue.next] as Seq)
      queue.next += 1
      if (queue.next === queue.seqs.length) await refill(log, queue, upTo)
      queues.settleLowest()
    }
    if (page.length === 0) return
    yield page
    await breathe()
  }
}

interface SeqQueue {
  readonly conversation: ConversationId
  seqs: readonly Seq[]
  next: number
  after: Seq
  size: number
}

/** Reads on where the queue ended; a queue that has been emptied before gets more the next time. */
async function refill(log: Log, queue: SeqQueue, upTo: Seq): Promise<SeqQueue> {
  queue.seqs = await log.seqsOf(queue.conversation, queue.after, upTo, queue.size)
  queue.next = 0
  queue.after = queue.seqs.at(-1) ?? upTo
  queue.size = Math.min(queue.size * 2, seqsMost)
  return queue
}

/** A binary heap of queues by their next seq; queues that have run out are dropped. */
class SeqQueues {
  readonly #heap: SeqQueue[] = []

  lowest(): SeqQueue | undefined {
    return this.#heap[0]
  }

  add(queue: SeqQueue): void {
    if (queue.seqs.length === 0) return
    const heap = this.#heap
    let at = heap.push(queue) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (this.#key(parent) <= this.#key(at)) return
      this.#swap(parent, at)
      at = parent
    }
  }

  /** Puts the lowest queue in its place after its next seq has changed. */
  settleLowest(): void {
    const heap = this.#heap
    if (this.#key(0) === Number.POSITIVE_INFINITY) {
      const last = heap.pop()
      if (last === undefined || heap.length === 0) return
      heap[0] = last
    }
    let at = 0
    for (;;) {
      const left = 2 * at + 1
      const lower = this.#key(left + 1) < this.#key(left) ? left + 1 : left
      if (this.#key(at) <= this.#key(lower)) return
      this.#swap(at, lower)
      at = lower
    }
  }

  #key(at: number): number {
    const queue = this.#heap[at]
    return queue?.seqs[queue.next] ?? Number.POSITIVE_INFINITY
  }

  #swap(a: number, b: number): void {
    const heap = this.#heap
    ;[heap[a], heap[b]] = [heap[b] as SeqQueue, heap[a] as SeqQueue]
  }
}

/** The entries of others (and those to oneself), with names. */
function received(
  entries: readonly Entry[],
  directs: ReadonlyMap<ConversationId, Direct>,
  account: Account,
): readonly InboxMessage[] {
  const page: InboxMessage[] = []
  for (const { seq, conversation, sender, text, sentAtS } of entries) {
    const direct = directs.get(conversation)
    if (direct === undefined || sender !== direct.peer) continue
    page.push({ seq, sender: direct.peerName, recipient: account.name, text, sentAtS })
  }
  return page
}
