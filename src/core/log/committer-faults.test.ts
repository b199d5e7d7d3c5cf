// Group commit over a store that fails: whom a fault concerns, and what is told to whom.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { brief, clock, manualLog, message, pickyLog } from '../../../test/support/commits.ts'
import { batchMessagesMax } from '../../protocol/limits.ts'
import { NotWritten, OutcomeUnknown } from '../../store/store.ts'
import { Committer } from './committer.ts'

test('a part of what was submitted at once that breaks the store rejects the whole, and only when all is known', async () => {
  const log = manualLog()
  const committer = new Committer(log, clock)
  const outcomes = committer.submit(Array.from({ length: batchMessagesMax + 1 }, () => message('a')))
  let settled = false
  const noted = outcomes.catch(() => {}).then(() => (settled = true))
  const first = await log.begun(0)
  first.fail(new TypeError('a bug'))
  const second = await log.begun(1)
  assert.equal(settled, false)
  second.succeed()
  await assert.rejects(outcomes, /a bug/)
  await noted
})

test('a batch with a culprit is halved until it stands alone; the order stays', async () => {
  const texts = Array.from({ length: 100 }, (_, index) => `text ${index}`)
  const log = pickyLog(new Set(['text 37']))
  const outcomes = await new Committer(log, clock).submit(texts.map(message))
  assert.deepEqual(
    outcomes.map(brief),
    texts.map((_, index) => (index === 37 ? 'unavailable' : `stored ${index < 37 ? index + 1 : index}`)),
  )
  assert.deepEqual(log.stored, texts.toSpliced(37, 1))
  // Twice the depth of the halving and one, not one commit a message.
  assert(log.batches.length <= 15, `${log.batches.length} commits`)
})

test("what is everybody's fault is tried once, and refused to all", async () => {
  const log = manualLog()
  const committer = new Committer(log, clock)
  const outcomes = committer.submit([message('a'), message('b')])
  const commit = await log.begun(0)
  commit.fail(new NotWritten('the disk is full', false))
  assert.deepEqual((await outcomes).map(brief), ['unavailable', 'unavailable'])
  assert.equal(log.commits.length, 1)
})

test('an unknown outcome is told as such, never tried again, and the next batch goes on', async () => {
  const log = manualLog()
  const committer = new Committer(log, clock)
  const doubtful = committer.submit([message('a'), message('b')])
  const commit = await log.begun(0)
  const next = committer.submitOne(message('c'))
  commit.fail(new OutcomeUnknown('nobody knows'))
  assert.deepEqual((await doubtful).map(brief), ['outcome-unknown', 'outcome-unknown'])
  const second = await log.begun(1)
  assert.deepEqual(second.texts, ['c'])
  second.succeed()
  assert.equal(brief(await next), 'stored 1')
})

test('half of a divided batch whose outcome is unknown does not blur the other half', async () => {
  const log = manualLog()
  const committer = new Committer(log, clock)
  const outcomes = committer.submit(['a', 'b', 'c', 'd'].map(message))
  const whole = await log.begun(0)
  whole.fail(new NotWritten('one is bad', true))
  const left = await log.begun(1)
  left.fail(new OutcomeUnknown('nobody knows'))
  const right = await log.begun(2)
  right.succeed()
  assert.deepEqual((await outcomes).map(brief), ['outcome-unknown', 'outcome-unknown', 'stored 1', 'stored 2'])
})

test('half of a divided batch that breaks the store does not hide that the other half is stored', async () => {
  const log = manualLog()
  const committer = new Committer(log, clock)
  const groups = [committer.submitOne(message('a')), committer.submitOne(message('b'))] as const
  const whole = await log.begun(0)
  whole.fail(new NotWritten('one is bad', true))
  const left = await log.begun(1)
  left.succeed()
  const right = await log.begun(2)
  right.fail(new TypeError('a bug'))
  assert.equal(brief(await groups[0]), 'stored 1')
  await assert.rejects(groups[1], /a bug/)
})

test('something broken rejects those who waited for it, and only them', async () => {
  const log = manualLog()
  const committer = new Committer(log, clock)
  const broken = committer.submitOne(message('a'))
  const commit = await log.begun(0)
  const next = committer.submitOne(message('b'))
  commit.fail(new TypeError('a bug'))
  await assert.rejects(broken, /a bug/)
  const second = await log.begun(1)
  second.succeed()
  assert.equal(brief(await next), 'stored 1')
})

test('why a batch was not stored, or is in doubt, is told to who keeps the log', async () => {
  const reasons: string[] = []
  const failures = [new NotWritten('SQLITE_FULL the disk is full', false), new OutcomeUnknown('who knows')]
  const log = { write: () => Promise.reject(failures.shift()) }
  const committer = new Committer(log, () => 0, { trouble: reason => reasons.push(reason) })
  await committer.submitOne(message('one'))
  await committer.submitOne(message('two'))
  assert.deepEqual(reasons, ['NotWritten: SQLITE_FULL the disk is full', 'OutcomeUnknown: who knows'])
})
