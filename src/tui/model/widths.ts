// How wide text is on a terminal, in columns, and where it breaks. What comes in here has been made printable already:
// nothing here removes or shows controls.
import stringWidth from 'string-width'

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' })
const isSimple = /^[\x20-\x7e]*$/

/** UTF-16 units of one character that are shown: the longest emoji has 15; hundreds of marks on a letter cover others. */
const graphemeUnitsMax = 32

/** What a reader takes for one character each. Joined they are the text, but for marks beyond all reason. */
export function graphemes(text: string): readonly string[] {
  if (isSimple.test(text)) return text.split('')
  return Array.from(segmenter.segment(text), ({ segment }) => shortened(segment))
}

function shortened(grapheme: string): string {
  if (grapheme.length <= graphemeUnitsMax) return grapheme
  return grapheme.slice(0, graphemeUnitsMax).replace(/[\ud800-\udbff]$/, '')
}

/** Where the character that holds position `at` begins and ends, as UTF-16 positions. */
export function graphemeAt(text: string, at: number): { readonly from: number; readonly to: number } {
  const found = segmenter.segment(text).containing(at)
  return found === undefined ? { from: at, to: at } : { from: found.index, to: found.index + found.segment.length }
}

export function widthOf(text: string): number {
  return isSimple.test(text) ? text.length : stringWidth(text)
}

/** The text in at most `room` columns; where it does not fit, it ends in `…`. */
export function fit(text: string, room: number): string {
  if (room <= 0) return ''
  if (text.length * 2 <= room || widthOf(text) <= room) return text
  let width = 0
  let kept = ''
  for (const one of graphemes(text)) {
    width += widthOf(one)
    if (width > room - 1) break
    kept += one
  }
  return `${kept}…`
}

/** The text in exactly `room` columns, with spaces behind it. */
export function pad(text: string, room: number): string {
  const fitting = fit(text, room)
  return fitting + ' '.repeat(Math.max(0, room - widthOf(fitting)))
}

/**
 * Lines of at most `room` columns, broken after spaces where they can be. At least one line. A word that is wider stands
 * alone in up to `wordRoom` columns, so that an address can be copied whole.
 */
export function wrap(line: string, room: number, wordRoom = room): readonly string[] {
  if (line.length <= room && isSimple.test(line)) return [line]
  const lines: string[] = []
  let current = ''
  let width = 0
  for (const token of line.match(/\S+|\s+/gu) ?? []) {
    const tokenWidth = widthOf(token)
    const isSpace = /^\s/u.test(token)
    // What has no spaces may be a sentence: not in ASCII.
    const isWhole = tokenWidth <= (isSimple.test(token) ? wordRoom : room)
    if (width + tokenWidth <= room || (width === 0 && !isSpace && isWhole)) {
      current += token
      width += tokenWidth
      continue
    }
    if (width > 0) {
      lines.push(current.trimEnd())
      current = ''
      width = 0
    }
    // Spaces at a break are the break.
    if (isSpace) continue
    for (const one of isWhole ? [token] : graphemes(token)) {
      const wide = widthOf(one)
      if (width > 0 && width + wide > room) {
        lines.push(current)
        current = ''
        width = 0
      }
      current += one
      width += wide
    }
  }
  if (current !== '' || lines.length === 0) lines.push(current)
  return lines
}
