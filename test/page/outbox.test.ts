// What was written on the page and is not in the log yet: never lost, never doubled, whichever comes first.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refused } from '../../src/sdk/sdk.ts'
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
  assert.equal(outbox.discard(server.sent[1]?.clientId ?? ''), 'hello')
  assert.deepEqual(states(), [])
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
