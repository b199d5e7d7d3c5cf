// What is being written in place of a message that was sent. Views of the log and the composer meet here; a new message is
// a draft, see model/drafts.ts.
import { type Signal, signal } from '@preact/signals'
import type { Conversation } from '../model/conversations.ts'
import type { Line } from '../model/log.ts'

export interface Edit {
  readonly line: Line
  /** What it is to say. */
  readonly text: string
}

const edits = new WeakMap<Conversation, Signal<Edit | undefined>>()

/** The message whose text is being changed, if there is one. */
export function editIn(conversation: Conversation): Signal<Edit | undefined> {
  const there = edits.get(conversation)
  if (there !== undefined) return there
  const made = signal<Edit | undefined>(undefined)
  edits.set(conversation, made)
  return made
}

export function startEditing(conversation: Conversation, line: Line): void {
  editIn(conversation).value = { line, text: line.text ?? '' }
  focusComposer()
}

export const composerId = 'composer'

export function focusComposer(): void {
  document.getElementById(composerId)?.focus()
}
