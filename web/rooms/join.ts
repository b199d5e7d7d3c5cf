// Into a room: joined on the server, and in the list here at once.
import type { Chat } from '../model/chat.ts'

/** Rejects as the SDK does. */
export async function joinRoom(chat: Chat, room: number): Promise<void> {
  await chat.me.rooms.join(room)
  chat.conversations.take(await chat.me.conversations.get(room))
}
