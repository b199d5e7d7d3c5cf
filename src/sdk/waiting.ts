// Messages that wait to be sent: their order, and which of them go together as one batch. It sends nothing and knows no
// connection. It must never drop a message that is not settled.
import { batchBytesMax, batchMessagesMax } from '../protocol/limits.ts'

/** A message that is stored: its place in the log. */
export interface Stored {
  readonly seq: number
  readonly conversation: number
  /** The server's clock, seconds since 1970. */
  readonly storedAt: number
  /** It was stored by an earlier attempt. */
  readonly repeated: boolean
  readonly clientId: string
}

/** Room for `{"type":"send","ref":…,"messages":[]}` around a batch. */
const envelopeBytes = 64

export interface Pending {
  readonly json: string
  readonly bytes: number
  readonly order: number
  readonly clientId: string
  readonly settle: (result: Stored | Error) => void
  settled: boolean
  /** A part of a batch that was refused as a whole: it goes only together with messages of the same part. */
  part: object | undefined
  /** An attempt got no answer from Hullo: it may have stored the message. */
  inDoubt: boolean
  /** The author took it back: there is no further attempt. */
  withdrawn: boolean
  /** Live connections that were lost while it was in flight. */
  losses: number
  /** The last foreign answer, and how many times in a row it was the same. */
  foreign: { readonly status: number; readonly count: number } | undefined
}

export function pendingOf(message: Pick<Pending, 'json' | 'bytes' | 'order' | 'clientId' | 'settle'>): Pending {
  const begun = { settled: false, part: undefined, inDoubt: false, withdrawn: false, losses: 0, foreign: undefined }
  return { ...message, ...begun }
}

export class WaitingQueue {
  /** In the order of sending. */
  #queue: Pending[] = []

  get first(): Pending | undefined {
    return this.#queue.find(({ settled }) => !settled)
  }

  add(pending: Pending): void {
    this.#queue.push(pending)
  }

  find(clientId: string): Pending | undefined {
    return this.#queue.find(one => one.clientId === clientId && !one.settled)
  }

  /** Takes the next batch out: as many as fit into one request, in order, none that is settled. Empty if none waits. */
  takeBatch(): Pending[] {
    const batch: Pending[] = []
    let bytes = envelopeBytes
    let taken = 0
    for (const pending of this.#queue) {
      if (!pending.settled) {
        bytes += pending.bytes
        const full = bytes > batchBytesMax || batch.length === batchMessagesMax
        const first = batch[0] ?? pending
        if (batch.length > 0 && (full || pending.part !== first.part)) break
        batch.push(pending)
      }
      taken += 1
    }
    this.#queue.splice(0, taken)
    return batch
  }

  /** Puts messages back to their places. */
  putBack(batch: readonly Pending[]): void {
    this.#queue = [...batch, ...this.#queue].toSorted((a, b) => a.order - b.order)
  }

  /** Takes all out. */
  clear(): Pending[] {
    const all = this.#queue
    this.#queue = []
    return all
  }
}

/** Divides a batch that was refused as a whole in two, so that in the end a message that spoils it is alone. */
export function halve(batch: readonly Pending[]): void {
  const [first, second] = [{}, {}]
  const middle = Math.ceil(batch.length / 2)
  for (const [index, pending] of batch.entries()) pending.part = index < middle ? first : second
}
