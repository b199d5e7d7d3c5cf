// The kept copy of a client: whatever order pages and entries come in, it reads as the server's log does.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { array, assert as holds, boolean, integer, nat, property, record } from 'fast-check'
import type { ConversationView, EntryView } from '../../protocol/v1.ts'
import {
  byActivity,
  type Copy,
  conversationAt,
  emptyCopy,
  indexOfSeq,
  listed,
  paged,
  readUpTo,
  received,
  trim,
  unreadIn,
} from './copy.ts'
import { again, arrived, begun, failed, type Outbox, shownOf, stored } from './outgoing.ts'

function entry(seq: number, more: Partial<EntryView> = {}): EntryView {
  const base = { seq, prev: seq - 1, conversation: 1, to: '#team', kind: 'text', sender: 'bob', text: `text ${seq}` }
  return { ...base, sentAt: seq, storedAt: seq, ...more } as EntryView
}

function view(more: Partial<ConversationView> = {}): ConversationView {
  const room = { id: 1, name: 'team', topic: '', private: false, history: 'all', closed: false, members: 2 } as const
  return {
    id: 1,
    address: '#team',
    room,
    role: 'member',
    silenced: false,
    readSeq: 0,
    lastSeq: 0,
    unread: 0,
    ...more,
  }
}

const entriesOf = (copy: Copy) => copy.conversations.get(1)?.entries ?? []
const viewOf = (copy: Copy) => copy.conversations.get(1)?.view

