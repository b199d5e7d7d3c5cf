import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal } from '../../protocol/refusals.ts'
import { HashQueue, type Presence, type Waiter } from './hash-queue.ts'

/** A queue whose work ends when the test says so; the names of what has begun, in order. */
function open({ runningMax = 1, waitingMax = 100 } = {}) {
  const queue = new HashQueue(runningMax, waitingMax)
  const begun: string[] = []
  const ends: (() => void)[] = []
  const run = (name: string, waiter: Partial<Waiter> = {}) =>
    queue.run({ key: name, presence: () => 'here', ...waiter }, async () => {
      begun.push(name)
      await new Promise<void>(resolve => ends.push(resolve))
      return name
    })
  /** Ends what runs, until nothing does. */
  const finish = async () => {
    for (;;) {
      // Whoever is next begins within these turns of the event loop.
      await new Promise(resolve => setImmediate(resolve))
      const end = ends.shift()
      if (end === undefined) return begun
      end()
    }
  }
  return { run, begun, finish }
}

const outcomeOf = (outcome: string | Refusal) => (outcome instanceof Refusal ? outcome.code : outcome)

test('sources take turns: one that asks for much keeps the others waiting for one turn', async () => {
  const { run, finish } = open()
  const all = ['a1', 'a2', 'a3', 'a4'].map(name => run(name, { key: 'a' }))
  all.push(run('b1', { key: 'b' }), run('b2', { key: 'b' }), run('c1', { key: 'c' }))
  assert.deepEqual(await finish(), ['a1', 'a2', 'b1', 'c1', 'a3', 'b2', 'a4'])
  assert.deepEqual(await Promise.all(all), ['a1', 'a2', 'a3', 'a4', 'b1', 'b2', 'c1'])
})

test('a full queue makes room for a source that has less in it, at the cost of the one that has most', async () => {
  const { run, finish } = open({ waitingMax: 4 })
  const first = run('a0', { key: 'a' })
  const many = ['a1', 'a2', 'a3', 'a4', 'a5'].map(name => run(name, { key: 'a' }))
  const others = ['b1', 'b2', 'b3'].map(name => run(name, { key: 'b' }))
  const begun = await finish()
  assert.deepEqual(begun, ['a0', 'a1', 'b1', 'a2', 'b2'])
  assert.deepEqual((await Promise.all([first, ...many])).map(outcomeOf), ['a0', 'a1', 'a2', 'busy', 'busy', 'busy'])
  assert.deepEqual((await Promise.all(others)).map(outcomeOf), ['b1', 'b2', 'busy'])
})

test('callers that have left are not worked for, and hold no room in the queue', async () => {
  const { run, finish } = open({ waitingMax: 3 })
  const presence: { of: Presence } = { of: 'here' }
  const leaving = { key: 'a', presence: () => presence.of }
  const all = [run('first'), run('a1', leaving), run('a2', leaving), run('a3', leaving)]
  presence.of = 'gone'
  all.push(run('b1', { key: 'a' }), run('b2', { key: 'a' }), run('b3', { key: 'a' }))
  assert.deepEqual(await finish(), ['first', 'b1', 'b2', 'b3'])
  const outcomes = (await Promise.all(all)).map(outcomeOf)
  assert.deepEqual(outcomes, ['first', 'busy', 'busy', 'busy', 'b1', 'b2', 'b3'])
  assert.deepEqual(outcomeOf(await run('too late', { presence: () => 'gone' })), 'busy')
  const late = run('late')
  await finish()
  assert.equal(await late, 'late', 'the slots are free again')
})

test('callers that have closed their side get every fifth turn while others wait, and give way when it is full', async () => {
  const { run, finish } = open({ waitingMax: 8 })
  const silent: Partial<Waiter> = { key: 's', presence: () => 'silent' }
  const all = [run('first'), run('s1', silent), run('s2', silent)]
  all.push(...['a1', 'a2', 'a3', 'a4', 'a5'].map(name => run(name, { key: 'a' })))
  assert.deepEqual(await finish(), ['first', 'a1', 'a2', 'a3', 'a4', 's1', 'a5', 's2'])
  const full = open({ waitingMax: 2 })
  const dropped = [full.run('first'), full.run('s1', silent), full.run('s2', silent), full.run('a1', { key: 'a' })]
  assert.deepEqual(await full.finish(), ['first', 'a1'])
  assert.deepEqual((await Promise.all(dropped)).map(outcomeOf), ['first', 'busy', 'busy', 'a1'])
})

test('work that fails gives its slot back', async () => {
  const queue = new HashQueue(1, 1)
  const here: Waiter = { key: 'a', presence: () => 'here' }
  await assert.rejects(
    queue.run(here, async () => {
      throw new Error('broken')
    }),
    /broken/,
  )
  assert.equal(await queue.run(here, async () => 'fine'), 'fine')
})
