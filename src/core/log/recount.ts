// After a start: what each account stored within the last day is counted from the log, so that a restart does not grant
// the budget anew. It reads in the background, page by page; until it has passed, an account has a little more.
import type { Seq, Store } from '../../store/store.ts'
import { breathe } from '../kit/yield-turn.ts'
import type { StorageBudget } from './storage.ts'

const dayMs = 86_400_000

/** Entries read at once: 1 MiB if all texts are of the largest size. */
const pageEntries = 64

/** Counts the entries of the last day up to `head`. Texts that were erased meanwhile count as their entries alone. */
export async function recount(
  log: Pick<Store, 'entriesAt' | 'entriesAfter'>,
  storage: Pick<StorageBudget, 'note'>,
  { head, nowMs, signal }: { readonly head: Seq; readonly nowMs: number; readonly signal: AbortSignal },
): Promise<void> {
  let at = await lastBefore(log, head, nowMs - dayMs)
  while (at < head && !signal.aborted) {
    const page = await log.entriesAfter(at, pageEntries)
    for (const entry of page) if (entry.seq <= head) storage.note(entry)
    at = page.at(-1)?.seq ?? head
    await breathe()
  }
}

/** The last seq that was stored before a time, 0 where there is none: times never decrease along the log. */
async function lastBefore(log: Pick<Store, 'entriesAt'>, head: Seq, atMs: number): Promise<Seq> {
  let [low, high] = [0, head]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    const [entry] = await log.entriesAt([middle])
    if (entry === undefined || entry.storedAtMs < atMs) low = middle
    else high = middle - 1
  }
  return low
}
