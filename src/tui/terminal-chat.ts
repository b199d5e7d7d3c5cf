// START HERE: the chat in a terminal, over a session of the client library. Loaded only when it is asked for: nothing
// else in Hullo waits for Ink and React.
import type { Me } from '../sdk/sdk.ts'
import { Chat, type Ending } from './chat.ts'
import { showOnScreen } from './view/screen.ts'

export interface ChatOptions {
  readonly hasColours: boolean
}

/** Chats until the person leaves or the session is over; then all that `me` had open is closed. */
export async function chatOnScreen(me: Me, options: ChatOptions): Promise<Ending> {
  const { columns, rows } = process.stdout
  await using chat = new Chat(me, { columns, rows })
  return await showOnScreen(chat, options)
}
