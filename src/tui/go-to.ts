// Going to a room that one has just come into, and to a message that was found, however far back it is.
import * as says from '../protocol/texts/terminal.ts'
import type { Address } from '../protocol/v1.ts'
import { indexOfSeq, listed as withListed, pagedOnly } from '../sdk/copy/copy.ts'
import type { Chat } from './chat.ts'
import { layoutOf, timelineFor } from './model/frame.ts'
import { openConversation, paneOf, withPane } from './model/state.ts'
import { showing } from './model/timeline.ts'

/** Entries that are read with a message that was found, up to it; what follows is read as it is looked at. */
const pageEntries = 100

/** Goes to a message, however far back, and marks it. */
export async function goTo(chat: Chat, address: Address, seq: number): Promise<void> {
  chat.open(address)
  await listed(chat)
  const kept = openConversation(chat.state)
  if (kept === undefined) return chat.note(says.messageGone, 'bad')
  const { id } = kept.view
  const isHeld = indexOfSeq(kept.entries, seq) !== -1
  const place = { before: seq + 1, limit: pageEntries }
  const page = isHeld ? undefined : await chat.me.conversations.history(id, place).catch(() => 'missing' as const)
  if (page === 'missing') return chat.note(says.historyMissing, 'bad')
  if (page !== undefined && indexOfSeq(page.entries, seq) === -1) return chat.note(says.messageGone, 'bad')
  chat.change(before => {
    const state = page === undefined ? before : { ...before, copy: pagedOnly(before.copy, id, page) }
    // Whoever has gone elsewhere in the meantime stays there.
    if (openConversation(state)?.view.id !== id) return before
    const { width, height } = layoutOf(state)
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
