// A list in the place of the conversation (help, members, what was found) as rows. Pure.
import { printableLine } from '../../terminal/printable.ts'
import type { Row, Span, Tone } from './rows.ts'
import type { Sheet } from './state.ts'
import { fit, pad, widthOf, wrap } from './widths.ts'

/** The chosen line is among them; without lines to choose, the looked-at one is the first. */
export function sheetRows({ lines, chosen }: Sheet, width: number, height: number): readonly Row[] {
  const widest = Math.max(0, ...lines.map(line => (line.more ? widthOf(line.text) : 0)))
  const leftWidth = Math.min(widest, Math.floor(width * sheetLeftShare))
  const canChoose = lines.some(line => line.choose !== undefined)
  const rows: Row[] = []
  let chosenAt = 0
  for (const [index, line] of lines.entries()) {
    const isChosen = index === chosen && canChoose
    if (isChosen || (!canChoose && index === chosen)) chosenAt = rows.length
    rows.push(...sheetLineRows(line, { width, leftWidth, isChosen }))
  }
  const first = Math.max(0, Math.min(canChoose ? chosenAt - Math.floor(height / 2) : chosenAt, rows.length - height))
  return Array.from({ length: height }, (_, index): Row => rows[first + index] ?? [])
}

/** Of what is said about a line to choose: enough to know it by, and the others are to be seen too. */
const aboutRowsMax = 2

/** Of a sheet's width, for what stands at the left; where that is not enough, the rest stands below. */
const sheetLeftShare = 0.45

function sheetLineRows(
  { text, more, heading, choose }: Sheet['lines'][number],
  { width, leftWidth, isChosen }: { width: number; leftWidth: number; isChosen: boolean },
): readonly Row[] {
  const first: Span = { text: isChosen ? '▌ ' : '  ', tone: 'accent' }
  const tone: Tone = heading === true ? 'accent' : isChosen ? 'strong' : 'plain'
  const left = printableLine(text)
  const isChoice = choose !== undefined
  const room = width - leftWidth - 5
  const about = (columns: number) => {
    if (more === undefined || more === '') return []
    const rows = wrap(printableLine(more), columns)
    return isChoice && rows.length > aboutRowsMax
      ? [...rows.slice(0, aboutRowsMax - 1), fit(rows.slice(aboutRowsMax - 1).join(' '), columns)]
      : rows
  }
  if (more === undefined || more === '' || widthOf(left) > leftWidth || room < 16) {
    const above = wrap(left, width - 3).map((row, index): Row => [index === 0 ? first : gap, { text: row, tone }])
    const below = about(width - 6)
    return [...above, ...below.map((row): Row => [{ text: `    ${row}`, tone: 'dim' }])]
  }
  return about(room).map(
    (row, index): Row =>
      index === 0
        ? [first, { text: pad(left, leftWidth), tone }, { text: `  ${row}`, tone: 'dim' }]
        : [{ text: `${' '.repeat(leftWidth + 4)}${row}`, tone: 'dim' }],
  )
}

const gap: Span = { text: '  ', tone: 'plain' }
