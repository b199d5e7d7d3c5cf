// Going to a room that one has just come into, and to a message that was found, however far back it is.
import * as says from '../protocol/texts/terminal.ts'
import type { Address } from '../protocol/v1.ts'
import { indexOfSeq, listed as withListed } from '../sdk/copy/copy.ts'
import type { Chat } from './chat.ts'
import { layoutOf, timelineFor } from './model/frame.ts'
import { openConversation, paneOf, withPane } from './model/state.ts'
import { showing } from './model/timeline.ts'

/** Pages of history that are read to get to a message that was found. */
const jumpPagesMax = 200

/** Goes to a message, however far back, and marks it. */
export async function goTo(chat: Chat, address: Address, seq: number): Promise<void> {
  chat.open(address)
  await listed(chat)
  for (let pages = 0; pages < jumpPagesMax; pages += 1) {
    const kept = openConversation(chat.state)
    if (kept === undefined || indexOfSeq(kept.entries, seq) !== -1 || kept.older === false) break
    if (!(await chat.loadOlder(kept))) return chat.note(says.historyMissing, 'bad')
  }
  const held = indexOfSeq(openConversation(chat.state)?.entries ?? [], seq) !== -1
  if (!held) return chat.note(says.messageGone, 'bad')
  const { width, height } = layoutOf(chat.state)
  chat.change(state => {
    const scroll = showing(timelineFor(state, width), paneOf(state).scroll, `e${seq}`, height)
    return withPane(state, { scroll, marked: `e${seq}` })
  })
}

/** Resolves once the list was read: before it nobody knows where one can go. */
export function listed(chat: Chat): Promise<void> | undefined {
  if (chat.state.isListed) return undefined
  const { promise, resolve } = Promise.withResolvers<void>()
  const stop = chat.subscribe(() => {
    if (!chat.state.isListed) return
    stop()
    resolve()
  })
  return promise
}

/** A room that one has just come into, asked for before it is opened, so that the next command works there. */
export async function knownRoom(chat: Chat, id: number): Promise<Address> {
  const view = await chat.me.conversations.get(id)
  chat.changeCopy(copy => withListed(copy, [view]))
  return view.address
}
