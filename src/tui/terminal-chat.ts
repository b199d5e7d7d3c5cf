// START HERE: the chat in a terminal, over a session of the client library. Loaded only when it is asked for: nothing
// else in Hullo waits for Ink and React.
import { Chat, type Ending } from './chat.ts'
import type { Asked, SignedIn } from './sign-in.ts'
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
  { me, note }: SignedIn,
  { hasColours, isPlain }: Manner,
  { signal }: Interruption,
): Promise<Ending> {
  const { columns, rows } = process.stdout
  await using chat = new Chat(me, { columns, rows })
  signal.addEventListener('abort', () => chat.end('left'), { once: true })
  if (note !== undefined) chat.note(note, 'bad')
  if (isPlain) return await (await import('./view/plain.ts')).showPlainly(chat)
  return await (await import('./view/screen.ts')).showOnScreen(chat, { hasColours })
}
