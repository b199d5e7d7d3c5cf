// `hullo register NAME`: makes a user on a server that speaks the lab's table.
import { Command } from 'commander'
import { callServer, readPassword, type ServerOptions, usage, withServerOptions } from './credentials.ts'
import { printableJson, printableLine } from '../terminal/printable.ts'

export function registerCommand(): Command {
  const command = new Command('register').description('register a new user').argument('<name>', 'the name to take')
  return withServerOptions(command).action(register)
}

function register(name: string, options: ServerOptions): Promise<void> {
  return callServer(options, async ({ client, prompt, interruption }) => {
    const asked = await readPassword({ prompt, interruption }, options, name, true)
    if (!asked.ok) return asked
    // Only what was typed unseen needs to be typed again.
    if (asked.typed && process.stdin.isTTY && (await prompt.askHidden('The same again: ')) !== asked.password) {
      return usage('The two passwords differ. Nobody was registered.')
    }
    const registered = await client.register(name, asked.password)
    if (registered.ok) {
      const said = options.json ? printableJson({ registered: name }) : `Registered ${printableLine(name)}.`
      process.stdout.write(`${said}\n`)
    }
    return registered
  })
}
