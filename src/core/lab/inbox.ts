// The lab's inbox: every direct message to one account, oldest first, page by page in bounded memory. The conversations
// are merged by seq; what waits in memory is seqs, never texts, and nothing is held open while a page is being written.
import type { Account, ConversationId, Direct, Entry, Seq, Store } from '../../store/store.ts'
import { heldEntriesMax, mergeRanges } from '../conversations/merge.ts'
import { asReadBy } from '../conversations/versions.ts'

export interface InboxMessage {
  readonly seq: Seq
  readonly sender: string
  readonly recipient: string
  readonly text: string
  readonly sentAtS: number
}

type Log = Pick<Store, 'directsOf' | 'head' | 'seqsOf' | 'seqsBefore' | 'entriesAt' | 'lastEdits'>

/** Nobody leaves a direct conversation: the last edit of a message in it is always theirs to read. */
const everything = [{ conversation: 0, joinedSeq: 1, after: 0, upTo: Number.MAX_SAFE_INTEGER }]

/** Everything that was to this account when it was asked for; pages are never empty. */
export async function* readInbox(log: Log, account: Account): AsyncGenerator<readonly InboxMessage[], void, undefined> {
  const upTo = await log.head()
  const directs = new Map((await log.directsOf(account.id)).map(direct => [direct.conversation, direct]))
  const ranges = [...directs.values()].map(({ conversation, joinedSeq }) => {
    return { conversation, joinedSeq, after: joinedSeq - 1, upTo }
  })
  for await (const steps of mergeRanges(log, ranges, heldEntriesMax)) {
    const rows = await log.entriesAt(steps.map(({ seq }) => seq))
    const entries = await asReadBy(log, async () => everything, rows)
    const page = received(entries, directs, account)
    if (page.length > 0) yield page
  }
}

/** The messages of others (and those to oneself), with names; what was erased is left out. */
function received(
  entries: readonly Entry[],
  directs: ReadonlyMap<ConversationId, Direct>,
  account: Account,
): readonly InboxMessage[] {
  const page: InboxMessage[] = []
  for (const { seq, conversation, sender, kind, text, sentAtS } of entries) {
    const direct = directs.get(conversation)
    if (kind !== 'text' || direct === undefined || sender !== direct.peer) continue
    page.push({ seq, sender: direct.peerName, recipient: account.name, text, sentAtS })
  }
  return page
}
