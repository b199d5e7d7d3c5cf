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

/** The rows of the line in `width` columns; of more than `rowsMax` those around the caret. */
export function composed({ text, caret }: Pick<Line, 'text' | 'caret'>, width: number, rowsMax: number): Composed {
  const rows: string[] = ['']
  let column = 0
  let at = 0
  let place: Composed['caret'] | undefined
  const begin = () => {
    rows.push('')
    column = 0
  }
  for (const one of graphemes(text)) {
    if (place === undefined && at >= caret) place = { row: rows.length - 1, column }
    at += one.length
    if (one === '\n' || one === '\r\n') {
      begin()
      continue
    }
    const shown = one === '\t' ? '    ' : printableLine(one)
    const wide = widthOf(shown)
    // The caret behind the last character needs a column too.
    if (column > 0 && column + wide >= width) {
      begin()
      if (place?.row === rows.length - 2 && at - one.length === caret) place = { row: rows.length - 1, column: 0 }
    }
    rows[rows.length - 1] += shown
    column += wide
  }
  place ??= { row: rows.length - 1, column }
  const first = Math.max(0, Math.min(place.row - Math.floor(rowsMax / 2), rows.length - rowsMax))
  return {
    rows: rows.slice(first, first + rowsMax),
    caret: { row: place.row - first, column: Math.min(place.column, width - 1) },
  }
}
