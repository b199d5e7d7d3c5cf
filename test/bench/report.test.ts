// From data to what people read: the comparison with an earlier run, and the report with its plots.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { compare } from '../../bench/compare.ts'
import type { Measured, Scenario } from '../../bench/contract.ts'
import { writeMeasured } from '../../bench/data.ts'
import { writeReport } from '../../bench/report/report.ts'
import { plain, ratio } from '../../bench/stats.ts'
import { run } from '../support/program.ts'
import { measuredOf, smallBench } from './support.ts'

const scenario: Scenario = {
  name: 'race',
  title: 'A race',
  work: 'Both run.',
  contenders: () => [],
  figures: [
    { key: 'perSecond', label: 'steps', unit: 'perSecond' },
    { key: 'pauseMs', label: 'pause', unit: 'ms' },
  ],
  lines: [
    {
      id: 'a',
      says: 'Steps',
      unit: 'times',
      better: 'higher',
      must: 2,
      tried: 'They walk.',
      values: ratio('perSecond', 'us', 'them'),
    },
    { id: 'b', says: 'Pause', unit: 'times', better: 'lower', must: 1, values: ratio('pauseMs', 'us', 'them') },
    { id: 'c', says: 'Steps alone', unit: 'perSecond', better: 'higher', values: plain('us', 'perSecond') },
  ],
  plot: { kind: 'bars', figures: ['perSecond'] },
}

/** Five rounds in which we are so many times as fast, and pause so much as long. */
function raced(faster: number, longer: number, more: Partial<Measured> = {}): ReadonlyMap<string, Measured> {
  const noise = [0.9, 1, 1.1, 1, 0.5]
  const them = noise.map(factor => ({ perSecond: 100 * factor, pauseMs: 10 }))
  const us = noise.map(factor => ({ perSecond: 100 * factor * faster, pauseMs: 10 * longer }))
  return new Map([['race', measuredOf('race', { us, them }, more)]])
}

function worse(before: ReadonlyMap<string, Measured>, now: ReadonlyMap<string, Measured>): string[] {
  return compare([scenario], before, now).flatMap(({ id, isWorse }) => (isWorse ? [id] : []))
}

test('a ratio that became worse by more than a quarter is found, in whichever direction worse lies', () => {
  assert.deepEqual(worse(raced(2, 1), raced(2 * 0.74, 1)), ['a'])
  assert.deepEqual(worse(raced(2, 1), raced(2, 1.26)), ['b'])
  assert.deepEqual(worse(raced(2, 1), raced(2 * 0.76, 1.24)), [])
  assert.deepEqual(worse(raced(2, 1), raced(9, 0.1)), [])
})

test('only ratios that both runs have are compared, and none of a void run', () => {
  assert.deepEqual(
    compare([scenario], raced(2, 1), raced(2, 1)).map(({ id }) => id),
    ['a', 'b'],
  )
  assert.deepEqual(compare([scenario], new Map(), raced(2, 1)), [])
  assert.deepEqual(compare([scenario], raced(2, 1), raced(2, 1, { void: 'a text is missing' })), [])
  const alone = new Map([['race', measuredOf('race', { us: [{ perSecond: 1 }] }, { missing: { them: 'not here' } })]])
  assert.deepEqual(compare([scenario], raced(2, 1), alone), [])
})

function reportOf(measured: ReadonlyMap<string, Measured>): { report: string; plot: string } {
  using bench = smallBench()
  for (const one of measured.values()) writeMeasured(bench.dir, one)
  writeReport(bench.dir, [scenario])
  return {
    report: readFileSync(join(bench.dir, 'report.md'), 'utf8'),
    plot: readFileSync(join(bench.dir, 'plots', 'race.svg'), 'utf8'),
  }
}

test('the report has each bound beside its figure with minimum, median and maximum, and its plot', () => {
  const { report, plot } = reportOf(raced(2.5, 1.5, { checks: ['us: all of it is there'] }))
  assert.match(report, /\| Steps \| at least 2\.00 x \| 2\.50 x \| 2\.50 x \| 2\.50 x \| yes \|/)
  assert.match(report, /\| Pause \| at most 1\.00 x \| 1\.50 x \| 1\.50 x \| 1\.50 x \| \*\*no\*\* \|/)
  assert.match(report, /\| us \| 250\/s \(125\/s to 275\/s\) \| 15\.0 ms \|/)
  assert.match(report, /commit abc/)
  assert.match(report, /- us: all of it is there/)
  assert.doesNotMatch(report, /quick run/)
  assert.match(plot, /<desc id="d">us 250\/s, them 100\/s<\/desc>/)
})

test('a void run, a quick run and a contender that is missing are said to be so', () => {
  assert.match(reportOf(raced(2, 1, { void: 'a text is missing' })).report, /\| Steps \| at least 2\.00 x \| void \|/)
  assert.match(reportOf(raced(2, 1, { isQuick: true })).report, /\*\*A quick run/)
  const alone = { missing: { them: 'not installed: them' } }
  const { report } = reportOf(new Map([['race', measuredOf('race', { us: [{ perSecond: 1 }] }, alone)]]))
  assert.match(report, /\| Steps \| at least 2\.00 x \| not measured: them missing \|/)
  assert.match(report, /- them: missing, not installed: them/)
})

test('the command ends with 1 where a ratio became worse than in the run it is compared with', async () => {
  using bench = smallBench()
  const [before, now] = [bench.folder(), bench.folder()]
  const samples = (perSecond: number) => Array.from({ length: 5 }, () => ({ perSecond }))
  const pairs = (ours: number) => measuredOf('pairs', { Hullo: samples(ours), ngircd: samples(1_000) })
  writeMeasured(before, pairs(500))
  writeMeasured(now, pairs(300))
  const args = ['bench/main.ts', '--report', '--compare', '--only', 'pairs']
  const worsened = await run(process.execPath, [...args, '--base', before, '--out', now])
  assert.match(worsened.stdout, /^WORSE pairs\/ngircd +0\.500 -> 0\.300 +40 % worse$/m)
  assert.equal(worsened.code, 1)
  const bettered = await run(process.execPath, [...args, '--base', now, '--out', before])
  assert.match(bettered.stdout, /^ {6}pairs\/ngircd +0\.300 -> 0\.500 +67 % better$/m)
  assert.equal(bettered.code, 0)
})

test('of what is not reached the report says why, with the profile; of the rest it does not', () => {
  const top = [{ where: 'parse  src/frames.ts:7', share: 0.25 }]
  const profile = [{ thread: 'writer', busySeconds: 3, idleSeconds: 1, top }] as const
  const slow = reportOf(raced(1.5, 1, { profile }))
  const [, why] = /## What is not reached, and why\n([^]*?)\n## /.exec(slow.report) ?? []
  assert.match(why ?? '', /\*\*Steps\.\*\* They walk\.\n/)
  assert.match(
    why ?? '',
    /\| A race: writer \| 3\.00 s busy, 1\.00 s idle \|\n\|---\|---:\|\n\| `parse  src\/frames\.ts:7` \| 25\.0 % \|/,
  )
  assert.doesNotMatch(why ?? '', /Pause/)
  assert.doesNotMatch(reportOf(raced(2, 1, { profile })).report, /not reached|They walk|frames\.ts/)
})
