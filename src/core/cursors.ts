// Resume: where a reader stands in this log. A cursor names its epoch, a seq and a few bits of the time of that entry;
// all three are compared, so that a log which was rolled back is noticed even after it has grown past the cursor.
import { type Cursor, cursorAt, formatCursor, parseCursor } from '../protocol/cursor.ts'
import { type Refusal, refuseField } from '../protocol/refusals.ts'
import type { Epoch, Seq, Store } from '../store/store.ts'
import * as fieldTexts from '../protocol/texts/fields.ts'

export type Log = Pick<Store, 'epochs' | 'head' | 'entriesAt' | 'entriesAfter'>

/**
 * What has become of a cursor. `good`: the reader goes on behind it. `diverged`: the log was rolled back, and what the
 * reader holds after `seq` is not in it any more. `truncated`: what follows the cursor is gone up to the floor.
 */
type Fate = 'good' | 'diverged' | 'truncated'

/** Where a reader goes on: after `seq`. */
export interface Placement {
  readonly fate: Fate
  readonly seq: Seq
  /** Of the entry at `seq`, milliseconds since 1970; 0 where there is none. */
  readonly storedAtMs: number
  /** The epoch of new cursors. */
  readonly epoch: string
  /** The lowest seq that is kept. */
  readonly floor: Seq
  readonly head: Seq
}

/**
 * The place of a cursor; without one the log's head, or with `otherwise` its beginning. A cursor counts as ahead only
 * against the store's own head, read here, after it arrived. Refuses with `field-invalid` what is no cursor.
 */
export async function placeCursor(
  log: Log,
  after: string | undefined,
  otherwise: 'head' | 'start' = 'head',
): Promise<Placement | Refusal> {
  const cursor = after === undefined ? undefined : parseCursor(after)
  if (after !== undefined && cursor === undefined) {
    return refuseField('field-invalid', 'after', fieldTexts.notCursor)
  }
  const epochs = await log.epochs()
  const head = await log.head()
  const [lowest] = await log.entriesAfter(0, 1)
  const floor = lowest?.seq ?? 1
  const epoch = epochs.at(-1)?.epoch ?? ''
  const start = otherwise === 'start' ? 0 : head
  const { fate, seq } =
    cursor === undefined ? ({ fate: 'good', seq: start } as const) : await fateOf(log, cursor, { epochs, head, floor })
  const isCut = cursor !== undefined && fate === 'good' && seq < floor - 1
  const place = isCut ? floor - 1 : seq
  const [entry] = await log.entriesAt([place])
  const storedAtMs = entry?.storedAtMs ?? 0
  return { fate: isCut ? 'truncated' : fate, seq: place, storedAtMs, epoch, floor, head }
}

interface Bounds {
  readonly epochs: readonly Epoch[]
  readonly head: Seq
  readonly floor: Seq
}

/** `seq`: the last one that the reader and this log are known to share. */
async function fateOf(
  log: Log,
  { epoch, seq, mark }: Cursor,
  { epochs, head, floor }: Bounds,
): Promise<{ fate: 'good' | 'diverged'; seq: Seq }> {
  const known = epochs.findIndex(one => one.epoch === epoch)
  if (known < 0) return { fate: 'diverged', seq: 0 }
  // What came under a later epoch replaced what the reader's epoch had from there on.
  const shared = Math.min(...epochs.slice(known + 1).map(({ firstSeq }) => firstSeq - 1))
  if (seq > shared) return { fate: 'diverged', seq: Math.min(shared, head) }
  // Ahead of the log within its own epoch: it was rolled back unnoticed, and nobody can say how far.
  if (seq > head) return { fate: 'diverged', seq: 0 }
  if (seq < floor) return { fate: 'good', seq }
  const [entry] = await log.entriesAt([seq])
  const fits = entry !== undefined && cursorAt(epoch, seq, entry.storedAtMs).mark === mark
  return fits ? { fate: 'good', seq } : { fate: 'diverged', seq: 0 }
}

/** The cursor behind an entry, as a string for the wire. */
export function cursorString(epoch: string, seq: Seq, storedAtMs: number): string {
  return formatCursor(cursorAt(epoch, seq, storedAtMs))
}
