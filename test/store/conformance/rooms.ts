// Rooms: made, found, joined and listed.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  accounts,
  change,
  changes,
  kindsOf,
  type Make,
  message,
  newRoom,
  plain,
  rolesIn,
  roomOf,
  stored,
  wholeLog,
  writeOne,
} from '../subject.ts'

export function roomsConform(make: Make): void {
  test('a room is made with its owner in it, and found by its name, once', async () => {
    await using subject = await make()
    const { store } = subject
    const [ann, bob] = await accounts(store, 'Ann', 'Bob')
    const made = { topic: 'what we do', isPrivate: true, history: 'from-joining' } as const
    const first = stored(await writeOne(store, newRoom(ann, 'Team', made)))
    assert.deepEqual(await kindsOf(store, newRoom(bob, 'TEAM'), newRoom(9_999, 'Other')), [
      'name-taken',
      'no-such-account',
    ])
    assert.equal(await store.roomByKey('team'), first.conversation)
    assert.equal(await store.roomByKey('other'), undefined)
    const info = { id: first.conversation, kind: 'room', name: 'Team', ...made, isClosed: false, members: 1 }
    const again = await subject.reopen()
    assert.deepEqual(plain(await again.conversation(first.conversation)), info)
    assert.deepEqual(plain(await again.membership(ann, first.conversation)), {
      conversation: info,
      role: 'owner',
      isSilenced: false,
      joinedSeq: 1,
      readSeq: 0,
      lastSeq: 1,
    })
    assert.equal(await again.membership(bob, first.conversation), undefined)
    const [entry] = await wholeLog(again)
    assert.deepEqual([entry?.kind, entry?.sender, entry?.subject], ['create', ann, null])
  })

  test('a public room is joined by anybody, a private one is not there for who is not in it', async () => {
    await using subject = await make()
    const { store } = subject
    const [ann, bob] = await accounts(store, 'Ann', 'Bob')
    const open = await roomOf(store, [ann], { name: 'Open' })
    const hidden = await roomOf(store, [ann], { name: 'Hidden', isPrivate: true })
    const direct = stored(await writeOne(store, message(ann, bob, 'x'))).conversation
    assert.deepEqual(
      await kindsOf(
        store,
        change(bob, hidden, { what: 'join' }),
        change(bob, hidden, { what: 'topic', text: 'x' }),
        change(bob, open, { what: 'topic', text: 'x' }),
        change(bob, open, { what: 'leave' }),
        change(bob, open, { what: 'invite', account: bob }),
        change(9_999, open, { what: 'join' }),
        change(bob, 9_999, { what: 'join' }),
        change(bob, 0, { what: 'join' }),
        change(bob, direct, { what: 'leave' }),
        change(bob, open, { what: 'join' }),
        change(bob, open, { what: 'join' }),
      ),
      [
        'no-such-room',
        'no-such-room',
        'not-a-member',
        'not-a-member',
        'not-a-member',
        'no-such-account',
        'no-such-room',
        'no-such-room',
        'no-such-room',
        'stored',
        'unchanged',
      ],
    )
    assert.deepEqual(await rolesIn(store, open), ['Ann owner', 'Bob member'])
  })

  test('any member invites; who blocks the one who invites is not brought in', async () => {
    await using subject = await make()
    const { store } = subject
    const [ann, bob, cleo, dora] = await accounts(store, 'Ann', 'Bob', 'Cleo', 'Dora')
    const room = await roomOf(store, [ann, bob], { isPrivate: true })
    await kindsOf(store, { kind: 'block', account: dora, other: bob }, { kind: 'delete-account', account: cleo })
    assert.deepEqual(
      await changes(
        store,
        room,
        [bob, { what: 'invite', account: cleo }],
        [bob, { what: 'invite', account: 9_999 }],
        [bob, { what: 'invite', account: dora }],
        [bob, { what: 'invite', account: ann }],
        [ann, { what: 'invite', account: dora }],
      ),
      ['no-such-account', 'no-such-account', 'blocked', 'unchanged', 'stored'],
    )
    const entry = (await wholeLog(store)).at(-1)
    assert.deepEqual([entry?.kind, entry?.sender, entry?.subject, entry?.conversation], ['invite', ann, dora, room])
    assert.deepEqual(await rolesIn(store, room), ['Ann owner', 'Bob member', 'Dora member'])
  })

  test('public rooms are listed by key, in pages, with how many are in them', async () => {
    await using subject = await make()
    const { store } = subject
    const [ann, bob] = await accounts(store, 'Ann', 'Bob')
    await roomOf(store, [ann, bob], { name: 'b' })
    await roomOf(store, [ann], { name: 'a' })
    await roomOf(store, [ann], { name: 'hidden', isPrivate: true })
    await roomOf(store, [ann], { name: 'c' })
    await roomOf(store, [ann], { name: 'bc' })
    const names = async (afterKey: string, limit: number, keyPrefix = '') =>
      (await store.publicRooms({ keyPrefix, afterKey, limit })).map(
        room => room.kind === 'room' && [room.name, room.members],
      )
    assert.deepEqual(await names('', 2), [
      ['a', 1],
      ['b', 2],
    ])
    assert.deepEqual(await names('b', 10), [
      ['bc', 1],
      ['c', 1],
    ])
    assert.deepEqual(await names('', 10, 'b'), [
      ['b', 2],
      ['bc', 1],
    ])
    assert.deepEqual(await names('b', 10, 'b'), [['bc', 1]])
    assert.deepEqual(await names('', 10, 'hid'), [])
    await roomOf(store, [ann], { name: 'book-club.bc' })
    await roomOf(store, [ann], { name: 'secret-bc', isPrivate: true })
    assert.deepEqual(await names('', 10, 'bc'), [
      ['bc', 1],
      ['book-club.bc', 1],
    ])
    assert.deepEqual(await names('bc', 10, 'bc'), [['book-club.bc', 1]])
  })

  test('members are listed by id, in pages', async () => {
    await using subject = await make()
    const { store } = subject
    const [ann, bob, cleo] = await accounts(store, 'Ann', 'Bob', 'Cleo')
    const room = await roomOf(store, [cleo, ann, bob])
    await changes(store, room, [bob, { what: 'leave' }])
    const member = { role: 'member', isSilenced: false, readSeq: 0 }
    assert.deepEqual(plain(await store.membersOf(room, 0, 1)), [{ id: ann, name: 'Ann', ...member }])
    assert.deepEqual(plain(await store.membersOf(room, ann, 10)), [
      { id: cleo, name: 'Cleo', ...member, role: 'owner' },
    ])
    assert.deepEqual(await store.membersOf(9_999, 0, 10), [])
  })
}
