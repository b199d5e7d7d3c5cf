// The commands of the chat: one table with what each takes and needs. Its help, its completion and the check of what was
// typed all come from it; what each does stands in ../verbs.ts.
import * as says from '../../protocol/texts/terminal.ts'
import type { Sentence } from '../../protocol/texts/sentence.ts'

/** What an argument is, for its completion; `text` takes the rest of the line as it stands. */
export type Argument = 'room' | 'person' | 'address' | 'command' | 'text'

export interface Command {
  readonly name: CommandName
  readonly takes: readonly { readonly is: Argument; readonly name: string; readonly optional?: true }[]
  /** Where it can be used: anywhere, in any open conversation, or in a room. */
  readonly needs: 'nothing' | 'conversation' | 'room'
  readonly summary: Sentence
}

export type CommandName = keyof typeof says.commandSummaries

const person = { is: 'person', name: 'NAME' } as const
const room = { is: 'room', name: '#ROOM' } as const

const table: Readonly<Record<CommandName, Pick<Command, 'takes' | 'needs'>>> = {
  msg: { takes: [person, { is: 'text', name: 'TEXT', optional: true }], needs: 'nothing' },
  open: { takes: [{ is: 'address', name: says.nameOrRoom }], needs: 'nothing' },
  join: { takes: [{ ...room, optional: true }], needs: 'nothing' },
  create: { takes: [room, { is: 'text', name: 'TOPIC', optional: true }], needs: 'nothing' },
  'create-private': { takes: [room, { is: 'text', name: 'TOPIC', optional: true }], needs: 'nothing' },
  leave: { takes: [], needs: 'room' },
  invite: { takes: [person], needs: 'room' },
  remove: { takes: [person], needs: 'room' },
  owner: { takes: [person], needs: 'room' },
  topic: { takes: [{ is: 'text', name: 'TOPIC', optional: true }], needs: 'room' },
  members: { takes: [], needs: 'conversation' },
  edit: { takes: [{ is: 'text', name: 'TEXT', optional: true }], needs: 'nothing' },
  delete: { takes: [], needs: 'nothing' },
  retry: { takes: [], needs: 'nothing' },
  search: { takes: [{ is: 'text', name: 'WORDS' }], needs: 'nothing' },
  people: { takes: [{ is: 'text', name: 'BEGINNING', optional: true }], needs: 'nothing' },
  block: { takes: [{ ...person, optional: true }], needs: 'nothing' },
  unblock: { takes: [person], needs: 'nothing' },
  sessions: { takes: [{ is: 'text', name: says.endNumber, optional: true }], needs: 'nothing' },
  'sign-out': { takes: [], needs: 'nothing' },
  help: { takes: [{ is: 'command', name: 'COMMAND', optional: true }], needs: 'nothing' },
  quit: { takes: [], needs: 'nothing' },
}

export const commands: readonly Command[] = Object.entries(table).map(([key, rest]) => {
  const name = key as CommandName
  return { name, ...rest, summary: says.commandSummaries[name] }
})

export function commandNamed(name: string): Command | undefined {
  return commands.find(one => one.name === name.toLowerCase())
}

/** `/msg NAME [TEXT]` */
export function usageOf({ name, takes }: Command): string {
  return [`/${name}`, ...takes.map(one => (one.optional ? `[${one.name}]` : one.name))].join(' ')
}

/** What a written line is: a message, or a command with its arguments in the table's order, or why it is neither. */
export type Parsed =
  | { readonly is: 'message'; readonly text: string }
  | { readonly is: 'command'; readonly command: Command; readonly args: readonly string[] }
  | { readonly is: 'trouble'; readonly why: Sentence }

/** `//` at the beginning stands for a message that begins with `/`. */
export function parseInput(text: string): Parsed {
  if (!text.startsWith('/')) return { is: 'message', text }
  if (text.startsWith('//')) return { is: 'message', text: text.slice(1) }
  const [, name = '', rest = ''] = /^\/(\S*)\s*([\s\S]*)$/.exec(text) ?? []
  const command = commandNamed(name)
  if (command === undefined) return { is: 'trouble', why: says.unknownCommand(name) }
  const args = argumentsOf(command, rest.trimEnd())
  const missing = command.takes[args.length]
  if (missing !== undefined && missing.optional !== true) {
    return { is: 'trouble', why: says.usage(usageOf(command)) }
  }
  return { is: 'command', command, args }
}

/** A name with spaces stands in quotes; the last one may stand without. `@` before a name, `#` before a room are usual. */
function argumentsOf({ takes }: Command, rest: string): readonly string[] {
  const args: string[] = []
  let left = rest
  for (const [index, { is }] of takes.entries()) {
    if (left === '') break
    if (is === 'text') {
      args.push(left)
      break
    }
    const word = index === takes.length - 1 ? wholeWord(left) : firstWord(left)
    args.push(plainArgument(is, word.word))
    left = left.slice(word.length).trimStart()
  }
  return args
}

const quoted = /^[@#]?"([^"]*)"/

function firstWord(text: string): { readonly word: string; readonly length: number } {
  const inQuotes = quoted.exec(text)
  if (inQuotes !== null) return { word: inQuotes[0].replaceAll('"', ''), length: inQuotes[0].length }
  const word = /^\S+/.exec(text)?.[0] ?? ''
  return { word, length: word.length }
}

function wholeWord(text: string): { readonly word: string; readonly length: number } {
  return quoted.test(text) ? firstWord(text) : { word: text.trim(), length: text.length }
}

function plainArgument(is: Argument, word: string): string {
  if (is === 'person') return word.replace(/^@/, '')
  if (is === 'room') return word.replace(/^#/, '')
  return is === 'command' ? word.replace(/^\//, '') : word
}

/** A name as it is written in a command, so that it is read back as one. */
export function asArgument(name: string): string {
  return /\s/.test(name) ? `"${name}"` : name
}
