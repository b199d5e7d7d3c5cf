// What happens when a conversation comes into sight: its log is loaded where one left off, and what is soft is asked for.
import type { Chat } from '../model/chat.ts'
import type { Conversation } from '../model/conversations.ts'

/** So many unread ones are on the last page: it is loaded whole. More, and it is opened where they begin. */
const unreadOnPageMax = 40

/** Who is new in a room with years of history begins at its end, not at its beginning. */
const unreadFromStartMax = 999

/** Returns what is to be done when it goes out of sight. `seq` is the message that is asked for. */
export function opened(chat: Chat, conversation: Conversation, seq: number | undefined): () => void {
  const { log } = conversation
  const view = conversation.view.peek()
  // Of a room that one is not in nothing is to be had; once one is in it, this happens again.
  if (conversation.isRoom && view === undefined) return () => {}
  const readSeq = view?.readSeq ?? 0
  const unread = view?.unread ?? 0
  const isBehind = unread > unreadOnPageMax && (readSeq > 0 || unread <= unreadFromStartMax)
  if (seq !== undefined) log.openAt(seq).catch(() => {})
  else if (isBehind) log.openAt(readSeq, 'unread').catch(() => {})
  else log.openAtEnd().catch(() => {})
  conversation.askReadBy().catch(() => {})
  if (!conversation.isRoom && chat.blocks.names.peek() === undefined) chat.blocks.ask().catch(() => {})
  // Before the first message nobody is told whether the other is here, and that would stand.
  if (!conversation.isRoom && view !== undefined) chat.presences.ask(conversation.name).catch(() => {})
  return () => log.rest()
}
