// What the store says no to in a conversation, in the catalogue's words. Who is not allowed to know that something is
// there gets the same answer as where there is nothing.
import { Refusal, type RefusalCode } from '../../protocol/refusals.ts'
import type { Sentence } from '../../protocol/texts/sentence.ts'
import type { WriteRefused } from '../../store/store.ts'
import * as conversationTexts from '../../protocol/texts/conversations.ts'

/** Nobody by that name, a closed account, and a block in either direction are not told apart. */
export function unreachable(name: string, field = 'to'): Refusal {
  return new Refusal('unreachable', conversationTexts.unreachable(name), { field })
}

export function unknownRoom(name: string, field = 'to'): Refusal {
  return new Refusal('room-unknown', conversationTexts.noRoomNamed(name), { field })
}

export function unknownConversation(): Refusal {
  return new Refusal('conversation-unknown', conversationTexts.noConversation)
}

type Conflict = Exclude<WriteRefused, 'no-such-invite' | 'no-such-session' | 'blocked' | 'unchanged' | 'name-taken'>

const sentences: Readonly<Record<Conflict, readonly [code: RefusalCode, sentence: Sentence]>> = {
  // Of the one who asks: who was named is `unreachable`.
  'no-such-account': ['signed-out', conversationTexts.accountClosed],
  'no-such-room': ['room-unknown', conversationTexts.noRoom],
  'no-such-message': ['message-unknown', conversationTexts.noMessage],
  'client-id-reused': ['client-id-reused', conversationTexts.clientIdTaken],
  'not-yours': ['not-yours', conversationTexts.notYours],
  'not-a-member': ['not-a-member', conversationTexts.notInIt],
  'not-an-owner': ['owners-only', conversationTexts.ownersOnly],
  'last-owner': ['last-owner', conversationTexts.lastOwner],
  silenced: ['silenced', conversationTexts.silenced],
  'room-closed': ['room-closed', conversationTexts.roomClosed],
  'room-full': ['room-full', conversationTexts.roomFull],
  'too-many-stays': ['room-full', conversationTexts.tooManyStays],
  'too-many-rooms': ['room-full', conversationTexts.tooManyRooms],
  'was-removed': ['owners-only', conversationTexts.wasRemoved],
  'other-was-removed': ['owners-only', conversationTexts.otherWasRemoved],
}

/** The refusal for an answer of the store's that stands for itself; throws for one that does not. */
export function refusalFor(kind: string): Refusal {
  const found = (sentences as Readonly<Record<string, readonly [RefusalCode, Sentence] | undefined>>)[kind]
  if (found === undefined) throw new Error(`the store answered ${kind}`)
  return new Refusal(found[0], found[1])
}
