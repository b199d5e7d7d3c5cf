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
  readonly state: 'sending' | 'stored' | 'failed'
  /** Where it is in the log, once that is known. */
  readonly seq?: number
  /** Why it failed: a sentence. */
  readonly why?: string
}

export type Outbox = readonly Outgoing[]

export function begun(outbox: Outbox, draft: Pick<Outgoing, 'key' | 'to' | 'text' | 'at'>): Outbox {
  return [...outbox, { ...draft, state: 'sending' }]
}

/** The answer came. `isHeld` says whether the entry is there already; then nothing is left to be shown. */
export function stored(outbox: Outbox, key: string, seq: number, isHeld: boolean): Outbox {
  if (isHeld) return forgotten(outbox, key)
  return outbox.map(one => (one.key === key ? { ...one, state: 'stored', seq } : one))
}

export function failed(outbox: Outbox, key: string, why: string): Outbox {
  return outbox.map(one => (one.key === key ? { ...one, state: 'failed', why } : one))
}

/** Sent once more, under the same key: it is stored once, whatever became of the first attempt. */
export function again(outbox: Outbox, key: string): Outbox {
  return outbox.map(({ why, ...one }): Outgoing => {
    if (one.key === key) return { ...one, state: 'sending' }
    return why === undefined ? one : { ...one, why }
  })
}

export function forgotten(outbox: Outbox, key: string): Outbox {
  return outbox.filter(one => one.key !== key)
}

/**
 * Entries came. An entry does not say which draft it was: one whose seq is known goes by that, and else the first of the
 * same text that is still on its way is taken for it, since the answer may come after the entry.
 */
export function arrived(outbox: Outbox, entries: readonly EntryView[], me: string): Outbox {
  let left = outbox
  for (const entry of entries) {
    if (left.length === 0) break
    if (entry.sender !== me || (entry.kind !== 'text' && entry.kind !== 'erased')) continue
    const echo =
      left.find(one => one.seq === entry.seq) ??
      left.find(one => one.state === 'sending' && one.text === entry.text && sameAddress(one.to, entry.to))
    if (echo !== undefined) left = forgotten(left, echo.key)
  }
  return left
}

function sameAddress(a: Address, b: Address): boolean {
  return a.normalize('NFKC').toLowerCase() === b.normalize('NFKC').toLowerCase()
}
