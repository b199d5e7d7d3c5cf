// Finds the links in a text: http, https and mail addresses, with or without their scheme. The rest stays text; nothing is
// ever parsed as HTML. A link's text is where it leads: nothing invisible in it, nothing that turns it around, no name
// before the host, no host in two scripts.
import { couldBeFile, endings } from './link-endings.ts'

export type Piece =
  | { readonly is: 'text'; readonly text: string }
  /** `leadsTo` where the host is written otherwise than it is asked for: letters of another script may look alike. */
  | { readonly is: 'link'; readonly text: string; readonly href: string; readonly leadsTo?: string }

const cjk = '[\\p{scx=Han}\\p{scx=Hira}\\p{scx=Kana}\\p{scx=Bopo}\\p{scx=Hang}]'

/** A link ends at spaces, quotes, marks of text styles, controls, emoji, at what is not seen or turns the direction, ... */
const ends =
  '\\s<>"“”„‟‚‹›«»`\\|\\\\\\p{Cc}\\p{Bidi_Control}\\p{Default_Ignorable_Code_Point}\\p{Extended_Pictographic}\\p{RI}\\p{EMod}'

/** ... and at the punctuation of Chinese, Japanese and Korean, full width or half. */
const cjkPunctuation =
  '\\u3000-\\u3004\\u3008-\\u3020\\u3030\\u303d\\u30fb\\uff01-\\uff0f\\uff1a-\\uff20\\uff3b-\\uff40\\uff5b-\\uff65'

const inLink = `(?:(?!\\*\\*)[^${ends}${cjkPunctuation}])`
const inName = '[\\p{sc=Latin}\\p{M}\\d.\\-]'

// A name without a scheme begins a word; a text in Chinese or Japanese has no spaces before it.
const candidates = new RegExp(
  [
    `(?<![a-z\\d])(?:https?://|mailto:|www\\.)${inLink}+`,
    `(?<![[\\p{L}\\p{M}\\p{N}\\p{Default_Ignorable_Code_Point}_@.\\/:\\\\#$%&=+~\\-]--${cjk}])` +
      `(?:[\\w.%+\\-]+@)?[\\p{sc=Latin}\\d]${inName}*(?::\\d{1,5})?(?:(?=[\\/?#])${inLink}*)?(?![@\\(])`,
  ].join('|'),
  'giv',
)

/** The pieces of a text in their order; put together they are the text. */
export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = []
  let end = 0
  for (const match of text.matchAll(candidates)) {
    const shown = withoutTail(inOneScript(match[0]), text[match.index - 1])
    const href = shown === undefined ? undefined : hrefOf(shown)
    if (shown === undefined || href === undefined) continue
    if (match.index > end) pieces.push({ is: 'text', text: text.slice(end, match.index) })
    pieces.push({ is: 'link', text: shown, href, ...disguise(shown, href) })
    end = match.index + shown.length
  }
  if (end < text.length) pieces.push({ is: 'text', text: text.slice(end) })
  return pieces
}

const runs = /[\p{L}\p{M}\p{N}]+/gu
const isCjk = new RegExp(cjk, 'v')

/** Up to where letters of another script follow without a sign between them. Undefined where that cuts a host in two. */
function inOneScript(candidate: string): string | undefined {
  for (const { 0: run, index } of candidate.matchAll(runs)) {
    const [first = ''] = run
    const script = scriptOf(first)
    let at = index
    for (const character of run) {
      if (/\p{L}|\p{N}/u.test(character) && !isOf(script, character)) {
        return /^[\p{L}\p{M}\p{N}-]*\.\p{sc=Latin}/u.test(candidate.slice(at)) && isInHost(candidate, at)
          ? undefined
          : candidate.slice(0, at)
      }
      at += character.length
    }
  }
  return candidate
}

function isInHost(candidate: string, at: number): boolean {
  return !/[/?#]/.test(candidate.replace(/^https?:\/\//i, match => '-'.repeat(match.length)).slice(0, at))
}

/** Scripts of which one is told from the others; digits go with Latin, as in most addresses. */
const scripts = ['Latin', 'Cyrillic', 'Greek', 'Arabic', 'Hebrew', 'Thai', 'Devanagari', 'Armenian', 'Georgian'].map(
  name => new RegExp(name === 'Latin' ? '\\p{sc=Latin}|\\d' : `\\p{scx=${name}}`, 'u'),
)

function scriptOf(character: string): RegExp | undefined {
  return isCjk.test(character) ? isCjk : scripts.find(script => script.test(character))
}

function isOf(script: RegExp | undefined, character: string): boolean {
  // Digits end no word: `новости24`.
  if (script !== undefined && /\d/.test(character)) return true
  return script === undefined ? scriptOf(character) === undefined : script.test(character)
}

const openings: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' }

/** Signs that are put around words, so that the same one after a link is not part of it. */
const around = /[_~'*]/

/** The end of a sentence is not part of an address, nor is a bracket that was not opened in it. */
function withoutTail(candidate: string | undefined, before: string | undefined): string | undefined {
  if (candidate === undefined) return undefined
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
    else if (!/[.,;:!?'’*…،؛؟।॥։]/u.test(last) && !(last === before && around.test(last))) break
  }
  return candidate.slice(0, end)
}

function closingOf(opening: string): string | undefined {
  return Object.keys(openings).find(closing => openings[closing] === opening)
}

/** Of a scheme that can do no harm; undefined for everything else. */
function hrefOf(shown: string): string | undefined {
  const address = addressOf(shown)
  if (address === undefined || !URL.canParse(address)) return undefined
  const { protocol, username, password, href } = new URL(address)
  // `https://bank.example@evil.example` leads to the second: read as the first by nearly everybody.
  if (username !== '' || password !== '') return undefined
  return ['http:', 'https:', 'mailto:'].includes(protocol) ? href : undefined
}

/** With the scheme that is meant. */
function addressOf(shown: string): string | undefined {
  if (/^(?:https?:\/\/|mailto:)/i.test(shown)) return shown
  if (/^www\./i.test(shown)) return /^www\.[^.]+\.[^.]/i.test(shown) ? `https://${shown}` : undefined
  const [, user, host = '', port = '', path = ''] = /^([\w.%+-]+@)?([^@:/?#]+)(:\d+)?(.*)$/s.exec(shown) ?? []
  if (!isName(host, user !== undefined || path !== '')) return undefined
  if (user === undefined) return `https://${shown}`
  return /^[\w%+-]+(?:\.[\w%+-]+)*@$/.test(user) && port === '' && path === '' ? `mailto:${shown}` : undefined
}

/** Whether a name is one of a host. `isClear`: more than the name says so. */
function isName(host: string, isClear: boolean): boolean {
  const labels = host.split('.')
  const ending = labels.at(-1) ?? ''
  const isWritten = labels.length > 1 && labels.every(label => /^(?!-)[^.]{1,63}(?<!-)$/.test(label))
  // A capital after the point begins the next sentence.
  const isOneCase = ending === ending.toLowerCase() || host === host.toUpperCase()
  const known = ending.toLowerCase()
  const isKnown = endings.has(known) || (isClear && couldBeFile.has(known))
  return isWritten && isOneCase && isKnown && /\p{L}/u.test(labels.at(-2) ?? '')
}

function disguise(shown: string, href: string): { readonly leadsTo?: string } {
  return shown.toLowerCase().includes(new URL(href).hostname) ? {} : { leadsTo: href }
}
