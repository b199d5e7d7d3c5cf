// What a client keeps of all its conversations, for a screen: the list as the server gave it, brought up to date by the
// entries of `updates` and the hints of `soft`. Pure; who uses it asks the server and hands in what comes. After
// `diverged` or `truncated` one begins again from `emptyCopy`.
import type { Address, ConversationView, EntryView, HistoryView } from '../../protocol/v1.ts'
import {
  type KeptConversation,
  keepConversation,
  type PagePlace,
  released,
  trimmed,
  trimmedAround,
  withEntry,
  withOnly,
  withoutUpTo,
  withPage,
  withRead,
  withView,
} from './conversation.ts'

export type { KeptConversation, KeptEntry } from './conversation.ts'
export { indexOfSeq } from './conversation.ts'

export interface Copy {
  readonly conversations: ReadonlyMap<number, KeptConversation>
  /** Entries came for these, which are not in the list: to be asked for, and handed to `listed`. */
  readonly unknown: ReadonlySet<number>
}

export const emptyCopy: Copy = { conversations: new Map(), unknown: new Set() }

/** With conversations as the server lists them. To be asked for only once the live stream is there, or some is missed. */
export function listed(copy: Copy, views: readonly ConversationView[]): Copy {
  const conversations = new Map(copy.conversations)
  const unknown = new Set(copy.unknown)
  for (const view of views) {
    const kept = conversations.get(view.id)
    conversations.set(view.id, kept === undefined ? keepConversation(view) : withView(kept, view))
    unknown.delete(view.id)
  }
  return { conversations, unknown }
}

/** With entries of the stream, in their order. One's own leaving takes a conversation out of the list. */
export function received(copy: Copy, entries: readonly EntryView[], me: string): Copy {
  const conversations = new Map(copy.conversations)
  const unknown = new Set(copy.unknown)
  for (const entry of entries) {
    const { conversation: id } = entry
    const kept = conversations.get(id)
    if (isMyEnd(entry, me)) {
      if (kept === undefined || entry.seq > kept.view.lastSeq) {
        conversations.delete(id)
        unknown.delete(id)
      } else {
        // The list knows already that one came back.
        conversations.set(id, withoutUpTo(kept, entry.seq))
      }
    } else if (kept === undefined) unknown.add(id)
    else conversations.set(id, withEntry(kept, entry, me))
  }
  return { conversations, unknown }
}

/** Whether it ends one's own membership. */
export function isMyEnd({ kind, sender, subject }: EntryView, me: string): boolean {
  return (kind === 'leave' && sender === me) || (kind === 'remove' && subject === me)
}

/** Without a conversation that is not to be had any more. */
export function without(copy: Copy, id: number): Copy {
  const conversations = new Map(copy.conversations)
  const unknown = new Set(copy.unknown)
  conversations.delete(id)
  unknown.delete(id)
  return { conversations, unknown }
}

/** With a page of history: the newest entries, or those ahead of or after what is held, as they were asked for. */
export function paged(copy: Copy, id: number, page: HistoryView, place?: PagePlace): Copy {
  return changed(copy, id, kept => withPage(kept, page, place))
}

/** With a page in place of all entries that were held of the conversation; the others can be asked for again. */
export function pagedOnly(copy: Copy, id: number, page: HistoryView): Copy {
  return changed(copy, id, kept => withOnly(kept, page))
}

export function readUpTo(copy: Copy, id: number, who: string, seq: number, me: string): Copy {
  return changed(copy, id, kept => withRead(kept, who, seq, me))
}

/** Holds no more than `count` entries of the conversation; the others can be asked for again. */
export function trim(copy: Copy, id: number, count: number): Copy {
  return changed(copy, id, kept => trimmed(kept, count))
}

/** Holds no more than `count` entries of the conversation, around the one of that seq. */
export function trimAround(copy: Copy, id: number, seq: number, count: number): Copy {
  return changed(copy, id, kept => trimmedAround(kept, seq, count))
}

/** Holds no entries of the conversation: the newest are to be asked for. */
export function release(copy: Copy, id: number): Copy {
  return changed(copy, id, released)
}

function changed(copy: Copy, id: number, change: (kept: KeptConversation) => KeptConversation): Copy {
  const kept = copy.conversations.get(id)
  const after = kept === undefined ? undefined : change(kept)
  if (after === undefined || after === kept) return copy
  return { ...copy, conversations: new Map(copy.conversations).set(id, after) }
}

/** The list, the latest active first. */
export function byActivity({ conversations }: Copy): readonly KeptConversation[] {
  return [...conversations.values()].toSorted((a, b) => b.view.lastSeq - a.view.lastSeq)
}

/** The conversation with that address, in any letter case that the server would take too. */
export function conversationAt({ conversations }: Copy, address: Address): KeptConversation | undefined {
  const key = address.normalize('NFKC').toLowerCase()
  for (const kept of conversations.values()) {
    if (kept.view.address.normalize('NFKC').toLowerCase() === key) return kept
  }
  return undefined
}

/** Unread messages of all conversations together. */
export function unreadIn({ conversations }: Copy): number {
  let unread = 0
  for (const { view } of conversations.values()) unread += view.unread
  return unread
}
