// Catch up: what of the log belongs to an account, as a function of the log alone (its membership intervals). Only
// conversations in which something happened past the cursor are looked into.
import type { AccountId, Seq, Store } from '../../store/store.ts'
import type { Range } from './merge.ts'

/** What of after < seq <= upTo belongs to an account, for mergeRanges. */
export async function stretchesOf(
  log: Pick<Store, 'intervalsOf' | 'lastSeqs'>,
  account: AccountId,
  after: Seq,
  upTo: Seq,
): Promise<readonly Range[]> {
  const { intervals } = await log.intervalsOf(account, { after })
  const open = intervals.filter(({ joinedSeq, leftSeq }) => joinedSeq <= upTo && (leftSeq ?? upTo) > after)
  const lastSeqs = await log.lastSeqs(open.map(({ conversation }) => conversation))
  return open
    .filter((_interval, at) => (lastSeqs[at] ?? 0) > after)
    .map(({ conversation, joinedSeq, leftSeq }) => ({
      conversation,
      joinedSeq,
      after: Math.max(after, joinedSeq - 1),
      upTo: Math.min(upTo, leftSeq ?? upTo),
    }))
}
