// What a word is, for search: texts and queries are taken apart by the same rule, so that they meet, and a client can
// show where. Scripts that are written without spaces are taken apart into single characters, and found by pairs of
// neighbours.

/** Letters, marks and digits of any script belong together; everything else stands between words. */
const runs = /[\p{L}\p{M}\p{N}]+/gu

/** Written without spaces between words, or (Hangul) with what elsewhere are words of their own joined to them. */
const unspaced =
  /^[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Bopomofo}\p{scx=Hangul}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}\p{scx=Tibetan}]/u
const mark = /^\p{M}/u
/** Most words of most texts, which need not be looked at letter by letter. */
const latin = /^[a-z0-9à-ÿ]+$/

/** Code points of a word in the index: longer ones are no words of people, and are found by their beginning. */
const indexedCodePointsMax = 64

/** A word, or the characters of a run of an unspaced script. */
type Segment =
  | { readonly kind: 'word'; readonly word: string }
  | { readonly kind: 'characters'; readonly characters: readonly string[] }

/** A word of the index that a query asks for. */
interface Sought {
  readonly word: string
  /** Also what only begins so. */
  readonly isPrefix: boolean
}

/** What a text must hold: these units next to each other, the last one perhaps only begun. */
interface Phrase {
  readonly units: readonly string[]
  readonly isPrefix: boolean
}

export interface Query {
  readonly phrases: readonly Phrase[]
  /** Occur all in every text that the query finds; the text itself decides. */
  readonly sought: readonly Sought[]
}

/** Words that the index is asked for in one query: more make it no narrower. */
const soughtMax = 16

/** The words under which a text is found, each once. */
export function wordsOf(text: string): ReadonlySet<string> {
  const words = new Set<string>()
  for (const segment of segmentsOf(text)) {
    if (segment.kind === 'word') words.add(cut(segment.word))
    else for (const pair of pairsOf(segment.characters)) words.add(pair)
    // The last character begins no pair, and is looked for by itself too.
    if (segment.kind === 'characters') words.add(segment.characters.at(-1) ?? '')
  }
  return words
}

/**
 * A query as people type it: all of its words must occur; what is in quotes, or is not parted by spaces, must stand
 * together; `*` behind it takes also what only begins so. Undefined if there is no word in it.
 */
export function parseQuery(raw: string): Query | undefined {
  const phrases: Phrase[] = []
  const sought = new Map<string, Sought>()
  for (const [, quoted, star, bare = ''] of raw.matchAll(/"([^"]*)"?(\*?)|([^\s"]+)/g)) {
    const isPrefix = quoted === undefined ? bare.endsWith('*') : star === '*'
    const segments = segmentsOf(quoted ?? bare)
    if (segments.length === 0) continue
    phrases.push({ units: segments.flatMap(unitsOf), isPrefix })
    for (const [at, segment] of segments.entries()) {
      for (const one of soughtFor(segment, isPrefix && at === segments.length - 1))
        sought.set(`${one.word}${one.isPrefix}`, one)
    }
  }
  return phrases.length === 0 ? undefined : { phrases, sought: [...sought.values()].slice(0, soughtMax) }
}

/** Whether a text is one that the query means. */
export function matches({ phrases }: Query, text: string): boolean {
  const units = segmentsOf(text).flatMap(unitsOf)
  return phrases.every(phrase => holds(units, phrase))
}

function holds(units: readonly string[], phrase: Phrase): boolean {
  const last = phrase.units.length - 1
  for (let from = 0; from + last < units.length; from += 1) if (fitsAt(units, phrase, from)) return true
  return false
}

function fitsAt(units: readonly string[], { units: wanted, isPrefix }: Phrase, from: number): boolean {
  const last = wanted.length - 1
  return wanted.every((unit, at) => {
    const here = units[from + at] ?? ''
    return isPrefix && at === last ? here.startsWith(unit) : here === unit
  })
}

