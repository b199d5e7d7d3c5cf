// START HERE. The command line: it picks a command and hands over; each command is one file of cli/. Nothing below it
// ends the process: a command sets `process.exitCode` and lets go of what it holds.
import { readFileSync } from 'node:fs'
import { Command, CommanderError } from 'commander'
import { checkCommand } from './cli/check.ts'
import { clientCommand } from './cli/client.ts'
import { inboxCommand } from './cli/inbox.ts'
import { registerCommand } from './cli/register.ts'
import { sendCommand } from './cli/send.ts'
import { serveCommand } from './cli/serve.ts'
import {
  clientTestCommand,
  echo1Command,
  echo2Command,
  echo3Command,
  happyCommand,
  talkCommand,
} from './cli/socket-labs.ts'

const { version, description } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string
  description: string
}

const program = new Command('hullo')
  .description(description)
  .version(`hullo ${version} on Node ${process.version}`)
  .showHelpAfterError('(hullo --help shows every command)')
  .addCommand(serveCommand())
  .addCommand(clientCommand())
  .addCommand(registerCommand())
  .addCommand(sendCommand())
  .addCommand(inboxCommand())
  .addCommand(happyCommand())
  .addCommand(echo1Command())
  .addCommand(echo2Command())
  .addCommand(echo3Command())
  .addCommand(talkCommand())
  .addCommand(clientTestCommand())
  .addCommand(checkCommand())

// Commander would end the process in the middle of things; it throws instead, having printed what there is to say.
program.exitOverride()
for (const command of program.commands) command.copyInheritedSettings(program)

try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode
  else fail(error)
}

function fail(error: unknown): void {
  process.stderr.write(`hullo: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
