// One conversation as a client keeps it: a range of its entries, without a hole, and what its list shows of it. Pure: every function gives a new value and asks nobody. It must never hold a text that was erased.
import type { ConversationView, EntryView, HistoryView, RoomView } from '../../protocol/v1.ts'

/** An entry as it reads now. */
export interface KeptEntry extends EntryView {
  /** Its text is not the first one. */
  readonly edited?: true
}

export interface KeptConversation {
  readonly view: ConversationView
  /** Ascending; everything from the first of these to the last. */
  readonly entries: readonly KeptEntry[]
  /** Whether the server has more before the first of `entries`; undefined while it was not asked. */
  readonly older: boolean | undefined
  /** Whether there are entries after the last of `entries`, which were released or passed over. */
  readonly newer: boolean
  /** Who has read how far, as far as it was told. */
  readonly reads: ReadonlyMap<string, number>
}

export function keepConversation(view: ConversationView): KeptConversation {
  return { view, entries: [], older: undefined, newer: false, reads: new Map() }
}

/** With the view as the server gives it anew; what is held stays. */
export function withView(kept: KeptConversation, view: ConversationView): KeptConversation {
  return view.lastSeq < kept.view.lastSeq ? kept : { ...kept, view }
}

/** With an entry of the stream. Applying one twice does no harm. `me` is the account's own name. */
export function withEntry(kept: KeptConversation, entry: EntryView, me: string): KeptConversation {
  const isNew = entry.seq > kept.view.lastSeq
  const about = kept.entries[indexOfSeq(kept.entries, entry.refersTo ?? 0)]
  const view = isNew ? viewAfter(kept.view, entry, me, about) : kept.view
  // Behind entries that are not held it would leave a hole; what it changes may be held.
  const isBeyond = kept.newer && entry.seq > (kept.entries.at(-1)?.seq ?? 0)
  if (isBeyond) return { ...kept, view, entries: changedBy(kept.entries, entry) }
  // Something before it was not seen: joined to what is held, it would hide that for ever.
  if (isAfterGap(kept, entry)) return { ...kept, view, entries: [entry], older: true }
  return { ...kept, view, entries: merged(kept.entries, [entry]) }
}

/** Whether an entry names one before it that is neither held nor, where nothing is held, still to be asked for. */
function isAfterGap({ entries, older }: KeptConversation, { seq, prev }: EntryView): boolean {
  const last = entries.at(-1)
  return last === undefined ? older === false && prev > 0 : seq > last.seq && prev > last.seq
}

/** Where a page of history belongs: at the newest entries, or ahead of or after an entry at the edge of what is held. */
export type PagePlace =
  | { readonly before?: number; readonly after?: never }
  | { readonly before?: never; readonly after: number }

/**
 * With a page of its history: the newest one, or the one at an edge of what is held. A page that does not reach what is
 * held, since that was cut in the meantime, changes nothing.
 */
export function withPage(kept: KeptConversation, page: HistoryView, place: PagePlace = {}): KeptConversation {
  const { before, after } = place
  const first = kept.entries[0]
  if (after !== undefined) return after === kept.entries.at(-1)?.seq ? withPageAfter(kept, page) : kept
  if (before !== undefined && first?.seq !== before) return kept
  if (before === undefined && kept.newer) return kept
  if (before === undefined && first !== undefined) return withNewest(kept, page, first)
  return { ...kept, entries: merged(kept.entries, page.entries), older: page.more }
}

/** With the newest page beside entries that came by the stream: only where it begins before them it says what is older. */
function withNewest(kept: KeptConversation, page: HistoryView, first: KeptEntry): KeptConversation {
  const [begin, end] = [page.entries[0], page.entries.at(-1)]
  if (first.prev > (end?.seq ?? 0)) return { ...kept, older: true }
  const isOlderKnown = begin !== undefined && begin.seq > first.seq
  return {
    ...kept,
    entries: merged(kept.entries, page.entries),
    older: isOlderKnown ? (kept.older ?? true) : page.more,
  }
}

