// Rooms: who may do what is asked inside the append, and every change is an entry at which something begins or ends.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { roomMembersMax, roomStaysMax } from '../../../src/protocol/limits.ts'
import type { AccountId, ConversationId, RoomChange, Store } from '../../../src/store/store.ts'
import {
  accounts,
  change,
  kindsOf,
  type Make,
  message,
  newRoom,
  nowMs,
  plain,
  roomMessage,
  roomOf,
  stored,
  wholeLog,
  writeOne,
} from '../subject.ts'

/** Does one change after the other; the kinds of the results. */
async function changes(store: Store, room: ConversationId, ...all: readonly (readonly [AccountId, RoomChange])[]) {
  return kindsOf(store, ...all.map(([actor, wanted]) => change(actor, room, wanted)))
}

async function rolesIn(store: Store, room: ConversationId) {
  return (await store.membersOf(room, 0, 100)).map(({ name, role }) => `${name} ${role}`)
}

/** Every change that only an owner makes, each of which changes something. */
const wishes = (account: AccountId): RoomChange[] => [
  { what: 'topic', text: 'new' },
  { what: 'silence', account },
  { what: 'unsilence', account },
  { what: 'role', account, role: 'owner' },
  { what: 'close' },
  { what: 'reopen' },
]

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

  test('only an owner changes topic, roles and who may speak, and what is so already is no entry', async () => {
    await using subject = await make()
    const { store } = subject
    const [ann, bob, cleo] = await accounts(store, 'Ann', 'Bob', 'Cleo')
    const room = await roomOf(store, [ann, bob])
    const asked = wishes(bob)
    assert.deepEqual(
      await changes(store, room, ...asked.map(wanted => [bob, wanted] as const), [
        bob,
        { what: 'remove', account: ann },
      ]),
      [...asked.map(() => 'not-an-owner'), 'not-an-owner'],
    )
    const head = await store.head()
    const twice = asked.flatMap(wanted => [[ann, wanted] as const, [ann, wanted] as const])
    assert.deepEqual(
      await changes(store, room, ...twice),
      asked.flatMap(() => ['stored', 'unchanged']),
    )
    assert.equal(await store.head(), head + asked.length)
    const kinds = (await store.entriesAfter(head, 100)).map(({ kind, text, subject: whom }) => [kind, text, whom])
    assert.deepEqual(kinds, [
      ['topic', 'new', null],
      ['silence', '', bob],
      ['unsilence', '', bob],
      ['role', 'owner', bob],
      ['close', '', null],
      ['reopen', '', null],
    ])
    for (const what of ['remove', 'silence', 'unsilence'] as const) {
      assert.deepEqual(await changes(store, room, [ann, { what, account: cleo }], [ann, { what, account: 9_999 }]), [
        'not-a-member',
        'no-such-account',
      ])
    }
  })

  test('the last owner appoints another before leaving, or becoming a member', async () => {
    await using subject = await make()
    const { store } = subject
    const [ann, bob] = await accounts(store, 'Ann', 'Bob')
    const room = await roomOf(store, [ann, bob])
    assert.deepEqual(
      await changes(
        store,
        room,
        [ann, { what: 'leave' }],
        [ann, { what: 'remove', account: ann }],
        [ann, { what: 'role', account: ann, role: 'member' }],
        [ann, { what: 'role', account: bob, role: 'owner' }],
        [ann, { what: 'role', account: ann, role: 'member' }],
        [ann, { what: 'leave' }],
        [bob, { what: 'role', account: bob, role: 'member' }],
        [bob, { what: 'leave' }],
      ),
      ['last-owner', 'last-owner', 'last-owner', 'stored', 'stored', 'stored', 'last-owner', 'stored'],
    )
    const info = await store.conversation(room)
    assert(info?.kind === 'room')
    assert.equal(info.members, 0)
  })

  test('an account comes to a room 1,000 times at most, be it invited, and what it could read is found without the rest', async () => {
    await using subject = await make()
    const { store } = subject
    const [ann, bob, cleo] = await accounts(store, 'Ann', 'Bob', 'Cleo')
    const room = await roomOf(store, [ann]) // 1
    const other = await roomOf(store, [bob], { name: 'Other' }) // 2
    for (let stays = 0; stays < roomStaysMax; stays += 200) {
      const cycle = [change(bob, room, { what: 'join' }), change(bob, room, { what: 'leave' })]
      await store.write(Array.from({ length: 200 }, () => cycle).flat(), nowMs)
    }
    const head = 2 + 2 * roomStaysMax
    assert.equal(await store.head(), head)
    assert.deepEqual(
      await changes(
        store,
        room,
        [bob, { what: 'join' }],
        [ann, { what: 'invite', account: bob }],
        [cleo, { what: 'join' }],
      ),
      ['too-many-stays', 'too-many-stays', 'stored'],
    )
    const seqsOf = async (only?: Parameters<Store['intervalsOf']>[1]) => {
      const { intervals, head: at } = await store.intervalsOf(bob, only)
      assert.equal(at, head + 1)
      return intervals.map(({ joinedSeq }) => joinedSeq)
    }
    assert.equal((await seqsOf()).length, roomStaysMax + 1)
    assert.equal((await seqsOf({ after: 0 })).length, roomStaysMax + 1)
    assert.deepEqual(await seqsOf({ after: head }), [2])
    assert.deepEqual(
      (await seqsOf({ after: head - 1 })).toSorted((a, b) => a - b),
      [2, head - 1],
    )
    assert.deepEqual(await seqsOf({ conversation: other }), [2])
    assert.deepEqual(await seqsOf({ conversation: room, after: head - 1 }), [head - 1])
    assert.deepEqual(await seqsOf({ conversation: 9_999 }), [])
  })

  test('who joins a room that everybody has left becomes its owner, by an entry of their own; who comes next does not', async () => {
    await using subject = await make()
    const { store } = subject
    const [ann, bob, cleo] = await accounts(store, 'Ann', 'Bob', 'Cleo')
    const room = await roomOf(store, [ann]) // 1
    await changes(store, room, [ann, { what: 'close' }], [ann, { what: 'leave' }]) // 2, 3
    const [joined, next] = await store.write(
      [change(bob, room, { what: 'join' }), change(cleo, room, { what: 'join' })],
      nowMs,
    )
    assert.deepEqual([stored(joined).seq, stored(next).seq], [4, 6])
    assert.deepEqual(
      (await store.entriesAfter(3, 10)).map(one => [one.kind, one.sender, one.subject, one.text]),
      [
        ['join', bob, null, ''],
        ['role', bob, null, 'owner'],
        ['join', cleo, null, ''],
      ],
    )
    assert.deepEqual(await rolesIn(store, room), ['Bob owner', 'Cleo member'])
    assert.deepEqual(await changes(store, room, [cleo, { what: 'reopen' }], [bob, { what: 'reopen' }]), [
      'not-an-owner',
      'stored',
    ])
    assert.equal((await store.membership(bob, room))?.joinedSeq, 4)
  })

  test('leaving ends an interval with its own entry, coming back begins another, and silence and marker stay', async () => {
    await using subject = await make()
    const { store } = subject
    const [ann, bob] = await accounts(store, 'Ann', 'Bob')
    const room = await roomOf(store, [ann, bob]) // 1 create, 2 invite
    await kindsOf(store, roomMessage(ann, room, 'one'), roomMessage(bob, room, 'two')) // 3, 4
    await kindsOf(store, { kind: 'mark-read', account: bob, conversation: room, seq: 4 })
    await changes(store, room, [ann, { what: 'silence', account: bob }], [bob, { what: 'leave' }]) // 5, 6
    await kindsOf(store, roomMessage(ann, room, 'unheard')) // 7
    assert.deepEqual(await kindsOf(store, roomMessage(bob, room, 'x')), ['not-a-member'])
    await changes(store, room, [bob, { what: 'join' }]) // 8
    assert.deepEqual(await kindsOf(store, roomMessage(bob, room, 'x')), ['silenced'])
    await changes(store, room, [ann, { what: 'remove', account: bob }]) // 9
    const intervals = [
      { conversation: room, joinedSeq: 2, leftSeq: 6 },
      { conversation: room, joinedSeq: 8, leftSeq: 9 },
    ]
    assert.deepEqual(plain(await store.intervalsOf(bob)), { head: 9, intervals })
    assert.deepEqual(plain(await store.intervalsIn(room)), [
      { account: ann, conversation: room, joinedSeq: 1, leftSeq: null },
      ...intervals.map(one => ({ account: bob, ...one })),
    ])
    assert.equal(await store.membership(bob, room), undefined)
    await changes(store, room, [ann, { what: 'invite', account: bob }]) // 10
    const again = await store.membership(bob, room)
    assert.deepEqual([again?.isSilenced, again?.readSeq, again?.joinedSeq], [true, 4, 10])
  })

  test('who speaks in a room is a member of it, not silenced, and the room is open', async () => {
    await using subject = await make()
    const { store } = subject
    const [ann, bob, cleo] = await accounts(store, 'Ann', 'Bob', 'Cleo')
    const room = await roomOf(store, [ann, bob])
    const direct = stored(await writeOne(store, message(ann, bob, 'x'))).conversation
    const say = (who: AccountId, where = room) => roomMessage(who, where, 'hello')
    assert.deepEqual(
      await kindsOf(
        store,
        say(ann),
        say(bob),
        say(cleo),
        say(ann, 9_999),
        say(ann, 0),
        say(ann, direct),
        change(ann, room, { what: 'silence', account: bob }),
        say(bob),
        change(ann, room, { what: 'close' }),
        say(bob),
        say(ann),
        change(ann, room, { what: 'reopen' }),
        change(ann, room, { what: 'unsilence', account: bob }),
        say(bob),
      ),
      [
        'stored',
        'stored',
        'not-a-member',
        'not-a-member',
        'not-a-member',
        'not-a-member',
        'stored',
        'silenced',
        'stored',
        'silenced',
        'room-closed',
        'stored',
        'stored',
        'stored',
      ],
    )
  })

  test('a send to a room is stored once too', async () => {
    await using subject = await make()
    const { store } = subject
    const [ann, bob] = await accounts(store, 'Ann', 'Bob')
    const room = await roomOf(store, [ann, bob])
    const send = { ...roomMessage(bob, room, 'hello'), once: { clientId: 'id-1', digest: 'd' } }
    const first = stored(await writeOne(store, send))
    assert.deepEqual(await writeOne(store, send), { ...first, repeated: true })
    assert.deepEqual(await kindsOf(store, { ...send, once: { clientId: 'id-1', digest: 'other' } }), [
      'client-id-reused',
    ])
    // Also when they could not send it now: the repeat is about what was stored.
    await changes(store, room, [ann, { what: 'remove', account: bob }])
    const head = await store.head()
    assert.deepEqual(await writeOne(store, send, 9_999_999_999_999), { ...first, repeated: true })
    assert.equal(await store.head(), head)
  })

  test('a room takes no more than 10,000 members, and one more when one has left', async () => {
    await using subject = await make()
    const { store } = subject
    const ids: AccountId[] = []
    for (let from = 0; from < roomMembersMax + 2; from += 1_000) {
      const names = Array.from({ length: 1_000 }, (_, index) => `Account ${from + index}`)
      ids.push(...(await accounts(store, ...names)))
    }
    const [owner = 0, ...others] = ids
    const room = await roomOf(store, [owner])
    const answers: string[] = []
    for (let from = 0; from < roomMembersMax; from += 1_000) {
      const joins = others.slice(from, from + 1_000).map(account => change(account, room, { what: 'join' }))
      answers.push(...(await kindsOf(store, ...joins)))
    }
    assert.deepEqual(
      [answers.indexOf('room-full'), answers.lastIndexOf('stored')],
      [roomMembersMax - 1, roomMembersMax - 2],
    )
    const [first = 0, late = 0] = [others[0], others[roomMembersMax]]
    assert.deepEqual(
      await changes(
        store,
        room,
        [owner, { what: 'invite', account: late }],
        [first, { what: 'leave' }],
        [owner, { what: 'invite', account: late }],
        [first, { what: 'join' }],
      ),
      ['room-full', 'stored', 'stored', 'room-full'],
    )
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
