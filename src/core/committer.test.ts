import assert from 'node:assert/strict'
import { test } from 'node:test'
import { batchBytesMax, batchMessagesMax } from '../protocol/limits.ts'
import { Refusal } from '../protocol/refusals.ts'
import { NotWritten, OutcomeUnknown, type SendDirect, type Write, type Written } from '../store/store.ts'
import { Committer, type Outcome } from './committer.ts'

function message(text: string): SendDirect {
  return { kind: 'send-direct', sender: 1, recipient: 2, text, sentAtS: 1 }
}

function textOf(write: Write): string {
  if (write.kind === 'register') return write.name
  return 'text' in write ? write.text : ''
}

interface Commit {
  readonly texts: readonly string[]
  readonly nowMs: number
  /** Ends the commit as the store would. */
  succeed(): void
  fail(error: unknown): void
}

/** A store whose commits end when the test says so, to make faults happen. */
function manualLog() {
  const commits: Commit[] = []
  const watchers: (() => void)[] = []
  let head = 0
  return {
    commits,
    /** The commit of that number, from 0, once it has begun. */
    async begun(index: number): Promise<Commit> {
      while (commits.length <= index) await new Promise<void>(resolve => watchers.push(resolve))
      return commits[index] as Commit
    },
    write(batch: readonly Write[], nowMs: number): Promise<readonly Written[]> {
      return new Promise((resolve, fail) => {
        const succeed = () =>
          resolve(
            batch.map(() => ({ kind: 'stored', seq: (head += 1), conversation: 1, storedAtMs: 1, repeated: false })),
          )
        commits.push({ texts: batch.map(textOf), nowMs, succeed, fail })
        for (const watch of watchers.splice(0)) watch()
      })
    },
  }
}

/** A store that refuses whole batches for the sake of some texts, as one that has a bug would. */
function pickyLog(bad: ReadonlySet<string>) {
  const stored: string[] = []
  const batches: (readonly string[])[] = []
  return {
    stored,
    batches,
    write(batch: readonly Write[]): Promise<readonly Written[]> {
      const texts = batch.map(textOf)
      batches.push(texts)
      if (texts.some(text => bad.has(text))) return Promise.reject(new NotWritten('bad', true))
      return Promise.resolve(
        texts.map(text => ({
          kind: 'stored',
          seq: stored.push(text),
          conversation: 1,
          storedAtMs: 1,
          repeated: false,
        })),
      )
    },
  }
}

/** `stored 3`, or the code of a refusal. */
function brief(outcome: Outcome): string {
  if (outcome instanceof Refusal) return outcome.code
  return outcome.kind === 'stored' ? `stored ${outcome.seq}` : outcome.kind
}

const clock = () => 77

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

test('why a batch was not stored, or is in doubt, is told to who keeps the log', async () => {
  const reasons: string[] = []
  const failures = [new NotWritten('SQLITE_FULL the disk is full', false), new OutcomeUnknown('who knows')]
  const log = { write: () => Promise.reject(failures.shift()) }
  const committer = new Committer(log, () => 0, { trouble: reason => reasons.push(reason) })
  await committer.submitOne(message('one'))
  await committer.submitOne(message('two'))
  assert.deepEqual(reasons, ['NotWritten: SQLITE_FULL the disk is full', 'OutcomeUnknown: who knows'])
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
