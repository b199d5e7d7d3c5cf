// Rooms: made, joined, left and kept in order. Who may do what is asked here, within the transaction, and every change
// is an entry of the log, at which a membership that it concerns begins or ends.
import { roomMembersMax } from '../../../protocol/limits.ts'
import type { AccountId, ChangeRoom, ConversationId, CreateRoom, Role, RoomChange, Written } from '../../store.ts'
import type { Connection } from '../connect.ts'
import type { Event, Log } from './log.ts'
import type { Members, Present } from './members.ts'
import type { People } from './people.ts'
import { type Room, roomRows } from './room-rows.ts'

export type RoomWrites = ReturnType<typeof roomWrites>

/** A room, somebody who is in it, and what they want of it. */
interface Wish<Change extends RoomChange = RoomChange> {
  readonly room: Room
  readonly actor: AccountId
  readonly present: Present
  readonly change: Change
}

type OfMember = Extract<RoomChange, { account: AccountId }>

export function roomWrites(db: Connection, log: Log, { people, members }: { people: People; members: Members }) {
  const rows = roomRows(db)

  function createRoom({ owner, nameKey, ...room }: CreateRoom): Written {
    if (!people.isLive(owner)) return { kind: 'no-such-account' }
    const conversation = rows.insert(nameKey, room)
    if (conversation === undefined) return { kind: 'name-taken' }
    const stored = log.add({ conversation, sender: owner, kind: 'create' })
    members.open(owner, conversation, stored.seq, 'owner')
    return stored
  }

  function changeRoom({ conversation, actor, change }: ChangeRoom): Written {
    const room = rows.find(conversation)
    const present = members.present(actor, conversation)
    if (room === undefined || (room.isPrivate !== 0 && present === undefined)) return { kind: 'no-such-room' }
    if (change.what === 'join') return present === undefined ? join(room, actor) : { kind: 'unchanged' }
    if (present === undefined) return { kind: 'not-a-member' }
    const wish = { room, actor, present, change }
    if (change.what === 'leave') return leave(wish)
    if (change.what === 'invite') return invite({ ...wish, change })
    if (present.role !== 'owner') return { kind: 'not-an-owner' }
    if (change.what === 'topic') return setTopic(wish, change.text)
    return 'account' in change ? changeMember({ ...wish, change }) : setClosed(wish, change.what)
  }

  function join(room: Room, account: AccountId): Written {
    if (!people.isLive(account)) return { kind: 'no-such-account' }
    if (members.wasRemoved(account, room.id)) return { kind: 'was-removed' }
    const event = { conversation: room.id, sender: account } as const
    const joined = enter(room, account, { ...event, kind: 'join' })
    // Nobody is in it who could make them an owner, or keep order.
    if (joined.kind === 'stored' && room.members === 0) setRole(account, 'owner', event)
    return joined
  }

  function invite({ room, actor, present, change }: Wish<OfMember>): Written {
    const { account } = change
    if (!people.isLive(account)) return { kind: 'no-such-account' }
    if (members.present(account, room.id) !== undefined) return { kind: 'unchanged' }
    if (people.blocks(account, actor)) return { kind: 'blocked' }
    if (present.role !== 'owner' && members.wasRemoved(account, room.id)) return { kind: 'other-was-removed' }
    if (members.hasRoomsMax(account)) return { kind: 'too-many-rooms' }
    return enter(room, account, { conversation: room.id, sender: actor, kind: 'invite', subject: account })
  }

  function enter(room: Room, account: AccountId, event: Event): Written {
    if (room.members >= roomMembersMax) return { kind: 'room-full' }
    if (members.hasStaysMax(account, room.id)) return { kind: 'too-many-stays' }
    const stored = log.add(event)
    members.open(account, room.id, stored.seq)
    rows.count(room.id, 1)
    return stored
  }

  function leave({ room, actor, present }: Wish): Written {
    if (isLastOwner(room, actor, present) && room.members > 1) return { kind: 'last-owner' }
    return exit(room.id, actor, { conversation: room.id, sender: actor, kind: 'leave' })
  }

  /** The entry belongs still to the one who leaves with it. */
  function exit(conversation: ConversationId, account: AccountId, event: Event): Written {
    const stored = log.add(event)
    members.close(account, conversation, stored.seq)
    rows.count(conversation, -1)
    return stored
  }

  function isLastOwner({ id }: Room, account: AccountId, { role }: Present): boolean {
    return role === 'owner' && !rows.hasOtherOwner(id, account)
  }

  function setTopic({ room, actor }: Wish, text: string): Written {
    if (room.topic === text) return { kind: 'unchanged' }
    rows.setTopic(room.id, text)
    return log.add({ conversation: room.id, sender: actor, kind: 'topic', text })
  }

  function setClosed({ room, actor }: Wish, kind: 'close' | 'reopen'): Written {
    const closed = kind === 'close' ? 1 : 0
    if (room.isClosed === closed) return { kind: 'unchanged' }
    rows.setClosed(room.id, closed)
    return log.add({ conversation: room.id, sender: actor, kind })
  }

  /** What an owner does to a member, perhaps to itself. */
  function changeMember({ room, actor, change }: Wish<OfMember>): Written {
    const { account } = change
    const present = members.present(account, room.id)
    if (present === undefined) return { kind: people.isLive(account) ? 'not-a-member' : 'no-such-account' }
    const subject = account === actor ? null : account
    const event = { conversation: room.id, sender: actor, subject }
    if (change.what === 'remove') {
      if (isLastOwner(room, account, present) && room.members > 1) return { kind: 'last-owner' }
      return exit(room.id, account, { ...event, kind: 'remove' })
    }
    if (change.what === 'role') {
      if (present.role === change.role) return { kind: 'unchanged' }
      if (change.role === 'member' && isLastOwner(room, account, present)) return { kind: 'last-owner' }
      return setRole(account, change.role, event)
    }
    const silenced = change.what === 'silence' ? 1 : 0
    if (present.isSilenced === silenced) return { kind: 'unchanged' }
    rows.setSilenced(room.id, account, silenced)
    return log.add({ ...event, kind: change.what === 'silence' ? 'silence' : 'unsilence' })
  }

  function setRole(account: AccountId, role: Role, event: Omit<Event, 'kind'>): Written {
    rows.setRole(event.conversation, account, role)
    return log.add({ ...event, kind: 'role', text: role })
  }

  return {
    createRoom,
    changeRoom,

    /** Takes an account out of its rooms, the oldest first; who has been longest in a room owns it if nobody else does. */
    leaveAll(account: AccountId): void {
      for (const room of rows.roomsOf(account)) {
        const present = members.present(account, room.id)
        const heir =
          present !== undefined && isLastOwner(room, account, present) ? rows.heir(room.id, account) : undefined
        const event = { conversation: room.id, sender: account }
        if (heir !== undefined) setRole(heir, 'owner', { ...event, subject: heir })
        exit(room.id, account, { ...event, kind: 'leave' })
      }
    },
  }
}
