// An entry of the log as readers get it: ids become names. Made once for all readers; only `prev` can differ, for one
// whose membership begins with the entry.
import type { EntryKind, EntryView } from '../protocol/v1.ts'
import type { AccountId, ConversationId, Entry, Seq, Store } from '../store/store.ts'
import type { Directory } from './directory.ts'

/** An entry and the one before it in its conversation (0: none that the reader may see). */
export interface Placed {
  readonly entry: Entry
  readonly prev: Seq
}

/** The views of entries that happened in conversations, in their order. */
export async function viewsOf(directory: Directory, placed: readonly Placed[]): Promise<EntryView[]> {
  const accounts = new Set<AccountId>()
  const conversations = new Set<ConversationId>()
  for (const { entry } of placed) {
    accounts.add(entry.sender)
    if (entry.subject !== null) accounts.add(entry.subject)
    conversations.add(entry.conversation)
  }
  await directory.learn(accounts, conversations)
  return placed.map(one => viewOf(directory, one))
}

/** The entries of a page of the log, as views. */
export async function readPlaced(
  log: Pick<Store, 'entriesAt'>,
  directory: Directory,
  page: readonly { readonly seq: Seq; readonly prev: Seq }[],
): Promise<EntryView[]> {
  const entries = await log.entriesAt(page.map(({ seq }) => seq))
  return viewsOf(
    directory,
    entries.map((entry, at) => ({ entry, prev: page[at]?.prev ?? 0 })),
  )
}

// Of an edit whose message was erased the text is gone too.
const withText: ReadonlySet<string> = new Set(['text', 'edit', 'topic', 'role'])

function viewOf(directory: Directory, { entry, prev }: Placed): EntryView {
  const { seq, conversation, sender, kind, text, refersTo, subject, sentAtS, storedAtMs } = entry
  const to = directory.address(conversation, sender)
  const storedAt = storedAtMs / 1_000
  // The usual entry by itself: what may be absent made three more objects of each message.
  if (kind === 'text')
    return { seq, prev, conversation, to, kind, sender: directory.name(sender), text, sentAt: sentAtS, storedAt }
  return {
    seq,
    prev,
    conversation,
    to,
    kind: kind as EntryKind,
    sender: directory.name(sender),
    ...(withText.has(kind) && !(kind === 'edit' && text === '') ? { text } : {}),
    ...(refersTo === null ? {} : { refersTo }),
    ...(subject === null ? {} : { subject: directory.name(subject) }),
    sentAt: sentAtS,
    storedAt,
  }
}
