// `hullo chat`: the chat in the terminal.
import { Command, Option } from 'commander'
import * as says from '../protocol/texts/terminal.ts'
import { openSession } from '../terminal/sign-in.ts'

export function chatCommand(): Command {
  return new Command('chat')
    .description(says.chatPurpose)
    .addOption(new Option('--server <address>', 'the server').env('HULLO_SERVER'))
    .addOption(new Option('--as <name>', 'who you are').env('HULLO_NAME'))
    .option('--no-color', 'no colours, as with NO_COLOR')
    .action(chat)
}

async function chat(options: { server?: string; as?: string; color: boolean }): Promise<void> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    process.stderr.write(`${says.needsTerminal}\n`)
    process.exitCode = 2
    return
  }
  const { me } = await openSession({
    server: options.server,
    name: options.as,
    password: async () => process.env['HULLO_PASSWORD'],
    offline: true,
    signal: new AbortController().signal,
  })
  const { chatOnScreen } = await import('../tui/terminal-chat.ts')
  await chatOnScreen(me, { hasColours: options.color && !process.env['NO_COLOR'] })
}
