// What Tab makes of the word before the caret: the commands at the beginning of a line, what each of their arguments
// asks for, and names of people anywhere. Pure; who is known is handed in.
import { nameKey } from '../../protocol/names.ts'
import { type Argument, asArgument, commandNamed, commands } from './commands.ts'
import { insert, type Line } from './line.ts'

export interface Known {
  /** Names of accounts, those of this conversation first. */
  readonly people: readonly string[]
  /** Names of rooms, without `#`. */
  readonly rooms: readonly string[]
}

export interface Completion {
  /** What is replaced, as positions in the text. */
  readonly from: number
  readonly to: number
  /** What could stand there, as it would be written. */
  readonly candidates: readonly string[]
  /** Which candidate stands there now; -1 for none of them yet. */
  readonly chosen: number
}

/** What the word before the caret could be; undefined where nothing is offered. */
export function wantedAt({
  text,
  caret,
}: Line): { readonly is: Argument; readonly from: number; readonly word: string } | undefined {
  const before = text.slice(0, caret)
  const command = /^\/(\S*)$/.exec(before)
  if (command !== null) return { is: 'command', from: 1, word: command[1] ?? '' }
  const [whole, name] = /^\/(\S+)\s+/.exec(before) ?? []
  if (whole === undefined) return wordAt(before, 'person')
  const { takes } = commandNamed(name ?? '') ?? { takes: [] }
  const rest = before.slice(whole.length)
  const index = [...rest.matchAll(/[@#]?"[^"]*"\s+|\S+\s+/g)].length
  const argument = takes[index] ?? (takes.at(-1)?.is === 'text' ? takes.at(-1) : undefined)
  if (argument === undefined) return undefined
  return wordAt(before, argument.is === 'text' ? 'person' : argument.is)
}

function wordAt(before: string, is: Argument): { is: Argument; from: number; word: string } {
  const word = /[@#]?"[^"]*$|\S*$/.exec(before.slice(-wordUnitsMax))?.[0] ?? ''
  return { is, from: before.length - word.length, word }
}

/** UTF-16 units before the caret in which a word is looked for: more than twice the longest name, in quotes. */
const wordUnitsMax = 160

/** The candidates for the word before the caret; undefined where there are none. */
export function completionAt(line: Line, known: Known): Completion | undefined {
  const wanted = wantedAt(line)
  if (wanted === undefined) return undefined
  const candidates = candidatesFor(wanted.is, wanted.word, known)
  if (candidates.length === 0) return undefined
  return { from: wanted.from, to: line.caret, candidates, chosen: -1 }
}

function candidatesFor(is: Argument, typed: string, { people, rooms }: Known): readonly string[] {
  const sign = /^[@#]/.exec(typed)?.[0] ?? ''
  const key = nameKey(typed.slice(sign.length).replace(/^"/, ''))
  const fitting = (names: readonly string[]) => names.filter(name => nameKey(name).startsWith(key))
  if (is === 'command') return fitting(commands.map(one => one.name))
  const asRooms = () => fitting(rooms).map(name => `#${name}`)
  const asPeople = () => fitting(people).map(name => sign + asArgument(name))
  if (is === 'room') return sign === '@' ? [] : asRooms()
  if (is === 'address') {
    if (sign === '#') return asRooms()
    return sign === '@' ? asPeople() : [...asPeople(), ...asRooms()]
  }
  // In a text a single letter would be completed to somebody all the time.
  return typed === '' ? [] : sign === '#' ? asRooms() : asPeople()
}

/**
 * The first Tab: the only candidate with a space behind it, else as far as all agree. Where that adds nothing, and at
 * each Tab after it, one candidate after the other.
 */
export function completed(
  line: Line,
  completion: Completion,
  step = 1,
): { readonly line: Line; readonly completion?: Completion } {
  const { candidates, from, to, chosen } = completion
  const [only] = candidates
  if (candidates.length === 1 && only !== undefined) return { line: replaced(line, from, to, `${only} `) }
  if (chosen === -1) {
    const common = commonBeginning(candidates)
    if (common.length > to - from) {
      const after = replaced(line, from, to, common)
      return { line: after, completion: { ...completion, to: after.caret } }
    }
  }
  const count = candidates.length
  const next = chosen === -1 ? (step > 0 ? 0 : count - 1) : (chosen + step + count) % count
  const after = replaced(line, from, to, candidates[next] ?? '')
  return { line: after, completion: { ...completion, to: after.caret, chosen: next } }
}

function replaced(line: Line, from: number, to: number, by: string): Line {
  const text = line.text.slice(0, from) + line.text.slice(to)
  // A space that stands there already need not stand there twice.
  const typed = text.slice(from).startsWith(' ') ? by.trimEnd() : by
  return insert({ ...line, text, caret: from }, typed)
}

function commonBeginning([first = '', ...others]: readonly string[]): string {
  let length = first.length
  for (const other of others) {
    while (!nameKey(other).startsWith(nameKey(first.slice(0, length)))) length -= 1
  }
  return first.slice(0, length).toWellFormed()
}
