// Seqs of several conversations that wait to be merged: a binary heap of queues by their next seq.
import type { ConversationId, Seq } from '../../store/store.ts'

export interface SeqQueue {
  readonly conversation: ConversationId
  /** The last seq that is wanted. */
  readonly upTo: Seq
  /** How far it has been read from the store. */
  after: Seq
  /** The seq that was taken last, or comes before the first. */
  prev: Seq
  seqs: readonly Seq[]
  /** Index in `seqs` of the one that comes next. */
  next: number
  /** Seqs to read at once. */
  size: number
}

export class SeqQueues {
  readonly #heap: SeqQueue[] = []

  lowest(): SeqQueue | undefined {
    return this.#heap[0]
  }

  /** Takes a queue in; one that is empty is dropped. */
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

  /** Puts the lowest queue in its place after its next seq has changed, or drops it if it has run out. */
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
