// Finds what is a link in a text: http, https and mailto, nothing else. The rest stays text; nothing is ever parsed as HTML.
// What is shown is where it leads: nothing invisible in it, nothing that turns it around, no name before the host.

export type Piece =
  | { readonly is: 'text'; readonly text: string }
  /** `leadsTo` where the host is written otherwise than it is asked for: letters of another script may look alike. */
  | { readonly is: 'link'; readonly text: string; readonly href: string; readonly leadsTo?: string }

// An address ends at a space, a quote, a control, and at what is not seen or changes the direction of what is.
const candidates = new RegExp(
  ['https?://', 'mailto:', 'www\\.']
    .map(start => `\\b${start}[^\\s<>"“”«»\\p{Cc}\\p{Bidi_Control}\\u{ad}\\u{200b}\\u{2060}\\u{feff}]+`)
    .join('|'),
  'giu',
)

/** The pieces of a text in their order; put together they are the text. */
export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = []
  let end = 0
  for (const match of text.matchAll(candidates)) {
    const shown = withoutTail(match[0])
    const href = hrefOf(shown)
    if (href === undefined) continue
    if (match.index > end) pieces.push({ is: 'text', text: text.slice(end, match.index) })
    pieces.push({ is: 'link', text: shown, href, ...disguise(shown, href) })
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
  const isShort = /^www\./i.test(shown)
  const address = isShort ? `https://${shown}` : shown
  if ((isShort && !/^www\.[^.]+\../i.test(shown)) || !URL.canParse(address)) return undefined
  const { protocol, username, password, href } = new URL(address)
  // `https://bank.example@evil.example` leads to the second: read as the first by nearly everybody.
  if (username !== '' || password !== '') return undefined
  return ['http:', 'https:', 'mailto:'].includes(protocol) ? href : undefined
}

function disguise(shown: string, href: string): { readonly leadsTo?: string } {
  return shown.toLowerCase().includes(new URL(href).hostname) ? {} : { leadsTo: href }
}
