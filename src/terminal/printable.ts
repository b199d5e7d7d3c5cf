// What people wrote to one another, made safe to show in a terminal: every command prints received text through here.
// A sender must not be able to move the cursor, colour, hide or reorder what the reader sees, nor to forge the line
// that says who a message is from. It changes only what is shown, never what is stored or passed on as JSON.
import { styleText } from 'node:util'
import { unknownTime } from '../protocol/texts/commands.ts'

/** Controls, halves of characters, separators that break lines, and what turns the direction of writing. */
const harmful = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu

/** In a name also everything that cannot be seen, since two names must not look alike. */
const harmfulInNames = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu

/** Code points of a name that are shown: more than twice the longest that Hullo gives. */
const shownNameMax = 80

/** Columns that a tab is shown as; a real one would make the width of a line depend on where it begins. */
const tab = '    '

/** One line: control characters, line breaks among them, become visible (`\x1b`, `\u202e`). */
export function printableLine(text: string): string {
  return text.replace(harmful, visible)
}

/** A name in one line, never longer than 80 characters. */
export function printableName(name: string): string {
  const points = Array.from(name.slice(0, shownNameMax * 2 + 2))
  const shown = points.slice(0, shownNameMax).join('').replace(harmfulInNames, visible)
  return points.length > shownNameMax ? `${shown}...` : shown
}

/**
 * A text of several lines, each beginning with `indent`, so that none of them can look like a line that begins at the
 * left edge. `columns` is the width of the terminal: a longer line is broken here, since where the terminal breaks it
 * the rest would begin at the left edge; without it lines are as long as they are.
 */
export function printableText(text: string, indent: string, columns?: number): string {
  // A terminal that does not know its width says 0.
  const room = columns ? Math.max(columns - indent.length, 8) : Number.POSITIVE_INFINITY
  return text
    .replaceAll('\r\n', '\n')
    .split('\n')
    .flatMap(line => wrap(printableLine(line.replaceAll('\t', tab)), room))
    .map(line => indent + line)
    .join('\n')
}

/** What of a message is shown. */
interface ShownMessage {
  readonly sender: string
  readonly message: string
  /** Seconds since 1970; undefined where the server gave none. */
  readonly timestamp?: number | undefined
  /** When, in the place of `timestamp`: words of ours, not of a sender. */
  readonly at?: string
  /** Where, as ` in #team`; made safe already. */
  readonly room?: string
}

/**
 * A message as every command shows it: when (local time) and from whom, then its text, set in. The first line is bold on
 * a terminal, which no text can be. `columns` is the terminal's width, undefined where there is none.
 */
export function printableMessage(message: ShownMessage, columns?: number): string {
  const { at = localTime(message.timestamp), sender, room = '' } = message
  const header = `${at}, from ${printableName(sender)}${room}:`
  return `${styleText('bold', header)}\n${printableText(message.message, '    ', columns)}`
}

/** `2026-11-22 09:41:07` where this machine is, from seconds since 1970. */
export function localTime(seconds: number | undefined): string {
  if (seconds === undefined) return unknownTime
  const date = new Date(seconds * 1000)
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
}

function two(part: number): string {
  return String(part).padStart(2, '0')
}

/** A value as one line of JSON that is also safe on a terminal; reading it back gives the same value. */
export function printableJson(value: unknown): string {
  return JSON.stringify(value).replace(harmful, char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

function visible(char: string): string {
  const code = char.codePointAt(0) ?? 0
  const hex = code.toString(16)
  if (code < 0x100) return `\\x${hex.padStart(2, '0')}`
  return code < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\u{${hex}}`
}

/** Breaks a line after spaces where it can. Widths are counted high rather than low: an early break does no harm. */
function wrap(line: string, room: number): string[] {
  if (line.length * 2 <= room) return [line]
  const lines: string[] = []
  let current = ''
  let width = 0
  for (const word of line.match(/\S*\s*/gu) ?? []) {
    if (width > 0 && width + widthOf(word.trimEnd()) > room) {
      lines.push(current)
      current = ''
      width = 0
    }
    for (const char of word) {
      const wide = widthOf(char)
      if (width + wide > room) {
        lines.push(current)
        current = ''
        width = 0
        if (char === ' ') continue // the break stands for it
      }
      current += char
      width += wide
    }
  }
  return [...lines, current]
}

function widthOf(text: string): number {
  let width = 0
  // From Hangul on, scripts and emoji may take two columns; no character takes more.
  for (const char of text) width += (char.codePointAt(0) ?? 0) < 0x1100 ? 1 : 2
  return width
}
