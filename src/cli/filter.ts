// Which entries `hullo inbox` and `hullo watch` are about: messages of others, unless more or less is asked for.
import { type Command, InvalidArgumentError } from 'commander'
import { parseCursor } from '../protocol/cursor.ts'
import { nameKey } from '../protocol/names.ts'
import * as help from '../protocol/texts/commands-help.ts'
import type { EntryView } from '../protocol/v1.ts'

export interface FilterOptions {
  readonly room?: readonly string[]
  readonly from?: readonly string[]
  readonly own?: true
}

export function withFilterOptions(command: Command): Command {
  return command
    .option('--room <name>', help.onlyRoom, gather)
    .option('--from <name>', help.onlyFrom, gather)
    .option('--own', help.own)
}

/** Whether a message is wanted; `me` is the reader's own name. */
export function filterOf({ room, from, own }: FilterOptions, me: string): (entry: EntryView) => boolean {
  const rooms = room && new Set(room.map(name => nameKey(name.replace(/^#/, ''))))
  const senders = from && new Set(from.map(name => nameKey(name.replace(/^@/, ''))))
  return ({ kind, text, sender, to }) => {
    if (kind !== 'text' || text === undefined) return false
    if (own !== true && sender === me) return false
    if (rooms !== undefined && !(to.startsWith('#') && rooms.has(nameKey(to.slice(1))))) return false
    return senders === undefined || senders.has(nameKey(sender))
  }
}

function gather(name: string, before: readonly string[] = []): readonly string[] {
  return [...before, name]
}

export function wholeNumber(text: string): number {
  const value = Number(text)
  if (!/^\d{1,9}$/.test(text) || value < 1) throw new InvalidArgumentError(help.wholeFromOne)
  return value
}

/** What --after takes. */
export function cursorText(text: string): string {
  if (text === 'start' || parseCursor(text) !== undefined) return text
  throw new InvalidArgumentError(help.cursorOrStart)
}
