// Reading: what has been resolved is seen, and the bounds are kept.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Store } from '../../../src/store/store.ts'
import { accounts, type Make, message, nowMs, sendOne, stored } from '../subject.ts'

/** Seqs 1 to 10: odd ones between Ann and Bob, even ones Ann's notes to herself. */
async function tenEntries(store: Store) {
  const [ann, bob] = await accounts(store, 'Ann', 'Bob')
  const batch = Array.from({ length: 10 }, (_, index) => message(ann, index % 2 === 0 ? bob : ann, `text ${index + 1}`))
  const written = await store.write(batch, nowMs)
  return { ann, bob, pair: stored(written[0]).conversation, notes: stored(written[1]).conversation }
}

export function readsConform(make: Make): void {
  test('an empty log has head 0, one epoch and no entries', async () => {
    await using subject = await make()
    const { store } = subject
    assert.equal(await store.head(), 0)
    assert.deepEqual(await store.entriesAfter(0, 10), [])
    assert.deepEqual(await store.seqsOf(1, 0, 100, 10), [])
    const epochs = await store.epochs()
    assert.equal(epochs.length, 1)
    assert.equal(epochs[0]?.firstSeq, 1)
  })

  test('every read sees a write as soon as it is resolved', async () => {
    await using subject = await make()
    const { store } = subject
    const [ann, bob] = await accounts(store, 'Ann', 'Bob')
    for (let round = 1; round <= 25; round += 1) {
      const { seq, conversation } = await sendOne(store, message(ann, bob, `round ${round}`))
      const reads = await Promise.all([
        store.head(),
        store.seqsOf(conversation, seq - 1, seq, 10),
        store.entriesAt([seq]),
        store.entriesAfter(seq - 1, 10),
      ])
      assert.deepEqual([reads[0], reads[1], reads[2][0]?.text], [seq, [seq], `round ${round}`])
      assert.equal(reads[3].length, 1)
    }
  })

  test('seqs of a conversation: after is left out, upTo is in, ascending, no more than the limit', async () => {
    await using subject = await make()
    const { store } = subject
    const { pair, notes } = await tenEntries(store)
    assert.deepEqual(await store.seqsOf(pair, 0, 10, 100), [1, 3, 5, 7, 9])
    assert.deepEqual(await store.seqsOf(notes, 0, 10, 100), [2, 4, 6, 8, 10])
    assert.deepEqual(await store.seqsOf(pair, 3, 7, 100), [5, 7])
    assert.deepEqual(await store.seqsOf(pair, 2, 8, 100), [3, 5, 7])
    assert.deepEqual(await store.seqsOf(pair, 0, 10, 2), [1, 3])
    assert.deepEqual(await store.seqsOf(pair, 0, 10, 0), [])
    assert.deepEqual(await store.seqsOf(pair, 9, 10, 100), [])
    assert.deepEqual(await store.seqsOf(pair, 7, 3, 100), [])
    assert.deepEqual(await store.seqsOf(pair, 9, Number.MAX_SAFE_INTEGER, 100), [])
    assert.deepEqual(await store.seqsOf(9_999, 0, 10, 100), [])
  })

  test('entries at seqs come ascending, once each, and those that do not exist are left out', async () => {
    await using subject = await make()
    const { store } = subject
    const { pair, ann } = await tenEntries(store)
    const entries = await store.entriesAt([9, 2, 11, 2, 0, -1, Number.MAX_SAFE_INTEGER, 4])
    assert.deepEqual(
      entries.map(({ seq, text }) => [seq, text]),
      [
        [2, 'text 2'],
        [4, 'text 4'],
        [9, 'text 9'],
      ],
    )
    const whole = { conversation: pair, sender: ann, kind: 'text', text: 'text 9', refersTo: null, subject: null }
    assert.deepEqual({ ...entries.at(-1) }, { seq: 9, ...whole, sentAtS: 1.5, storedAtMs: nowMs })
    assert.deepEqual(await store.entriesAt([]), [])
    assert.equal((await store.entriesAt(Array.from({ length: 5_000 }, (_, index) => index))).length, 10)
  })

  test('the log after a seq comes ascending, no more than the limit', async () => {
    await using subject = await make()
    const { store } = subject
    await tenEntries(store)
    const seqs = async (after: number, limit: number) => (await store.entriesAfter(after, limit)).map(one => one.seq)
    assert.deepEqual(await seqs(0, 3), [1, 2, 3])
    assert.deepEqual(await seqs(7, 100), [8, 9, 10])
    assert.deepEqual(await seqs(9, 1), [10])
    assert.deepEqual(await seqs(10, 1), [])
    assert.deepEqual(await seqs(Number.MAX_SAFE_INTEGER, 1), [])
    assert.deepEqual(await seqs(0, 0), [])
  })
}
