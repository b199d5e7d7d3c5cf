// Sends with a client id: a repeat is harmless, and gives the first result for as long as the data lives.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accounts, change, kindsOf, type Make, message, nowMs, onceMessage, roomMessage, roomOf } from '../subject.ts'
import { sendOne, stored, wholeLog, writeOne } from '../subject.ts'

export function onceConforms(make: Make): void {
  test('a repeat gives the first result and stores nothing, also after opening again', async () => {
    await using subject = await make()
    const [ann, bob] = await accounts(subject.store, 'Ann', 'Bob')
    const send = onceMessage([ann, bob, 'hello'], 'id-1')
    const first = await sendOne(subject.store, send)
    assert.equal(first.repeated, false)
    await sendOne(subject.store, message(ann, bob, 'in between'))
    assert.deepEqual(await sendOne(subject.store, send), { ...first, repeated: true })
    const again = await subject.reopen()
    assert.deepEqual(await sendOne(again, send), { ...first, repeated: true })
    assert.equal(await again.head(), 2)
    assert.equal((await sendOne(again, message(ann, bob, 'next'))).seq, 3)
  })

  test('a repeat within one batch takes no seq', async () => {
    await using subject = await make()
    const { store } = subject
    const [ann, bob] = await accounts(store, 'Ann', 'Bob')
    const send = onceMessage([ann, bob, 'hello'], 'id-1')
    const written = await store.write([send, send, message(ann, bob, 'next'), send], nowMs)
    assert.deepEqual(
      written.map(one => [stored(one).seq, stored(one).repeated]),
      [
        [1, false],
        [1, true],
        [2, false],
        [1, true],
      ],
    )
  })

  test('the same id with another text is refused, also within one batch and after opening again', async () => {
    await using subject = await make()
    const [ann, bob] = await accounts(subject.store, 'Ann', 'Bob')
    const reused = { kind: 'client-id-reused' }
    const batch = [onceMessage([ann, bob, 'hello'], 'id-1'), onceMessage([ann, bob, 'other'], 'id-1')]
    assert.deepEqual((await subject.store.write(batch, nowMs))[1], reused)
    assert.deepEqual(await subject.store.write([onceMessage([ann, bob, 'third'], 'id-1')], nowMs), [reused])
    const again = await subject.reopen()
    assert.deepEqual(await again.write([onceMessage([ann, bob, 'fourth'], 'id-1')], nowMs), [reused])
    assert.deepEqual(
      (await wholeLog(again)).map(entry => entry.text),
      ['hello'],
    )
  })

  test('the same id elsewhere is refused: with another, in a room, or from a room', async () => {
    await using subject = await make()
    const { store } = subject
    const [ann, bob, cleo] = await accounts(store, 'Ann', 'Bob', 'Cleo')
    const room = await roomOf(store, [ann, bob])
    const other = await roomOf(store, [ann, bob], { name: 'Other' })
    const once = (clientId: string) => ({ once: { clientId } })
    const toRoom = (where: number, id: string) => ({ ...roomMessage(ann, where, 'hello'), ...once(id) })
    await sendOne(store, onceMessage([ann, bob, 'hello'], 'id-1'))
    stored(await writeOne(store, toRoom(room, 'id-2')))
    assert.deepEqual(
      await kindsOf(
        store,
        onceMessage([ann, cleo, 'hello'], 'id-1'),
        toRoom(room, 'id-1'),
        toRoom(other, 'id-2'),
        onceMessage([ann, bob, 'hello'], 'id-2'),
      ),
      ['client-id-reused', 'client-id-reused', 'client-id-reused', 'client-id-reused'],
    )
  })

  test('a repeat is compared with the first text, not with that of an edit', async () => {
    await using subject = await make()
    const [ann, bob] = await accounts(subject.store, 'Ann', 'Bob')
    const send = onceMessage([ann, bob, 'helo'], 'id-1')
    const first = await sendOne(subject.store, send)
    await kindsOf(subject.store, { kind: 'edit', sender: ann, message: 1, text: 'hello', sentAtS: 1 })
    const again = await subject.reopen()
    assert.deepEqual(await sendOne(again, send), { ...first, repeated: true })
    assert.deepEqual(await kindsOf(again, onceMessage([ann, bob, 'hello'], 'id-1')), ['client-id-reused'])
  })

  test('after an erasure a repeat gives the first result whatever it says', async () => {
    await using subject = await make()
    const { store } = subject
    const [ann, bob] = await accounts(store, 'Ann', 'Bob')
    const first = await sendOne(store, onceMessage([ann, bob, 'one'], 'id-1'))
    const second = await sendOne(store, onceMessage([ann, bob, 'two'], 'id-2'))
    await kindsOf(store, { kind: 'delete', sender: ann, message: first.seq })
    assert.deepEqual(await sendOne(store, onceMessage([ann, bob, 'other'], 'id-1')), { ...first, repeated: true })
    await kindsOf(store, { kind: 'delete-account', account: bob })
    await kindsOf(store, { kind: 'delete-account', account: ann }, { kind: 'erase-some', account: ann, limit: 100 })
    const again = await subject.reopen()
    assert.deepEqual(await sendOne(again, onceMessage([ann, bob, 'other'], 'id-2')), { ...second, repeated: true })
  })

  test('ids belong to their sender: another sender may use the same', async () => {
    await using subject = await make()
    const { store } = subject
    const [ann, bob] = await accounts(store, 'Ann', 'Bob')
    const batch = [onceMessage([ann, bob, 'from Ann'], 'id-1'), onceMessage([bob, ann, 'from Bob'], 'id-1')]
    const written = await store.write(batch, nowMs)
    assert.deepEqual(
      written.map(one => [stored(one).seq, stored(one).repeated]),
      [
        [1, false],
        [2, false],
      ],
    )
  })

  test('an id whose first send was answered no is free', async () => {
    await using subject = await make()
    const { store } = subject
    const [ann, bob] = await accounts(store, 'Ann', 'Bob')
    const absent = await store.write([onceMessage([ann, 9_999, 'x'], 'id-1')], nowMs)
    assert.deepEqual(absent, [{ kind: 'no-such-account' }])
    assert.equal((await sendOne(store, onceMessage([ann, bob, 'y'], 'id-1'))).repeated, false)
  })

  test('of repeats that overlap one is stored, and all get its seq', async () => {
    await using subject = await make()
    const { store } = subject
    const [ann, bob] = await accounts(store, 'Ann', 'Bob')
    const send = onceMessage([ann, bob, 'hello'], 'id-1')
    const results = await Promise.all(Array.from({ length: 30 }, () => sendOne(store, send)))
    assert.deepEqual(new Set(results.map(one => one.seq)), new Set([1]))
    assert.equal(results.filter(one => !one.repeated).length, 1)
    assert.equal(await store.head(), 1)
  })

  test('a repeat gives the first result also to who has left the room; another message under its id makes nothing', async () => {
    await using subject = await make()
    const { store } = subject
    const [ann, bob] = await accounts(store, 'Ann', 'Bob')
    const room = await roomOf(store, [ann, bob])
    const send = { ...roomMessage(bob, room, 'hello'), once: { clientId: 'id-1' } }
    const first = stored(await writeOne(store, send))
    assert.deepEqual(await kindsOf(store, change(bob, room, { what: 'leave' })), ['stored'])
    assert.deepEqual(await writeOne(store, send), { ...first, repeated: true })
    assert.deepEqual(await kindsOf(store, roomMessage(bob, room, 'new')), ['not-a-member'])
    assert.deepEqual(await kindsOf(store, onceMessage([bob, ann, 'other'], 'id-1')), ['client-id-reused'])
    assert.equal(await store.directBetween(ann, bob), undefined)
  })

  test('sends without an id are never taken for repeats', async () => {
    await using subject = await make()
    const { store } = subject
    const [ann, bob] = await accounts(store, 'Ann', 'Bob')
    const same = message(ann, bob, 'same')
    await store.write([same, same], nowMs)
    await store.write([same], nowMs)
    assert.equal(await store.head(), 3)
  })
}
