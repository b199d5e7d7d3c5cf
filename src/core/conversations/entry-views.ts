// An entry of the log as readers get it: ids become names. Made once for all readers; only `prev` can differ, for one
// whose membership begins with the entry.
import type { EntryKind, EntryView } from '../../protocol/v1.ts'
import type { AccountId, ConversationId, Entry, Seq } from '../../store/store.ts'
import type { Directory } from '../people/directory.ts'
import { pageEntriesUsual } from './merge.ts'
import { asReadBy, type RangesOf, type VersionLog } from './versions.ts'

/** An entry and the one before it in its conversation (0: none that the reader may see). */
export interface Placed {
  readonly entry: Entry
  readonly prev: Seq
}

/** What entries are read from, and for whom: a reader who may read `rangesOf`. */
interface Reading {
  readonly log: VersionLog
  readonly directory: Directory
  readonly rangesOf: RangesOf
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

/** The entries of a page of the log as views. */
export async function readPlaced(
  { log, directory, rangesOf }: Reading,
  page: readonly { readonly seq: Seq; readonly prev: Seq }[],
): Promise<EntryView[]> {
  const entries = await asReadBy(log, rangesOf, await log.entriesAt(page.map(({ seq }) => seq)))
  return viewsOf(
    directory,
    entries.map((entry, at) => ({ entry, prev: page[at]?.prev ?? 0 })),
  )
}

/** UTF-16 units of JSON in one page of an answer, unless its first entry alone has more. */
export const pageUnitsMax = 1_048_576

/** The first entries of `steps`, in their order, ascending or descending: as many as fit a page, at least one. */
export async function readPage(
  reading: Reading,
  steps: readonly { readonly seq: Seq; readonly prev: Seq }[],
): Promise<EntryView[]> {
  const views: EntryView[] = []
  let units = 0
  for (let at = 0; at < steps.length; at += pageEntriesUsual) {
    const some = steps.slice(at, at + pageEntriesUsual)
    const isDescending = (some[0]?.seq ?? 0) > (some.at(-1)?.seq ?? 0)
    const read = await readPlaced(reading, isDescending ? some.toReversed() : some)
    for (const view of isDescending ? read.toReversed() : read) {
      units += jsonUnitsOf(view)
      if (views.length > 0 && units > pageUnitsMax) return views
      views.push(view)
    }
  }
  return views
}

// An edit has no text where its message was erased, or is not the reader's to read.
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

/** UTF-16 units of a view as JSON besides its text: names, numbers and their keys. */
const frameUnits = 300

/** Texts up to here are not measured: six times as large, they are still small. */
const shortUnits = 512

/** About the UTF-16 units of a view as JSON, never too few: what a text becomes there is up to six times as long. */
export function jsonUnitsOf({ text = '' }: { readonly text?: string }): number {
  return frameUnits + (text.length <= shortUnits ? 6 * text.length : JSON.stringify(text).length)
}
