// How the screen is divided and what it says where there is little room, or much.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ConversationView, EntryView, RoomView } from '../../protocol/v1.ts'
import { emptyCopy, listed, paged } from '../../sdk/copy/copy.ts'
import { frameOf } from './frame.ts'
import type { Row } from './rows.ts'
import { beginning, type ChatState, opened } from './state.ts'
import { widthOf } from './widths.ts'

const textOf = (row: Row) => row.map(span => span.text).join('')

function direct(id: number, unread = 0): ConversationView {
  return { id, address: `@p${id}`, role: 'member', silenced: false, readSeq: 0, lastSeq: 1_000 - id, unread }
}

function stateOf(views: readonly ConversationView[], size = { columns: 80, rows: 24 }): ChatState {
  return { ...beginning('me', size, 1_700_000_000), copy: listed(emptyCopy, views), isListed: true }
}

test('on a wide screen what is said keeps to a width that can be read, and the list has room for long names', () => {
  const address = `https://example.org/${'a'.repeat(120)}`
  const text = `${'word '.repeat(200)}${address} and ${'b'.repeat(300)}`
  const entry: EntryView = {
    seq: 1,
    prev: 0,
    conversation: 1,
    to: '@me',
    kind: 'text',
    sender: 'p1',
    text,
    sentAt: 1,
    storedAt: 1,
  }
  const state = stateOf([direct(1)], { columns: 200, rows: 60 })
  const shown = opened({ ...state, copy: paged(state.copy, 1, { entries: [entry], more: false }) }, '@p1')
  const { main, list } = frameOf(shown)
  const rows = main.map(textOf).filter(row => row.includes('word'))
  assert.ok(Math.max(...rows.map(widthOf)) <= 100)
  assert.ok(rows.length >= 10)
  // An address is whole, to be copied.
  assert.ok(main.some(row => textOf(row).includes(address)))
  assert.ok(main.every(row => widthOf(textOf(row)) <= 160))
  assert.equal(list?.width, 40)
  assert.equal(frameOf({ ...shown, size: { columns: 120, rows: 40 } }).list?.width, 32)
})

test('an empty list is called empty only once it has come', () => {
  const listOf = (state: ChatState) => (frameOf(state).list?.rows ?? []).map(textOf).join('\n')
  assert.match(listOf({ ...stateOf([]), isListed: false }), /Loading…/)
  assert.match(listOf(stateOf([])), /None yet/)
})

test('conversations that the list has no room for are counted at its ends, with what is unread there', () => {
  const views = Array.from({ length: 40 }, (_, index) => direct(index + 1, index >= 30 ? 2 : 0))
  const rowsWith = (state: ChatState) => (frameOf(state).list?.rows ?? []).map(textOf)
  const first = rowsWith(opened(stateOf(views), '@p1'))
  assert.match(first[2] ?? '', /▌○ p1 /)
  assert.match(first[22] ?? '', /↓ 20 more +20 /)
  const middle = rowsWith(opened(stateOf(views), '@p25'))
  assert.match(middle[2] ?? '', /↑ \d+ more +│/)
  assert.match(middle.join('\n'), /▌○ p25 /)
  assert.match(middle[22] ?? '', /↓ \d+ more +\d+ /)
  const last = rowsWith(opened(stateOf(views), '@p40'))
  assert.match(last[22] ?? '', /▌○ p40 /)
  assert.equal(new Set([...first, ...middle, ...last].map(widthOf)).size, 1)
})

test('a long topic leaves the number of members apart from it', () => {
  const room: RoomView = {
    id: 1,
    name: 'den',
    topic: 'all about '.repeat(20).trim(),
    private: false,
    history: 'all',
    members: 5,
    closed: false,
  }
  const view: ConversationView = { ...direct(1), address: '#den', room }
  const [title] = frameOf(opened(stateOf([view]), '#den')).main
  assert.match(textOf(title ?? []), /…  5 members $/)
})

test('a list to choose from shows two rows of each, however much there is to say about it', () => {
  const line = { text: 'bob', more: 'long '.repeat(100), choose: () => {} }
  const sheet = { title: 'Found', lines: [line, { ...line, text: 'eve' }], chosen: 0, hint: '' } as never
  const rows = frameOf({ ...stateOf([]), sheet }).main.map(textOf)
  assert.match(rows[2] ?? '', /bob/)
  assert.match(rows[3] ?? '', /…$/)
  assert.match(rows[4] ?? '', /eve/)
})
