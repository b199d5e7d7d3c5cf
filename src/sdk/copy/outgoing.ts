// Messages on their way, as a screen shows them at once: sending, stored, or failed with a reason. Pure. An echo goes
// when its entry is there, so that a message never stands there twice, however the answer and the entry race.
import type { Address, EntryView } from '../../protocol/v1.ts'

export interface Outgoing {
  /** One's own, the client id with which it is sent. */
  readonly key: string
  readonly to: Address
  readonly text: string
  /** One's own clock, seconds since 1970. */
  readonly at: number
  /** `deleting`: its author deleted it while it was on its way. */
  readonly state: 'sending' | 'deleting' | 'stored' | 'failed'
  /** Where it is in the log, once that is known. */
  readonly seq?: number
  /**
   * An entry of one's own with the same text arrived before the answer: probably this message, but perhaps one that another
   * device sent. Until the answer it is not shown, and nothing is forgotten.
   */
  readonly likely?: number
  /** Why it failed: a sentence. */
  readonly why?: string
}

export type Outbox = readonly Outgoing[]

export function begun(outbox: Outbox, draft: Pick<Outgoing, 'key' | 'to' | 'text' | 'at'>): Outbox {
  return [...outbox, { ...draft, state: 'sending' }]
}

/** The answer came. `isHeld` says whether the entry is there already; then nothing is left to be shown. */
export function stored(outbox: Outbox, key: string, seq: number, isHeld: boolean): Outbox {
  const isThere = isHeld || outbox.some(one => one.key === key && one.likely === seq)
  if (isThere) return forgotten(outbox, key)
  return outbox.map(one => (one.key === key ? { ...withoutLikely(one), state: 'stored', seq } : one))
}

export function failed(outbox: Outbox, key: string, why: string): Outbox {
  return outbox.map(one => (one.key === key ? { ...withoutLikely(one), state: 'failed', why } : one))
}

/** Sent once more, under the same key: it is stored once, whatever became of the first attempt. */
export function again(outbox: Outbox, key: string): Outbox {
  return outbox.map(({ why, ...one }): Outgoing => {
    if (one.key === key) return { ...one, state: 'sending' }
    return why === undefined ? one : { ...one, why }
  })
}

/** Deleted by its author while it was on its way. */
export function deleting(outbox: Outbox, key: string): Outbox {
  return outbox.map(one => (one.key === key ? { ...one, state: 'deleting' } : one))
}

/** Those that no entry stands for yet. */
export function shownOf(outbox: Outbox): Outbox {
  return outbox.filter(one => one.likely === undefined)
}

export function forgotten(outbox: Outbox, key: string): Outbox {
  return outbox.filter(one => one.key !== key)
}

/**
 * Entries came. An entry does not say which draft it was: one whose seq is known goes by that. Else the first of the same
 * text that is on its way is hidden behind the entry until its answer says which seq it has.
 */
export function arrived(outbox: Outbox, entries: readonly EntryView[], me: string): Outbox {
  let left = outbox
  for (const entry of entries) {
    if (left.length === 0) break
    if (entry.sender !== me || (entry.kind !== 'text' && entry.kind !== 'erased')) continue
    const known = left.find(one => one.seq === entry.seq)
    if (known !== undefined) left = forgotten(left, known.key)
    else left = hidden(left, entry)
  }
  return left
}

function hidden(outbox: Outbox, { seq, text, to }: EntryView): Outbox {
  const isTaken = outbox.some(one => one.likely === seq)
  const likely = outbox.find(
    one => one.state === 'sending' && one.likely === undefined && one.text === text && sameAddress(one.to, to),
  )
  if (isTaken || likely === undefined) return outbox
  return outbox.map(one => (one === likely ? { ...one, likely: seq } : one))
}

function withoutLikely(one: Outgoing): Outgoing {
  const { likely: _, ...rest } = one
  return rest
}

function sameAddress(a: Address, b: Address): boolean {
  return a.normalize('NFKC').toLowerCase() === b.normalize('NFKC').toLowerCase()
}