function withPageAfter(kept: KeptConversation, page: HistoryView): KeptConversation {
  const entries = merged(kept.entries, page.entries)
  // What came by the stream while the page was on its way was passed over.
  const isBehind = page.entries.length > 0 && (entries.at(-1)?.seq ?? 0) < kept.view.lastSeq
  return { ...kept, entries, newer: page.more || isBehind }
}

/** With this page in place of all that was held, somewhere in the conversation. */
export function withOnly(kept: KeptConversation, page: HistoryView): KeptConversation {
  const newer = (page.entries.at(-1)?.seq ?? 0) < kept.view.lastSeq
  return { ...kept, entries: merged([], page.entries), older: page.more, newer }
}

/** With the news that `who` has read up to `seq`. */
export function withRead(kept: KeptConversation, who: string, seq: number, me: string): KeptConversation {
  if (who !== me) {
    if (seq <= (kept.reads.get(who) ?? 0)) return kept
    return { ...kept, reads: new Map(kept.reads).set(who, seq) }
  }
  if (seq <= kept.view.readSeq) return kept
  return { ...kept, view: { ...kept.view, readSeq: seq, unread: unreadAfter(kept, seq, me) } }
}

/** Without what was heard up to one's own leaving at `seq`: what was said before one came back is missing behind it. */
export function withoutUpTo(kept: KeptConversation, seq: number): KeptConversation {
  const entries = kept.entries.filter(entry => entry.seq > seq)
  if (entries.length === kept.entries.length) return kept
  return entries.length > 0 ? { ...kept, entries, older: true } : released(kept)
}

/** Without any entries: the newest ones are to be asked for again. */
export function released(kept: KeptConversation): KeptConversation {
  return { ...kept, entries: [], older: undefined, newer: false }
}

/** Without all but the newest `count` entries; where the newest are not held, without any. */
export function trimmed(kept: KeptConversation, count: number): KeptConversation {
  if (kept.newer) return released(kept)
  return kept.entries.length <= count ? kept : { ...kept, entries: kept.entries.slice(-count), older: true }
}

/** Without all but `count` entries around the one of that seq, or nearest to it. */
export function trimmedAround(kept: KeptConversation, seq: number, count: number): KeptConversation {
  const { entries } = kept
  if (entries.length <= count) return kept
  const found = entries.findIndex(entry => entry.seq >= seq)
  const middle = found === -1 ? entries.length - 1 : found
  const from = Math.max(0, Math.min(entries.length - count, middle - (count >> 1)))
  const to = from + count
  return {
    ...kept,
    entries: entries.slice(from, to),
    older: from > 0 ? true : kept.older,
    newer: to < entries.length ? true : kept.newer,
  }
}

/** Both, ascending, once each; where both hold one, as `fresh` has it. */
function merged(held: readonly KeptEntry[], fresh: readonly EntryView[]): readonly KeptEntry[] {
  const first = fresh[0]
  if (first === undefined) return held
  const last = held.at(-1)
  // Nearly always it follows on; a page of thousands need not be sorted for it.
  const together: KeptEntry[] =
    last === undefined || last.seq < first.seq ? [...held, ...fresh] : sortedTogether(held, fresh)
  const from = last === undefined || last.seq < first.seq ? held.length : 0
  for (let index = from; index < together.length; index += 1) applyChange(together, together[index])
  return together
}

function sortedTogether(held: readonly KeptEntry[], fresh: readonly EntryView[]): KeptEntry[] {
  const bySeq = new Map<number, KeptEntry>(held.map(entry => [entry.seq, entry]))
  for (const entry of fresh) {
    const before = bySeq.get(entry.seq)
    // A page may have been read before an erasing that was heard of already.
    if (before?.kind !== 'erased') bySeq.set(entry.seq, entry)
  }
  return [...bySeq.values()].toSorted((a, b) => a.seq - b.seq)
}

/** With what the entry changes of those that are held. */
function changedBy(entries: readonly KeptEntry[], change: KeptEntry): readonly KeptEntry[] {
  if (change.kind !== 'edit' && change.kind !== 'delete') return entries
  const after = [...entries]
  applyChange(after, change)
  return after
}

