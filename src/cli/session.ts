// What the commands over v1 share: which server, which account, its session, and how the command ends. Passwords and
// tokens come from files, the environment or a question, never from the command line, which every program can read.
import * as help from '../protocol/texts/commands-help.ts'
import { type Command, Option } from 'commander'
import { usualAddress } from '../lab/client.ts'
import { askAgain, endsWithCommand, passwordsDiffer } from '../protocol/texts/commands.ts'
import { passwordFile as passwordFileHelp } from '../protocol/texts/help.ts'
import type { Me } from '../sdk/sdk.ts'
import { printableJson, printableLine } from '../terminal/printable.ts'
import { type Interruption, listenForInterruption, openPrompt, say } from '../terminal/prompt.ts'
import { openSession, type Opened, type Wanted } from '../terminal/sign-in.ts'
import { readPassword, type ServerOptions } from './credentials.ts'
import { exitCodesHelp } from './exit-codes.ts'
import { Complained, complain, complaintOf, no } from './report.ts'

export interface SessionOptions {
  readonly server?: string
  readonly as?: string
  /** What the lab's commands called it first. */
  readonly user?: string
  readonly passwordFile?: string
  readonly json?: true
}

/** Adds the options that all these commands have, and what their help says at its end. */
export function withSessionOptions(command: Command): Command {
  return command
    .addOption(new Option('--server <address>', help.server).env('HULLO_SERVER'))
    .addOption(new Option('--as <name>', help.as).env('HULLO_NAME'))
    .addOption(new Option('--user <name>').env('HULLO_USER').hideHelp())
    .option('--password-file <file>', passwordFileHelp)
    .option('--json', help.json)
    .addHelpText('afterAll', `${help.sessionMore}\n${exitCodesHelp()}`)
}

export interface Call {
  readonly json: boolean
  readonly interruption: Interruption
  readonly wanted: Wanted
  /** A result on standard output: a sentence, or with --json the object. Waits while nobody takes it. */
  readonly print: (sentence: string, value: unknown) => Promise<void>
  /** Something on the side, on standard error. */
  readonly note: (sentence: string, value?: unknown) => void
  /** Asks twice where a person types a password that nobody can look up later. */
  readonly newPassword: (name: string) => Promise<string>
}

interface More {
  /** Throws what is wrong with the words on the command line, before anything is asked. */
  readonly check?: () => void
  /** False where standard input is for a message: nothing may be asked then. */
  readonly mayAsk?: boolean
  readonly offline?: boolean
}

/** Runs a command over v1, and reports how it ended. */
export async function callV1(
  options: SessionOptions,
  work: (call: Call) => Promise<void>,
  { mayAsk = true, offline = false, check }: More = {},
): Promise<void> {
  using interruption = listenForInterruption()
  await using prompt = openPrompt(interruption, process.stdin, process.stderr)
  const { signal } = interruption
  const json = options.json === true
  let outputClosed = false
  process.stdout.on('error', () => {
    outputClosed = true
    interruption.interrupt()
  })
  const print: Call['print'] = (sentence, value) => say(json ? printableJson(value) : sentence, interruption)
  const note: Call['note'] = (sentence, value = { note: sentence }) => {
    process.stderr.write(`${json ? printableJson(value) : `hullo: ${printableLine(sentence)}`}\n`)
  }
  const asks = mayAsk && process.stdin.isTTY
  const password = async (name: string, twice = false): Promise<string> => {
    const asked = await readPassword({ prompt, interruption }, options, name, mayAsk)
    if (!asked.ok) throw new Complained(asked)
    if (twice && asked.typed && asks && (await prompt.askHidden(askAgain)) !== asked.password) {
      throw new Complained(no('usage', passwordsDiffer))
    }
    prompt.release() // no question follows; what is typed from here on is for whoever reads a text
    return asked.password
  }
  const hasPassword =
    asks || options.passwordFile !== undefined || nonEmpty(process.env['HULLO_PASSWORD']) !== undefined
  const wanted: Wanted = {
    server: nonEmpty(options.server),
    name: nonEmpty(options.as) ?? nonEmpty(options.user),
    token: nonEmpty(process.env['HULLO_TOKEN']),
    ...(asks ? { askName: () => prompt.ask('Name: ') } : {}),
    ...(hasPassword ? { password } : {}),
    offline,
    signal,
  }
  try {
    check?.()
    await work({ json, interruption, wanted, print, note, newPassword: name => password(name, true) })
    if (outputClosed) complain(no('output-closed', ''), json)
  } catch (error) {
    complain(outputClosed ? no('output-closed', '') : complaintOf(error, signal), json)
  }
}

/** The same with a session, which is closed at the end; one that could not be kept is ended, or they would pile up. */
export function callAs(
  options: SessionOptions,
  work: (me: Me, call: Call & { readonly opened: Opened }) => Promise<void>,
  more: More = {},
): Promise<void> {
  return callV1(
    options,
    async call => {
      const opened = await openSession(call.wanted)
      const { me, notKept } = opened
      if (notKept !== undefined) call.note(`${notKept.message} ${endsWithCommand}`)
      try {
        await work(me, { ...call, opened })
      } finally {
        await (notKept === undefined ? me.close() : me.signOut().catch(() => me.close()))
      }
    },
    more,
  )
}

/** The same options for the commands over the lab's table. */
export function labOptions(options: SessionOptions): ServerOptions {
  const { server, as, user, passwordFile, json } = options
  const name = nonEmpty(as) ?? nonEmpty(user)
  return {
    server: server ?? usualAddress,
    ...(name === undefined ? {} : { user: name }),
    ...(passwordFile === undefined ? {} : { passwordFile }),
    ...(json === undefined ? {} : { json }),
  }
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text
}
