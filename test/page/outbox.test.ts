// What was written on the page and is not in the log yet: never lost, never doubled, whichever comes first.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ForeignAnswer, Refused, Withdrawn } from '../../src/sdk/sdk.ts'
import type { Sentence } from '../../src/protocol/texts/sentence.ts'
import { Outbox } from '../../web/model/outbox.ts'
import { entry, fakeServer, memory } from './model.ts'

function begin() {
  const server = fakeServer()
  const kept = memory()
  const shown = new Set<number>()
  const outbox = new Outbox(server.me, kept, (_to, seq) => shown.has(seq))
  const states = () => outbox.to('@ann').value.map(({ state }) => state.is)
  return { server, kept, shown, outbox, states }
}

const settled = () => new Promise<void>(resolve => setImmediate(resolve))
const own = (seq: number, text: string) => entry(seq, { sender: 'me', to: '@ann', text })

test('the answer first, then the entry: the echo stands until the entry does', async () => {
  const { server, outbox, states } = begin()
  outbox.send('@ann', 'hello')
  assert.deepEqual(states(), ['sending'])
  server.sent[0]?.answer(9)
  await settled()
  assert.deepEqual(states(), ['stored'])
  outbox.heard(own(9, 'hello'))
  assert.deepEqual(states(), [])
})

test('the entry first, then the answer: it is never there twice', async () => {
  const { server, shown, outbox, states } = begin()
  outbox.send('@ann', 'hello')
  outbox.heard(own(9, 'hello'))
  shown.add(9)
  assert.deepEqual(states(), [], 'the log shows it')
  server.sent[0]?.answer(9)
  await settled()
  assert.deepEqual(states(), [])
})

test('an entry of the same text from another device is not taken for this one', async () => {
  const { server, shown, outbox, states } = begin()
  outbox.send('@ann', 'hello')
  outbox.heard(own(9, 'hello'))
  shown.add(9)
  server.sent[0]?.answer(10)
  await settled()
  assert.deepEqual(states(), ['stored'], 'seq 10 is still to come')
  outbox.heard(own(10, 'hello'))
  assert.deepEqual(states(), [])
})

test('what is refused says why, and is tried again under the same id', async () => {
  const { server, outbox, states } = begin()
  outbox.send('@ann', 'hello')
  server.sent[0]?.refuse(new Refused('unreachable', 'Nobody of that name.'))
  await settled()
  const [failed] = outbox.to('@ann').value
  assert.deepEqual(failed?.state, { is: 'failed', why: 'Nobody of that name.' })
  outbox.retry(failed?.clientId ?? '')
  assert.deepEqual(states(), ['sending'])
  assert.equal(server.sent[1]?.clientId, server.sent[0]?.clientId)
  server.sent[1]?.refuse(new Refused('unreachable', 'Nobody of that name.'))
  await settled()
  assert.equal(await outbox.discard(server.sent[1]?.clientId ?? ''), 'unsent')
  assert.deepEqual(states(), [])
})

test('what a proxy blocks says so, and stays until it is tried again or deleted', async () => {
  const { server, kept, outbox } = begin()
  outbox.send('@ann', 'hello')
  server.sent[0]?.refuse(new ForeignAnswer('Blocked (HTTP 413).' as Sentence, 413))
  await settled()
  assert.deepEqual(outbox.to('@ann').value[0]?.state, { is: 'failed', why: 'Blocked (HTTP 413).' })
  assert.equal(kept.all.size, 1)
})

test('a message that waits is deleted: it is taken back, and no later page sends it', async () => {
  const { server, kept, outbox, states } = begin()
  outbox.send('@ann', 'hello')
  const { clientId = '' } = server.sent[0] ?? {}
  const fate = outbox.discard(clientId)
  assert.deepEqual(states(), ['deleting'])
  assert.deepEqual(server.withdrawn, [clientId])
  assert.equal(kept.all.size, 0)
  server.sent[0]?.refuse(new Withdrawn(false))
  assert.equal(await fate, 'unsent')
  assert.deepEqual(states(), [])
})

test('a message that is deleted while it is on its way is erased if it was stored, and its author learns where it may be', async () => {
  const { server, outbox, states } = begin()
  outbox.send('@ann', 'one')
  outbox.send('@ann', 'two')
  const ids = server.sent.map(one => one.clientId)
  const fates = ids.map(id => outbox.discard(id))
  server.sent[0]?.answer(9)
  server.sent[1]?.refuse(new Withdrawn(true))
  assert.deepEqual(await Promise.all(fates), ['erased', 'unknown'])
  assert.deepEqual(server.erased, [9])
  assert.deepEqual(states(), [])
})

test('an entry of the same text from another device hides it only until the refusal comes', async () => {
  const { server, outbox, states } = begin()
  outbox.send('@ann', 'hello')
  outbox.heard(own(9, 'hello'))
  assert.deepEqual(states(), [])
  server.sent[0]?.refuse(new Refused('silenced', 'No.'))
  await settled()
  assert.deepEqual(states(), ['failed'])
})

test('what was not acknowledged when the page was closed is sent again, in order and under its id', async () => {
  const { server, kept, outbox } = begin()
  outbox.send('@ann', 'one')
  outbox.send('@ann', 'two')
  server.sent[0]?.answer(1)
  await settled()
  outbox.heard(own(1, 'one'))
  const later = fakeServer()
  const again = new Outbox(later.me, kept, () => false)
  again.resume()
  assert.deepEqual(
    later.sent.map(({ text, clientId }) => [text, clientId]),
    [['two', server.sent[1]?.clientId]],
  )
  again.stop()
  assert.deepEqual(again.to('@ann').value, [], 'the session is over: nothing is on its way any more')
  later.sent[0]?.refuse(new Refused('signed-out', 'Over.'))
  await settled()
  assert.deepEqual(again.to('@ann').value, [])
  assert.equal(kept.all.size, 1, 'and what was, waits for the next')
})
