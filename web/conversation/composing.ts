// What is being written in a conversation: a new message, or another text for one that was sent. Views of the log and
// the composer meet here.
import { type Signal, signal } from '@preact/signals'
import type { Conversation } from '../model/conversations.ts'
import type { Line } from '../model/log.ts'

const editedLines = new WeakMap<Conversation, Signal<Line | undefined>>()

/** The message whose text is being changed. */
export function editedLine(conversation: Conversation): Signal<Line | undefined> {
  const there = editedLines.get(conversation)
  if (there !== undefined) return there
  const made = signal<Line | undefined>(undefined)
  editedLines.set(conversation, made)
  return made
}

export function startEditing(conversation: Conversation, line: Line): void {
  editedLine(conversation).value = line
  focusComposer()
}

export const composerId = 'composer'

export function focusComposer(): void {
  document.getElementById(composerId)?.focus()
}
