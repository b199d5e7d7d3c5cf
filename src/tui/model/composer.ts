// The line that is being written, as rows on the screen, with the place of the caret. Nothing that was pasted controls
// the terminal here either: what cannot be shown is shown as what it is.
import { printableLine } from '../../terminal/printable.ts'
import type { Line } from './line.ts'
import { graphemes, widthOf } from './widths.ts'

export interface Composed {
  /** At least one. */
  readonly rows: readonly string[]
  readonly caret: { readonly row: number; readonly column: number }
}

/**
 * The rows of the line in `width` columns, broken after spaces where they can be; of more than `rowsMax` those around the
 * caret. The caret behind the last character of a row needs a column too.
 */
export function composed({ text, caret }: Pick<Line, 'text' | 'caret'>, width: number, rowsMax: number): Composed {
  const rows = rowsOf(text, Math.max(1, width - 1))
  const found = rows.findLastIndex(row => (row[0]?.at ?? 0) <= caret)
  const at = Math.max(0, found)
  const column = rows[at]?.reduce((sum, cell) => (cell.at < caret ? sum + cell.wide : sum), 0) ?? 0
  const first = Math.max(0, Math.min(at - Math.floor(rowsMax / 2), rows.length - rowsMax))
  return {
    rows: rows.slice(first, first + rowsMax).map(row => row.map(cell => cell.shown).join('')),
    caret: { row: at - first, column: Math.min(column, width - 1) },
  }
}

/** One character that is shown. */
interface Cell {
  /** Where it begins in the text; of the end of the text, or of a line, where that is. */
  readonly at: number
  readonly shown: string
  readonly wide: number
}

/** Every row ends in a cell without width, or goes on in the next one. */
function rowsOf(text: string, room: number): readonly (readonly Cell[])[] {
  const rows: (readonly Cell[])[] = []
  let row: Cell[] = []
  let at = 0
  for (const one of graphemes(text)) {
    const isEnd = one === '\n' || one === '\r\n'
    const shown = isEnd ? '' : one === '\t' ? '    ' : printableLine(one)
    row.push({ at, shown, wide: widthOf(shown) })
    at += one.length
    if (isEnd) {
      rows.push(...broken(row, room))
      row = []
    }
  }
  rows.push(...broken([...row, { at, shown: '', wide: 0 }], room))
  return rows
}

/** One line as rows of at most `room` columns; the space at a break stays before it, in the column beyond them. */
function broken(line: readonly Cell[], room: number): readonly (readonly Cell[])[] {
  const rows: Cell[][] = []
  let begin = 0
  let wordAt = 0
  let width = 0
  for (const [index, { shown, wide }] of line.entries()) {
    if (index > 0 && line[index - 1]?.shown === ' ') wordAt = index
    width += wide
    const roomHere = shown === ' ' ? room + 1 : room
    // Twice where what follows the last space has no room for this one either.
    while (width > roomHere && index > begin) {
      const next = wordAt > begin ? wordAt : index
      rows.push(line.slice(begin, next))
      begin = next
      width = line.slice(next, index + 1).reduce((sum, cell) => sum + cell.wide, 0)
    }
  }
  return [...rows, line.slice(begin)]
}
