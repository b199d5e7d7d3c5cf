// Finds what is a link in a text: http, https and mailto, nothing else. The rest stays text; nothing is ever parsed as HTML.

export type Piece =
  | { readonly is: 'text'; readonly text: string }
  | { readonly is: 'link'; readonly text: string; readonly href: string }

const candidates = /\bhttps?:\/\/[^\s<>"“”«»]+|\bmailto:[^\s<>"]+|\bwww\.[^\s<>"]+\.[^\s<>"]+/giu

/** The pieces of a text in their order; put together they are the text. */
export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = []
  let end = 0
  for (const match of text.matchAll(candidates)) {
    const shown = withoutTail(match[0])
    const href = hrefOf(shown)
    if (href === undefined) continue
    if (match.index > end) pieces.push({ is: 'text', text: text.slice(end, match.index) })
    pieces.push({ is: 'link', text: shown, href })
    end = match.index + shown.length
  }
  if (end < text.length) pieces.push({ is: 'text', text: text.slice(end) })
  return pieces
}

const openings: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' }

/** The end of a sentence is not part of an address, nor is a bracket that was not opened in it. */
function withoutTail(candidate: string): string {
  // How many more of each are closed than opened, counted once: a text may be nothing but brackets.
  const unopened = new Map<string, number>()
  for (const character of candidate) {
    const closing = Object.hasOwn(openings, character) ? character : closingOf(character)
    if (closing === undefined) continue
    unopened.set(closing, (unopened.get(closing) ?? 0) + (closing === character ? 1 : -1))
  }
  let end = candidate.length
  for (; end > 0; end -= 1) {
    const last = candidate[end - 1] ?? ''
    const excess = unopened.get(last) ?? 0
    if (excess > 0) unopened.set(last, excess - 1)
    else if (!/[.,;:!?'’…。，、！？]/u.test(last)) break
  }
  return candidate.slice(0, end)
}

function closingOf(opening: string): string | undefined {
  return Object.keys(openings).find(closing => openings[closing] === opening)
}

/** Of a scheme that can do no harm; undefined for everything else. */
function hrefOf(shown: string): string | undefined {
  const address = /^www\./i.test(shown) ? `https://${shown}` : shown
  if (!URL.canParse(address)) return undefined
  const url = new URL(address)
  return ['http:', 'https:', 'mailto:'].includes(url.protocol) ? url.href : undefined
}
