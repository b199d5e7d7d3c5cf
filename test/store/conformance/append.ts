// The append: explicit seqs without a gap, in the order of the batch and of the calls; a clock that never goes back.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { Write } from '../../../src/store/store.ts'
import { accounts, type Make, message, nowMs, registration, sendOne, seqsOfResults, wholeLog } from '../subject.ts'

export function appendConforms(make: Make): void {
  test('a batch gets the seqs after the head, in the order of its sends', async () => {
    await using subject = await make()
    const { store } = subject
    const [ann, bob] = await accounts(store, 'Ann', 'Bob')
    const first = await store.write([message(ann, bob, 'a'), message(bob, ann, 'b'), message(ann, bob, 'c')], nowMs)
    assert.deepEqual(seqsOfResults(first), [1, 2, 3])
    assert.deepEqual(seqsOfResults(await store.write([message(bob, ann, 'd')], nowMs)), [4])
    assert.deepEqual(
      (await wholeLog(store)).map(({ seq, text }) => `${seq} ${text}`),
      ['1 a', '2 b', '3 c', '4 d'],
    )
  })

  test('a write that is answered no takes no seq and changes nothing for the others in its batch', async () => {
    await using subject = await make()
    const { store } = subject
    const [ann, bob] = await accounts(store, 'Ann', 'Bob')
    const batch: Write[] = [
      message(ann, 9_999, 'to nobody'),
      message(ann, bob, 'a'),
      message(9_999, bob, 'from nobody'),
      registration('ANN'),
      message(9_998, 9_999, 'from nobody to nobody'),
      message(ann, bob, 'b'),
      message(ann, 0, 'to zero'),
      message(-1, -1, 'to minus one'),
    ]
    const written = await store.write(batch, nowMs)
    const absent = { kind: 'no-such-account' }
    const [, a, , , , b] = written
    assert.deepEqual(written, [absent, a, absent, { kind: 'name-taken' }, absent, b, absent, absent])
    assert.deepEqual(a?.kind === 'stored' && b?.kind === 'stored' && [a.seq, b.seq], [1, 2])
    assert.equal(await store.head(), 2)
  })

  test('an account that is made in a batch can be written to in the next one', async () => {
    await using subject = await make()
    const { store } = subject
    const [ann] = await accounts(store, 'Ann')
    const both = [store.write([registration('Bob')], nowMs), store.write([message(ann, ann, 'x')], nowMs)] as const
    const [[bob]] = await Promise.all(both)
    assert(bob?.kind === 'registered')
    assert.equal((await sendOne(store, message(ann, bob.account, 'hello'))).seq, 2)
  })

  test('a batch of nothing is answered with nothing', async () => {
    await using subject = await make()
    const { store } = subject
    assert.deepEqual(await store.write([], nowMs), [])
    assert.equal(await store.head(), 0)
  })

  test('a batch of 1,000 is stored whole and in order', async () => {
    await using subject = await make()
    const { store } = subject
    const [ann, bob] = await accounts(store, 'Ann', 'Bob')
    const batch = Array.from({ length: 1_000 }, (_, index) => message(ann, bob, `text ${index}`))
    const seqs = seqsOfResults(await store.write(batch, nowMs))
    assert.deepEqual(
      seqs,
      batch.map((_, index) => index + 1),
    )
    assert.deepEqual(
      (await wholeLog(store, 300)).map(entry => entry.text),
      batch.map(({ text }) => text),
    )
  })

  test('whatever else a batch holds finds what the sends before it stored', async () => {
    await using subject = await make()
    const { store } = subject
    const [ann, bob] = await accounts(store, 'Ann', 'Bob')
    for (const count of [1, 7, 8, 9, 63, 64, 65, 137]) {
      const head = await store.head()
      const sends = Array.from({ length: count }, (_, index) => message(ann, bob, `text ${head + index + 1}`))
      const batch: Write[] = [
        ...sends,
        { kind: 'edit', sender: ann, message: head + count, text: 'edited', sentAtS: 2 },
        message(bob, ann, 'between'),
        { kind: 'delete', sender: bob, message: head + count + 2 },
        ...sends,
      ]
      const written = await store.write(batch, nowMs)
      assert.deepEqual(
        seqsOfResults(written),
        Array.from({ length: batch.length }, (_, index) => head + index + 1),
      )
      const entries = (await wholeLog(store)).slice(head)
      assert.deepEqual(
        entries.map(({ kind, text }) => (kind === 'text' ? text : kind)),
        [...sends.map(({ text }) => text), 'edit', 'erased', 'delete', ...sends.map(({ text }) => text)],
      )
    }
  })

  test('writes that overlap are committed in the order of the calls', async () => {
    await using subject = await make()
    const { store } = subject
    const [ann, bob] = await accounts(store, 'Ann', 'Bob')
    const calls = Array.from({ length: 50 }, (_, call) => [
      message(ann, bob, `${call} first`),
      message(bob, ann, `${call} second`),
    ])
    const written = await Promise.all(calls.map(batch => store.write(batch, nowMs)))
    assert.deepEqual(
      written.flatMap(seqsOfResults),
      calls.flat().map((_, index) => index + 1),
    )
    assert.deepEqual(
      (await wholeLog(store)).map(entry => entry.text),
      calls.flat().map(({ text }) => text),
    )
  })

  test('the log goes on without a gap after opening again', async () => {
    await using subject = await make()
    const [ann, bob] = await accounts(subject.store, 'Ann', 'Bob')
    await sendOne(subject.store, message(ann, bob, 'before'))
    const again = await subject.reopen()
    assert.equal(await again.head(), 1)
    assert.equal((await sendOne(again, message(bob, ann, 'after'))).seq, 2)
  })

  test('the time of storing never decreases along seq, also when the clock goes back or the store is opened again', async () => {
    await using subject = await make()
    const [ann, bob] = await accounts(subject.store, 'Ann', 'Bob')
    for (const atMs of [5_000, 4_000, 6_000, 1]) await sendOne(subject.store, message(ann, bob, `at ${atMs}`), atMs)
    await subject.reopen()
    for (const atMs of [2, 7_000]) await sendOne(subject.store, message(ann, bob, `at ${atMs}`), atMs)
    assert.deepEqual(
      (await wholeLog(subject.store)).map(entry => entry.storedAtMs),
      [5_000, 5_000, 6_000, 6_000, 6_000, 7_000],
    )
  })

  test('whatever is in the batches, the log is gap-free and in order', async () => {
    await using subject = await make()
    const { store } = subject
    const known = await accounts(store, 'Ann', 'Bob', 'Cleo')
    const who = fc.constantFrom(...known, 777)
    const batches = fc.array(fc.array(fc.tuple(who, who), { maxLength: 8 }), { maxLength: 5 })
    let expected = 0
    await fc.assert(
      fc.asyncProperty(batches, async pairs => {
        const calls = pairs.map(pair =>
          store.write(
            pair.map(([from, to]) => message(from, to, 'x')),
            nowMs,
          ),
        )
        const written = (await Promise.all(calls)).flat()
        const fates = pairs.flat().map(([from, to]) => (from === 777 || to === 777 ? 'no-such-account' : 'stored'))
        assert.deepEqual(
          written.map(one => one.kind),
          fates,
        )
        for (const one of written) if (one.kind === 'stored') assert.equal(one.seq, (expected += 1))
        assert.equal(await store.head(), expected)
      }),
      { numRuns: 40 },
    )
    assert.deepEqual(
      (await wholeLog(store)).map(entry => entry.seq),
      Array.from({ length: expected }, (_, index) => index + 1),
    )
  })
}