/** Lets an edit or a deletion say what the entry that it is about reads now. They are applied in their order. */
function applyChange(entries: KeptEntry[], change: KeptEntry | undefined): void {
  if (change?.refersTo === undefined || (change.kind !== 'edit' && change.kind !== 'delete')) return
  const index = indexOfSeq(entries, change.refersTo)
  const about = entries[index]
  if (about === undefined) return
  const edited = changed(about, change)
  if (edited !== about) entries[index] = edited
}

/** The entry as it reads after an edit or a deletion of it; itself where that changes nothing. */
export function changed(about: KeptEntry, { kind, text }: EntryView): KeptEntry {
  if (about.kind !== 'text') return about
  if (kind === 'delete') {
    const { text: _, edited: __, ...rest } = about
    return { ...rest, kind: 'erased' }
  }
  // An edit of what was erased since has no text any more; the deletion follows.
  if (text === undefined || (about.text === text && about.edited === true)) return about
  return { ...about, text, edited: true }
}

/** Where the entry of that seq stands, or -1. */
export function indexOfSeq(entries: readonly EntryView[], seq: number): number {
  let from = 0
  let to = entries.length - 1
  while (from <= to) {
    const middle = (from + to) >> 1
    const at = entries[middle]?.seq ?? 0
    if (at === seq) return middle
    if (at < seq) from = middle + 1
    else to = middle - 1
  }
  return -1
}

/**
 * A conversation's place in the list after its next entry. `about` is what the entry refers to, where that is held;
 * `me` is the account's own name.
 */
export function viewAfter(
  before: ConversationView,
  entry: EntryView,
  me: string,
  about: EntryView | undefined,
): ConversationView {
  const view = { ...before, lastSeq: entry.seq }
  const { kind } = entry
  if (kind === 'text') {
    const isUnread = entry.sender !== me && entry.seq > view.readSeq
    return { ...view, last: entry, unread: view.unread + (isUnread ? 1 : 0) }
  }
  if (kind === 'erased') return { ...view, last: entry }
  if (kind === 'edit' || kind === 'delete') return afterChange(view, entry, me, about)
  if (entry.subject === me) {
    if (kind === 'role') return { ...view, role: entry.text === 'owner' ? 'owner' : 'member' }
    if (kind === 'silence' || kind === 'unsilence') return { ...view, silenced: kind === 'silence' }
  }
  return view.room === undefined ? view : { ...view, room: roomAfter(view.room, entry) }
}

function afterChange(
  view: ConversationView,
  entry: EntryView,
  me: string,
  about: EntryView | undefined,
): ConversationView {
  const last = view.last?.seq === entry.refersTo && view.last !== undefined ? changed(view.last, entry) : view.last
  const wasUnread =
    entry.kind === 'delete' &&
    (entry.refersTo ?? 0) > view.readSeq &&
    about?.kind !== 'erased' &&
    (about?.sender ?? entry.sender) !== me
  const unread = Math.max(0, view.unread - (wasUnread ? 1 : 0))
  return last === undefined ? { ...view, unread } : { ...view, last, unread }
}

function roomAfter(room: RoomView, { kind, text }: EntryView): RoomView {
  if (kind === 'topic') return { ...room, topic: text ?? '' }
  if (kind === 'close' || kind === 'reopen') return { ...room, closed: kind === 'close' }
  return { ...room, members: Math.max(0, room.members + (comings[kind] ?? 0)) }
}

/** By how many people there are more. A kind that a newer server may send changes nothing. */
const comings: Readonly<Partial<Record<string, number>>> = { join: 1, invite: 1, leave: -1, remove: -1 }

/** Unread messages behind `seq`: counted where everything behind it is held, else as far as can be known. */
function unreadAfter({ view, entries, older, newer }: KeptConversation, seq: number, me: string): number {
  if (seq >= view.lastSeq) return 0
  const counted = entries.filter(one => one.seq > seq && one.kind === 'text' && one.sender !== me).length
  const isWhole = !newer && (older === false || (entries[0]?.seq ?? Number.POSITIVE_INFINITY) <= seq)
  return isWhole ? counted : Math.max(counted, Math.min(view.unread, 1))
}
