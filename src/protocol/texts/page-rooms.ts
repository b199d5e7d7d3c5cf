// What the page says of rooms: finding, making and keeping them in order.
import { counted } from './format.ts'
import type { Sentence } from './sentence.ts'

// ── Finding and joining ──

export const findRooms = 'Find public rooms by name' as Sentence
export const publicRooms = 'Public rooms' as Sentence
export const noRooms = 'There is no public room yet.' as Sentence
export const noRoomFound = 'There is no public room of that name.' as Sentence
export const privateNote = 'Private rooms are not listed: one of their members adds you.' as Sentence
export const join = 'Join' as Sentence
export const open = 'Open' as Sentence
export const closedMark = 'Closed for writing' as Sentence
export const findOther = 'Find a room' as Sentence

export function joinRoom(name: string): Sentence {
  return `Join ${name}` as Sentence
}

export function openRoom(name: string): Sentence {
  return `Open ${name}` as Sentence
}

export function membersCount(count: number): Sentence {
  return counted(count, { one: '# member', other: '# members' }) as Sentence
}

// ── Making one ──

export const newRoom = 'New room' as Sentence
export const create = 'Create room' as Sentence
export const nameLabel = 'Name of the room' as Sentence
export const nameHint = 'Letters, digits and _ - . without spaces. It cannot be changed later.' as Sentence
export const topicLabel = 'Topic' as Sentence
export const topicOptional = 'Topic (may be empty)' as Sentence
export const whoMayCome = 'Who may come in' as Sentence
export const isPublic = 'Public' as Sentence
export const isPublicHint = 'Everybody on this server finds the room and can join it.' as Sentence
export const isPrivate = 'Private' as Sentence
export const isPrivateHint = 'Nobody outside sees it; members add others.' as Sentence
export const whatIsRead = 'What new members read' as Sentence
export const fromJoining = 'What is said from then on' as Sentence
export const all = 'Everything, from the beginning' as Sentence

// ── In a room ──

export const details = 'Members and settings of the room' as Sentence
export const about = 'About this room' as Sentence
export const publicRoom = 'Public room' as Sentence
export const privateRoom = 'Private room' as Sentence
export const readsAll = 'New members read everything that was said.' as Sentence
export const readsFromJoining = 'New members read what is said from then on.' as Sentence
export const noTopic = 'No topic' as Sentence
export const editTopic = 'Edit topic' as Sentence
export const members = 'Members' as Sentence
export const owner = 'Owner' as Sentence
export const silenced = 'Silenced' as Sentence
export const addLabel = 'Add somebody by name' as Sentence
export const add = 'Add' as Sentence
export const makeOwner = 'Make owner' as Sentence
export const takeOwnership = 'Take ownership away' as Sentence
export const silence = 'Silence' as Sentence
export const unsilence = 'Let write again' as Sentence
export const remove = 'Remove from the room' as Sentence
export const closeRoom = 'Close for writing' as Sentence
export const reopenRoom = 'Open for writing again' as Sentence
export const leave = 'Leave room' as Sentence

export function closeAsk(room: string): Sentence {
  return `Close ${room} for writing? Its members go on reading, and an owner can open it again.` as Sentence
}

export function leaveAsk(room: string, isPrivateRoom: boolean): Sentence {
  const way = isPrivateRoom ? 'To come back, a member must add you.' : 'You can join again later.'
  return `Leave ${room}? What is said from then on is not yours to read. ${way}` as Sentence
}

export function removeAsk(name: string, room: string): Sentence {
  return `Remove ${name} from ${room}? What is said from then on is not theirs to read.` as Sentence
}

export function ownerAsk(name: string): Sentence {
  return `Make ${name} an owner? Owners remove and silence members, erase messages, and appoint other owners.` as Sentence
}

export function added(name: string): Sentence {
  return `${name} is a member now.` as Sentence
}
