// `hullo completion bash|zsh|fish`: a script for the shell, made from the commands' own definitions, so that it knows
// what they know. Names of accounts and rooms are asked for while one types, by the hidden `hullo complete-names`.
import { Argument, Command, type Option } from 'commander'
import { nameKey } from '../../protocol/names.ts'
import * as help from '../../protocol/texts/commands-help.ts'
import { resume } from '../../sdk/sdk.ts'
import { keptSessions } from '../../terminal/kept-sessions.ts'
import { keptFor } from '../../terminal/sign-in.ts'
import type { Flag, Value, Verb } from '../completion-words.ts'
import { type Kind, kinds } from '../completion-words.ts'
import { scriptFor, type Shell, shells } from '../completion-scripts.ts'

/** Nobody waits longer for a list after pressing Tab; then there is none. */
const namesMsMax = 1_500

/** Of each kind: what a person looks through. */
const namesMax = 100

/** Where names stand: by the flag, or by the command's first argument. */
const named: Readonly<Record<string, Kind>> = {
  '--as': 'signed-in',
  '--from': 'accounts',
  '--room': 'rooms',
  send: 'addresses',
  login: 'signed-in',
  logout: 'signed-in',
}

/** `load` gives every command there is. */
export function completionCommand(load: () => Promise<readonly Command[]>): Command {
  return new Command('completion')
    .description(help.completion)
    .addArgument(new Argument('<shell>', help.completionShell).choices(shells))
    .addHelpText('after', help.completionMore)
    .action(async (shell: Shell) => {
      process.stdout.write(scriptFor(shell, (await load()).filter(isShown).map(verbOf)))
    })
}

export function completeNamesCommand(): Command {
  return new Command('complete-names')
    .addArgument(new Argument('<kind>').choices(kinds))
    .addArgument(new Argument('[as]'))
    .action(async (kind: Kind, as?: string) => {
      // A shell that completes shows nothing of what goes wrong.
      const names = await namesOf(kind, as).catch((): string[] => [])
      process.stdout.write(names.map(name => `${name}\n`).join(''))
    })
}

async function namesOf(kind: Kind, as: string | undefined): Promise<string[]> {
  if (kind === 'signed-in') return [...new Set((await keptSessions()).map(({ name }) => name))]
  const kept = await keptFor(process.env['HULLO_SERVER'] || undefined, as || process.env['HULLO_NAME'] || undefined)
  if (kept === undefined) return []
  const signal = AbortSignal.timeout(namesMsMax)
  const me = await resume(kept)
  const [conversations, people] = await Promise.all([
    me.conversations.list({ limit: namesMax, signal }),
    kind === 'rooms' ? { people: [] } : me.people.find({ limit: namesMax, signal }),
  ])
  await me.close()
  const rooms = conversations.conversations.map(({ address }) => address).filter(address => address.startsWith('#'))
  if (kind === 'rooms') return rooms.map(room => room.slice(1))
  const spoken = conversations.conversations.map(({ address }) => address).filter(address => address.startsWith('@'))
  const accounts = unique([...spoken.map(address => address.slice(1)), ...people.people.map(({ name }) => name)])
  // Without @, at which bash breaks words.
  return kind === 'accounts' ? accounts : [...accounts, ...rooms]
}

function unique(names: readonly string[]): string[] {
  return [...new Map(names.map(name => [nameKey(name), name])).values()]
}

function isShown(command: Command): boolean {
  return command.description() !== ''
}

function verbOf(command: Command): Verb {
  const flags = command.options.filter(({ hidden, long }) => !hidden && long !== undefined && long !== null).map(flagOf)
  const first = command.registeredArguments[0]
  const kind = named[command.name()]
  const words = first?.argChoices
  return {
    name: command.name(),
    description: command.description(),
    flags: [...flags, { name: '--help', description: help.helpFlag, value: { is: 'none' } }],
    first:
      kind !== undefined
        ? { is: 'names', kind }
        : words !== undefined
          ? { is: 'words', words }
          : { is: first === undefined ? 'none' : 'anything' },
  }
}

function flagOf(option: Option): Flag {
  const name = option.long ?? ''
  return { name, description: option.description, value: valueOf(option, name) }
}

function valueOf({ required, optional, argChoices, flags }: Option, name: string): Value {
  if (!required && !optional) return { is: 'none' }
  const kind = named[name]
  if (kind !== undefined) return { is: 'names', kind }
  if (argChoices !== undefined) return { is: 'words', words: argChoices }
  return { is: /<(file|dir|path|command)>/.test(flags) ? 'file' : 'anything' }
}
