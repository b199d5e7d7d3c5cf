// Closing an account for good: what ends at once, what stays, and that its messages are erased piece by piece.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AccountId, Store } from '../../../src/store/store.ts'
import {
  accounts,
  change,
  kindsOf,
  type Make,
  message,
  onceMessage,
  plain,
  registration,
  roomMessage,
  roomOf,
  sendOne,
  stored,
  wholeLog,
  writeOne,
} from '../subject.ts'

const close = (account: AccountId) => ({ kind: 'delete-account', account }) as const

/** Erases in pieces of `limit`; how many calls it took. */
async function eraseAll(store: Store, account: AccountId, limit: number): Promise<number> {
  for (let calls = 1; ; calls += 1) {
    const written = await writeOne(store, { kind: 'erase-some', account, limit })
    assert(written.kind === 'erased', written.kind)
    assert(written.messages <= limit)
    if (written.messages === 0) return calls
    assert(calls < 1_000, 'erasing has no end')
  }
}

const editOf = (sender: AccountId, seq: number) =>
  ({ kind: 'edit', sender, message: seq, text: `edit of ${seq}`, sentAtS: 1 }) as const

export function deletingConforms(make: Make): void {
  test('a closed account is not found, its sessions are over, and its name is never given again', async () => {
    await using subject = await make()
    const [ann] = await accounts(subject.store, 'Ann', 'Bob')
    const token = { kind: 'create-session', account: ann, label: '', lifeMs: 1_000 } as const
    await kindsOf(subject.store, { ...token, tokenHash: 'a' })
    assert.deepEqual(await kindsOf(subject.store, close(ann), close(ann)), ['stored', 'no-such-account'])
    const store = await subject.reopen()
    assert.deepEqual(
      [await store.accountByKey('ann'), await store.accountById(ann), await store.sessionByToken('a')],
      [undefined, undefined, undefined],
    )
    const all = { asker: 2, keyPrefix: '', afterKey: '', limit: 10, sharingWith: null }
    assert.deepEqual(
      (await store.findPeople(all)).map(one => one.name),
      ['Bob'],
    )
    assert.deepEqual(plain(await store.people([ann])), [{ id: ann, name: 'Ann' }])
    const dead = { account: ann, password: 'x', passwordRule: 1, keep: null }
    assert.deepEqual(
      await kindsOf(store, registration('ANN'), { ...token, tokenHash: 'b' }, { kind: 'set-password', ...dead }),
      ['name-taken', 'no-such-account', 'no-such-account'],
    )
    const [entry] = await wholeLog(store)
    assert.deepEqual([entry?.kind, entry?.conversation, entry?.sender], ['delete-account', 0, ann])
  })

  test('nobody writes to a closed account nor it to anybody, be the conversation new or old', async () => {
    await using subject = await make()
    const { store } = subject
    const [ann, bob, cleo] = await accounts(store, 'Ann', 'Bob', 'Cleo')
    const first = await sendOne(store, onceMessage([bob, ann, 'hello'], 'id-1'))
    await kindsOf(store, message(ann, ann, 'note'))
    await kindsOf(store, { kind: 'block', account: ann, other: bob }, close(ann))
    const writes = [message(ann, bob, 'x'), message(bob, ann, 'x'), message(cleo, ann, 'x'), message(ann, ann, 'x')]
    assert.deepEqual(
      await kindsOf(store, ...writes),
      writes.map(() => 'no-such-account'),
    )
    const edit = { kind: 'edit', sender: bob, message: first.seq, text: 'x', sentAtS: 1 } as const
    assert.deepEqual(await kindsOf(store, edit), ['blocked'])
    // Bob's own words stay his: he may still take them back, and a repeat is still a repeat.
    assert.equal((await sendOne(store, onceMessage([bob, ann, 'hello'], 'id-1'))).repeated, true)
    assert.deepEqual(await kindsOf(store, { kind: 'delete', sender: bob, message: first.seq }), ['stored'])
    assert.deepEqual((await store.directsOf(bob))[0]?.peerName, 'Ann')
  })

  test('it leaves its rooms, and who has been there longest owns what would have no owner', async () => {
    await using subject = await make()
    const { store } = subject
    const [ann, bob, cleo, dora] = await accounts(store, 'Ann', 'Bob', 'Cleo', 'Dora')
    const alone = await roomOf(store, [ann], { name: 'alone' }) // 1
    const hers = await roomOf(store, [ann, cleo, bob], { name: 'hers' }) // 2, 3, 4
    const shared = await roomOf(store, [ann, dora], { name: 'shared' }) // 5, 6
    await kindsOf(store, change(ann, shared, { what: 'role', account: dora, role: 'owner' })) // 7
    const past = await roomOf(store, [dora, ann], { name: 'past' }) // 8, 9
    await kindsOf(store, change(ann, past, { what: 'leave' })) // 10
    await sendOne(store, message(ann, bob, 'hello')) // 11
    assert.equal(stored(await writeOne(store, close(ann))).seq, 16)
    assert.deepEqual(
      (await store.entriesAfter(11, 10)).map(one => [one.kind, one.conversation, one.sender, one.subject, one.text]),
      [
        ['leave', alone, ann, null, ''],
        ['role', hers, ann, cleo, 'owner'],
        ['leave', hers, ann, null, ''],
        ['leave', shared, ann, null, ''],
        ['delete-account', 0, ann, null, ''],
      ],
    )
    assert.deepEqual(
      (await store.membersOf(hers, 0, 10)).map(({ name, role }) => `${name} ${role}`),
      ['Bob member', 'Cleo owner'],
    )
    const { intervals } = await store.intervalsOf(ann)
    assert.deepEqual(
      intervals.map(({ joinedSeq, leftSeq }) => [joinedSeq, leftSeq]),
      [
        [1, 12],
        [2, 14],
        [5, 15],
        [9, 10],
        [11, null],
      ],
    )
  })

  for (const limit of [1, 2, 3, 7, 1_000]) {
    test(`its messages and edits are erased in pieces of ${limit}, and nobody else's are`, async () => {
      await using subject = await make()
      const [ann, bob] = await accounts(subject.store, 'Ann', 'Bob')
      const room = await roomOf(subject.store, [bob, ann]) // 1, 2
      await kindsOf(
        subject.store,
        roomMessage(ann, room, 'a'), // 3
        roomMessage(bob, room, 'b'), // 4
        message(ann, bob, 'c'), // 5
        editOf(ann, 3), // 6
        change(ann, room, { what: 'leave' }), // 7
        roomMessage(bob, room, 'd'), // 8
        change(ann, room, { what: 'join' }), // 9
        roomMessage(ann, room, 'e'), // 10
        message(bob, ann, 'f'), // 11
        message(ann, bob, 'g'), // 12
        message(ann, ann, 'h'), // 13
        editOf(bob, 4), // 14
      )
      assert.deepEqual(await writeOne(subject.store, { kind: 'erase-some', account: ann, limit }), {
        kind: 'erased',
        messages: 0,
      })
      await kindsOf(subject.store, close(ann)) // 15, 16
      assert.deepEqual(await subject.store.accountsToErase(), [ann])
      await writeOne(subject.store, { kind: 'erase-some', account: ann, limit })
      const store = await subject.reopen()
      await eraseAll(store, ann, limit)
      assert.deepEqual(await store.accountsToErase(), [])
      assert.equal(await store.head(), 16)
      const texts = (await wholeLog(store)).filter(({ kind }) => /text|erased|edit/.test(kind))
      assert.deepEqual(
        texts.map(({ seq, kind, text }) => `${seq} ${kind} ${text}`),
        [
          '3 erased ',
          '4 text b',
          '5 erased ',
          '6 edit ',
          '8 text d',
          '10 erased ',
          '11 text f',
          '12 erased ',
          '13 erased ',
          '14 edit edit of 4',
        ],
      )
    })
  }
}
