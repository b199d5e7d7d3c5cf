// A scenario's run: turns, what is missing, and a run that is void, with contenders that only pretend.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { type Contender, type Sample, type Scenario, Void } from '../../bench/contract.ts'
import { measure } from '../../bench/measure.ts'
import { startProcess } from '../../bench/process.ts'
import { smallBench } from './support.ts'

interface Pretence {
  readonly round?: () => Promise<Sample>
  readonly finish?: () => Promise<readonly string[]>
  readonly missing?: string
}

/** Runs contenders of these names for two rounds; answers also the order in which things happened. */
async function measured(pretences: Readonly<Record<string, Pretence>>) {
  using bench = smallBench()
  const order: string[] = []
  const contenders = Object.entries(pretences).map(
    ([name, { round = async () => ({ n: 1 }), finish, missing }]): Contender => ({
      name,
      ...(missing === undefined ? {} : { missing: () => missing }),
      start: async () => ({
        round() {
          order.push(name)
          return round()
        },
        ...(finish === undefined ? {} : { finish }),
        async [Symbol.asyncDispose]() {
          order.push(`end ${name}`)
        },
      }),
    }),
  )
  const scenario: Scenario = { name: 's', title: '', work: '', contenders: () => contenders, figures: [], lines: [] }
  return { order, run: await measure(scenario, bench, 2, () => {}) }
}

test('contenders take turns, are checked, and end', async () => {
  const { order, run } = await measured({ a: { finish: async () => ['all there'] }, b: {} })
  assert.deepEqual(order, ['a', 'b', 'a', 'b', 'end b', 'end a'])
  assert.deepEqual(run.rounds, { a: [{ n: 1 }, { n: 1 }], b: [{ n: 1 }, { n: 1 }] })
  assert.deepEqual([run.checks, run.void], [['a: all there'], undefined])
})

test('a contender that is missing is named, and the others run', async () => {
  const { order, run } = await measured({ a: { missing: 'not here' }, b: {} })
  assert.deepEqual(order, ['b', 'b', 'end b'])
  assert.deepEqual(run.missing, { a: 'not here' })
})

test('what is void in a round or in the check at the end makes the run void, and everything ends', async () => {
  const late = await measured({ a: { finish: () => Promise.reject(new Void('one is missing')) }, b: {} })
  assert.equal(late.run.void, 'one is missing')
  assert.deepEqual(late.order.slice(-2), ['end b', 'end a'])
  const early = await measured({ a: { round: () => Promise.reject(new Void('one came twice')) }, b: {} })
  assert.equal(early.run.void, 'a: one came twice')
  assert.deepEqual(early.order, ['a', 'end b', 'end a'])
})

test('what breaks is no void run, and says whose it was', async () => {
  await assert.rejects(measured({ a: { round: () => Promise.reject(new Error('no room')) } }), /^Error: a: no room$/)
})

test('only the servers whose turn it is run; the others are stopped until theirs comes, or the end', async () => {
  using bench = smallBench()
  const pids: number[] = []
  const seen: string[] = []
  const isStopped = (pid: number | undefined) => /\) (\w)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1] === 'T'
  const contenders = ['a', 'b'].map(
    (name): Contender => ({
      name,
      async start() {
        const script = 'setInterval(() => {}, 1e6); console.log("ready on 1")'
        const server = await startProcess([process.execPath, '-e', script], { ready: /ready on (\d)/ })
        pids.push(server.pid)
        const look = () => seen.push(`${name}: ${pids.map(pid => (isStopped(pid) ? 'stopped' : 'runs')).join(', ')}`)
        return {
          async round() {
            look()
            return { n: 1 }
          },
          async finish() {
            if (name === 'a') look()
            // Also one that is asked to end in its own time.
            await server.end('SIGTERM')
            return []
          },
          [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
        }
      },
    }),
  )
  const scenario: Scenario = { name: 's', title: '', work: '', contenders: () => contenders, figures: [], lines: [] }
  await measure(scenario, bench, 1, () => {})
  assert.deepEqual(seen, ['a: runs, stopped', 'b: stopped, runs', 'a: runs, stopped'])
})
