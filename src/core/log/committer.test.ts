// Group commit: what shares a batch, in which order, within which bounds, and who hears of it when.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { brief, clock, manualLog, message, pickyLog } from '../../../test/support/commits.ts'
import { batchBytesMax, batchMessagesMax } from '../../protocol/limits.ts'
import { Refusal } from '../../protocol/refusals.ts'
import { Committer, type Outcome } from './committer.ts'

test('what arrives during a commit shares the next one, in the order of arrival', async () => {
  const log = manualLog()
  const committer = new Committer(log, clock)
  const first = committer.submitOne(message('a'))
  const running = await log.begun(0)
  const later = ['b', 'c', 'd'].map(text => committer.submitOne(message(text)))
  running.succeed()
  const next = await log.begun(1)
  assert.deepEqual([running.texts, next.texts, next.nowMs], [['a'], ['b', 'c', 'd'], 77])
  next.succeed()
  assert.deepEqual((await Promise.all([first, ...later])).map(brief), ['stored 1', 'stored 2', 'stored 3', 'stored 4'])
  assert.equal(log.commits.length, 2)
})

test('what arrives in one turn of the event loop shares the first commit', async () => {
  const log = manualLog()
  const committer = new Committer(log, clock)
  const all = ['a', 'b', 'c'].map(text => committer.submitOne(message(text)))
  const commit = await log.begun(0)
  assert.deepEqual(commit.texts, ['a', 'b', 'c'])
  commit.succeed()
  await Promise.all(all)
})

test('nobody hears anything before the store has resolved', async () => {
  const log = manualLog()
  const committer = new Committer(log, clock)
  let heard = false
  const waiting = committer.submitOne(message('a')).then(outcome => {
    heard = true
    return outcome
  })
  const commit = await log.begun(0)
  for (let turn = 0; turn < 10; turn += 1) await new Promise(resolve => setImmediate(resolve))
  assert.equal(heard, false)
  commit.succeed()
  assert.equal(brief(await waiting), 'stored 1')
})

test('only one commit runs at a time', async () => {
  const log = manualLog()
  const committer = new Committer(log, clock)
  const first = committer.submitOne(message('a'))
  const running = await log.begun(0)
  const second = committer.submitOne(message('b'))
  for (let turn = 0; turn < 10; turn += 1) await new Promise(resolve => setImmediate(resolve))
  assert.equal(log.commits.length, 1)
  running.succeed()
  await first
  const next = await log.begun(1)
  next.succeed()
  await second
})

test('each caller gets the outcomes of its own writes, in its order', async () => {
  const log = pickyLog(new Set(['bad']))
  const committer = new Committer(log, clock)
  const groups = [['a', 'b'], ['bad'], [], ['c', 'bad', 'd']]
  const outcomes = await Promise.all(groups.map(texts => committer.submit(texts.map(message))))
  assert.deepEqual(
    outcomes.map(group => group.map(brief)),
    [['stored 1', 'stored 2'], ['unavailable'], [], ['stored 3', 'unavailable', 'stored 4']],
  )
})

test('a batch is bounded in messages and in bytes, whoever shares it', async () => {
  const log = pickyLog(new Set())
  const committer = new Committer(log, clock)
  const group = Array.from({ length: 400 }, (_, index) => message(`${index}`))
  await Promise.all([1, 2, 3, 4].map(() => committer.submit(group)))
  assert.deepEqual(
    log.batches.map(batch => batch.length),
    [batchMessagesMax, 1_600 - batchMessagesMax],
  )
  log.batches.length = 0
  const large = message('x'.repeat(16_000))
  await Promise.all(Array.from({ length: 100 }, () => committer.submitOne(large)))
  assert.deepEqual(new Set(log.batches.slice(0, -1).map(batch => batch.length)), new Set([32]))
  assert(33 * (2 * large.text.length + 200) > batchBytesMax)
})

