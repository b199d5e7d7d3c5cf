// What is being written: a new message is a draft (model/drafts.ts), a change of an old one an edit (model/edits.ts). The
// message that is to be edited and the composer meet here.
import * as say from '../../src/protocol/texts/page.ts'
import type { Chat } from '../model/chat.ts'
import type { Conversation } from '../model/conversations.ts'
import type { Line } from '../model/log.ts'
import { toast } from '../ui/toast.tsx'

/** Begins to edit a message. An edit of another one that has begun is not thrown away for it. */
export function startEditing(chat: Chat, { address }: Conversation, { seq, text = '' }: Line): void {
  const now = chat.edits.of(address).peek()
  const isOther = now !== undefined && now.seq !== seq && now.text !== now.was
  if (isOther) toast(say.editFirst)
  else if (now?.seq !== seq) chat.edits.begin(address, seq, text)
  focusComposer()
}

export const composerId = 'composer'

export function focusComposer(): void {
  document.getElementById(composerId)?.focus()
}
