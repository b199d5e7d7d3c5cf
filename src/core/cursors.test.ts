import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { parseCursor } from '../protocol/cursor.ts'
import { Refusal } from '../protocol/refusals.ts'
import type { Entry, Epoch } from '../store/store.ts'
import { cursorString, type Placement, placeCursor } from './cursors.ts'

/** A log whose rows have only a seq and a time. */
interface Life {
  readonly epochs: readonly Epoch[]
  /** The time of each seq, seq 1 first. */
  readonly times: readonly number[]
  readonly floor: number
}

function logOf({ epochs, times, floor }: Life) {
  const entry = (seq: number) => ({ seq, storedAtMs: times[seq - 1] }) as Entry
  const all = times.map((_time, index) => entry(index + 1)).filter(({ seq }) => seq >= floor)
  return {
    epochs: async () => epochs,
    head: async () => times.length,
    entriesAt: async (seqs: readonly number[]) => all.filter(({ seq }) => seqs.includes(seq)),
    entriesAfter: async (after: number, limit: number) => all.filter(({ seq }) => seq > after).slice(0, limit),
  }
}

async function place(life: Life, after: string | undefined, otherwise?: 'head' | 'start'): Promise<Placement> {
  const placement = await placeCursor(logOf(life), after, otherwise)
  if (placement instanceof Refusal) throw new Error(placement.message)
  return placement
}

function cursorIn({ epochs, times }: Life, seq: number): string {
  return cursorString(epochs.at(-1)?.epoch ?? '', seq, seq === 0 ? 0 : (times[seq - 1] ?? 0))
}

const epochName = (index: number) => index.toString(16).padStart(16, '0')
const first: Life = { epochs: [{ epoch: epochName(1), firstSeq: 1 }], times: [5_000, 5_001, 5_002, 5_003], floor: 1 }

test('without a cursor a reader begins at the head, or where it asks for it at the beginning', async () => {
  assert.deepEqual(await place(first, undefined), {
    fate: 'good',
    seq: 4,
    storedAtMs: 5_003,
    epoch: epochName(1),
    floor: 1,
    head: 4,
  })
  assert.equal((await place(first, undefined, 'start')).seq, 0)
  assert.equal((await place({ ...first, times: [] }, undefined)).seq, 0)
})

test('what is not a cursor is refused, whatever it is', async () => {
  const wrong = fc.oneof(
    fc.string(),
    fc.constantFrom(
      '',
      '0',
      `${epochName(1)}.1`,
      `${epochName(1)}.1.zzzz`,
      `${epochName(1)}.zzzzzzzzzzz.1`,
      `${epochName(1)}.-1.0`,
    ),
  )
  await fc.assert(
    fc.asyncProperty(wrong, async raw => {
      if (parseCursor(raw) !== undefined) return
      const placement = await placeCursor(logOf(first), raw)
      assert.ok(placement instanceof Refusal)
      assert.deepEqual([placement.code, placement.field], ['field-invalid', 'after'])
    }),
  )
})

test('the store is asked for its head only after the cursor arrived: who is ahead of a slower view is not thrown back', async () => {
  const grown = { ...first, times: [...first.times, 5_004] }
  assert.equal((await place(grown, cursorIn(grown, 5))).fate, 'good')
})

/**
 * A log through several lives: it grows, then is rolled back to an earlier seq and begins a new epoch there. Every
 * cursor that was ever given out is kept, together with the rows that its reader had.
 */
const lives = fc
  .array(
    fc.record({
      grow: fc.integer({ min: 0, max: 12 }),
      rollBack: fc.nat(14),
      steps: fc.array(fc.nat(3), { minLength: 12, maxLength: 12 }),
    }),
    { minLength: 1, maxLength: 5 },
  )
  .map(stages => {
    const given: { cursor: string; held: readonly string[] }[] = []
    let life: Life = { epochs: [], times: [], floor: 1 }
    /** Which row it is: rows of two lives are never the same, be they stored in the same millisecond. */
    let rows: readonly string[] = []
    for (const [index, { grow, rollBack, steps }] of stages.entries()) {
      const kept = Math.max(0, life.times.length - rollBack)
      const epochs = [...life.epochs, { epoch: epochName(index + 1), firstSeq: kept + 1 }]
      const times = life.times.slice(0, kept)
      rows = rows.slice(0, kept)
      for (const step of steps.slice(0, grow)) {
        times.push((times.at(-1) ?? 10_000) + step)
        rows = [...rows, `${index}:${times.length}`]
      }
      life = { epochs, times, floor: 1 }
      for (let seq = 0; seq <= times.length; seq += 1)
        given.push({ cursor: cursorIn(life, seq), held: rows.slice(0, seq) })
    }
    return { life, rows, given }
  })

test('through any number of noticed rollbacks, what is said to be shared is shared, and nothing good is thrown away', async () => {
  await fc.assert(
    fc.asyncProperty(lives, async ({ life, rows, given }) => {
      for (const { cursor, held } of given) {
        const { fate, seq, head } = await place(life, cursor)
        assert.ok(seq <= head)
        assert.deepEqual(held.slice(0, seq), rows.slice(0, seq))
        const isWhole = held.every((row, at) => rows[at] === row)
        assert.equal(fate, isWhole ? 'good' : 'diverged')
        if (isWhole) assert.equal(seq, held.length)
      }
    }),
    { numRuns: 200 },
  )
})

test('a rollback that nobody noticed is found by the mark, or by being ahead; then nothing is known to be shared', async () => {
  const rolledBack = { ...first, times: [5_000, 6_000, 7_000] }
  assert.deepEqual(
    await Promise.all(
      [cursorIn(first, 1), cursorIn(first, 2), cursorIn(first, 4)].map(async cursor => {
        const { fate, seq } = await place(rolledBack, cursor)
        return { fate, seq }
      }),
    ),
    [
      { fate: 'good', seq: 1 },
      { fate: 'diverged', seq: 0 },
      { fate: 'diverged', seq: 0 },
    ],
  )
})

test('a cursor of another log shares nothing with this one', async () => {
  const { fate, seq } = await place(first, cursorString('ffffffffffffffff', 3, 5_002))
  assert.deepEqual({ fate, seq }, { fate: 'diverged', seq: 0 })
})

test('a cursor below the floor goes on from the floor and is told so; one just below it has lost nothing', async () => {
  const cut = { ...first, floor: 3 }
  const places = [0, 1, 2, 3].map(async seq => {
    const placement = await place(cut, cursorIn(first, seq))
    return { fate: placement.fate, seq: placement.seq, floor: placement.floor }
  })
  assert.deepEqual(await Promise.all(places), [
    { fate: 'truncated', seq: 2, floor: 3 },
    { fate: 'truncated', seq: 2, floor: 3 },
    { fate: 'good', seq: 2, floor: 3 },
    { fate: 'good', seq: 3, floor: 3 },
  ])
  assert.equal((await place(cut, undefined, 'start')).fate, 'good')
})