/** A part of a text, in UTF-16 code units. */
export interface Place {
  readonly start: number
  readonly end: number
}

/** Where in a text the phrases of a query stand, in order and apart. */
export function placesOf({ phrases }: Query, text: string): readonly Place[] {
  const placed = placedUnits(text)
  const units = placed.map(({ unit }) => unit)
  const found: Place[] = []
  for (const phrase of phrases) {
    for (let from = 0; from + phrase.units.length <= units.length; from += 1) {
      const start = placed[from]?.start
      const end = placed[from + phrase.units.length - 1]?.end
      if (start !== undefined && end !== undefined && fitsAt(units, phrase, from)) found.push({ start, end })
    }
  }
  return joined(found.toSorted((a, b) => a.start - b.start || a.end - b.end))
}

/** The units of a text with where they stand; of a run that changes its length when folded, each stands for the whole. */
function placedUnits(text: string): (Place & { readonly unit: string })[] {
  const placed: (Place & { readonly unit: string })[] = []
  for (const { 0: run, index } of text.matchAll(runs)) {
    const units = segmentsOf(run).flatMap(unitsOf)
    const lengths = units.map(unit => Array.from(unit).length)
    const characters = Array.from(run)
    const isSame = lengths.reduce((sum, length) => sum + length, 0) === characters.length
    let at = 0
    for (const [number, unit] of units.entries()) {
      const next = at + (lengths[number] ?? 0)
      const start = isSame ? index + characters.slice(0, at).join('').length : index
      const end = isSame ? index + characters.slice(0, next).join('').length : index + run.length
      placed.push({ unit, start, end })
      at = next
    }
  }
  return placed
}

/** Places that overlap become one. */
function joined(places: readonly Place[]): Place[] {
  const apart: Place[] = []
  for (const place of places) {
    const last = apart.at(-1)
    if (last === undefined || place.start > last.end) apart.push(place)
    else apart[apart.length - 1] = { start: last.start, end: Math.max(last.end, place.end) }
  }
  return apart
}

function soughtFor(segment: Segment, isPrefix: boolean): readonly Sought[] {
  if (segment.kind === 'word') return [{ word: cut(segment.word), isPrefix }]
  const [only = '', ...rest] = segment.characters
  // One character begins a pair, or is the last of its run.
  if (rest.length === 0) return [{ word: only, isPrefix: true }]
  return pairsOf(segment.characters).map(word => ({ word, isPrefix: false }))
}

function pairsOf(characters: readonly string[]): string[] {
  return characters.slice(1).map((character, at) => `${characters[at]}${character}`)
}

function unitsOf(segment: Segment): readonly string[] {
  return segment.kind === 'word' ? [segment.word] : segment.characters
}

function segmentsOf(text: string): Segment[] {
  const segments: Segment[] = []
  for (const [run] of fold(text).matchAll(runs)) {
    if (latin.test(run)) {
      segments.push({ kind: 'word', word: run })
      continue
    }
    let word = ''
    let characters: string[] = []
    const end = () => {
      if (word !== '') segments.push({ kind: 'word', word })
      if (characters.length > 0) segments.push({ kind: 'characters', characters })
      word = ''
      characters = []
    }
    for (const character of run) {
      const isUnspaced = mark.test(character) ? characters.length > 0 : unspaced.test(character)
      if (isUnspaced ? word !== '' : characters.length > 0) end()
      if (isUnspaced) characters.push(character)
      else word += character
    }
    end()
  }
  return segments
}

/** Compatibility forms and letter case make no difference: ＡＢＣ is abc, Straße is strasse, ΟΔΟΣ is οδος. */
function fold(text: string): string {
  const lower = text.normalize('NFKC').toUpperCase().toLowerCase()
  return lower.replaceAll('ς', 'σ').normalize('NFKC')
}

function cut(word: string): string {
  return word.length <= indexedCodePointsMax ? word : Array.from(word).slice(0, indexedCodePointsMax).join('')
}
