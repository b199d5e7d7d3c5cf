// The books and the store: what makes a run void is found, and what is right is not.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Claims, compare } from '../../bench/checks/stored.ts'
import { Void } from '../../bench/contract.ts'
import { textOf } from '../../bench/load/texts.ts'
import { hulloSends } from '../../bench/subjects/http.ts'
import { hulloLive, pairs } from '../../bench/subjects/live.ts'
import type { Entry } from '../../src/store/store.ts'
import { smallBench } from './support.ts'

function entry(seq: number, sender: number, text: string): Entry {
  const nobody = { refersTo: null, subject: null, clientId: null }
  return { seq, conversation: 1, sender, kind: 'text', text, sentAtS: 1, storedAtMs: 1, ...nobody }
}

/** A store that holds these texts of sender 0, in this order. */
function logOf(...texts: readonly string[]) {
  const entries = texts.map((text, index) => entry(index + 1, 1, text))
  return {
    entriesAfter: (after: number, limit: number) =>
      Promise.resolve(entries.filter(({ seq }) => seq > after).slice(0, limit)),
  }
}

/** Three sent, the first two acknowledged, the first of them delivered. */
const claims: Claims = { sent: [3], acknowledged: () => [0, 1], delivered: () => [0] }

const [first, second, third] = [textOf(0, 0), textOf(0, 1), textOf(0, 2)]

test('a store that holds what was acknowledged and delivered passes, with or without what was not', async () => {
  assert.deepEqual(await compare(logOf(first, second), claims), { messages: 2, textBytes: 94 })
  assert.deepEqual(await compare(logOf(first, second, third), claims), { messages: 3, textBytes: 141 })
})

const faults = {
  'an acknowledged text that is missing': [logOf(first), /text 1 of 0 was acknowledged and is stored 0 times/],
  'a delivered text that is missing': [logOf(second), /text 0 of 0 was delivered and is stored 0 times/],
  'a text that is there twice': [logOf(first, second, second), /text 1 of 0 .* is stored 2 times/],
  'a text that was changed': [logOf(first, `${second.slice(0, -1)}!`), /seq 2 holds what nobody sent/],
  'a text that nobody sent': [logOf(first, second, textOf(0, 3)), /seq 3 holds what nobody sent/],
  'a text of somebody else': [logOf(first, second, textOf(1, 0)), /seq 3 holds what nobody sent/],
  'texts in another order': [logOf(second, first), /text 0 of 0 is out of order/],
} as const

for (const [what, [log, sentence]] of Object.entries(faults)) {
  test(`${what} makes the run void`, async () => {
    await assert.rejects(compare(log, claims), error => error instanceof Void && sentence.test(error.message))
  })
}

test('Hullo, killed under the load of two pairs, has stored what it acknowledged and delivered', async () => {
  using bench = smallBench()
  const round = { kind: 'saturate', ms: bench.roundMs, window: 50 }
  await using subject = await hulloLive('Hullo', pairs(2), load => load.ask('saturate', round)).start(bench)
  await subject.round()
  const [stored = '', , witnessed = ''] = (await subject.finish?.()) ?? []
  assert.match(stored, /^[1-9]\d* messages are stored; [1-9]\d* were acknowledged and [1-9]\d* delivered/)
  assert.match(witnessed, /^[1-9]\d* messages were looked up/)
})

for (const kind of ['lab-post', 'v1-send'] as const) {
  test(`Hullo, killed under the load of ${kind}, has stored what it acknowledged`, async () => {
    using bench = smallBench()
    await using subject = await hulloSends('Hullo', { kind, batch: 3 }, { connections: 8 }).start(bench)
    await subject.round()
    const [stored = ''] = (await subject.finish?.()) ?? []
    assert.match(stored, /^[1-9]\d* messages are stored; [1-9]\d* were acknowledged/)
  })
}
