// What one item of a conversation looks like: rows of spans, each with a tone that the view turns into colours. Here all
// received text is made printable; no row has a control in it, and none is wider than it may be.
import { counted, listAll, timeOfDay } from '../../protocol/texts/format.ts'
import { edited, erased, whatHappened } from '../../protocol/texts/entries.ts'
import * as says from '../../protocol/texts/terminal.ts'
import type { KeptEntry } from '../../sdk/copy/copy.ts'
import type { Outgoing } from '../../sdk/copy/outgoing.ts'
import { printableLine, printableName } from '../../terminal/printable.ts'
import type { Note } from './state.ts'
import { fit, widthOf, wrap } from './widths.ts'

export type Tone = 'plain' | 'strong' | 'dim' | 'accent' | 'good' | 'bad' | 'new' | 'chosen' | NameTone

/** People are told apart by colour too, never by colour only. */
type NameTone = 'name0' | 'name1' | 'name2' | 'name3' | 'name4' | 'name5'

export interface Span {
  readonly text: string
  readonly tone: Tone
}

export type Row = readonly Span[]

export type Item =
  | { readonly is: 'entry'; readonly key: string; readonly at: number; readonly entry: KeptEntry }
  | { readonly is: 'echo'; readonly key: string; readonly at: number; readonly echo: Outgoing }
  | { readonly is: 'note'; readonly key: string; readonly at: number; readonly note: Note }
  | { readonly is: 'top'; readonly key: string; readonly at: number; readonly text: string }

/** What an item's look depends on beside itself. */
export interface Surroundings {
  readonly width: number
  /** What a single long word may take. */
  readonly widest: number
  readonly me: string
  /** Stands above it: the name of its day, the mark of what is new, the name of who speaks, an empty row. */
  readonly day: string | undefined
  readonly isFirstNew: boolean
  readonly isHead: boolean
  readonly isApart: boolean
  /** Stands beside it: how far a message of one's own has come. */
  readonly fate: string | undefined
  readonly isMarked: boolean
}

const indent = 3

/** The rows of an item, at least one. */
export function rowsOf(item: Item, around: Surroundings): readonly Row[] {
  const { width } = around
  const rows: Row[] = []
  if (around.day !== undefined) rows.push(divider(around.day, width, 'dim'))
  if (around.isFirstNew) rows.push(divider(says.newOnes, width, 'new'))
  if (around.isApart && rows.length === 0) rows.push([])
  const own = ownRows(item, around)
  rows.push(...(around.isMarked ? own.map(marked) : own))
  return rows
}

/** `──── Today ────` */
function divider(text: string, width: number, tone: Tone): Row {
  const label = ` ${fit(text, width - 4)} `
  const left = Math.max(0, Math.floor((width - widthOf(label)) / 2))
  const right = Math.max(0, width - left - widthOf(label))
  return [{ text: `${'─'.repeat(left)}${label}${'─'.repeat(right)}`, tone }]
}

function ownRows(item: Item, around: Surroundings): readonly Row[] {
  if (item.is === 'top') return [[{ text: ' '.repeat(indent) + fit(item.text, around.width - indent), tone: 'dim' }]]
  if (item.is === 'note') {
    const tone = item.note.tone === 'bad' ? 'bad' : 'accent'
    return textRows(item.note.text, around.width).map((text, row) => [
      { text: row === 0 ? ' » ' : '   ', tone },
      { text, tone: item.note.tone === 'bad' ? 'bad' : 'plain' },
    ])
  }
  return item.is === 'echo' ? echoRows(item.echo, around) : entryRows(item.entry, around)
}

