// What a written line does: a message goes out, a command asks the server for something and shows what came of it. One
// function a command, under the names of the table in model/commands.ts; those that go elsewhere are in journeys.ts.
import { textBytesMax } from '../protocol/limits.ts'
import { sentText } from '../protocol/text.ts'
import * as says from '../protocol/texts/terminal.ts'
import type { Address, ChangeView } from '../protocol/v1.ts'
import type { KeptEntry } from '../sdk/copy/copy.ts'
import { type Outgoing, shownOf } from '../sdk/copy/outgoing.ts'
import type { Chat } from './chat.ts'
import { isJourney, journeys } from './journeys.ts'
import { type CommandName, parseInput } from './model/commands.ts'
import { lineOf } from './model/line.ts'
import { isSettled, openConversation, paneOf, remembered, withPane } from './model/state.ts'
import * as sheets from './sheets.ts'
import { fit } from './model/widths.ts'
import { printableLine } from '../terminal/printable.ts'
import { messageOf } from '../terminal/reason.ts'

/** Takes what was written: sends it, saves a change with it, or does what it commands. */
export function submit(chat: Chat, text: string): void {
  const { editing } = paneOf(chat.state)
  const parsed = parseInput(text)
  if (parsed.is === 'trouble') return chat.note(parsed.why, 'bad')
  if (parsed.is === 'message') {
    // The edge says by how much; it stays to be shortened.
    const written = sentText(parsed.text)
    if (Buffer.byteLength(written) > textBytesMax) return
    if (chat.state.open === undefined) return chat.note(noneOpen(chat), 'bad')
    chat.change(state => ({ ...remembered(state, text), sheet: undefined }))
    if (editing === undefined) return chat.send(written)
    return void saveEdit(chat, editing, written)
  }
  const { command, args } = parsed
  const trouble = unmet(chat, command.needs)
  if (trouble !== undefined) return chat.note(trouble, 'bad')
  chat.change(state => ({ ...remembered(state, text), sheet: undefined }))
  const { name } = command
  const [first = '', second = ''] = args
  if (isJourney(name)) void chat.move(() => journeys[name](chat, first, second))
  else void chat.attempt(async () => verbs[name](chat, first, second))
}

function unmet(chat: Chat, needs: 'nothing' | 'conversation' | 'room') {
  if (needs === 'nothing') return undefined
  const kept = openConversation(chat.state)
  if (kept === undefined) return noneOpen(chat)
  return needs === 'room' && kept.view.room === undefined ? says.needsRoom : undefined
}

/** Before the list has come it is not known whether what is open has begun. */
function noneOpen({ state }: Chat) {
  return isSettled(state) ? says.needsConversation : says.listMissing
}

/** What is not loaded may be one's own. */
function noneOwn({ state }: Chat) {
  return openConversation(state)?.older === false ? says.nothingOfYours : says.nothingOfYoursYet
}

type Verb = (chat: Chat, first: string, second: string) => Promise<void> | void

