// What the page says where one looks for people and rooms to talk in.
import type { Sentence } from './sentence.ts'

export const newConversation = 'New conversation' as Sentence
export const people = 'People' as Sentence
export const rooms = 'Rooms' as Sentence
export const kinds = 'People or rooms' as Sentence
export const findPeople = 'Find people by name' as Sentence
export const nobody = 'No people found.' as Sentence
export const alone = 'Nobody else is here yet.' as Sentence
export const invitePeople = 'Invite people' as Sentence
export const more = 'Show more' as Sentence
export const oneself = 'You' as Sentence
export const blockedMark = 'Blocked' as Sentence
export const details = 'About this person' as Sentence
export const closeDetails = 'Close details' as Sentence
export const block = 'Block' as Sentence
export const unblock = 'Unblock' as Sentence
export const noneBlocked = 'You block nobody.' as Sentence
export const blocked = 'People you block' as Sentence
export const notShown = 'Whether this person is here is not shown.' as Sentence

/** What blocking does; in rooms that both are in, nothing changes. */
export const blocking =
  'Who is blocked cannot write to you directly, nor you to them, and never sees whether you are here. ' +
  'It looks to them as if your account were closed. Rooms that you share stay as they are.'

export function blockAsk(name: string): Sentence {
  return `Block ${name}? ${blocking}` as Sentence
}

export function unblockName(name: string): Sentence {
  return `Unblock ${name}` as Sentence
}

export function isBlocked(name: string): Sentence {
  return `You blocked ${name}. Neither of you can message the other.` as Sentence
}

export function writeTo(name: string): Sentence {
  return `Message ${name}` as Sentence
}

/** On the button that opens the menu of one of many people. */
export function actionsFor(name: string): Sentence {
  return `What to do with ${name}` as Sentence
}