describe('the kept copy', () => {
  test('counts what is new and of others, and nothing twice', () => {
    let copy = listed(emptyCopy, [view({ lastSeq: 5, unread: 2, readSeq: 3 })])
    copy = received(copy, [entry(5), entry(6), entry(7, { sender: 'me' })], 'me')
    assert.equal(viewOf(copy)?.unread, 3)
    copy = received(copy, [entry(6)], 'me')
    assert.equal(viewOf(copy)?.unread, 3)
    assert.deepEqual(
      entriesOf(copy).map(one => one.seq),
      [5, 6, 7],
    )
  })

  test('an edit and a deletion change what they are about, whichever comes first, page or entry', () => {
    const page = { entries: [entry(1), entry(2)], more: false }
    const changes = [
      entry(3, { kind: 'edit', refersTo: 1, text: 'new' }),
      entry(4, { kind: 'delete', refersTo: 2, text: undefined as never }),
    ]
    const start = listed(emptyCopy, [view({ lastSeq: 2, unread: 2 })])
    for (const copy of [
      received(paged(start, 1, page), changes, 'me'),
      paged(received(start, changes, 'me'), 1, page),
    ]) {
      assert.equal(entriesOf(copy)[0]?.text, 'new')
      assert.equal(entriesOf(copy)[0]?.edited, true)
      assert.equal(entriesOf(copy)[1]?.kind, 'erased')
      assert.equal(entriesOf(copy)[1]?.text, undefined)
    }
  })

  test('an edit or a deletion of a message that one may not read changes nothing but where the log has come to', () => {
    let copy = listed(emptyCopy, [view({ lastSeq: 2, unread: 2 })])
    copy = paged(copy, 1, { entries: [entry(1), entry(2)], more: false })
    const kept = entriesOf(copy).map(({ kind, text }) => [kind, text])
    const unread = viewOf(copy)?.unread
    const changes = [
      entry(3, { kind: 'edit', text: undefined as never }),
      entry(4, { kind: 'delete', text: undefined as never }),
    ]
    copy = received(copy, changes, 'me')
    assert.deepEqual(
      entriesOf(copy)
        .slice(0, 2)
        .map(({ kind, text }) => [kind, text]),
      kept,
    )
    assert.deepEqual([viewOf(copy)?.unread, viewOf(copy)?.lastSeq], [unread, 4])
  })

  test('a page that was read before an erasing does not bring the text back', () => {
    let copy = listed(emptyCopy, [view({ lastSeq: 1 })])
    copy = paged(copy, 1, { entries: [entry(1)], more: false })
    copy = received(copy, [entry(2, { kind: 'delete', refersTo: 1 })], 'me')
    copy = paged(copy, 1, { entries: [entry(1)], more: false })
    assert.equal(entriesOf(copy)[0]?.text, undefined)
  })

  test('reading on another device lowers the count to what is behind it', () => {
    let copy = listed(emptyCopy, [view({ lastSeq: 3, unread: 3 })])
    copy = paged(copy, 1, { entries: [entry(1), entry(2), entry(3)], more: false })
    assert.equal(viewOf(readUpTo(copy, 1, 'me', 2, 'me'))?.unread, 1)
    assert.equal(viewOf(readUpTo(copy, 1, 'me', 3, 'me'))?.unread, 0)
    copy = readUpTo(copy, 1, 'bob', 2, 'me')
    assert.equal(copy.conversations.get(1)?.reads.get('bob'), 2)
    assert.equal(viewOf(copy)?.unread, 3)
  })

  test('an erased message is not unread any more', () => {
    let copy = listed(emptyCopy, [view()])
    copy = received(copy, [entry(1), entry(2), entry(3, { kind: 'delete', refersTo: 1 })], 'me')
    assert.equal(viewOf(copy)?.unread, 1)
    assert.equal(viewOf(copy)?.last?.seq, 2)
  })

  test('what one is put out of goes, and comes back as unknown with the next entry', () => {
    let copy = listed(emptyCopy, [view({ lastSeq: 1 })])
    copy = received(copy, [entry(2, { kind: 'remove', subject: 'me' })], 'me')
    assert.equal(viewOf(copy), undefined)
    copy = received(copy, [entry(3, { kind: 'invite', subject: 'me' })], 'me')
    assert.deepEqual([...copy.unknown], [1])
    copy = listed(copy, [view({ lastSeq: 3 })])
    assert.equal(copy.unknown.size, 0)
  })

  test('who left a room and came back while nobody listened holds no log with a hole', () => {
    let copy = listed(emptyCopy, [view({ lastSeq: 2 })])
    copy = paged(copy, 1, { entries: [entry(1), entry(2)], more: false })
    // The list is asked for before the stream tells what was missed; 4 to 8 were said in between.
    copy = listed(copy, [view({ lastSeq: 10 })])
    const missed = [entry(3, { kind: 'leave', sender: 'me' }), entry(9, { kind: 'join', sender: 'me' }), entry(10)]
    copy = received(copy, missed, 'me')
    assert.deepEqual([entriesOf(copy).map(one => one.seq), copy.conversations.get(1)?.older], [[9, 10], undefined])
    copy = paged(copy, 1, { entries: [7, 8, 9, 10].map(seq => entry(seq)), more: true })
    assert.deepEqual([entriesOf(copy).map(one => one.seq), copy.conversations.get(1)?.older], [[7, 8, 9, 10], true])
  })

  test('topic, members, closing, role and silence follow the entries', () => {
    let copy = listed(emptyCopy, [view()])
    copy = received(
      copy,
      [
        entry(1, { kind: 'topic', text: 'plans' }),
        entry(2, { kind: 'join', sender: 'cora' }),
        entry(3, { kind: 'close' }),
        entry(4, { kind: 'role', subject: 'me', text: 'owner' }),
        entry(5, { kind: 'silence', subject: 'me' }),
      ],
      'me',
    )
    const { room, role, silenced } = viewOf(copy) ?? view()
    assert.deepEqual([room?.topic, room?.members, room?.closed, role, silenced], ['plans', 3, true, 'owner', true])
  })

  test('the list is by activity, found in any letter case, with all that is unread', () => {
    const other = view({ id: 2, address: '@Bob', lastSeq: 9, unread: 4 })
    const copy = listed(emptyCopy, [view({ lastSeq: 3, unread: 1 }), other])
    assert.deepEqual(
      byActivity(copy).map(one => one.view.id),
      [2, 1],
    )
    assert.equal(conversationAt(copy, '@bOB')?.view.id, 2)
    assert.equal(unreadIn(copy), 5)
  })

  test('trimming keeps the newest and says that there is more', () => {
    let copy = listed(emptyCopy, [view()])
    copy = paged(copy, 1, { entries: [1, 2, 3, 4].map(seq => entry(seq)), more: false })
    copy = trim(copy, 1, 2)
    assert.deepEqual(
      entriesOf(copy).map(one => one.seq),
      [3, 4],
    )
    assert.equal(copy.conversations.get(1)?.older, true)
  })

  test('a page that does not reach what is held any more is not taken for what is before it', () => {
    let copy = listed(emptyCopy, [view({ lastSeq: 10 })])
    copy = paged(copy, 1, { entries: [6, 7, 8, 9, 10].map(seq => entry(seq)), more: true })
    // The page before 6 is on its way while what is held is cut.
    copy = trim(copy, 1, 2)
    copy = paged(copy, 1, { entries: [3, 4, 5].map(seq => entry(seq)), more: false }, { before: 6 })
    assert.deepEqual([entriesOf(copy).map(one => one.seq), copy.conversations.get(1)?.older], [[9, 10], true])
    copy = paged(copy, 1, { entries: [7, 8].map(seq => entry(seq)), more: true }, { before: 9 })
    copy = paged(copy, 1, { entries: [], more: false }, { before: 9 })
    assert.deepEqual([entriesOf(copy).map(one => one.seq), copy.conversations.get(1)?.older], [[7, 8, 9, 10], true])
  })

  test('the newest page says nothing of what is before older entries that are held', () => {
    let copy = listed(emptyCopy, [view({ lastSeq: 10 })])
    copy = paged(copy, 1, { entries: [6, 7, 8, 9, 10].map(seq => entry(seq)), more: false })
    copy = paged(copy, 1, { entries: [9, 10].map(seq => entry(seq)), more: true })
    assert.equal(copy.conversations.get(1)?.older, false)
  })

  test('an entry that names one before it that was not seen is not joined to what is held', () => {
    let copy = listed(emptyCopy, [view({ lastSeq: 3 })])
    copy = paged(copy, 1, { entries: [1, 2, 3].map(seq => entry(seq)), more: false })
    copy = received(copy, [entry(7, { prev: 6 }), entry(8)], 'me')
    assert.deepEqual([entriesOf(copy).map(one => one.seq), copy.conversations.get(1)?.older], [[7, 8], true])
    copy = paged(copy, 1, { entries: [1, 2, 3, 4, 5, 6].map(seq => entry(seq)), more: false }, { before: 7 })
    assert.deepEqual([entriesOf(copy).length, copy.conversations.get(1)?.older], [8, false])
  })

  test('a newest page that ends before what came since leaves the rest to be asked for', () => {
    let copy = listed(emptyCopy, [view({ lastSeq: 3 })])
    copy = received(copy, [entry(7, { prev: 6 })], 'me')
    copy = paged(copy, 1, { entries: [1, 2, 3].map(seq => entry(seq)), more: false })
    assert.deepEqual([entriesOf(copy).map(one => one.seq), copy.conversations.get(1)?.older], [[7], true])
  })

  test('an empty conversation that begins with an entry after others is not all there', () => {
    let copy = listed(emptyCopy, [view({ lastSeq: 0 })])
    copy = paged(copy, 1, { entries: [], more: false })
    copy = received(copy, [entry(7, { prev: 6 })], 'me')
    assert.equal(copy.conversations.get(1)?.older, true)
  })

  test('in whatever pieces and order they come, repeated or not, the entries are the log', () => {
    const log = Array.from({ length: 30 }, (_, index) => {
      const seq = index + 1
      return seq % 5 === 0 ? entry(seq, { kind: 'edit', refersTo: seq - 2, text: `edited ${seq}` }) : entry(seq)
    })
    const whole = entriesOf(received(listed(emptyCopy, [view()]), log, 'me'))
    const piece = record({ from: nat(29), length: integer({ min: 1, max: 12 }), isPage: boolean() })
    holds(
      property(array(piece, { maxLength: 12 }), pieces => {
        let copy = listed(emptyCopy, [view()])
        for (const { from, length, isPage } of [...pieces, { from: 0, length: 30, isPage: true }]) {
          const some = log.slice(from, from + length)
          copy = isPage ? paged(copy, 1, { entries: some, more: false }) : received(copy, some, 'me')
        }
        assert.deepEqual(entriesOf(copy), whole)
        for (const [index, { seq }] of whole.entries()) assert.equal(indexOfSeq(whole, seq), index)
      }),
    )
  })
})

