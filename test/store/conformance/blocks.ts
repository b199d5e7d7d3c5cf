// Blocks: both ways for direct messages, of nobody else's business, and undone without a trace in what may be written.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AccountId } from '../../../src/store/store.ts'
import { accounts, kindsOf, type Make, message, onceMessage, plain, sendOne, wholeLog } from '../subject.ts'

const block = (account: AccountId, other: AccountId) => ({ kind: 'block', account, other }) as const
const unblock = (account: AccountId, other: AccountId) => ({ kind: 'unblock', account, other }) as const

export function blocksConform(make: Make): void {
  for (const known of [true, false]) {
    test(`a block closes direct messages both ways, ${known ? 'after' : 'before'} the first one`, async () => {
      await using subject = await make()
      const { store } = subject
      const [ann, bob, cleo] = await accounts(store, 'Ann', 'Bob', 'Cleo')
      if (known) await sendOne(store, message(ann, bob, 'first'))
      const edit = { kind: 'edit', sender: ann, message: 1, text: 'x', sentAtS: 1 } as const
      assert.deepEqual(
        await kindsOf(store, block(ann, bob), message(ann, bob, 'x'), message(bob, ann, 'x'), message(bob, cleo, 'x')),
        ['stored', 'blocked', 'blocked', 'stored'],
      )
      assert.deepEqual(await kindsOf(store, edit), [known ? 'blocked' : 'no-such-message'])
      const both = [
        block(bob, ann),
        unblock(ann, bob),
        message(bob, ann, 'x'),
        unblock(bob, ann),
        message(bob, ann, 'y'),
      ]
      assert.deepEqual(await kindsOf(await subject.reopen(), ...both), [
        'stored',
        'stored',
        'blocked',
        'stored',
        'stored',
      ])
    })
  }

  test('a block is an entry of no conversation, once', async () => {
    await using subject = await make()
    const { store } = subject
    const [ann, bob] = await accounts(store, 'Ann', 'Bob')
    const writes = [block(ann, bob), block(ann, bob), unblock(ann, bob), unblock(ann, bob), unblock(bob, ann)]
    assert.deepEqual(await kindsOf(store, ...writes), ['stored', 'unchanged', 'stored', 'unchanged', 'unchanged'])
    const log = (await wholeLog(store)).map(({ conversation, kind, sender, subject: whom }) => [
      conversation,
      kind,
      sender,
      whom,
    ])
    assert.deepEqual(log, [
      [0, 'block', ann, bob],
      [0, 'unblock', ann, bob],
    ])
  })

  test('a closed account can be blocked, stays so, and is not opened when the block is taken back', async () => {
    await using subject = await make()
    const { store } = subject
    const [ann, bob, cleo] = await accounts(store, 'Ann', 'Bob', 'Cleo')
    const first = await sendOne(store, message(ann, bob, 'x'))
    const close = (account: AccountId) => ({ kind: 'delete-account', account }) as const
    await kindsOf(store, block(ann, cleo), block(bob, ann), close(bob), close(cleo))
    assert.deepEqual(await kindsOf(store, block(ann, bob), block(ann, cleo)), ['stored', 'unchanged'])
    assert.deepEqual(
      (await store.blockedBy(ann)).map(({ name }) => name),
      ['Bob', 'Cleo'],
    )
    assert.deepEqual(plain(await store.personByKey('bob')), { id: bob, name: 'Bob' })
    assert.equal(await store.personByKey('dora'), undefined)
    assert.deepEqual(await kindsOf(store, unblock(ann, bob), unblock(ann, bob)), ['stored', 'unchanged'])
    const edit = { kind: 'edit', sender: ann, message: first.seq, text: 'y', sentAtS: 1 } as const
    assert.deepEqual(await kindsOf(store, edit, message(ann, bob, 'x')), ['blocked', 'no-such-account'])
  })

  test('only another account can be blocked, by one that lives', async () => {
    await using subject = await make()
    const { store } = subject
    const [ann, bob] = await accounts(store, 'Ann', 'Bob')
    await kindsOf(store, { kind: 'delete-account', account: bob })
    const writes = [block(ann, ann), block(ann, 9_999), block(9_999, ann), block(bob, ann), unblock(bob, ann)]
    assert.deepEqual(
      await kindsOf(store, ...writes),
      writes.map(() => 'no-such-account'),
    )
  })

  test('whom one blocks is listed; whether either blocks the other is the same for both', async () => {
    await using subject = await make()
    const { store } = subject
    const [ann, bob, cleo] = await accounts(store, 'Ann', 'Bob', 'Cleo')
    await kindsOf(store, block(ann, cleo), block(ann, bob), block(cleo, bob))
    assert.deepEqual(plain(await store.blockedBy(ann)), [
      { id: bob, name: 'Bob' },
      { id: cleo, name: 'Cleo' },
    ])
    assert.deepEqual(await store.blockedBy(bob), [])
    const pairs = [
      [ann, bob],
      [bob, ann],
      [bob, cleo],
      [ann, cleo],
      [ann, ann],
    ] as const
    assert.deepEqual(await Promise.all(pairs.map(([a, b]) => store.isBlocked(a, b))), [true, true, true, true, false])
    await kindsOf(store, unblock(ann, bob))
    assert.equal(await store.isBlocked(bob, ann), false)
  })

  test('a repeat of what was stored before the block gives the first result', async () => {
    await using subject = await make()
    const { store } = subject
    const [ann, bob] = await accounts(store, 'Ann', 'Bob')
    const send = onceMessage([ann, bob, 'hello'], 'id-1')
    const first = await sendOne(store, send)
    await kindsOf(store, block(bob, ann))
    assert.deepEqual(await sendOne(store, send), { ...first, repeated: true })
  })
}
