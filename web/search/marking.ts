// Of a message that was found, the part that shows why: from shortly before the first place, in pieces of which some are
// marked. Nothing is parsed as HTML.
import type { Place } from '../../src/protocol/words.ts'

interface Excerpt {
  readonly text: string
  readonly places: readonly Place[]
}

interface Piece {
  readonly text: string
  readonly isFound: boolean
}

/** UTF-16 code units before the first place: a line of context. */
const beforeMax = 60

/** Of an excerpt: more than the lines that are shown hold. */
const excerptMax = 480

/** The text from near its first place on, with the places moved along. */
export function excerptOf(text: string, places: readonly Place[]): Excerpt {
  const first = places[0]?.start ?? 0
  const from = first <= beforeMax ? 0 : beginning(text, first - beforeMax)
  const upTo = from + excerptMax
  const dots = from === 0 ? '' : '…'
  const moved = places
    .filter(({ end }) => end <= upTo)
    .map(({ start, end }) => ({ start: start - from + dots.length, end: end - from + dots.length }))
  return { text: dots + text.slice(from, upTo), places: moved }
}

/** The pieces of a text in their order; put together they are the text. */
export function marked({ text, places }: Excerpt): readonly Piece[] {
  const pieces: Piece[] = []
  let at = 0
  for (const { start, end } of places) {
    if (start > at) pieces.push({ text: text.slice(at, start), isFound: false })
    pieces.push({ text: text.slice(start, end), isFound: true })
    at = end
  }
  if (at < text.length) pieces.push({ text: text.slice(at), isFound: false })
  return pieces
}

/** At the beginning of a word where there is one near, and never within a character. */
function beginning(text: string, about: number): number {
  const space = text.slice(about, about + beforeMax / 2).search(/\s\S/u)
  if (space >= 0) return about + space + 1
  return /[\udc00-\udfff]/.test(text[about] ?? '') ? about + 1 : about
}
