// What the core says no to in conversations and rooms. Who may not know that something is there is told the same as where
// there is nothing.
import { quoted } from './format.ts'
import type { Sentence } from './sentence.ts'

export const noConversation = 'There is no such conversation, or you are not in it.' as Sentence
export const noRoom = 'There is no such room, or it is private.' as Sentence
export const noMessage = 'There is no such message, or it is erased, or it is not yours to see.' as Sentence
export const nobodyReached = 'Nobody is reached in this conversation any more.' as Sentence
export const clientIdTaken = 'This client id belongs to another message that you sent before.' as Sentence
export const notYours = 'This is not your message.' as Sentence
export const notInIt = 'You are not in this conversation.' as Sentence
export const ownersOnly = 'Only an owner of the room may do this.' as Sentence
export const lastOwner = 'A room with members needs an owner: appoint another one first.' as Sentence
export const silenced = 'An owner of the room has silenced you in it.' as Sentence
export const roomClosed = 'The room is closed for writing.' as Sentence
export const roomFull = 'The room has as many members as a room may have.' as Sentence
export const tooManyStays = 'This account has come to this room and left it as often as a room allows.' as Sentence
export const tooManyRooms = 'This account is in 1,000 rooms, as many as others may add it to.' as Sentence
export const wasRemoved = 'An owner removed you from this room. Only an owner can add you again.' as Sentence
export const otherWasRemoved =
  'An owner removed this account from the room. Only an owner can add it again.' as Sentence
export const accountClosed = 'This account was closed meanwhile.' as Sentence

export function unreachable(name: string): Sentence {
  return `Nobody is reached under the name ${quoted(name)}.` as Sentence
}

export function noRoomNamed(name: string): Sentence {
  return `There is no room ${quoted(name)}, or it is private.` as Sentence
}

export function notInRoom(name: string): Sentence {
  return `${name} is not in this room.` as Sentence
}
