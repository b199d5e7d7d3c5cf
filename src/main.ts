// START HERE. The command line: it picks a command and hands over; each command is one file of cli/. Nothing below it
// ends the process: a command sets `process.exitCode` and lets go of what it holds.
import type { Command } from 'commander'
import { keepCompiled } from './server/compile-cache.ts'
import { exits } from './cli/exit-codes.ts'
import { followLauncher } from './cli/launcher.ts'
import { description, version } from './server/package.ts'
import * as helpTexts from './protocol/texts/help.ts'

followLauncher()
// Before the bulk is loaded, which is why what follows is imported late.
keepCompiled()
const { Command: Program, CommanderError } = await import('commander')

// Loaded only when named (all of them for the help): a client need not wait for the server's parts.
const socketLabs = () => import('./cli/commands/socket-labs.ts')
type Load = () => Promise<Command>
/** By what people come for, in the order of the help. */
const groups: Readonly<Record<keyof typeof helpTexts.groups, Readonly<Record<string, Load>>>> = {
  talking: {
    chat: async () => (await import('./cli/commands/chat.ts')).chatCommand(),
    send: async () => (await import('./cli/commands/send.ts')).sendCommand(),
    inbox: async () => (await import('./cli/commands/inbox.ts')).inboxCommand(),
    watch: async () => (await import('./cli/commands/watch.ts')).watchCommand(),
    client: async () => (await import('./cli/commands/client.ts')).clientCommand(),
  },
  signingIn: {
    register: async () => (await import('./cli/commands/register.ts')).registerCommand(),
    login: async () => (await import('./cli/commands/login.ts')).loginCommand(),
    logout: async () => (await import('./cli/commands/login.ts')).logoutCommand(),
    whoami: async () => (await import('./cli/commands/login.ts')).whoamiCommand(),
  },
  serving: {
    serve: async () => (await import('./cli/commands/serve.ts')).serveCommand(),
    invite: async () => (await import('./cli/commands/operator.ts')).inviteCommand(),
    invites: async () => (await import('./cli/commands/operator.ts')).invitesCommand(),
    'reset-password': async () => (await import('./cli/commands/operator.ts')).resetPasswordCommand(),
  },
  learning: {
    check: async () => (await import('./cli/commands/check.ts')).checkCommand(),
    riddles: async () => (await import('./cli/commands/riddles.ts')).riddlesCommand(),
    happy: async () => (await socketLabs()).happyCommand(),
    echo1: async () => (await socketLabs()).echo1Command(),
    echo2: async () => (await socketLabs()).echo2Command(),
    echo3: async () => (await socketLabs()).echo3Command(),
    talk: async () => (await socketLabs()).talkCommand(),
    'client-test': async () => (await socketLabs()).clientTestCommand(),
  },
  others: {
    completion: async () => (await import('./cli/commands/completion.ts')).completionCommand(loadAll),
    'complete-names': async () => (await import('./cli/commands/completion.ts')).completeNamesCommand(),
  },
}
const commands = new Map(Object.values(groups).flatMap(group => Object.entries(group)))

const program = new Program('hullo')
  .description(description)
  .version(helpTexts.version(version, process.version))
  .showHelpAfterError(helpTexts.everyCommand)

async function loadAll(): Promise<Command[]> {
  return await Promise.all([...commands.values()].map(load => load()))
}

const only = process.argv[2] ?? ''
for (const [heading, group] of Object.entries(groups)) {
  program.commandsGroup(helpTexts.groups[heading as keyof typeof groups])
  for (const [name, load] of Object.entries(group)) {
    if (commands.has(only) && name !== only) continue
    const command = await load()
    // What has no description is for programs, such as completion.
    program.addCommand(command, { hidden: command.description() === '' })
  }
}

program.helpCommand('help [command]', helpTexts.helpOfCommand)

// Nobody reads any more, as in `hullo --help | head -1`: no reason to break down.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exitCode = exits['output-closed'].code
  else fail(error)
})
// There is nowhere left to say it.
process.stderr.on('error', () => {})

// Commander would end the process in the middle of things; it throws instead, having printed what there is to say.
program.exitOverride()
for (const command of program.commands) {
  command.copyInheritedSettings(program).showHelpAfterError(helpTexts.seeHelpOf(command.name()))
}

try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? exits.done.code : exits.usage.code
  else fail(error)
}

function fail(error: unknown): void {
  process.stderr.write(`hullo: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = exits.broken.code
}
