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

/** The end of a sentence is not part of an address, nor is a bracket that was opened before it. */
function withoutTail(candidate: string): string {
  let text = candidate
  for (;;) {
    const last = text.at(-1) ?? ''
    const opening = { ')': '(', ']': '[', '}': '{' }[last]
    const isUnopened = opening !== undefined && count(text, last) > count(text, opening)
    if (!isUnopened && !/[.,;:!?'’…。，、！？]/u.test(last)) return text
    text = text.slice(0, -1)
  }
}

function count(text: string, character: string): number {
  return text.split(character).length - 1
}

/** Of a scheme that can do no harm; undefined for everything else. */
function hrefOf(shown: string): string | undefined {
  const address = /^www\./i.test(shown) ? `https://${shown}` : shown
  if (!URL.canParse(address)) return undefined
  const url = new URL(address)
  return ['http:', 'https:', 'mailto:'].includes(url.protocol) ? url.href : undefined
}
