// The core in one process, under seeds: see run.ts for what a seed does, judge.ts for what is asked of it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Planted } from './run.ts'
import { replayOf, runSeeds, seedsOf } from './seeds.ts'

const seeds = seedsOf(1_000)

/** Ten times what it takes where nothing else runs. */
const timeout = 60_000 + seeds.count * 600

test(`${seeds.count} seeds: everybody gets what is theirs, in order, once, and only that, whatever fails`, {
  timeout,
}, async () => {
  const { ran, wrong } = await runSeeds(seeds)
  assert.equal(ran, seeds.count)
  const lines = wrong
    .slice(0, 5)
    .map(({ seed, findings }) => `${replayOf(seed)}\n${findings.map(finding => `  ${finding}`).join('\n')}`)
  assert.equal(wrong.length, 0, `${wrong.length} seeds went wrong:\n${lines.join('\n')}`)
})

const bugs: readonly (readonly [planted: Planted, symptom: RegExp])[] = [
  ['acknowledge-before-commit', /was acknowledged as \d+ and is not there|when \d+ was durable/],
  ['cut-over-without-overlap', /is at \d+ without \d+/],
  ['membership-past-removal', /which is not its own/],
]

for (const [planted, symptom] of bugs) {
  test(`a planted bug is found: ${planted}`, async () => {
    const { wrong } = await runSeeds({ first: 1, count: 50 }, planted)
    const found = wrong.filter(({ findings }) => findings.some(finding => symptom.test(finding)))
    assert.ok(found.length > 0, `no seed of 50 shows it; ${wrong.length} show something else`)
  })
}

test('a seed is the same run each time', async () => {
  const runs = [await runSeeds({ first: 7, count: 1 }, 'cut-over-without-overlap')]
  runs.push(await runSeeds({ first: 7, count: 1 }, 'cut-over-without-overlap'))
  assert.ok((runs[0]?.wrong[0]?.findings.length ?? 0) > 0)
  assert.deepEqual(runs[0], runs[1])
})
