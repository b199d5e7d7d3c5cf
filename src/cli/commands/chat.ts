// `hullo chat`: the chat in the terminal. It finds the session that is kept, or asks for one, and hands it to tui/, which
// is loaded only here: no other command waits for it.
import { Command, Option } from 'commander'
import { usualAddress } from '../../lab/client.ts'
import * as says from '../../protocol/texts/terminal.ts'
import { forgetSession, keptSession } from '../../terminal/kept-sessions.ts'
import { type Interruption, listenForInterruption } from '../../terminal/prompt.ts'
import { openSession, SignInTrouble } from '../../terminal/sign-in.ts'
import type { Asked, SignedIn } from '../../tui/sign-in.ts'
import { exitCodesHelp, exits } from '../exit-codes.ts'
import { complain, complaintOf } from '../report.ts'

interface ChatSettings {
  readonly server?: string
  readonly as?: string
  readonly color: boolean
  readonly screenReader?: true
}

export function chatCommand(): Command {
  return new Command('chat')
    .description(says.chatPurpose)
    .addOption(new Option('--server <address>', says.serverOption).env('HULLO_SERVER'))
    .addOption(new Option('--as <name>', says.asOption).env('HULLO_NAME'))
    .option('--no-color', says.noColorOption)
    .addOption(new Option('--screen-reader', says.screenReaderOption).env('HULLO_SCREEN_READER'))
    .addHelpText('after', exitCodesHelp('done', 'broken', 'usage', 'no-answer', 'refused', 'interrupted'))
    .action(chat)
}

async function chat(given: ChatSettings, command: Command): Promise<void> {
  // Commander takes any value of a flag's variable for a yes, also "false" and the empty one.
  const isOff = command.getOptionValueSource('screenReader') === 'env' && isNo(process.env['HULLO_SCREEN_READER'])
  const { screenReader: _, ...others } = given
  const options: ChatSettings = isOff ? others : given
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    process.stderr.write(`hullo: ${says.needsTerminal}\n`)
    process.exitCode = exits.usage.code
    return
  }
  using interruption = listenForInterruption()
  try {
    await chatWith(options, interruption)
  } catch (error) {
    complain(complaintOf(error, interruption.signal), false)
  }
}

async function chatWith(options: ChatSettings, interruption: Interruption): Promise<void> {
  const manner = {
    hasColours: options.color && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb',
    // Ink's own variable says the same.
    isPlain: options.screenReader === true || process.env['INK_SCREEN_READER'] === 'true',
  }
  const kept = await openKept(options, interruption)
  // React's own watching of itself costs a good part of all drawing, and keeps a record of each for ever.
  process.env['NODE_ENV'] = 'production'
  const { chatInTerminal, signInInTerminal } = await import('../../tui/terminal-chat.ts')
  const session = 'me' in kept ? kept : await signInInTerminal(kept, manner, interruption)
  if (session === undefined) return
  const { ending, unsent } = await chatInTerminal(session, manner, interruption)
  const { me, server } = session
  if (unsent > 0) process.stdout.write(`${says.unsentKept(unsent)}\n`)
  if (ending === 'left') return
  await forgetSession({ server, name: me.name, ...(me.token !== undefined && { token: me.token }) })
  process.stdout.write(`${ending === 'over' ? says.sessionIsOverNow : says.signedOut}\n`)
}

/** The session that is kept or that the environment opens; else what is known of it, for the sign-in to ask the rest. */
async function openKept({ server: typed, as }: ChatSettings, { signal }: Interruption): Promise<SignedIn | Asked> {
  const { HULLO_TOKEN: token, HULLO_PASSWORD: password } = process.env
  const wanted = { server: nonEmpty(typed), name: nonEmpty(as) }
  // Of several sessions the last used one is gone on with: whose it is stands on the screen before anything is sent.
  const kept = await keptSession(wanted)
  const { server, name } = { server: wanted.server ?? kept?.server, name: wanted.name ?? kept?.name }
  try {
    const opened = await openSession({
      server,
      name,
      token: nonEmpty(token),
      ...(nonEmpty(password) !== undefined && { password: async () => password }),
      offline: true,
      signal,
    })
    const { notKept } = opened
    return {
      me: opened.me,
      server: opened.server,
      ...(notKept !== undefined && { note: says.notKept(notKept.message) }),
    }
  } catch (error) {
    if (!(error instanceof SignInTrouble) || error.kind !== 'not-signed-in') throw error
    const trouble = kept === undefined ? undefined : says.sessionWasOver(kept.name)
    return { server: server ?? usualAddress, name: name ?? '', trouble }
  }
}

function isNo(text = ''): boolean {
  return /^(|0|no|off|false)$/i.test(text)
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text
}
