// A room in which thousands of messages arrive: keys come first, frames are drawn together, and what is held is bounded.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Me } from '../../src/sdk/sdk.ts'
import { nowhere } from '../../src/terminal/kept-writing.ts'
import { Chat } from '../../src/tui/chat.ts'
import { press } from '../../src/tui/keyboard.ts'
import { layoutOf, timelineFor } from '../../src/tui/model/frame.ts'
import { openConversation, paneOf } from '../../src/tui/model/state.ts'
import { windowOf } from '../../src/tui/model/timeline.ts'
import { startHullo } from '../lab-http/server.ts'
import { newcomer, sitDown } from './people.ts'

const hullo = await startHullo()
after(() => hullo[Symbol.asyncDispose]())
const server = `http://127.0.0.1:${hullo.port}`

/** Says `count` messages as fast as the server takes them. */
async function flood(bot: Me, room: string, from: number, count: number): Promise<void> {
  const atOnce = 100
  for (let next = from; next < from + count; next += atOnce) {
    const numbers = Array.from({ length: Math.min(atOnce, from + count - next) }, (_, index) => next + index)
    await Promise.all(numbers.map(number => bot.send(`#${room}`, `message ${number} of many`)))
  }
}

/** Frames that were drawn: each is written between two marks. */
const framesIn = (written: string) => written.split('\x1b[?2026h').length - 1

test('while messages pour in, what is typed stands there within a few frames, and commands work', async () => {
  await using bot = await newcomer(server)
  const room = `busy-${bot.name}`
  const { id } = await bot.rooms.create({ name: room })
  await using seat = await sitDown(server, { prepare: me => me.rooms.join(id) })
  const { screen } = seat
  await screen.until(`Write to #${room}`)
  const begin = framesIn(screen.written())
  const total = 3_000
  const flooded = { isOver: false }
  const flooding = flood(bot, room, 1, total).finally(() => (flooded.isOver = true))
  let typed = 0
  while (!flooded.isOver) {
    const word = `word${typed}`
    const before = framesIn(screen.written())
    screen.type(word)
    await screen.until(`› ${word}`)
    // One frame may be on its way already, and one may be drawn ahead of the key.
    assert.ok(framesIn(screen.written()) - before <= 4, `${framesIn(screen.written()) - before} frames later`)
    screen.type('\x15')
    await screen.until(shown => !shown.includes(`› ${word}`))
    typed += 1
  }
  await flooding
  await screen.until(`message ${total} of many`)
  assert.ok(typed > 0)
  const frames = framesIn(screen.written()) - begin
  assert.ok(frames > 0 && frames < total, `${frames} frames`)
  screen.type('still here\r')
  await screen.until('still here  ✓')
})

/** A chat as the screen has it, without the screen. */
async function chatIn(me: Me, room: string) {
  const chat = new Chat(me, { columns: 80, rows: 24 }, nowhere)
  const running = chat.run()
  let most = 0
  const heldNow = () => Math.max(0, ...[...chat.state.copy.conversations.values()].map(one => one.entries.length))
  chat.subscribe(() => (most = Math.max(most, heldNow())))
  const until = (isThere: () => boolean) =>
    new Promise<void>(resolve => {
      const look = () => {
        if (!isThere()) return
        unsubscribe()
        resolve()
      }
      const unsubscribe = chat.subscribe(look)
      look()
    })
  await until(() => openConversation(chat.state)?.older !== undefined)
  assert.equal(chat.state.open, `#${room}`)
  const shown = () => {
    const { width, height } = layoutOf(chat.state)
    const { rows } = windowOf(timelineFor(chat.state, width), paneOf(chat.state).scroll, height)
    const numbers = rows.map(row => /message (\d+) of many/.exec(row.map(({ text }) => text).join(''))?.[1])
    return numbers.filter(one => one !== undefined).map(Number)
  }
  /** Moves by a page, and waits for what has to be read where the window is at the edge of what is held. */
  const page = async (key: 'pageup' | 'pagedown') => {
    press(chat, { is: 'key', key })
    const { width, height } = layoutOf(chat.state)
    await until(() => {
      const kept = openConversation(chat.state)
      const at = windowOf(timelineFor(chat.state, width), paneOf(chat.state).scroll, height)
      return key === 'pageup' ? !at.isAtTop || kept?.older === false : !at.isAtEnd || kept?.newer === false
    })
  }
  return {
    chat,
    until,
    page,
    shown,
    most: () => most,
    async [Symbol.asyncDispose]() {
      chat.end('left')
      await running
      await chat[Symbol.asyncDispose]()
    },
  }
}

const entriesMax = 1_000

test('what is held of an open room is bounded; older entries come again on scroll, and so do the newer ones', async () => {
  await using bot = await newcomer(server)
  await using me = await newcomer(server)
  const room = `long-${bot.name}`
  const { id } = await bot.rooms.create({ name: room })
  await me.rooms.join(id)
  await using open = await chatIn(me, room)
  const { chat, until, page, shown } = open
  const total = 2_600
  await flood(bot, room, 1, total)
  await until(() => shown().includes(total))
  assert.ok(open.most() <= entriesMax, `${open.most()} held`)

  // Up to the first message, page by page: what was released is read again.
  while (!shown().includes(1)) await page('pageup')
  assert.ok(open.most() <= entriesMax, `${open.most()} held`)
  assert.equal(openConversation(chat.state)?.newer, true)

  // More arrives while one looks back: the window stays where it is, and what is held stays bounded.
  const before = shown()
  await flood(bot, room, total + 1, 1_400)
  await until(() => (openConversation(chat.state)?.view.unread ?? 0) >= 1_400)
  assert.deepEqual(shown(), before)
  assert.ok(open.most() <= entriesMax, `${open.most()} held`)

  // Down again, row by row of the log: nothing is passed over.
  let seen = shown().at(-1) ?? 0
  while (seen < total + 1_400) {
    await page('pagedown')
    const now = shown()
    assert.deepEqual(
      now,
      now.map((_, index) => (now[0] ?? 0) + index),
    )
    assert.ok((now[0] ?? 0) <= seen + 1, `${now[0]} follows on ${seen}`)
    seen = now.at(-1) ?? 0
  }
  assert.ok(open.most() <= entriesMax, `${open.most()} held`)
})

test('End leads from far back to the newest at once, and what was open is bounded when it is left', async () => {
  await using bot = await newcomer(server)
  await using me = await newcomer(server)
  const room = `back-${bot.name}`
  const { id } = await bot.rooms.create({ name: room })
  await me.rooms.join(id)
  await using open = await chatIn(me, room)
  const { chat, until, page, shown } = open
  await flood(bot, room, 1, 1_500)
  await until(() => shown().includes(1_500))
  while (!shown().includes(1)) await page('pageup')
  press(chat, { is: 'key', key: 'end' })
  await until(() => shown().includes(1_500))
  assert.equal(openConversation(chat.state)?.newer, false)
  chat.open(`@${bot.name}`)
  await flood(bot, room, 1_501, 1_200)
  const entries = () => chat.state.copy.conversations.get(id)?.entries ?? []
  await until(() => entries().at(-1)?.text?.startsWith('message 2700 of many') === true)
  assert.ok(entries().length <= 600)
})
