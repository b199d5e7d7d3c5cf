// Coming to rooms and leaving them: every change is an entry at which something that was readable begins or ends.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { roomMembersMax, roomsOfMemberMax, roomStaysMax } from '../../../src/protocol/limits.ts'
import type { AccountId, Store } from '../../../src/store/store.ts'
import {
  accounts,
  change,
  changes,
  kindsOf,
  type Make,
  message,
  newRoom,
  nowMs,
  plain,
  roomMessage,
  rolesIn,
  roomOf,
  sendOne,
  stored,
} from '../subject.ts'

export function roomStaysConform(make: Make): void {
  test('two have met where their stays overlap, or where the asker may read what was before, and nowhere else', async () => {
    await using subject = await make()
    const { store } = subject
    const [ann, bob, cleo, dan] = await accounts(store, 'Ann', 'Bob', 'Cleo', 'Dan')
    assert.equal(await store.hasMet(ann, bob), false)
    await sendOne(store, message(ann, bob, 'x'))
    assert.deepEqual([await store.hasMet(ann, bob), await store.hasMet(bob, ann)], [true, true])
    const closed = await roomOf(store, [ann], { history: 'from-joining' })
    await changes(store, closed, [cleo, { what: 'join' }], [cleo, { what: 'leave' }], [dan, { what: 'join' }])
    assert.deepEqual([await store.hasMet(ann, cleo), await store.hasMet(cleo, ann)], [true, true], 'after leaving too')
    assert.deepEqual([await store.hasMet(dan, cleo), await store.hasMet(cleo, dan)], [false, false])
    const open = await roomOf(store, [ann], { name: 'Open', history: 'all' })
    await changes(store, open, [cleo, { what: 'join' }], [cleo, { what: 'leave' }], [dan, { what: 'join' }])
    assert.deepEqual([await store.hasMet(dan, cleo), await store.hasMet(cleo, dan)], [true, false])
    await changes(store, open, [dan, { what: 'leave' }])
    assert.equal(await (await subject.reopen()).hasMet(dan, cleo), false, 'who has left reads nothing before')
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

  test('an account that an owner removed stays out of a public room until an owner adds it again', async () => {
    await using subject = await make()
    const { store } = subject
    const [ann, bob, cleo] = await accounts(store, 'Ann', 'Bob', 'Cleo')
    const room = await roomOf(store, [ann, bob, cleo])
    const other = await roomOf(store, [ann], { name: 'Other' })
    await changes(store, room, [ann, { what: 'remove', account: bob }])
    const comeBack = [
      [bob, { what: 'join' }],
      [cleo, { what: 'invite', account: bob }],
    ] as const
    assert.deepEqual(await changes(store, room, ...comeBack), ['was-removed', 'other-was-removed'])
    assert.deepEqual(await kindsOf(store, change(bob, other, { what: 'join' })), ['stored'])
    assert.deepEqual(await rolesIn(await subject.reopen(), room), ['Ann owner', 'Cleo member'])
    const added = [
      [ann, { what: 'invite', account: bob }],
      [bob, { what: 'leave' }],
      [bob, { what: 'join' }],
      [bob, { what: 'leave' }],
      [cleo, { what: 'invite', account: bob }],
    ] as const
    assert.deepEqual(
      await changes(subject.store, room, ...added),
      added.map(() => 'stored'),
    )
  })

  test('an owner that removes itself has left, and comes back as it likes', async () => {
    await using subject = await make()
    const { store } = subject
    const [ann, bob] = await accounts(store, 'Ann', 'Bob')
    const room = await roomOf(store, [ann, bob])
    const all = [
      [ann, { what: 'role', account: bob, role: 'owner' }],
      [ann, { what: 'remove', account: ann }],
      [ann, { what: 'join' }],
    ] as const
    assert.deepEqual(
      await changes(store, room, ...all),
      all.map(() => 'stored'),
    )
  })

  test('others add an account to no more than 1,000 rooms; it may still join by itself, and is added when it has left one', async () => {
    await using subject = await make()
    const { store } = subject
    const [ann, bob, cleo] = await accounts(store, 'Ann', 'Bob', 'Cleo')
    await kindsOf(store, message(ann, bob, 'a direct conversation counts for nothing'))
    const names = Array.from({ length: roomsOfMemberMax + 2 }, (_, index) => `room-${index}`)
    const made = await store.write(
      names.map(name => newRoom(ann, name)),
      nowMs,
    )
    const rooms = made.map(one => stored(one).conversation)
    const invites = rooms.map(room => change(ann, room, { what: 'invite', account: bob }))
    const answers = await kindsOf(store, ...invites)
    assert.deepEqual(
      [answers.indexOf('too-many-rooms'), answers.lastIndexOf('stored')],
      [roomsOfMemberMax, roomsOfMemberMax - 1],
    )
    const [first = 0] = rooms
    const [late = 0, latest = 0] = rooms.slice(roomsOfMemberMax)
    assert.deepEqual(
      await kindsOf(
        store,
        change(bob, late, { what: 'join' }),
        change(bob, first, { what: 'leave' }),
        change(ann, latest, { what: 'invite', account: bob }),
        change(bob, late, { what: 'leave' }),
        change(ann, latest, { what: 'invite', account: bob }),
        change(ann, latest, { what: 'invite', account: cleo }),
      ),
      ['stored', 'stored', 'too-many-rooms', 'stored', 'stored', 'stored'],
    )
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
}
