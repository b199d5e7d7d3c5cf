// The lists that take the place of the conversation for a while: people, rooms, members, what was found, sessions, help.
// Each asks the server and hands its lines to the state; choosing one goes there.
import { ago, timeOfDay } from '../protocol/texts/format.ts'
import { online } from '../protocol/texts/people.ts'
import type { Sentence } from '../protocol/texts/sentence.ts'
import * as says from '../protocol/texts/terminal.ts'
import type { Address, EntryView } from '../protocol/v1.ts'
import { conversationAt } from '../sdk/copy/copy.ts'
import type { Chat } from './chat.ts'
import { goTo, knownRoom } from './go-to.ts'
import { commandNamed, commands, usageOf } from './model/commands.ts'
import { excerpt } from './model/excerpt.ts'
import { openConversation, type SheetLine } from './model/state.ts'

/** Lines of one list: a person narrows it down rather than look through more. */
const linesMax = 100

/** Pages of a search that found nothing in the newest messages: each is what the server looks through at once. */
const searchPagesMax = 20

/** The last line of a list that is cut. */
const cut = (more: boolean): readonly SheetLine[] => (more ? [{ text: says.moreThanShown }] : [])

function show(chat: Chat, title: Sentence, lines: readonly SheetLine[], hint?: Sentence): void {
  const chosen = Math.max(
    0,
    lines.findIndex(line => line.choose !== undefined),
  )
  const canChoose = lines.some(line => line.choose !== undefined)
  const usual = canChoose ? says.sheetHint : says.sheetHintPlain
  chat.change(state => ({ ...state, sheet: { title, lines, chosen, hint: hint ?? usual } }))
}

export async function showRooms(chat: Chat): Promise<void> {
  const { rooms, more } = await chat.me.rooms.list({ limit: linesMax })
  if (rooms.length === 0) return chat.note(says.noRooms)
  const lines = rooms.map(({ name, topic, members, id }): SheetLine => {
    const enter = async () => {
      if (conversationAt(chat.state.copy, `#${name}`) !== undefined) return `#${name}` as const
      await chat.me.rooms.join(id)
      return await knownRoom(chat, id)
    }
    const about = [says.memberCount(members), topic].filter(part => part !== '').join('  ')
    return { text: `#${name}`, more: about, choose: () => void chat.move(enter) }
  })
  show(chat, says.roomsTitle, [...lines, ...cut(more)])
}

export async function showMembers(chat: Chat): Promise<void> {
  const view = openConversation(chat.state)?.view
  if (view === undefined) return
  const { members, more } = await chat.me.conversations.members(view.id, { limit: linesMax })
  const lines = members.map(({ name, role, silenced }) => {
    const tags = [role === 'owner' && view.room !== undefined ? says.ownerTag : '', silenced ? says.silencedTag : '']
    return personLine(chat, name, tags.filter(tag => tag !== '').join(', '))
  })
  show(chat, says.membersTitle(view.address), [...lines, ...cut(more)])
}

export async function showPeople(chat: Chat, beginning: string): Promise<void> {
  const search = beginning.replace(/^@/, '')
  const { people, more } = await chat.me.people.find({ ...(search !== '' && { search }), limit: linesMax })
  if (people.length === 0) return chat.note(says.nobodyFound)
  show(chat, says.peopleTitle, [...people.map(({ name }) => personLine(chat, name, '')), ...cut(more)])
}

export async function showBlocked(chat: Chat): Promise<void> {
  const people = await chat.me.people.blocked()
  if (people.length === 0) return chat.note(says.nobodyBlocked)
  show(
    chat,
    says.blockedTitle,
    people.map(({ name }) => ({ text: name })),
  )
}

function personLine(chat: Chat, name: string, more: string): SheetLine {
  const isThere = chat.state.presences.get(name)?.online === true
  const about = [more, isThere ? online : ''].filter(part => part !== '').join(', ')
  return { text: name, more: about, choose: () => chat.open(`@${name}`) }
}

export async function showFound(chat: Chat, words: string): Promise<void> {
  let { entries, before } = await chat.me.search(words)
  for (let pages = 1; entries.length === 0 && before !== undefined && pages < searchPagesMax; pages += 1) {
    ;({ entries, before } = await chat.me.search(words, { before }))
  }
  if (entries.length === 0) return chat.note(before === undefined ? says.nothingFound : says.nothingFoundYet)
  const lines = entries.map((entry): SheetLine => {
    const address = addressOf(chat, entry)
    const go = () => void chat.attempt(() => goTo(chat, address, entry.seq))
    const where = `${entry.sender}, ${address}, ${when(entry.storedAt, chat.state.now)}`
    return { text: where, more: excerpt(entry.text ?? '', words), choose: go }
  })
  show(chat, says.foundTitle(words), [...lines, ...cut(before !== undefined)])
}

function addressOf(chat: Chat, { conversation, to, sender }: EntryView): Address {
  const view = chat.state.copy.conversations.get(conversation)?.view
  return view?.address ?? (to.startsWith('@') && sender !== chat.me.name ? `@${sender}` : to)
}

function when(at: number, now: number): string {
  return now - at < 43_200 ? timeOfDay(at) : ago(at, now)
}

export async function showSessions(chat: Chat): Promise<void> {
  const sessions = await chat.me.own.sessions()
  const lines = sessions.map(({ label, lastUsedAt, current }, index) => {
    const used = current ? says.thisSession : ago(lastUsedAt, chat.state.now)
    return { text: `${index + 1}  ${label === '' ? '-' : label}`, more: used }
  })
  show(chat, says.sessionsTitle, lines, says.sessionsHint)
}

export function showHelp(chat: Chat, name: string): void {
  const command = name === '' ? undefined : commandNamed(name)
  if (name !== '') {
    const text = command === undefined ? says.unknownCommand(name) : `${usageOf(command)}  ${command.summary}`
    return chat.note(text, command === undefined ? 'bad' : 'plain')
  }
  const ofCommands = commands.map(one => ({ text: usageOf(one), more: one.summary }))
  const ofKeys = says.keyHelp.map(([keys, what]) => ({ text: keys, more: what }))
  const heading = { text: says.keysTitle, heading: true } as const
  show(chat, says.helpTitle, [...ofCommands, { text: '' }, heading, ...ofKeys])
}
