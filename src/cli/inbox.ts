// `hullo inbox`: prints the messages to a user, oldest first, as they arrive from the server.
import { Command } from 'commander'
import { callServer, type ServerOptions, signIn, withServerOptions, withUserOption } from './credentials.ts'
import { printableJson, printableMessage, printableName } from '../terminal/printable.ts'
import { say } from '../terminal/prompt.ts'

export function inboxCommand(): Command {
  return withServerOptions(withUserOption(new Command('inbox').description('print your messages'))).action(inbox)
}

function inbox(options: ServerOptions): Promise<void> {
  return callServer(options, async call => {
    const { interruption } = call
    let outputClosed = false
    process.stdout.on('error', () => {
      outputClosed = true
      interruption.interrupt()
    })
    const account = await signIn(call, options, true)
    if (!account.ok) return account
    const received = await call.client.getMessages(account.user, message =>
      say(options.json ? printableJson(message) : printableMessage(message, process.stdout.columns), interruption),
    )
    if (outputClosed) return { ok: false, kind: 'output-closed', message: '' }
    if (!received.ok) return received
    if (received.unreadable > 0) {
      process.stderr.write(`hullo: ${received.unreadable} messages made no sense and were left out.\n`)
    }
    if (received.count === 0 && !options.json) {
      process.stdout.write(`There are no messages for ${printableName(account.user)}.\n`)
    }
    return received
  })
}