describe('messages on their way', () => {
  const draft = { key: 'a', to: '#team', text: 'hello', at: 1 } as const
  const mine = entry(7, { sender: 'me', text: 'hello' })
  const one: Outbox = begun([], draft)

  test('go when their entry is there, before or after the answer', () => {
    assert.deepEqual(arrived(stored(one, 'a', 7, false), [mine], 'me'), [])
    assert.deepEqual(shownOf(arrived(one, [mine], 'me')), [])
    assert.deepEqual(stored(arrived(one, [mine], 'me'), 'a', 7, false), [])
    assert.deepEqual(stored(one, 'a', 7, true), [])
  })

  test('stay when the entry is of another, of other words, or elsewhere', () => {
    for (const other of [{ sender: 'bob' }, { text: 'other' }, { to: '#else' as const }]) {
      assert.equal(shownOf(arrived(one, [{ ...mine, ...other }], 'me')).length, 1)
    }
  })

  test('two of the same words go one after the other', () => {
    const two = begun(one, { ...draft, key: 'b' })
    assert.deepEqual(
      shownOf(arrived(two, [mine, mine], 'me')).map(left => left.key),
      ['b'],
    )
  })

  test('an entry of the same words from another device takes none away: ours is shown again when it is refused', () => {
    const after = failed(arrived(one, [mine], 'me'), 'a', 'No.')
    assert.deepEqual(shownOf(after), failed(one, 'a', 'No.'))
    assert.deepEqual(stored(arrived(one, [mine], 'me'), 'a', 8, false), stored(one, 'a', 8, false))
  })

  test('a failed one says why, and is tried again under its key', () => {
    const after = failed(one, 'a', 'No.')
    assert.deepEqual([after[0]?.state, after[0]?.why], ['failed', 'No.'])
    assert.deepEqual(again(after, 'a'), one)
  })
})
