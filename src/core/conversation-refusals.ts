// What the store says no to in a conversation, in the catalogue's words. Who is not allowed to know that something is
// there gets the same answer as where there is nothing.
import { Refusal, type RefusalCode } from '../protocol/refusals.ts'
import type { WriteRefused } from '../store/store.ts'

/** Nobody by that name, a closed account, and a block in either direction are not told apart. */
export function unreachable(name: string, field = 'to'): Refusal {
  return new Refusal('unreachable', `Nobody is reached under the name ${JSON.stringify(name)}.`, { field })
}

export function unknownRoom(name: string, field = 'to'): Refusal {
  return new Refusal('room-unknown', `There is no room ${JSON.stringify(name)}, or it is private.`, { field })
}

export function unknownConversation(): Refusal {
  return new Refusal('conversation-unknown', 'There is no such conversation, or you are not in it.')
}

type Conflict = Exclude<WriteRefused, 'no-such-invite' | 'no-such-session' | 'blocked' | 'unchanged' | 'name-taken'>

const sentences: Readonly<Record<Conflict, readonly [code: RefusalCode, sentence: string]>> = {
  // Of the one who asks: who was named is `unreachable`.
  'no-such-account': ['signed-out', 'This account was closed meanwhile.'],
  'no-such-room': ['room-unknown', 'There is no such room, or it is private.'],
  'no-such-message': ['message-unknown', 'There is no such message, or it is erased, or it is not yours to see.'],
  'client-id-reused': ['client-id-reused', 'This client id belongs to another message that you sent before.'],
  'not-yours': ['not-yours', 'This is not your message.'],
  'not-a-member': ['not-a-member', 'You are not in this conversation.'],
  'not-an-owner': ['owners-only', 'Only an owner of the room may do this.'],
  'last-owner': ['last-owner', 'A room with members needs an owner: appoint another one first.'],
  silenced: ['silenced', 'An owner of the room has silenced you in it.'],
  'room-closed': ['room-closed', 'The room is closed for writing.'],
  'room-full': ['room-full', 'The room has as many members as a room may have.'],
}

/** The refusal for an answer of the store's that stands for itself; throws for one that does not. */
export function refusalFor(kind: string): Refusal {
  const found = (sentences as Readonly<Record<string, readonly [RefusalCode, string] | undefined>>)[kind]
  if (found === undefined) throw new Error(`the store answered ${kind}`)
  return new Refusal(found[0], found[1])
}
