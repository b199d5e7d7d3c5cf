// Real servers, killed with kill -9, and real connections: see process-run.ts.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runProcesses } from './process-run.ts'
import { replayOf, seedsOf } from './seeds.ts'

/** Of a long run's seeds one in a hundred: each takes some seconds. */
const long = process.env['HULLO_SEEDS']
const { first, count } = seedsOf(20, long === undefined ? undefined : String(Math.ceil(Number(long) / 100)))

test(`${count} runs of a server that is killed: everybody gets what is theirs over both transports`, {
  timeout: 60_000 + count * 30_000,
}, async t => {
  const seeds = Array.from({ length: count }, (_, at) => first + at)
  const one = async (): Promise<void> => {
    for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
      const findings = await runProcesses(seed)
      assert.deepEqual(findings, [], replayOf(seed))
      t.diagnostic(`seed ${seed} is right`)
    }
  }
  // Two servers at a time: each is idle while it starts and while its clients think.
  await Promise.all([one(), one()])
})
