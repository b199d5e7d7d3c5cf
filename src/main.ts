// START HERE. The command line: it picks a command and hands over; each command is one file of cli/. Nothing below it
// ends the process: a command sets `process.exitCode` and lets go of what it holds.
import { readFileSync } from 'node:fs'
import { Command } from 'commander'
import { serveCommand } from './cli/serve.ts'

const { version, description } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string
  description: string
}

const program = new Command('hullo')
  .description(description)
  .version(`hullo ${version} on Node ${process.version}`)
  .showHelpAfterError('(hullo --help shows every command)')
  .addCommand(serveCommand())

try {
  await program.parseAsync()
} catch (error) {
  process.stderr.write(`hullo: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
