// What the terminal sends, as strokes with a name. Bytes arrive together or apart as the machine and the network please,
// so the strokes depend on the order of the characters only. Pure: only input.ts knows how much time has passed.
import { csiStroke, named, ss3Stroke, type Stroke } from './sequences.ts'

export type { Stroke } from './sequences.ts'

export interface Decoded {
  readonly strokes: readonly Stroke[]
  /** The beginning of a sequence: the next characters decide what it is. */
  readonly rest: string
}

const pasteStart = '\x1b[200~'
const pasteEnd = '\x1b[201~'

/** Characters of an unfinished sequence: the longest that a terminal sends has some 30. */
const sequenceCharsMax = 64

/** Strokes of `text`, which begins with the `rest` of the call before. */
export function decoded(text: string): Decoded {
  const strokes: Stroke[] = []
  let at = 0
  while (at < text.length) {
    const next = stepAt(text, at)
    if (next === undefined) return { strokes, rest: text.slice(at) }
    strokes.push(...next.strokes)
    at = next.to
  }
  return { strokes, rest: '' }
}

/**
 * The same for a `rest` after which nothing came for a while: an Esc is the key, and what follows it was typed. A paste
 * goes on until its end, however long that takes: the lines of a paste must never act as keys.
 */
export function settled(rest: string): Decoded {
  if (rest.startsWith(pasteStart) || (rest.length > 2 && pasteStart.startsWith(rest))) return { strokes: [], rest }
  const first = rest.startsWith('\x1b') ? [named('escape')] : []
  const after = rest.startsWith('\x1b') ? rest.slice(1) : rest
  if (after === '') return { strokes: first, rest: '' }
  const { strokes, rest: left } = decoded(after)
  const others = left === '' ? [] : settled(left).strokes
  return { strokes: [...first, ...strokes, ...others], rest: '' }
}

interface Step {
  readonly strokes: readonly Stroke[]
  readonly to: number
}

/** The strokes that begin at `at`, and where they end; undefined while more characters are needed. */
function stepAt(text: string, at: number): Step | undefined {
  if (text[at] === '\x1b') return escapeAt(text, at)
  const [plain = ''] = /^\P{Cc}+/u.exec(text.slice(at)) ?? []
  if (plain !== '') return { strokes: [typed(plain)], to: at + plain.length }
  const control = controlKey(text.charCodeAt(at))
  return { strokes: control === undefined ? [] : [control], to: at + 1 }
}

function escapeAt(text: string, at: number): Step | undefined {
  if (at + 1 === text.length) return undefined
  if (text.startsWith(pasteStart, at)) {
    const from = at + pasteStart.length
    const end = text.indexOf(pasteEnd, from)
    if (end === -1) return undefined
    return {
      strokes: [{ is: 'text', text: text.slice(from, end), isPasted: true } as const],
      to: end + pasteEnd.length,
    }
  }
  const next = text[at + 1]
  if (next === '[' || next === 'O') return sequenceAt(text, at)
  if (next === '\x1b') return secondEscapeAt(text, at)
  return chordAt(text, at)
}

/** Esc twice, or a sequence with an Esc ahead of it, as rxvt and macOS send Alt with an arrow. */
function secondEscapeAt(text: string, at: number): Step | undefined {
  const third = text[at + 2]
  if (third === undefined) return undefined
  const escape = { strokes: [named('escape')], to: at + 1 }
  if (third !== '[' && third !== 'O') return escape
  const inner = escapeAt(text, at + 1)
  if (inner === undefined) return undefined
  const [only, ...others] = inner.strokes
  if (only?.is !== 'key' || others.length > 0 || only.key.includes('-') || only.apart !== undefined) return escape
  return { strokes: [named(`alt-${only.key}`, [named('escape'), only])], to: inner.to }
}

/** Alt with a character, as terminals send it. The same as Esc and then the character: `apart` says so. */
function chordAt(text: string, at: number): Step {
  const char = String.fromCodePoint(text.codePointAt(at + 1) ?? 0)
  const to = at + 1 + char.length
  const escape = named('escape')
  const alone = /\p{Cc}/u.test(char) ? controlKey(char.charCodeAt(0)) : typed(char)
  if (alone === undefined) return { strokes: [escape], to }
  const key = alone.is === 'key' ? alone.key : char
  return { strokes: [named(`alt-${key}`, [escape, alone])], to }
}

/** A sequence of `ESC [` or `ESC O`. */
function sequenceAt(text: string, at: number): Step | undefined {
  const sent = text.slice(at, at + sequenceCharsMax)
  const isCsi = sent[1] === '['
  const match = isCsi ? csi.exec(sent) : ss3.exec(sent)
  if (match === null) {
    const isUnfinished = sent.length < sequenceCharsMax && (isCsi ? unfinishedCsi : unfinishedSs3).test(sent)
    return isUnfinished ? undefined : typedSequence(at)
  }
  const [sequence] = match
  const params = match[1] ?? match[3] ?? ''
  const final = match[4] ?? match[2] ?? ''
  const stroke = isCsi ? csiStroke(params, final) : ss3Stroke(params, final)
  if (stroke === 'typed') return typedSequence(at)
  return { strokes: stroke === undefined ? [] : [stroke], to: at + sequence.length }
}

/** No terminal sends it: Esc was pressed, and what follows was typed. */
function typedSequence(at: number): Step {
  return { strokes: [named('escape')], to: at + 1 }
}

/* oxlint-disable no-control-regex -- Esc is what these sequences begin with. */

/** As ECMA-48 has it; of the Linux console also `ESC [ [ A` (F1), of rxvt `ESC [ 5 $` (a key with Shift). */
const csi = /^\x1b\[(?:([235678])(\$)|(\[?[0-?]*[ -/]*)([@-Z\\-~]))/
const unfinishedCsi = /^\x1b\[\[?[0-?]*[ -/]*$/
const ss3 = /^\x1bO([\d;]*)([A-Za-z])/
const unfinishedSs3 = /^\x1bO[\d;]*$/

/* oxlint-enable no-control-regex */

function typed(text: string): Stroke {
  return { is: 'text', text }
}

/** The key of a control character; undefined for those of 8 bits, which no key sends. */
function controlKey(code: number): Stroke | undefined {
  if (code >= 0x80) return undefined
  return named(controls[code] ?? `ctrl-${String.fromCharCode(code + 96)}`)
}

const controls: Readonly<Record<number, string>> = {
  0x08: 'backspace',
  0x09: 'tab',
  0x0a: 'ctrl-j',
  0x0d: 'enter',
  0x1b: 'escape',
  0x7f: 'backspace',
}
