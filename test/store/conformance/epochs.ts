// Epochs: the lives of a log, and that of however many who notice a rollback one begins the next.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BeginEpoch } from '../../../src/store/store.ts'
import { accounts, kindsOf, type Make, message, nowMs, plain, sendOne, stored, wholeLog, writeOne } from '../subject.ts'

const begin = (epoch: string, instead: string): BeginEpoch => {
  return { kind: 'begin-epoch', epoch, cursorKey: `key of ${epoch}`, instead }
}

export function epochsConform(make: Make): void {
  test('an epoch is 16 hexadecimal digits, its own in each store with its own key, and the same after opening again', async () => {
    await using subject = await make()
    await using other = await make()
    const [epoch] = await subject.store.epochs()
    const [otherEpoch] = await other.store.epochs()
    assert.match(epoch?.epoch ?? '', /^[0-9a-f]{16}$/)
    assert.match(epoch?.cursorKey ?? '', /^[0-9a-f]{32}$/)
    assert.notEqual(otherEpoch?.epoch, epoch?.epoch)
    assert.notEqual(otherEpoch?.cursorKey, epoch?.cursorKey)
    assert.deepEqual(plain(await (await subject.reopen()).epochs()), plain([epoch]))
  })

  test('a new epoch begins with its own entry, behind the head, and shares nothing for certain', async () => {
    await using subject = await make()
    const { store } = subject
    const [ann, bob] = await accounts(store, 'Ann', 'Bob')
    await sendOne(store, message(ann, bob, 'one'))
    const [first] = await store.epochs()
    assert(first !== undefined)
    const written = await store.write(
      [message(ann, bob, 'two'), begin('00000000000000e2', first.epoch), message(bob, ann, 'three')],
      nowMs,
    )
    assert.deepEqual(
      written.map(one => stored(one).seq),
      [2, 3, 4],
    )
    assert.deepEqual(
      (await wholeLog(store)).map(({ kind, conversation, sender }) => [kind, conversation === 0, sender]),
      [
        ['text', false, ann],
        ['text', false, ann],
        ['epoch', true, 0],
        ['text', false, bob],
      ],
    )
    const second = { epoch: '00000000000000e2', firstSeq: 3, sharedSeq: 0, cursorKey: 'key of 00000000000000e2' }
    assert.deepEqual(plain(await store.epochs()), [plain(first), second])
    assert.deepEqual(plain(await (await subject.reopen()).epochs()), [plain(first), second])
  })

  test('of those who notice the same one begins an epoch, in one batch or in several', async () => {
    await using subject = await make()
    const { store } = subject
    const [first] = await store.epochs()
    const instead = first?.epoch ?? ''
    const [e2, e3, e4] = ['00000000000000e2', '00000000000000e3', '00000000000000e4'] as const
    assert.deepEqual(await kindsOf(store, begin(e2, instead), begin(e3, instead)), ['stored', 'unchanged'])
    assert.deepEqual(await writeOne(store, begin(e4, instead)), { kind: 'unchanged' })
    assert.deepEqual(await writeOne(store, begin(e4, 'no such epoch')), { kind: 'unchanged' })
    assert.equal(await store.head(), 1)
    assert.deepEqual(await kindsOf(store, begin(e4, e2)), ['stored'])
    assert.deepEqual(
      (await store.epochs()).map(({ epoch, firstSeq }) => [epoch, firstSeq]),
      [
        [instead, 1],
        // Of a log without entries the first epoch began there too.
        [e2, 2],
        [e4, 3],
      ],
    )
  })
}
