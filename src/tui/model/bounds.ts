// How much is held of each conversation, however long the chat runs and however busy it is. What is released is read again
// when somebody scrolls there. Pure.
import { type Copy, trim, trimAround } from '../../sdk/copy/copy.ts'
import { type ChatState, openConversation, paneOf } from './state.ts'

/** Entries of the open conversation: ten pages, more than anybody scrolls through at once. Beyond it, `openEntries` stay. */
const openEntriesMax = 1_000
/** Half of them on each side of the reader: the largest screen has some 200 rows, and an entry has at least one. */
const openEntries = 600

/** The same of each other conversation: more than one update brings, which is read out to those who listen. */
const otherEntriesMax = 600
export const otherEntries = 400

/** Holds the bounds in these conversations. */
export function bounded(state: ChatState, conversations: Iterable<number>): ChatState {
  const openId = openConversation(state)?.view.id
  let { copy } = state
  for (const id of conversations) copy = id === openId ? boundedOpen(state, copy, id) : boundedOther(copy, id)
  return copy === state.copy ? state : { ...state, copy }
}

function boundedOther(copy: Copy, id: number): Copy {
  const count = copy.conversations.get(id)?.entries.length ?? 0
  return count > otherEntriesMax ? trim(copy, id, otherEntries) : copy
}

function boundedOpen(state: ChatState, copy: Copy, id: number): Copy {
  const count = copy.conversations.get(id)?.entries.length ?? 0
  if (count <= openEntriesMax) return copy
  const seq = seqAtEdge(state)
  return seq === undefined ? trim(copy, id, openEntries) : trimAround(copy, id, seq, openEntries)
}

/** The entry at the lower edge of what is shown; undefined while it follows the newest. */
function seqAtEdge(state: ChatState): number | undefined {
  const { scroll, notes } = paneOf(state)
  if (scroll === undefined) return undefined
  if (scroll.key.startsWith('e')) return Number(scroll.key.slice(1))
  return notes.find(({ key }) => key === scroll.key)?.after ?? Number.MAX_SAFE_INTEGER
}
