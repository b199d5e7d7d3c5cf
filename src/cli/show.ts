// How messages of v1 are printed: for a person at a terminal, as one line each in a pipe, or as JSON. Received text never
// controls the terminal, whichever of the three it is.
import { dayName, timeOfDay } from '../protocol/texts/format.ts'
import type { EntryView } from '../protocol/v1.ts'
import { printableJson, printableLine, printableMessage, printableName } from '../terminal/printable.ts'

export interface Shown {
  readonly entry: EntryView
  /** Where to go on from once this one is dealt with. */
  readonly cursor?: string | undefined
}

/** With --json the entry as the server gave it, and its `cursor`; the same value, whatever characters are in it. */
export function showJson({ entry, cursor }: Shown): string {
  return printableJson(cursor === undefined ? entry : { ...entry, cursor })
}

/** When, from whom and where, then the text, set in. `columns` is the terminal's width. */
function showToPerson({ entry }: Shown, columns?: number): string {
  const at = `${dayName(entry.storedAt, Date.now() / 1000)}, ${timeOfDay(entry.storedAt)}`
  const { sender, to, text = '' } = entry
  const room = to.startsWith('#') ? ` in #${printableName(to.slice(1))}` : ''
  return printableMessage({ at, sender, room, message: text }, columns)
}

/**
 * One line, four fields with a tab between: the time (UTC, ISO 8601), the sender, where to, the text. Line ends, tabs and
 * backslashes in the text are written `\n`, `\t`, `\\`, and every other control as printable.ts makes it visible.
 */
function showAsLine({ entry }: Shown): string {
  const { storedAt, sender, to, text = '' } = entry
  const at = new Date(storedAt * 1000).toISOString()
  const address = to.slice(0, 1) + printableName(to.slice(1))
  return [at, printableName(sender), address, printableLine(escapeLine(text))].join('\t')
}

function escapeLine(text: string): string {
  return text.replace(/[\\\r\n\t]/g, char => escapes[char] ?? char)
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\r': '\\r', '\n': '\\n', '\t': '\\t' }

/** The way that fits where standard output goes. */
export function showFor(output: NodeJS.WriteStream, json: boolean): (shown: Shown) => string {
  if (json) return showJson
  return output.isTTY ? shown => showToPerson(shown, output.columns) : showAsLine
}
