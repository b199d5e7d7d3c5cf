import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { Time, turns } from '../../../test/model/chance.ts'
import type { LogNotice } from '../../bus/bus.ts'
import type { Entry } from '../../store/store.ts'
import { Tail } from './tail.ts'

/** A log that grows; each entry is in conversation seq % 3. */
function growing() {
  const entries: Entry[] = []
  const state = { rows: 0, failing: false }
  const log = {
    head: async () => entries.length,
    entriesAt: async (seqs: readonly number[]) => entries.filter(({ seq }) => seqs.includes(seq)),
    async entriesAfter(after: number, limit: number) {
      if (state.failing) throw new Error('the disk is away')
      const page = entries.slice(after, after + limit)
      state.rows += page.length
      return page
    },
    seqsBefore: async (conversation: number, before: number) =>
      entries
        .filter(entry => entry.conversation === conversation && entry.seq < before)
        .map(({ seq }) => seq)
        .slice(-1),
  }
  const grow = (count: number) => {
    for (let more = 0; more < count; more += 1) {
      const seq = entries.length + 1
      entries.push({ seq, conversation: 1 + (seq % 3), kind: 'text', storedAtMs: 10 * seq } as Entry)
    }
  }
  return { entries, log, state, grow }
}

async function tailOf({ log }: ReturnType<typeof growing>) {
  const time = new Time()
  const passed: { seq: number; prev: number }[] = []
  const batches: number[] = []
  const tail = await Tail.open(
    log,
    async batch => {
      batches.push(batch.length)
      return () => {
        for (const { entry, prev } of batch) passed.push({ seq: entry.seq, prev })
      }
    },
    { later: time.later, pageEntries: 4 },
  )
  return { tail, time, passed, batches }
}

function hint(entries: readonly Entry[], from: number, to: number): LogNotice {
  return { kind: 'log', head: to, entries: entries.slice(from - 1, to) }
}

test('passes every entry once and in order, with the one before it, whatever notices repeat, reorder, skip or leave out', async () => {
  const steps = fc.array(
    fc.record({ grow: fc.nat(6), from: fc.nat(40), length: fc.nat(12), bare: fc.boolean(), wait: fc.nat(2) }),
    { maxLength: 12 },
  )
  await fc.assert(
    fc.asyncProperty(fc.nat(7), steps, async (before, wanted) => {
      const life = growing()
      life.grow(before)
      const { tail, passed } = await tailOf(life)
      for (const { grow, from, length, bare, wait } of wanted) {
        life.grow(grow)
        const last = Math.min(life.entries.length, 1 + from + length)
        tail.hear(bare ? { kind: 'log', head: life.entries.length } : hint(life.entries, 1 + from, last))
        await turns(wait)
      }
      await tail.reached(life.entries.length)
      const expected = life.entries.slice(before).map(({ seq }) => ({ seq, prev: Math.max(0, seq - 3) }))
      assert.deepEqual(passed, expected)
      assert.deepEqual([tail.at, tail.atStoredMs], [life.entries.length, 10 * life.entries.length])
      await tail.stop()
    }),
    { numRuns: 200 },
  )
})

test('what follows on exactly is passed without reading it', async () => {
  const life = growing()
  const { tail, passed, batches } = await tailOf(life)
  life.grow(9)
  tail.hear(hint(life.entries, 1, 9))
  await tail.reached(9)
  assert.deepEqual([passed.length, batches], [9, [9]])
  assert.equal(life.state.rows, 0)
  await tail.stop()
})

test('a notice that was lost costs the time until the next look, and no entry', async () => {
  const life = growing()
  const { tail, time, passed } = await tailOf(life)
  life.grow(10)
  await turns(3)
  assert.equal(passed.length, 0)
  time.advance(1_000)
  await tail.reached(10)
  assert.equal(passed.length, 10)
  life.grow(1)
  time.advance(1_000)
  await turns(3)
  assert.equal(passed.length, 11)
  await tail.stop()
})

test('a store that fails loses nothing: the tail begins again where it was', async () => {
  const life = growing()
  const { tail, time, passed } = await tailOf(life)
  life.grow(3)
  life.state.failing = true
  tail.hear({ kind: 'log', head: 3 })
  await turns(3)
  assert.equal(passed.length, 0)
  life.state.failing = false
  time.advance(1_000)
  await tail.reached(3)
  assert.deepEqual(
    passed.map(({ seq }) => seq),
    [1, 2, 3],
  )
  await tail.stop()
})

test('a notice is heard in whatever turn it comes, also in the last one of a run', async () => {
  for (let ticks = 0; ticks < 40; ticks += 1) {
    const life = growing()
    const { tail, passed } = await tailOf(life)
    life.grow(1)
    tail.hear({ kind: 'log', head: 1 })
    for (let tick = 0; tick < ticks; tick += 1) await Promise.resolve()
    life.grow(1)
    tail.hear({ kind: 'log', head: 2 })
    await turns(5)
    assert.equal(passed.length, 2, `${ticks} ticks later`)
    await tail.stop()
  }
})

test('a tail that stops passes nothing more, and keeps nobody waiting', async () => {
  const life = growing()
  const { tail, time, passed } = await tailOf(life)
  const waiting = tail.reached(5)
  life.grow(2)
  tail.hear(hint(life.entries, 1, 2))
  await tail.stop()
  await waiting
  await tail.reached(9)
  tail.hear(hint(life.entries, 1, 2))
  time.advance(5_000)
  await turns(3)
  assert.equal(passed.length, 0)
})
