// Direct conversations: one a pair, made with its first message, whoever writes first.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AccountId, Store } from '../../../src/store/store.ts'
import { accounts, type Make, message, nowMs, sendOne, stored } from '../subject.ts'

/** What one account sees, as plain objects, by peer. */
async function directs(store: Store, account: AccountId) {
  const seen = await store.directsOf(account)
  return seen.map(direct => ({ ...direct })).toSorted((a, b) => a.peer - b.peer)
}

export function directsConform(make: Make): void {
  test('A to B and B to A meet in one conversation', async () => {
    await using subject = await make()
    const [ann, bob] = await accounts(subject.store, 'Ann', 'Bob')
    const there = await sendOne(subject.store, message(ann, bob, 'there'))
    const back = await sendOne(subject.store, message(bob, ann, 'and back'))
    assert.equal(back.conversation, there.conversation)
    const again = await sendOne(await subject.reopen(), message(bob, ann, 'again'))
    assert.equal(again.conversation, there.conversation)
  })

  test('they meet within one batch, and in batches that overlap', async () => {
    await using subject = await make()
    const { store } = subject
    const [ann, bob, cleo] = await accounts(store, 'Ann', 'Bob', 'Cleo')
    const one = await store.write([message(bob, ann, 'x'), message(ann, bob, 'y')], nowMs)
    assert.equal(stored(one[0]).conversation, stored(one[1]).conversation)
    const two = await Promise.all([sendOne(store, message(cleo, bob, 'x')), sendOne(store, message(bob, cleo, 'y'))])
    assert.equal(two[0].conversation, two[1].conversation)
    assert.notEqual(stored(one[0]).conversation, two[0].conversation)
  })

  test('the membership of both begins at the first message', async () => {
    await using subject = await make()
    const { store } = subject
    const [ann, bob, cleo] = await accounts(store, 'Ann', 'Bob', 'Cleo')
    await sendOne(store, message(ann, cleo, 'before'))
    const { conversation } = await sendOne(store, message(ann, bob, 'first'))
    await sendOne(store, message(bob, ann, 'later'))
    assert.deepEqual(await directs(store, bob), [{ conversation, peer: ann, peerName: 'Ann', joinedSeq: 2 }])
    assert.deepEqual(
      (await directs(store, ann)).map(({ peerName, joinedSeq }) => [peerName, joinedSeq]),
      [
        ['Bob', 2],
        ['Cleo', 1],
      ],
    )
  })

  test('a message to oneself has a conversation with one member', async () => {
    await using subject = await make()
    const { store } = subject
    const [ann, bob] = await accounts(store, 'Ann', 'Bob')
    const { conversation, seq } = await sendOne(store, message(ann, ann, 'note'))
    assert.equal((await sendOne(store, message(ann, ann, 'another'))).conversation, conversation)
    assert.notEqual((await sendOne(store, message(ann, bob, 'hello'))).conversation, conversation)
    assert.deepEqual((await directs(store, ann))[0], { conversation, peer: ann, peerName: 'Ann', joinedSeq: seq })
    assert.equal((await directs(store, ann)).length, 2)
    assert.equal((await directs(store, bob)).length, 1)
  })

  test('a send that is answered no makes no conversation', async () => {
    await using subject = await make()
    const { store } = subject
    const [ann, bob] = await accounts(store, 'Ann', 'Bob')
    await store.write([message(ann, 9_999, 'x'), message(9_999, ann, 'x')], nowMs)
    assert.deepEqual(await store.directsOf(ann), [])
    await sendOne(store, message(ann, bob, 'x'))
    assert.equal((await store.directsOf(ann)).length, 1)
    assert.deepEqual(await store.directsOf(9_999), [])
  })
}
