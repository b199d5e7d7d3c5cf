// Resume: where a reader stands in this log. A cursor names its epoch, a seq and a few bits of the time of that entry;
// all three are compared, so that a log which was rolled back is noticed even after it has grown past the cursor. Cursors
// are signed: only one that was given out here can say that the log has lost what it names, and begin a new epoch.
import { createHmac, timingSafeEqual } from 'node:crypto'
import { type Cursor, cursorAt, formatCursor, parseCursor } from '../../protocol/cursor.ts'
import { type Refusal, refuseField } from '../../protocol/refusals.ts'
import * as fieldTexts from '../../protocol/texts/fields.ts'
import type { Epoch, Seq, Store } from '../../store/store.ts'
import type { Random } from '../kit/clock.ts'
import type { Committer } from './committer.ts'
import type { Placed } from '../conversations/entry-views.ts'

type Log = Pick<Store, 'epochs' | 'head' | 'entriesAt' | 'entriesAfter'>

interface Needs {
  readonly store: Log
  readonly committer: Pick<Committer, 'submitOne'>
  readonly random: Random
}

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
  /** In force at `head`: that of new cursors. */
  readonly epoch: Epoch
  /** The lowest seq that is kept. */
  readonly floor: Seq
  readonly head: Seq
}

/** Bytes: nobody guesses one over the network, and a cursor stays short. */
const epochBytes = 8
const keyBytes = 16
const signatureBytes = 6

export class Cursors {
  readonly #needs: Needs
  /** The last epoch that was heard of: also good for entries from before it began. */
  #epoch: Epoch | undefined

  constructor(needs: Needs) {
    this.#needs = needs
  }

  /**
   * The place of a cursor; without one the log's head, or with `otherwise` its beginning. A cursor counts as ahead only
   * against the store's own head, read here, after it arrived. Where a cursor of ours shows that the log was rolled back,
   * a new epoch begins first, once. Refuses with `field-invalid` what is no cursor.
   */
  async place(after: string | undefined, otherwise: 'head' | 'start' = 'head'): Promise<Placement | Refusal> {
    const cursor = after === undefined ? undefined : parseCursor(after)
    if (after !== undefined && cursor === undefined) {
      return refuseField('field-invalid', 'after', fieldTexts.notCursor)
    }
    const placement = await this.#placeOf(cursor, otherwise)
    const { fate, epoch } = placement
    // Of an older epoch it is no news.
    if (fate !== 'diverged' || cursor?.epoch !== epoch.epoch || !isSigned(cursor, epoch)) return placement
    await this.#needs.committer.submitOne({
      kind: 'begin-epoch',
      epoch: hex(this.#needs.random(epochBytes)),
      cursorKey: hex(this.#needs.random(keyBytes)),
      instead: epoch.epoch,
    })
    // Also where it could not be stored, or somebody else was sooner.
    return this.#placeOf(cursor, otherwise)
  }

  /** The cursor behind an entry that the tail has passed, for readers that were placed before. */
  at(seq: Seq, storedAtMs: number): string {
    if (this.#epoch === undefined) throw new Error('nobody was placed in the log yet')
    return cursorString(this.#epoch, seq, storedAtMs)
  }

  /** Is told what the tail is about to pass, so that what comes behind the beginning of an epoch is given its cursors. */
  async expect(entries: readonly Placed[]): Promise<void> {
    if (entries.some(({ entry }) => entry.kind === 'epoch')) this.#hear(await this.#needs.store.epochs())
  }

  async #placeOf(cursor: Cursor | undefined, otherwise: 'head' | 'start'): Promise<Placement> {
    const { store } = this.#needs
    // The head first: every epoch that began up to it is then among the epochs.
    const head = await store.head()
    const epochs = await store.epochs()
    const epoch = this.#hear(epochs)
    const [lowest] = await store.entriesAfter(0, 1)
    const floor = lowest?.seq ?? 1
    const start = otherwise === 'start' ? 0 : head
    const { fate, seq } =
      cursor === undefined
        ? ({ fate: 'good', seq: start } as const)
        : await fateOf(store, cursor, { epochs, head, floor })
    const isCut = cursor !== undefined && fate === 'good' && seq < floor - 1
    const place = isCut ? floor - 1 : seq
    const [entry] = await store.entriesAt([place])
    const storedAtMs = entry?.storedAtMs ?? 0
    return { fate: isCut ? 'truncated' : fate, seq: place, storedAtMs, epoch, floor, head }
  }

  /** Answers the last of these epochs; an answer that comes late takes nothing back. */
  #hear(epochs: readonly Epoch[]): Epoch {
    const last = epochs.at(-1)
    if (last === undefined) throw new Error('the log has no epoch')
    if (this.#epoch === undefined || this.#epoch.firstSeq < last.firstSeq) this.#epoch = last
    return last
  }
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
  const later = epochs.slice(known + 1)
  if (later.some(({ firstSeq }) => seq >= firstSeq)) {
    return { fate: 'diverged', seq: Math.min(...later.map(({ sharedSeq }) => sharedSeq), head) }
  }
  // Ahead of the log within its own epoch: it was rolled back unnoticed, and nobody can say how far.
  if (seq > head) return { fate: 'diverged', seq: 0 }
  if (seq < floor) return { fate: 'good', seq }
  const [entry] = await log.entriesAt([seq])
  const fits = entry !== undefined && cursorAt(epoch, seq, entry.storedAtMs).mark === mark
  return fits ? { fate: 'good', seq } : { fate: 'diverged', seq: 0 }
}

/** The cursor that was signed last: one entry goes to thousands of readers, all with the same cursor behind it. */
let latest = { epoch: '', seq: 0, storedAtMs: 0, cursorKey: '', cursor: '' }

/** The cursor behind an entry, signed, as a string for the wire. */
export function cursorString({ epoch, cursorKey }: Epoch, seq: Seq, storedAtMs: number): string {
  const isLatest = latest.seq === seq && latest.storedAtMs === storedAtMs && latest.epoch === epoch
  if (isLatest && latest.cursorKey === cursorKey) return latest.cursor
  const place = cursorAt(epoch, seq, storedAtMs)
  const cursor = formatCursor({ ...place, signature: signatureOf(place, cursorKey) })
  latest = { epoch, seq, storedAtMs, cursorKey, cursor }
  return cursor
}

function isSigned(cursor: Cursor, { cursorKey }: Epoch): boolean {
  const { signature = '' } = cursor
  const expected = signatureOf(cursor, cursorKey)
  return signature.length === expected.length && timingSafeEqual(Buffer.from(signature), Buffer.from(expected))
}

function signatureOf({ epoch, seq, mark }: Cursor, cursorKey: string): string {
  const mac = createHmac('sha256', cursorKey).update(formatCursor({ epoch, seq, mark }))
  return mac.digest('hex').slice(0, 2 * signatureBytes)
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
