// Who may do what in a room: asked inside the append, as is who may speak.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AccountId, RoomChange } from '../../../src/store/store.ts'
import {
  accounts,
  change,
  changes,
  kindsOf,
  type Make,
  message,
  roomMessage,
  roomOf,
  stored,
  writeOne,
} from '../subject.ts'

/** Every change that only an owner makes, each of which changes something. */
const wishes = (account: AccountId): RoomChange[] => [
  { what: 'topic', text: 'new' },
  { what: 'silence', account },
  { what: 'unsilence', account },
  { what: 'role', account, role: 'owner' },
  { what: 'close' },
  { what: 'reopen' },
]

export function roomModerationConforms(make: Make): void {
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
    const send = { ...roomMessage(bob, room, 'hello'), once: { clientId: 'id-1' } }
    const first = stored(await writeOne(store, send))
    assert.deepEqual(await writeOne(store, send), { ...first, repeated: true })
    assert.deepEqual(await kindsOf(store, { ...send, text: 'other' }), ['client-id-reused'])
    // Also when they could not send it now: the repeat is about what was stored.
    await changes(store, room, [ann, { what: 'remove', account: bob }])
    const head = await store.head()
    assert.deepEqual(await writeOne(store, send, 9_999_999_999_999), { ...first, repeated: true })
    assert.equal(await store.head(), head)
  })
}