const verbs: Readonly<Record<Exclude<CommandName, keyof typeof journeys>, Verb>> = {
  msg(chat, name, text) {
    const address: Address = `@${name}`
    chat.open(address)
    if (text !== '') chat.sendTo(chat.state.open ?? address, text)
  },
  leave(chat) {
    const view = openConversation(chat.state)?.view
    if (view === undefined) return
    chat.question(says.leaveQuestion(printableLine(view.address)), () => {
      void chat.attempt(async () => void (await chat.me.rooms.leave(view.id)))
    })
  },
  invite: (chat, name) => inRoom(chat, id => chat.me.rooms.invite(id, name)),
  remove: (chat, name) => inRoom(chat, id => chat.me.rooms.remove(id, name)),
  owner: (chat, name) => inRoom(chat, id => chat.me.rooms.setRole(id, name, 'owner')),
  async topic(chat, topic) {
    if (topic !== '') return await inRoom(chat, id => chat.me.rooms.setTopic(id, topic))
    const now = openConversation(chat.state)?.view.room?.topic ?? ''
    chat.note(now === '' ? says.noTopic : says.topicIs(now))
  },
  members: chat => sheets.showMembers(chat),
  async edit(chat, text) {
    const unsent = unsentMessage(chat, ['failed', 'sending'])
    if (unsent !== undefined) return editUnsent(chat, unsent, text)
    const entry = ownMessage(chat)
    if (entry === undefined) return chat.note(noneOwn(chat), 'bad')
    if (entry.sender !== chat.me.name) return chat.note(says.notYours, 'bad')
    if (text !== '') return await saveEdit(chat, entry.seq, text)
    chat.change(state => {
      const { line } = paneOf(state)
      return withPane(state, { editing: entry.seq, marked: `e${entry.seq}`, line: lineOf(entry.text ?? '', line) })
    })
  },
  delete(chat) {
    const unsent = unsentMessage(chat, ['failed', 'sending'])
    if (unsent !== undefined) {
      chat.change(state => withPane(state, { marked: undefined }))
      return chat.discard(unsent.key)
    }
    const entry = ownMessage(chat)
    if (entry === undefined) return chat.note(noneOwn(chat), 'bad')
    const shown = fit(printableLine(entry.text ?? ''), 40)
    chat.question(says.eraseQuestion(shown), () => {
      chat.change(state => withPane(state, { marked: undefined }))
      void chat.attempt(async () => void (await chat.me.erase(entry.seq)))
    })
  },
  retry(chat) {
    const failed = unsentMessage(chat, ['failed'])
    if (failed === undefined) return chat.note(says.nothingUnsent, 'bad')
    chat.retry(failed.key)
  },
  search: (chat, words) => sheets.showFound(chat, words),
  people: (chat, beginning) => sheets.showPeople(chat, beginning),
  async block(chat, name) {
    if (name === '') return await sheets.showBlocked(chat)
    await chat.me.people.block(name)
    chat.note(says.nowBlocked(name))
  },
  async unblock(chat, name) {
    await chat.me.people.unblock(name)
    chat.note(says.nowUnblocked(name))
  },
  async sessions(chat, what) {
    const number = /^end\s+(\d+)$/i.exec(what)?.[1]
    if (number === undefined) return await sheets.showSessions(chat)
    const session = (await chat.me.own.sessions())[Number(number) - 1]
    if (session === undefined) return chat.note(says.noSuchSession, 'bad')
    await chat.me.own.endSession(session.id)
    chat.note(says.sessionEnded)
  },
  'sign-out'(chat) {
    const { outbox } = chat.state
    const unsent = outbox.filter(({ state }) => state === 'failed' || state === 'sending')
    chat.question(unsent.length === 0 ? says.signOutQuestion : says.signOutUnsentQuestion(unsent.length), () => {
      void chat.attempt(async () => {
        for (const { key } of unsent) chat.discard(key)
        await chat.me.signOut()
        chat.end('signed-out')
      })
    })
  },
  help: (chat, name) => sheets.showHelp(chat, name),
  quit: chat => chat.end('left'),
}

async function inRoom(chat: Chat, work: (id: number) => Promise<ChangeView>): Promise<void> {
  const kept = openConversation(chat.state)
  if (kept === undefined) return
  const { changed } = await work(kept.view.id)
  if (!changed) chat.note(says.alreadySo)
}

/** Saves an edit. Where that fails its text is back in the line, or among the older lines if there is other text by now. */
async function saveEdit(chat: Chat, seq: number, text: string): Promise<void> {
  const { open } = chat.state
  try {
    await chat.me.edit(seq, text)
  } catch (error) {
    if (chat.signal.aborted) return
    const { line, editing } = paneOf(chat.state, open)
    const isFree = line.text === '' && editing === undefined
    if (isFree) chat.change(state => withPane(state, { editing: seq, line: lineOf(text, line) }, open))
    chat.note((isFree ? says.editNotSaved : says.editSetAside)(messageOf(error)), 'bad', open)
  }
}

/** The marked unsent message of the open conversation, or with nothing marked the last one, if it is in such a state. */
function unsentMessage(chat: Chat, states: readonly Outgoing['state'][]): Outgoing | undefined {
  const { marked } = paneOf(chat.state)
  const key = chat.state.open?.normalize('NFKC').toLowerCase()
  return shownOf(chat.state.outbox).findLast(
    one =>
      states.includes(one.state) &&
      one.to.normalize('NFKC').toLowerCase() === key &&
      (marked === undefined || `o${one.key}` === marked),
  )
}

/** Sends another text in its place, or puts its text into the line. */
function editUnsent(chat: Chat, { key, to, text: before }: Outgoing, text: string): void {
  chat.discard(key)
  chat.change(state =>
    withPane(state, { marked: undefined, line: lineOf(text === '' ? before : '', paneOf(state).line) }),
  )
  if (text !== '') chat.sendTo(to, text)
}

/** The marked message, or the last of one's own. */
function ownMessage(chat: Chat): KeptEntry | undefined {
  const { entries } = openConversation(chat.state) ?? { entries: [] }
  const { marked } = paneOf(chat.state)
  if (marked !== undefined) return entries.find(one => `e${one.seq}` === marked && one.kind === 'text')
  return entries.findLast(one => one.kind === 'text' && one.sender === chat.me.name)
}
