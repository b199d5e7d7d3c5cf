// START HERE: the chat in a terminal, over a session of the client library. Loaded only when it is asked for: nothing
// else in Hullo waits for Ink and React.
import { Chat, type Ending } from './chat.ts'
import type { Asked, SignedIn } from './sign-in.ts'
import { type KeptWriting, openWriting } from '../terminal/kept-writing.ts'
import type { Interruption } from '../terminal/prompt.ts'

export interface Manner {
  readonly hasColours: boolean
  /** Plain lines for a screen reader in place of the screen. */
  readonly isPlain: boolean
}

/** Asks who one is, until a server takes it; undefined where one leaves. */
export async function signInInTerminal(
  asked: Asked,
  { hasColours, isPlain }: Manner,
  interruption: Interruption,
): Promise<SignedIn | undefined> {
  if (isPlain) return await (await import('./view/sign-in-plain.ts')).signInPlainly(asked, interruption)
  return await (await import('./view/sign-in.ts')).signInOnScreen(asked, hasColours, interruption.signal)
}

/** Chats until the person leaves or the session is over; then all that it had open is closed. */
export async function chatInTerminal(
  { me, server, note }: SignedIn,
  { hasColours, isPlain }: Manner,
  { signal }: Interruption,
): Promise<Ended> {
  const writing = openWriting({ server, account: me.account })
  const ending = await chatUntilEnd(
    me,
    isPlain ? messagesOnly(writing) : writing,
    note,
    { hasColours, isPlain },
    signal,
  )
  if (ending === 'signed-out') writing.forget()
  return { ending, unsent: writing.read().messages.length }
}

/** How it ended, and how many messages are kept that are not sent yet. */
interface Ended {
  readonly ending: Ending
  readonly unsent: number
}

/** For plain lines, which the terminal edits itself: a line that was left on the screen is not continued there. */
function messagesOnly(writing: KeptWriting): KeptWriting {
  return { ...writing, read: () => ({ messages: writing.read().messages, lines: [] }), linesChanged() {} }
}

async function chatUntilEnd(
  me: SignedIn['me'],
  writing: KeptWriting,
  note: string | undefined,
  { hasColours, isPlain }: Manner,
  signal: AbortSignal,
): Promise<Ending> {
  const { columns, rows } = process.stdout
  await using chat = new Chat(me, { columns, rows }, writing)
  signal.addEventListener('abort', () => chat.end('left'), { once: true })
  if (note !== undefined) chat.note(note, 'bad')
  if (isPlain) return await (await import('./view/plain.ts')).showPlainly(chat)
  return await (await import('./view/screen.ts')).showOnScreen(chat, { hasColours })
}
