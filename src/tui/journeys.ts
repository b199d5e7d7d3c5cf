// Commands that end in another conversation, once the server has answered: each says where. The chat goes there, unless
// whoever asked has not waited for it.
import { nameKey } from '../protocol/names.ts'
import * as says from '../protocol/texts/terminal.ts'
import type { Address, RoomView } from '../protocol/v1.ts'
import { conversationAt } from '../sdk/copy/copy.ts'
import type { Chat } from './chat.ts'
import { knownRoom, listed } from './go-to.ts'
import type { CommandName } from './model/commands.ts'
import { showRooms } from './sheets.ts'

type Journey = (chat: Chat, first: string, second: string) => Promise<Address | undefined>

export const journeys = {
  async open(chat, place) {
    await listed(chat)
    const { copy } = chat.state
    if (place.startsWith('#')) {
      const address: Address = `#${place.slice(1)}`
      if (conversationAt(copy, address) !== undefined) return address
      chat.note(says.notAMember(place), 'bad')
      return undefined
    }
    const name = place.replace(/^@/, '')
    const isRoom = conversationAt(copy, `@${name}`) === undefined && conversationAt(copy, `#${name}`) !== undefined
    return isRoom && !place.startsWith('@') ? `#${name}` : `@${name}`
  },
  async join(chat, name) {
    if (name === '') {
      await showRooms(chat)
      return undefined
    }
    if (conversationAt(chat.state.copy, `#${name}`) !== undefined) return `#${name}`
    const room = await roomNamed(chat, name)
    if (room === undefined) {
      chat.note(says.noSuchRoom(name), 'bad')
      return undefined
    }
    await chat.me.rooms.join(room.id)
    return await knownRoom(chat, room.id)
  },
  create: (chat, name, topic) => create(chat, name, topic, false),
  'create-private': (chat, name, topic) => create(chat, name, topic, true),
} as const satisfies Partial<Record<CommandName, Journey>>

export function isJourney(name: CommandName): name is keyof typeof journeys {
  return Object.hasOwn(journeys, name)
}

async function create(chat: Chat, name: string, topic: string, isPrivate: boolean): Promise<Address> {
  const room = await chat.me.rooms.create({ name, private: isPrivate, ...(topic !== '' && { topic }) })
  return await knownRoom(chat, room.id)
}

/** The server knows rooms by their ids; the whole name is the first of those that begin with it. */
async function roomNamed(chat: Chat, name: string): Promise<RoomView | undefined> {
  const { rooms } = await chat.me.rooms.list({ search: name, limit: 1 })
  return rooms.find(room => nameKey(room.name) === nameKey(name))
}
