// What the terminal asks for and does not get: it is asked for again, and never taken for what is not there.
import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { pageBroken } from '../protocol/texts/client.ts'
import type { ConversationView, EntryView, HistoryView } from '../protocol/v1.ts'
import { listed, received } from '../sdk/copy/copy.ts'
import { type Me, NoAnswer, Refused } from '../sdk/sdk.ts'
import { Asking, type Screen } from './asking.ts'
import type { Chat } from './chat.ts'
import { goTo } from './go-to.ts'
import { beginning, type ChatState, opened, paneOf } from './model/state.ts'
import { showFound, showMembers } from './sheets.ts'
import { foundFor } from './known.ts'
import { submit } from './verbs.ts'
import { journeys } from './journeys.ts'

const view: ConversationView = {
  id: 1,
  address: '@bob',
  role: 'member',
  silenced: false,
  readSeq: 0,
  lastSeq: 3,
  unread: 0,
}

function entry(seq: number): EntryView {
  const base = {
    seq,
    prev: seq - 1,
    conversation: 1,
    to: '@me',
    kind: 'text',
    sender: 'bob',
    text: `text ${seq}`,
  } as const
  return { ...base, sentAt: seq, storedAt: seq }
}

const unanswered = async () => {
  throw new NoAnswer(pageBroken)
}

/** A chat without a terminal, over a server of which the test says what it answers. */
function seat(server: object) {
  const stop = new AbortController()
  const notes: string[] = []
  let state: ChatState = { ...beginning('me', { columns: 80, rows: 24 }, 1_700_000_000), link: 'live' }
  const me = {
    name: 'me',
    ...server,
    conversations: {
      list: unanswered,
      get: unanswered,
      members: unanswered,
      history: unanswered,
      markRead: async () => 0,
      ...(server as { conversations?: object }).conversations,
    },
    people: { presence: unanswered, ...(server as { people?: object }).people },
  } as unknown as Me
  const screen = {
    me,
    get state() {
      return state
    },
    signal: stop.signal,
    change: (by: (before: ChatState) => ChatState) => void (state = by(state)),
    changeCopy: (by: (copy: ChatState['copy']) => ChatState['copy']) =>
      void (state = { ...state, copy: by(state.copy) }),
    open: (address: ConversationView['address']) => void (state = opened(state, address)),
    note: (text: string) => void notes.push(text),
    subscribe: () => () => {},
  }
  const asking = new Asking(screen satisfies Screen)
  return { asking, notes, screen, chat: screen as unknown as Chat, stop: () => stop.abort() }
}

/** Lets everything happen that waits for nothing but its turn. */
const turns = async () => {
  for (let count = 0; count < 20; count += 1) await Promise.resolve()
}

test('a list and a page of history that did not come are asked for again while the connection is there', async t => {
  mock.timers.enable({ apis: ['setTimeout'] })
  t.after(() => mock.timers.reset())
  let isAway = true
  const answer = <T>(value: T) => (isAway ? unanswered() : Promise.resolve(value))
  const page: HistoryView = { entries: [1, 2, 3].map(entry), more: false }
  const { asking, screen } = seat({
    conversations: {
      list: () => answer({ conversations: [view], more: false }),
      history: () => answer(page),
      members: () => answer({ members: [], more: false }),
    },
  })
  await asking.comeBack()
  assert.equal(screen.state.isListed, false)
  isAway = false
  mock.timers.tick(60_000)
  await turns()
  assert.equal(screen.state.isListed, true)
  isAway = true
  asking.settle()
  await turns()
  assert.equal(paneOf(screen.state).isMissing, true)
  assert.equal(screen.state.copy.conversations.get(1)?.older, undefined)
  isAway = false
  mock.timers.tick(60_000)
  await turns()
  assert.equal(paneOf(screen.state).isMissing, false)
  assert.equal(screen.state.copy.conversations.get(1)?.older, false)
})

