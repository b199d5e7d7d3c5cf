// The window of a conversation: rows of the right width, a place that is kept, both ends reached.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { array, assert as holds, constantFrom, integer, oneof, property, string } from 'fast-check'
import type { EntryView } from '../../protocol/v1.ts'
import { emptyCopy, listed, paged } from '../../sdk/copy/copy.ts'
import { frameOf, timelineFor } from './frame.ts'
import type { Row } from './rows.ts'
import { beginning, type ChatState, opened, type Scroll, withPane } from './state.ts'
import { scrolled, windowOf } from './timeline.ts'
import { graphemes, widthOf, wrap } from './widths.ts'

function entry(seq: number, text: string, sender = 'bob'): EntryView {
  const base = { seq, prev: seq - 1, conversation: 1, to: '@me', kind: 'text', sender, text } as const
  return { ...base, sentAt: seq, storedAt: 1_700_000_000 + seq * 100 }
}

function stateWith(texts: readonly string[], size = { columns: 80, rows: 24 }): ChatState {
  const view = {
    id: 1,
    address: '@bob',
    role: 'member',
    silenced: false,
    readSeq: 0,
    lastSeq: texts.length,
    unread: 0,
  } as const
  const entries = texts.map((text, index) => entry(index + 1, text, index % 3 === 0 ? 'me' : 'bob'))
  const copy = paged(listed(emptyCopy, [view]), 1, { entries, more: false })
  return opened({ ...beginning('me', size, 1_700_100_000), copy, isListed: true }, '@bob')
}

const textOf = (row: Row) => row.map(span => span.text).join('')

test('up to the top and down again, by any steps, shows every row once and in order', () => {
  holds(
    property(
      integer({ min: 1, max: 60 }),
      integer({ min: 3, max: 20 }),
      integer({ min: 1, max: 25 }),
      (count, height, by) => {
        const timeline = timelineFor(
          stateWith(Array.from({ length: count }, (_, index) => `m${index} ${'w '.repeat(index)}`)),
          40,
        )
        const all = timeline.items.flatMap((_, index) => timeline.rowsAt(index))
        let scroll: Scroll | undefined
        for (let steps = 0; steps < 2_000 && !windowOf(timeline, scroll, height).isAtTop; steps += 1) {
          scroll = scrolled(timeline, scroll, -by, height)
        }
        const top = windowOf(timeline, scroll, height)
        const shown = top.rows.filter(row => row.length > 0)
        assert.deepEqual(shown, all.filter(row => row.length > 0).slice(0, shown.length))
        for (let steps = 0; steps < 2_000 && scroll !== undefined; steps += 1)
          scroll = scrolled(timeline, scroll, by, height)
        assert.deepEqual(windowOf(timeline, scroll, height).rows.at(-1), all.at(-1))
      },
    ),
    { numRuns: 40 },
  )
})

const topOf = (state: ChatState) => {
  const timeline = timelineFor(state, 60)
  return timeline.rowsAt(0).map(textOf).join('')
}

test('only what is known to be empty is said to be, and only a beginning that was seen is one', () => {
  const none = opened({ ...beginning('me', { columns: 80, rows: 24 }, 1_700_100_000), isListed: true }, '@ann')
  assert.match(topOf(none), /Nothing has been said here yet/)
  assert.match(topOf({ ...none, isListed: false }), /^ *Loading/, 'the list is not there yet')
  assert.match(topOf({ ...none, copy: { ...none.copy, unknown: new Set([7]) } }), /^ *Loading/, 'it may be this one')
  const whole = stateWith(['one'])
  assert.match(topOf(whole), /This is where it begins/)
  const view = whole.copy.conversations.get(1)?.view
  assert.ok(view !== undefined)
  const unread = opened({ ...whole, copy: listed(emptyCopy, [view]) }, '@bob')
  assert.match(topOf(unread), /^ *Loading/, 'no page was read')
  assert.match(topOf(withPane(unread, { isMissing: true })), /could not be loaded/)
})

test('a window that was scrolled up stays where it is when something new comes', () => {
  const texts = Array.from({ length: 50 }, (_, index) => `message ${index}`)
  const before = timelineFor(stateWith(texts), 60)
  const scroll = scrolled(before, undefined, -20, 10)
  const after = timelineFor(stateWith([...texts, 'new']), 60)
  assert.deepEqual(windowOf(after, scroll, 10).rows, windowOf(before, scroll, 10).rows)
  assert.equal(windowOf(after, scroll, 10).isAtEnd, false)
})

test('whatever is said, on whatever screen: every row fits, none holds a control, the screen is full', () => {
  const nasty = oneof(
    string({ unit: 'grapheme', maxLength: 200 }),
    string({ unit: 'binary', maxLength: 200 }),
    constantFrom(
      '\x1b[2J\x1b]0;x\x07',
      '\u202eabc',
      'x'.repeat(400),
      '漢'.repeat(100),
      '👨‍👩‍👧‍👦'.repeat(30),
      '\t\t',
      `a${'\u0301'.repeat(300)}`,
    ),
  )
  holds(
    property(
      array(nasty, { maxLength: 6 }),
      integer({ min: 1, max: 220 }),
      integer({ min: 1, max: 70 }),
      (texts, columns, rows) => {
        const frame = frameOf(stateWith(texts, { columns, rows }))
        const width = Math.max(20, columns)
        assert.equal(frame.main.length, Math.max(6, rows))
        if (frame.list !== undefined) assert.equal(frame.list.rows.length, frame.main.length)
        for (const row of frame.main) {
          assert.ok(widthOf(textOf(row)) <= width - (frame.list?.width ?? 0), JSON.stringify(textOf(row)))
          assert.doesNotMatch(textOf(row), /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u)
        }
        assert.ok(frame.caret.x < width && frame.caret.y < frame.main.length)
      },
    ),
  )
})

test('wrapping keeps every character but spaces at breaks, and no line is wider than it may be', () => {
  holds(
    property(string({ unit: 'grapheme' }), integer({ min: 2, max: 30 }), (text, room) => {
      const line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, '')
      const lines = wrap(line, room)
      for (const one of lines) assert.ok(widthOf(one) <= room || graphemes(one).length === 1)
      assert.equal(lines.join('').replace(/\s/gu, ''), graphemes(line).join('').replace(/\s/gu, ''))
    }),
  )
})
