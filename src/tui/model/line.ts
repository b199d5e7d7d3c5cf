// The line that is being written: text, caret and what was cut, under the keys that readline made usual. Pure; it knows
// no screen. The caret never stands inside a character as a reader takes it, an emoji of seven code points say.
import { graphemeAt } from './widths.ts'

export interface Line {
  readonly text: string
  /** UTF-16 position, 0 to the text's length. */
  readonly caret: number
  /** What was cut last, for Ctrl-Y. */
  readonly cut: string
  /** The last key cut too: the next cut joins it. */
  readonly cutting: boolean
}

/** UTF-16 units: four messages of the largest size; what is pasted beyond it is left out. */
const lineUnitsMax = 65_536

export const emptyLine: Line = { text: '', caret: 0, cut: '', cutting: false }

/** The line with another text, the caret at its end; what was cut stays to be pasted. */
export function lineOf(text: string, { cut }: Pick<Line, 'cut'> = emptyLine): Line {
  return { text, caret: text.length, cut, cutting: false }
}

/** Types or pastes. Line ends become `\n`; controls, which no message has a use for, are left out. */
export function insert(line: Line, typed: string): Line {
  const clean = typed
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\n\t]/gu, '')
    .slice(0, Math.max(0, lineUnitsMax - line.text.length))
    .toWellFormed()
  const text = line.text.slice(0, line.caret) + clean + line.text.slice(line.caret)
  return moved({ ...line, text }, line.caret + clean.length)
}

export function left(line: Line): Line {
  return moved(line, before(line))
}

export function right(line: Line): Line {
  return moved(line, after(line))
}

export function wordLeft(line: Line): Line {
  return moved(line, wordStart(line))
}

export function wordRight(line: Line): Line {
  return moved(line, wordEnd(line))
}

/** To the beginning of this line of the text; from there to the one before, so that repeating it goes on. */
export function home(line: Line): Line {
  return moved(line, rowStart(line))
}

export function end(line: Line): Line {
  return moved(line, rowEnd(line))
}

export function start(line: Line): Line {
  return moved(line, 0)
}

export function finish(line: Line): Line {
  return moved(line, line.text.length)
}

/** To the line above of a text with several; undefined in the first. */
export function up(line: Line): Line | undefined {
  const from = rowStart(line)
  if (from === 0) return undefined
  const above = rowStart({ ...line, caret: from - 1 })
  return moved(line, Math.min(above + line.caret - from, from - 1))
}

/** To the line below; undefined in the last. */
export function down(line: Line): Line | undefined {
  const to = rowEnd(line)
  if (to === line.text.length) return undefined
  const below = rowEnd({ ...line, caret: to + 1 })
  return moved(line, Math.min(to + 1 + line.caret - rowStart(line), below))
}

export function eraseBack(line: Line): Line {
  return without(line, before(line), line.caret)
}

export function eraseForward(line: Line): Line {
  return without(line, line.caret, after(line))
}

/** Ctrl-W: back to the last space. */
export function cutSpacedWordBack(line: Line): Line {
  const behind = back(line.text, line.caret, one => space.test(one))
  return cutBack(
    line,
    back(line.text, behind, one => !space.test(one)),
  )
}

/** Alt-Backspace: letters and digits only. */
export function cutWordBack(line: Line): Line {
  return cutBack(line, wordStart(line))
}

/** Alt-D. */
export function cutWordForward(line: Line): Line {
  return cutForward(line, wordEnd(line))
}

/** Ctrl-U: to the beginning of the line; at the beginning of one of several, the line end. */
export function cutToStart(line: Line): Line {
  const from = rowStart(line)
  return cutBack(line, from === line.caret ? Math.max(0, from - 1) : from)
}

/** Ctrl-K: to the end of the line; at the end of one of several, the line end. */
export function cutToEnd(line: Line): Line {
  const to = rowEnd(line)
  return cutForward(line, to === line.caret ? Math.min(line.text.length, to + 1) : to)
}

/** Ctrl-Y: what was cut, again. */
export function yank(line: Line): Line {
  return insert(line, line.cut)
}

/** Ctrl-T: the two characters before the caret change places. */
export function transpose(line: Line): Line {
  const at = line.caret === line.text.length ? before(line) : line.caret
  const { from } = graphemeAt(line.text, Math.max(0, at - 1))
  const { to } = graphemeAt(line.text, at)
  if (at === 0 || from === at) return line
  const text = line.text.slice(0, from) + line.text.slice(at, to) + line.text.slice(from, at) + line.text.slice(to)
  return moved({ ...line, text }, to)
}

function cutBack(line: Line, from: number): Line {
  const gone = line.text.slice(from, line.caret)
  if (gone === '') return line
  const cut = line.cutting ? gone + line.cut : gone
  return { ...without(line, from, line.caret), cut, cutting: true }
}

function cutForward(line: Line, to: number): Line {
  const gone = line.text.slice(line.caret, to)
  if (gone === '') return line
  const cut = line.cutting ? line.cut + gone : gone
  return { ...without(line, line.caret, to), cut, cutting: true }
}

function without(line: Line, from: number, to: number): Line {
  return moved({ ...line, text: line.text.slice(0, from) + line.text.slice(to) }, from)
}

/** With the caret there, or behind the character that there is the middle of. */
function moved(line: Line, caret: number): Line {
  const { from, to } = graphemeAt(line.text, caret)
  return { ...line, caret: from === caret ? caret : to, cutting: false }
}

function before({ text, caret }: Line): number {
  return caret === 0 ? 0 : graphemeAt(text, caret - 1).from
}

function after({ text, caret }: Line): number {
  return graphemeAt(text, caret).to
}

function wordStart({ text, caret }: Line): number {
  const behind = back(text, caret, one => !wordly.test(one))
  return back(text, behind, one => wordly.test(one))
}

function wordEnd({ text, caret }: Line): number {
  const begin = forward(text, caret, one => !wordly.test(one))
  return forward(text, begin, one => wordly.test(one))
}

const wordly = /^[\p{L}\p{M}\p{N}_]/u
const space = /^\s/u

/** Walks back while `passes`. Loops, since a pattern that is anchored at the end takes the square of a long text's time. */
function back(text: string, from: number, passes: (one: string) => boolean): number {
  let at = from
  while (at > 0) {
    const low = text.charCodeAt(at - 1)
    const units = low >= 0xdc00 && low <= 0xdfff && at > 1 ? 2 : 1
    if (!passes(text.slice(at - units, at))) break
    at -= units
  }
  return at
}

function forward(text: string, from: number, passes: (one: string) => boolean): number {
  let at = from
  while (at < text.length) {
    const one = String.fromCodePoint(text.codePointAt(at) ?? 0)
    if (!passes(one)) break
    at += one.length
  }
  return at
}

function rowStart({ text, caret }: Line): number {
  return caret === 0 ? 0 : text.lastIndexOf('\n', caret - 1) + 1
}

function rowEnd({ text, caret }: Line): number {
  const to = text.indexOf('\n', caret)
  return to === -1 ? text.length : to
}