test('a refusal that passes does not take a conversation for one that is not there', async () => {
  const get = async () => {
    throw new Refused('too-many', 'Too many requests.')
  }
  const { asking, screen, stop } = seat({ conversations: { get } })
  screen.changeCopy(copy => received(copy, [entry(3)], 'me'))
  asking.settle()
  await turns()
  assert.deepEqual([...screen.state.copy.unknown], [1])
  stop()
})

test('only what is held is said to be read', async () => {
  const told: number[] = []
  const { asking, screen, stop } = seat({
    conversations: {
      history: async () => ({ entries: [entry(1)], more: false }),
      markRead: async (_: number, seq: number) => told.push(seq),
    },
  })
  screen.changeCopy(copy => listed(copy, [{ ...view, unread: 3 }]))
  screen.change(state => ({ ...state, isListed: true }))
  screen.open('@bob')
  asking.settle()
  await turns()
  asking.settle()
  await turns()
  assert.deepEqual(told, [1], 'of 2 and 3 only the list has told')
  stop()
})

test('a message that was found is not called gone where its page did not come', async () => {
  const { chat, screen, notes, stop } = seat({})
  screen.changeCopy(copy => listed(copy, [view]))
  screen.change(state => ({ ...state, isListed: true }))
  await goTo(chat, '@bob', 2)
  assert.equal(notes.length, 1)
  assert.match(notes[0] ?? '', /could not be loaded/)
  stop()
})

test('a search that has not looked through everything goes on before it finds nothing', async () => {
  const asked: (number | undefined)[] = []
  const search = async (_: string, { before }: { before?: number } = {}) => {
    asked.push(before)
    return before === undefined ? { entries: [], before: 50 } : { entries: [entry(2)] }
  }
  const { chat, screen, notes, stop } = seat({ search })
  await showFound(chat, 'text')
  assert.deepEqual([asked, notes, screen.state.sheet?.lines.length], [[undefined, 50], [], 1])
  stop()
})

test('a room is looked for by its name, however many rooms there are', async () => {
  const list = async ({ search }: { search?: string }) =>
    search === undefined ? { rooms: [{ name: 'aaa' }], more: true } : { rooms: [{ id: 9, name: 'Zoo' }], more: false }
  const joined: number[] = []
  const rooms = { list, join: async (id: number) => joined.push(id) }
  const get = async () => ({ ...view, id: 9, address: '#Zoo' })
  const { chat, stop } = seat({ rooms, conversations: { get } })
  assert.equal(await journeys.join(chat, 'zoo'), '#Zoo')
  assert.deepEqual(joined, [9])
  const { rooms: names } = await foundFor(
    chat,
    { is: 'room', word: '#z' } as Parameters<typeof foundFor>[1],
    chat.signal,
  )
  assert.deepEqual(names, ['Zoo'])
  stop()
})

test('a list of members that is cut says so', async () => {
  const members = async () => ({
    members: [{ id: 1, name: 'bob', role: 'member', silenced: false, readSeq: 0 }],
    more: true,
  })
  const { chat, screen, stop } = seat({ conversations: { members } })
  screen.changeCopy(copy => listed(copy, [view]))
  screen.open('@bob')
  await showMembers(chat)
  assert.match(screen.state.sheet?.lines.at(-1)?.text ?? '', /more/)
  stop()
})

test('while the list is not there, a command is not told that no conversation is open', () => {
  const { chat, notes, stop } = seat({})
  submit(chat, '/members')
  assert.match(notes[0] ?? '', /still being loaded/)
  stop()
})

test('while older messages are not loaded, it is not said that there is none of one’s own', async () => {
  const { chat, screen, notes, stop } = seat({})
  screen.changeCopy(copy => listed(copy, [view]))
  screen.change(state => ({ ...state, isListed: true, attempt: undefined }))
  screen.open('@bob')
  Object.assign(chat, { attempt: (work: () => Promise<void>) => work() })
  submit(chat, '/edit other words')
  await turns()
  assert.match(notes[0] ?? '', /loaded/)
  stop()
})
