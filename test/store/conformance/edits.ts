// What happens to messages after they were stored: another text, none any more, being read.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AccountId, Edit, Seq, Store } from '../../../src/store/store.ts'
import {
  accounts,
  change,
  kindsOf,
  type Make,
  message,
  nowMs,
  plain,
  roomMessage,
  roomOf,
  sendOne,
  stored,
  wholeLog,
  writeOne,
} from '../subject.ts'

function edit(sender: AccountId, seq: Seq, text: string): Edit {
  return { kind: 'edit', sender, message: seq, text, sentAtS: 2.5 }
}

const erase = (sender: AccountId, seq: Seq) => ({ kind: 'delete', sender, message: seq }) as const

async function textsOf(store: Store) {
  return (await wholeLog(store)).map(({ seq, kind, text, refersTo }) => [seq, kind, text, refersTo])
}

export function editsConform(make: Make): void {
  test('an edit is an entry with its own text, and the message keeps its first', async () => {
    await using subject = await make()
    const { store } = subject
    const [ann, bob] = await accounts(store, 'Ann', 'Bob')
    const { conversation } = await sendOne(store, message(ann, bob, 'helo'))
    const written = await store.write([edit(ann, 1, 'hello'), edit(ann, 1, 'hello!')], nowMs + 1)
    const result = { kind: 'stored', conversation, storedAtMs: nowMs + 1, repeated: false }
    assert.deepEqual(written, [
      { ...result, seq: 2 },
      { ...result, seq: 3 },
    ])
    assert.deepEqual(await textsOf(store), [
      [1, 'text', 'helo', null],
      [2, 'edit', 'hello', 1],
      [3, 'edit', 'hello!', 1],
    ])
    assert.equal((await store.entriesAt([2]))[0]?.sentAtS, 2.5)
  })

  test("a delete takes the text of the message and of its edits, and of nobody else's", async () => {
    await using subject = await make()
    const { store } = subject
    const [ann, bob] = await accounts(store, 'Ann', 'Bob')
    await kindsOf(store, message(ann, bob, 'one'), message(ann, bob, 'two'), edit(ann, 1, 'uno'), edit(ann, 2, 'due'))
    assert.deepEqual(await kindsOf(store, erase(ann, 1), erase(ann, 1), edit(ann, 1, 'x')), [
      'stored',
      'unchanged',
      'no-such-message',
    ])
    assert.deepEqual(await textsOf(await subject.reopen()), [
      [1, 'erased', '', null],
      [2, 'text', 'two', null],
      [3, 'edit', '', 1],
      [4, 'edit', 'due', 2],
      [5, 'delete', '', 1],
    ])
  })

  test('the last edit of a message is found within a part of the log', async () => {
    await using subject = await make()
    const { store } = subject
    const [ann, bob] = await accounts(store, 'Ann', 'Bob')
    await kindsOf(store, message(ann, bob, 'one'), message(ann, bob, 'two'), edit(ann, 1, 'uno'), edit(ann, 2, 'due'))
    await kindsOf(store, edit(ann, 1, 'un'), message(ann, bob, 'three')) // 5, 6
    const last = (one: Seq, after: Seq, upTo: Seq) => ({ message: one, after, upTo })
    const end = Number.MAX_SAFE_INTEGER
    assert.deepEqual(
      await store.lastEdits([last(2, 0, end), last(1, 0, end), last(1, 0, 4), last(1, 3, 4), last(6, 0, end)]),
      [4, 5, 3, 0, 0],
    )
    assert.deepEqual(await store.lastEdits([]), [])
    await kindsOf(store, { kind: 'delete', sender: ann, message: 1 })
    assert.deepEqual(await (await subject.reopen()).lastEdits([last(2, 0, end)]), [4])
  })

  test('what is not a message, or not within an interval of theirs, is not there for them', async () => {
    await using subject = await make()
    const { store } = subject
    const [ann, bob, cleo] = await accounts(store, 'Ann', 'Bob', 'Cleo')
    const room = await roomOf(store, [ann, bob]) // 1, 2
    await kindsOf(store, roomMessage(bob, room, 'before'), edit(bob, 3, 'early')) // 3, 4
    await kindsOf(store, change(ann, room, { what: 'invite', account: cleo })) // 5
    await kindsOf(store, change(ann, room, { what: 'role', account: cleo, role: 'owner' })) // 6
    await kindsOf(store, change(bob, room, { what: 'leave' }), roomMessage(ann, room, 'without bob')) // 7, 8
    const head = await store.head()
    const absent = [0, -1, 99, 1, 2, 4, 5]
    for (const seq of absent) {
      assert.deepEqual(await kindsOf(store, edit(ann, seq, 'x'), erase(ann, seq)), [
        'no-such-message',
        'no-such-message',
      ])
    }
    assert.deepEqual(await kindsOf(store, edit(cleo, 3, 'x'), erase(cleo, 3)), ['no-such-message', 'no-such-message'])
    assert.deepEqual(await kindsOf(store, edit(bob, 8, 'x'), erase(bob, 8)), ['no-such-message', 'no-such-message'])
    assert.deepEqual(await kindsOf(store, edit(bob, 3, 'x'), erase(bob, 3)), ['not-a-member', 'not-a-member'])
    assert.equal(await store.head(), head)
  })

  test('one edits what is one’s own; in a room an owner deletes anybody’s', async () => {
    await using subject = await make()
    const { store } = subject
    const [ann, bob, cleo] = await accounts(store, 'Ann', 'Bob', 'Cleo')
    const room = await roomOf(store, [ann, bob, cleo])
    const { seq } = stored(await writeOne(store, roomMessage(bob, room, 'hello')))
    const direct = stored(await writeOne(store, message(bob, ann, 'hello')))
    assert.deepEqual(
      await kindsOf(
        store,
        edit(ann, seq, 'x'),
        erase(cleo, seq),
        erase(ann, direct.seq),
        change(ann, room, { what: 'silence', account: bob }),
        edit(bob, seq, 'x'),
        change(ann, room, { what: 'unsilence', account: bob }),
        change(ann, room, { what: 'close' }),
        edit(bob, seq, 'x'),
        erase(ann, seq),
      ),
      ['not-yours', 'not-yours', 'not-yours', 'stored', 'silenced', 'stored', 'stored', 'room-closed', 'stored'],
    )
    const last = (await wholeLog(store)).at(-1)
    assert.deepEqual([last?.kind, last?.sender, last?.refersTo], ['delete', ann, seq])
    assert.deepEqual(plain((await store.entriesAt([seq])).map(({ kind, sender, text }) => [kind, sender, text])), [
      ['erased', bob, ''],
    ])
  })

  test('a read marker only rises, never beyond the last entry, and takes no seq', async () => {
    await using subject = await make()
    const { store } = subject
    const [ann, bob, cleo] = await accounts(store, 'Ann', 'Bob', 'Cleo')
    const { conversation } = await sendOne(store, message(ann, bob, 'one'))
    await kindsOf(store, message(ann, bob, 'two'), message(ann, cleo, 'elsewhere'))
    const mark = (account: AccountId, seq: Seq) => ({ kind: 'mark-read', account, conversation, seq }) as const
    const marks = [mark(bob, 1), mark(bob, 99), mark(bob, 1), mark(bob, -5), mark(cleo, 1), mark(ann, 0)]
    assert.deepEqual(await store.write(marks, nowMs), [
      { kind: 'read', seq: 1 },
      { kind: 'read', seq: 2 },
      { kind: 'read', seq: 2 },
      { kind: 'read', seq: 2 },
      { kind: 'not-a-member' },
      { kind: 'read', seq: 0 },
    ])
    assert.equal(await store.head(), 3)
    const again = await subject.reopen()
    assert.deepEqual(
      (await again.membersOf(conversation, 0, 10)).map(({ name, readSeq }) => [name, readSeq]),
      [
        ['Ann', 0],
        ['Bob', 2],
      ],
    )
  })

  test('unread are the messages of others that still have a text, up to the limit', async () => {
    await using subject = await make()
    const { store } = subject
    const [ann, bob] = await accounts(store, 'Ann', 'Bob')
    const { conversation } = await sendOne(store, message(ann, bob, 'one'))
    await kindsOf(store, message(bob, ann, 'mine'), message(ann, bob, 'two'), message(ann, bob, 'three'))
    await kindsOf(store, edit(ann, 1, 'uno'), erase(ann, 3))
    const unread = (after: Seq, limit: number) => store.countUnread(conversation, bob, after, limit)
    assert.deepEqual([await unread(0, 10), await unread(0, 1), await unread(1, 10), await unread(4, 10)], [2, 1, 1, 0])
    assert.equal(await store.countUnread(9_999, bob, 0, 10), 0)
  })

  test('what is unread is counted on, and counted again when something was erased', async () => {
    await using subject = await make()
    const { store } = subject
    const [ann, bob, eve] = await accounts(store, 'Ann', 'Bob', 'Eve')
    const { conversation } = await sendOne(store, message(ann, bob, 'one'))
    const other = await sendOne(store, message(eve, bob, 'hi'))
    const unread = (after: Seq, limit: number) => store.countUnread(conversation, bob, after, limit)
    assert.equal(await unread(0, 3), 1)
    await kindsOf(store, message(ann, bob, 'two'), message(bob, ann, 'mine'), message(ann, bob, 'three'))
    assert.deepEqual([await unread(0, 3), await unread(3, 3), await unread(0, 3)], [3, 1, 3])
    assert.equal(await store.countUnread(conversation, ann, 0, 3), 1)
    // The third that counts was looked at before; a fourth takes its place.
    await kindsOf(store, erase(ann, 3), message(ann, bob, 'four'), message(ann, bob, 'five'))
    assert.deepEqual([await unread(0, 3), await unread(0, 9)], [3, 4])
    assert.equal(await unread(5, 9), 2)
    await kindsOf(store, erase(ann, 8))
    assert.equal(await unread(5, 9), 1)
    assert.equal(await store.countUnread(other.conversation, bob, 0, 9), 1)
    await kindsOf(store, { kind: 'delete-account', account: eve }, { kind: 'erase-some', account: eve, limit: 100 })
    assert.equal(await store.countUnread(other.conversation, bob, 0, 9), 0)
  })
}
