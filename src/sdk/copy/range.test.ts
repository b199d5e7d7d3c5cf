// The range of a conversation that is held: whatever is released and read again, it has no hole, and knows its ends.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { array, assert as holds, constantFrom, integer, nat, property, record } from 'fast-check'
import type { ConversationView, EntryView, HistoryView } from '../../protocol/v1.ts'
import { type Copy, emptyCopy, listed, paged, pagedOnly, received, release, trim, trimAround } from './copy.ts'

const view: ConversationView = {
  id: 1,
  address: '#team',
  role: 'member',
  silenced: false,
  readSeq: 0,
  lastSeq: 0,
  unread: 0,
}

function entry(seq: number): EntryView {
  const base = { seq, prev: seq - 1, conversation: 1, to: '#team', sender: 'bob', sentAt: seq, storedAt: seq } as const
  // Each tenth changes an entry of some time ago.
  if (seq % 10 === 0) return { ...base, kind: 'edit', refersTo: Math.ceil(seq / 2), text: `edited ${seq}` }
  return { ...base, kind: 'text', text: `text ${seq}` }
}

/** What the server has, and how a page of it is asked for. */
function serverOf(length: number) {
  const log = Array.from({ length }, (_, index) => entry(index + 1))
  const page = (from: number, to: number): readonly EntryView[] => log.slice(Math.max(0, from), Math.max(0, to))
  return {
    before: (seq: number, limit: number): HistoryView => ({
      entries: page(seq - 1 - limit, seq - 1),
      more: seq - 1 - limit > 0,
    }),
    after: (seq: number, limit: number): HistoryView => ({
      entries: page(seq, seq + limit),
      more: seq + limit < length,
    }),
  }
}

const steps = array(
  record({
    does: constantFrom('hear', 'older', 'newer', 'late', 'around', 'trim', 'release', 'jump'),
    by: nat(40),
    at: integer({ min: 1, max: 400 }),
  }),
  { minLength: 20, maxLength: 80 },
)

test('whatever is released and read again, the held entries are a range of the log without a hole', () => {
  holds(
    property(steps, plan => {
      let length = 30
      let copy: Copy = listed(emptyCopy, [{ ...view, lastSeq: length }])
      copy = paged(copy, 1, serverOf(length).before(length + 1, 20))
      const kept = () => copy.conversations.get(1) ?? assert.fail()
      const first = () => kept().entries[0]?.seq
      const last = () => kept().entries.at(-1)?.seq
      for (const { does, by, at } of plan) {
        const server = serverOf(length)
        if (does === 'hear') {
          for (let count = 0; count < by; count += 1) copy = received(copy, [entry((length += 1))], 'me')
        } else if (does === 'older') {
          const before = first()
          if (before === undefined || kept().older === undefined) {
            if (kept().older === undefined) copy = paged(copy, 1, server.before(length + 1, 20))
          } else copy = paged(copy, 1, server.before(before, 20), { before })
        } else if (does === 'newer' && kept().newer) {
          copy = paged(copy, 1, server.after(last() ?? 0, 20), { after: last() ?? 0 })
        } else if (does === 'late') {
          // Pages that were asked for at an edge that has moved since.
          copy = paged(copy, 1, server.before((first() ?? 0) + 7, 3), { before: (first() ?? 0) + 7 })
          if (kept().newer) copy = paged(copy, 1, server.after((last() ?? 0) + 7, 3), { after: (last() ?? 0) + 7 })
        } else if (does === 'around') copy = trimAround(copy, 1, at, by + 1)
        else if (does === 'trim') copy = trim(copy, 1, by + 1)
        else if (does === 'release') copy = release(copy, 1)
        else if (does === 'jump' && at <= length) copy = pagedOnly(copy, 1, server.before(at + 1, 20))

        const { entries, older, newer } = kept()
        const from = first() ?? length + 1
        assert.deepEqual(
          entries.map(({ seq }) => seq),
          entries.map((_, index) => from + index),
        )
        if (!newer && entries.length > 0) assert.equal(last(), length)
        if (older === false) assert.equal(from, 1)
        if (does === 'around' || does === 'trim') assert.ok(entries.length <= by + 1)
        assert.equal(kept().view.lastSeq, length)
        for (const change of entries) {
          if (change.kind !== 'edit') continue
          const about = entries.find(({ seq }) => seq === change.refersTo)
          if (about?.kind === 'text') assert.equal(about.edited, true)
        }
      }
    }),
    { numRuns: 300 },
  )
})

test('a change of what is held is applied while the newest entries are not held', () => {
  let copy: Copy = listed(emptyCopy, [{ ...view, lastSeq: 30 }])
  copy = pagedOnly(copy, 1, serverOf(30).before(10, 5))
  assert.equal(copy.conversations.get(1)?.newer, true)
  copy = received(copy, [{ ...entry(31), kind: 'edit', refersTo: 7, text: 'now' }], 'me')
  const { entries = [], view: after } = copy.conversations.get(1) ?? {}
  assert.deepEqual(
    entries.map(({ seq }) => seq),
    [5, 6, 7, 8, 9],
  )
  assert.equal(entries[2]?.text, 'now')
  assert.equal(after?.lastSeq, 31)
})