function entryRows(entry: KeptEntry, around: Surroundings): readonly Row[] {
  const { width, me } = around
  const happened = entry.kind === 'erased' ? undefined : whatHappened(entry, me)
  if (happened !== undefined) {
    const [first = '', ...others] = wrap(printableLine(happened), width - indent - 2)
    const text = (row: string, begin: string): Row => [{ text: ' '.repeat(indent) + begin + row, tone: 'dim' }]
    return [text(first, '∙ '), ...others.map(row => text(row, '  '))]
  }
  const rows: Row[] = around.isHead ? [headRow(entry.sender, entry.storedAt, around)] : []
  if (entry.kind === 'erased')
    return [...rows, [{ text: ' '.repeat(indent) + fit(erased, width - indent), tone: 'dim' }]]
  rows.push(...bodyRows(entry.text ?? '', around, 'plain'))
  const tail = [entry.edited === true ? `(${edited})` : '', around.fate ?? ''].filter(part => part !== '').join(' ')
  return tail === '' ? rows : withTail(rows, tail, width, 'dim')
}

function echoRows({ text, state, why }: Outgoing, around: Surroundings): readonly Row[] {
  const rows: Row[] = around.isHead ? [headRow(around.me, undefined, around)] : []
  rows.push(...bodyRows(text, around, state === 'stored' ? 'plain' : 'dim'))
  if (state === 'sending') return withTail(rows, says.sending, around.width, 'dim')
  if (state === 'deleting') return withTail(rows, says.deletingNow, around.width, 'dim')
  if (state === 'stored') return withTail(rows, '✓', around.width, 'dim')
  const reason = textRows(`✗ ${says.notSent}: ${why ?? ''} ${says.notSentHint}`, around.width)
  return [...rows, ...reason.map((row): Row => [{ text: ' '.repeat(indent) + row, tone: 'bad' }])]
}

function headRow(name: string, at: number | undefined, { width, me }: Surroundings): Row {
  const time = at === undefined ? '' : timeOfDay(at)
  const shown = fit(printableName(name), width - widthOf(time) - 3)
  return [
    { text: ` ${shown}`, tone: name === me ? 'strong' : nameTone(name) },
    { text: `  ${time}`, tone: 'dim' },
  ]
}

function bodyRows(text: string, { width, widest }: Surroundings, tone: Tone): Row[] {
  return textRows(text, width, widest).map(row => [{ text: ' '.repeat(indent) + row, tone }])
}

/** Behind the last row where there is room, else below it. */
function withTail(rows: readonly Row[], tail: string, width: number, tone: Tone): readonly Row[] {
  const last = rows.at(-1) ?? []
  const used = last.reduce((sum, span) => sum + widthOf(span.text), 0)
  if (used + widthOf(tail) + 2 <= width) return [...rows.slice(0, -1), [...last, { text: `  ${tail}`, tone }]]
  return [...rows, [{ text: ' '.repeat(indent) + fit(tail, width - indent), tone }]]
}

/** Made printable and broken, for the columns behind the indent. */
function textRows(text: string, width: number, widest = width): readonly string[] {
  const room = Math.max(8, width - indent)
  return text
    .replaceAll('\r\n', '\n')
    .split('\n')
    .flatMap(line => wrap(printableLine(line.replaceAll('\t', '    ')), room, Math.max(room, widest - indent)))
}

function marked(row: Row): Row {
  const [first, ...others] = row
  if (first === undefined) return row
  return [{ text: '▌', tone: 'accent' }, { ...first, text: first.text.slice(1) }, ...others]
}

/** The same for a name at every start. */
function nameTone(name: string): NameTone {
  let sum = 7
  for (const char of name) sum = (sum * 31 + (char.codePointAt(0) ?? 0)) % 1_000_003
  return `name${sum % 6}` as NameTone
}

/** How far the last message of one's own has come, of a conversation whose others have read so far. */
export function fateOf(seq: number, reads: ReadonlyMap<string, number>, isDirect: boolean): string {
  const readers = [...reads].filter(([, upTo]) => upTo >= seq).map(([who]) => printableName(who))
  if (readers.length === 0) return '✓'
  if (isDirect) return `✓ ${says.read}`
  return `✓ ${readers.length > 3 ? says.readBy(counted(readers.length, { other: '#' })) : says.readBy(listAll(readers))}`
}
