// Names that Tab completes: of who is in the conversation and who was met, and of what the server found.
import { nameKey } from '../protocol/names.ts'
import type { Chat } from './chat.ts'
import type { Known, wantedAt } from './model/complete.ts'
import { openConversation } from './model/state.ts'

/** Of one question to the server: more than anybody looks through. */
const foundMax = 50

/** Entries of the open conversation whose senders are known: who spoke before is found by the members. */
const lookedAtMax = 300

/** The names themselves, those of the open conversation first. */
export function knownTo(chat: Chat, found: Known = nobody): Known {
  const { copy, me } = chat.state
  const views = [...copy.conversations.values()].map(one => one.view)
  const spoke =
    openConversation(chat.state)
      ?.entries.slice(-lookedAtMax)
      .map(one => one.sender)
      .toReversed() ?? []
  const direct = views.filter(view => view.room === undefined).map(view => view.address.slice(1))
  const rooms = views.flatMap(view => view.room?.name ?? [])
  const people = [...spoke, ...chat.membersHere(), ...direct, ...found.people].filter(name => name !== me)
  return { people: [...new Set(people)], rooms: [...new Set([...rooms, ...found.rooms])] }
}

/** What the server knows by that beginning; nothing where it does not answer in time. */
export async function foundFor(
  chat: Chat,
  { is, word }: NonNullable<ReturnType<typeof wantedAt>>,
  signal: AbortSignal,
): Promise<Known> {
  const beginning = word.replace(/^[@#]?"?/, '')
  const asksPeople = (is === 'person' || is === 'address') && !word.startsWith('#')
  const asksRooms = (is === 'room' || is === 'address') && !word.startsWith('@')
  const [people, rooms] = await Promise.all([
    asksPeople
      ? chat.me.people.find({ ...(beginning && { search: beginning }), limit: foundMax, signal }).then(
          page => page.people.map(one => one.name),
          () => [],
        )
      : [],
    asksRooms
      ? chat.me.rooms.list({ ...(beginning && { search: beginning }), limit: foundMax, signal }).then(
          page => page.rooms.map(one => one.name).filter(name => nameKey(name).startsWith(nameKey(beginning))),
          () => [],
        )
      : [],
  ])
  return { people, rooms }
}

const nobody: Known = { people: [], rooms: [] }