test('what is submitted at once and is more than a batch goes down in several, in order, and is answered in order', async () => {
  const log = pickyLog(new Set(['1500']))
  const committer = new Committer(log, clock)
  const texts = Array.from({ length: 2_300 }, (_, index) => `${index}`)
  const first = committer.submitOne(message('before'))
  const whole = committer.submit(texts.map(message))
  const last = committer.submitOne(message('after'))
  const large = committer.submit(Array.from({ length: 70 }, () => message('x'.repeat(16_000))))
  const outcomes = await whole
  assert.deepEqual(
    outcomes.map(brief),
    texts.map((_, index) => (index === 1_500 ? 'unavailable' : `stored ${index < 1_500 ? index + 2 : index + 1}`)),
  )
  assert.deepEqual([brief(await first), brief(await last)], ['stored 1', 'stored 2301'])
  assert.equal((await large).filter(one => brief(one).startsWith('stored')).length, 70)
  for (const batch of log.batches) {
    assert(batch.length <= batchMessagesMax)
    assert(batch.reduce((bytes, text) => bytes + 200 + 2 * text.length, 0) <= batchBytesMax)
  }
  assert.deepEqual(log.stored.slice(0, 2_301), ['before', ...texts.toSpliced(1_500, 1), 'after'])
})

test('where there is no time left, what is under way of a group gets its outcome, and the rest is refused', async () => {
  const log = manualLog()
  const committer = new Committer(log, clock)
  const group = committer.submit(Array.from({ length: batchMessagesMax + 2 }, () => message('a')))
  const waiting = committer.submitOne(message('b'))
  const commit = await log.begun(0)
  committer.refuseWaiting()
  assert.equal(brief(await waiting), 'unavailable')
  commit.succeed()
  const outcomes = (await group).map(brief)
  assert.deepEqual(
    [outcomes.length, ...outcomes.slice(-3)],
    [batchMessagesMax + 2, `stored ${batchMessagesMax}`, 'unavailable', 'unavailable'],
  )
  await committer.drain()
  assert.equal(log.commits.length, 1)
})

test('over its bound the queue refuses with busy and a time, and keeps what it has', async () => {
  const log = manualLog()
  const committer = new Committer(log, clock, { queueBytesMax: 1_000 })
  const first = committer.submitOne(message('a'))
  const running = await log.begun(0)
  const waiting = ['b', 'c', 'd'].map(text => committer.submitOne(message(text)))
  const tooMuch = await committer.submit([message('e'), message('x'.repeat(500))])
  assert.deepEqual(tooMuch.map(brief), ['busy', 'busy'])
  assert(tooMuch[0] instanceof Refusal && tooMuch[0].retryAfterSeconds === 1)
  running.succeed()
  const next = await log.begun(1)
  assert.deepEqual(next.texts, ['b', 'c', 'd'])
  const after = committer.submitOne(message('f'))
  next.succeed()
  const last = await log.begun(2)
  last.succeed()
  assert.deepEqual((await Promise.all([first, ...waiting, after])).map(brief).at(-1), 'stored 5')
})

test('a group larger than the bound passes when nothing else waits', async () => {
  const committer = new Committer(pickyLog(new Set()), clock, { queueBytesMax: 10 })
  assert.deepEqual((await committer.submit([message('a'), message('b')])).map(brief), ['stored 1', 'stored 2'])
})

test('drain resolves when everything that was submitted has its outcome, and at once when nothing waits', async () => {
  const log = manualLog()
  const committer = new Committer(log, clock)
  await committer.drain()
  const outcomes: string[] = []
  const note = (outcome: Outcome) => outcomes.push(brief(outcome))
  const first = committer.submitOne(message('a')).then(note)
  const running = await log.begun(0)
  const second = committer.submitOne(message('b')).then(note)
  const drained = committer.drain().then(() => outcomes.push('drained'))
  running.succeed()
  const next = await log.begun(1)
  assert.deepEqual(outcomes, ['stored 1'])
  next.succeed()
  await Promise.all([first, second, drained])
  assert.deepEqual(outcomes, ['stored 1', 'stored 2', 'drained'])
})

test('what waits can be refused when there is no time left; what is under way gets its outcome', async () => {
  const log = manualLog()
  const committer = new Committer(log, () => 0)
  const first = committer.submitOne(message('under way'))
  const commit = await log.begun(0)
  const second = committer.submitOne(message('waits'))
  committer.refuseWaiting()
  const refused = await second
  assert(refused instanceof Refusal)
  assert.equal(refused.code, 'unavailable')
  commit.succeed()
  const stored = await first
  assert(!(stored instanceof Refusal))
  assert.equal(stored.kind, 'stored')
  await committer.drain()
  assert.equal(log.commits.length, 1)
})
