import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { formatCursor, parseCursor } from '../../protocol/cursor.ts'
import { Refusal } from '../../protocol/refusals.ts'
import { notStored } from '../../protocol/texts/state.ts'
import type { Entry, Epoch, Write } from '../../store/store.ts'
import { Cursors, cursorString, type Placement } from './cursors.ts'

/** A log whose rows have only a seq and a time. */
interface Life {
  readonly epochs: readonly Epoch[]
  /** The time of each seq, seq 1 first. */
  readonly times: readonly number[]
  readonly floor: number
}

/** The same, as it lives on: a new epoch takes a row. `begun`: the epochs that were, in place of which. */
class Living implements Life {
  epochs: Epoch[]
  times: number[]
  floor: number
  nowMs = 1_000_000_000
  readonly begun: string[] = []
  readonly cursors: Cursors
  #random = 0

  constructor({ epochs, times, floor }: Life) {
    this.epochs = [...epochs]
    this.times = [...times]
    this.floor = floor
    const random = (count: number) => {
      this.#random += 1
      return new Uint8Array(count).fill(this.#random)
    }
    this.cursors = new Cursors({ store: this.#store(), committer: this, random })
  }

  grow(rows: number): void {
    for (let row = 0; row < rows; row += 1) this.times.push((this.nowMs += 1))
  }

  /** The committer, as far as it is asked here. */
  async submitOne(write: Write) {
    assert(write.kind === 'begin-epoch')
    const { epoch, cursorKey, instead } = write
    const last = this.epochs.at(-1)
    if (last?.epoch !== instead) return { kind: 'unchanged' } as const
    this.begun.push(instead)
    this.epochs = [
      ...this.epochs,
      { epoch, firstSeq: Math.max(this.times.length + 1, last.firstSeq + 1), sharedSeq: 0, cursorKey },
    ]
    this.grow(1)
    return { kind: 'stored', seq: this.times.length, conversation: 0, storedAtMs: this.nowMs, repeated: false } as const
  }

  #store() {
    const entry = (seq: number) => ({ seq, storedAtMs: this.times[seq - 1] }) as Entry
    const all = () => this.times.map((_time, index) => entry(index + 1)).filter(({ seq }) => seq >= this.floor)
    return {
      epochs: async () => this.epochs,
      head: async () => this.times.length,
      entriesAt: async (seqs: readonly number[]) => all().filter(({ seq }) => seqs.includes(seq)),
      entriesAfter: async (after: number, limit: number) =>
        all()
          .filter(({ seq }) => seq > after)
          .slice(0, limit),
    }
  }
}

async function placeIn(log: Living, after: string | undefined, otherwise?: 'head' | 'start'): Promise<Placement> {
  const placement = await log.cursors.place(after, otherwise)
  if (placement instanceof Refusal) throw new Error(placement.message)
  return placement
}

function place(life: Life, after: string | undefined, otherwise?: 'head' | 'start'): Promise<Placement> {
  return placeIn(new Living(life), after, otherwise)
}

function cursorIn({ epochs, times }: Life, seq: number): string {
  const epoch = epochs.at(-1) ?? assert.fail('no epoch')
  return cursorString(epoch, seq, seq === 0 ? 0 : (times[seq - 1] ?? 0))
}

/** The same cursor as an older version would have given it. */
function unsigned(cursor: string): string {
  const { epoch, seq, mark } = parseCursor(cursor) ?? assert.fail('no cursor')
  return formatCursor({ epoch, seq, mark })
}

const epochName = (index: number) => index.toString(16).padStart(16, '0')
const epochOf = (index: number, firstSeq: number): Epoch => ({
  epoch: epochName(index),
  firstSeq,
  sharedSeq: firstSeq - 1,
  cursorKey: `key ${index}`,
})
const first: Life = { epochs: [epochOf(1, 1)], times: [5_000, 5_001, 5_002, 5_003], floor: 1 }

test('without a cursor a reader begins at the head, or where it asks for it at the beginning', async () => {
  assert.deepEqual(await place(first, undefined), {
    fate: 'good',
    seq: 4,
    storedAtMs: 5_003,
    epoch: epochOf(1, 1),
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
      const placement = await new Living(first).cursors.place(raw)
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
      const epochs = [...life.epochs, epochOf(index + 1, kept + 1)]
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

test('a rollback that was noticed begins one new epoch, however many notice it, and their next cursors are good', async () => {
  const log = new Living({ ...first, times: [5_000, 6_000] })
  const lost = [3, 4, 2].map(seq => cursorIn(first, seq))
  const places = await Promise.all(lost.map(cursor => placeIn(log, cursor)))
  assert.deepEqual(log.begun, [epochName(1)])
  for (const { fate, seq, epoch, head } of places) {
    assert.deepEqual([fate, seq, epoch.firstSeq, epoch.sharedSeq, head], ['diverged', 0, 3, 0, 3])
  }
  log.grow(2)
  assert.equal((await placeIn(log, cursorIn(log, 5))).fate, 'good')
  // What others had been given before it was noticed stays good up to the new epoch, and not beyond.
  assert.equal((await placeIn(log, cursorIn({ epochs: first.epochs, times: log.times, floor: 1 }, 2))).fate, 'good')
  assert.deepEqual(
    await Promise.all(lost.map(async cursor => (await placeIn(log, cursor)).fate)),
    lost.map(() => 'diverged'),
  )
  assert.equal(log.begun.length, 1)
  // Rolled back once more, and noticed once more.
  log.times.pop()
  assert.equal(
    (await placeIn(log, cursorIn({ epochs: log.epochs, times: [...log.times, 1], floor: 1 }, 5))).fate,
    'diverged',
  )
  assert.deepEqual(log.begun, [epochName(1), log.epochs[1]?.epoch])
})

test('a cursor that was not given out here says what it says, and begins nothing', async () => {
  const log = new Living({ ...first, times: [5_000, 6_000] })
  const good = cursorIn(first, 4)
  const others = [
    unsigned(good),
    good.replace(/.$/, last => (last === '0' ? '1' : '0')),
    cursorString({ ...epochOf(1, 1), cursorKey: 'a guess' }, 4, 5_003),
    cursorString({ ...epochOf(1, 1), cursorKey: '' }, 4, 5_003),
    cursorString(epochOf(2, 1), 4, 5_003),
    `${unsigned(good)}.${parseCursor(cursorIn(first, 3))?.signature}`,
  ]
  for (const cursor of others) {
    const { fate, seq, head } = await placeIn(log, cursor)
    assert.deepEqual([fate, seq, head], ['diverged', 0, 2], cursor)
  }
  assert.deepEqual(log.begun, [])
  assert.equal((await placeIn(log, unsigned(cursorIn(log, 2)))).fate, 'good')
})

test('where the new epoch cannot be stored, the reader is told all the same', async () => {
  const log = new Living({ ...first, times: [5_000] })
  log.submitOne = async () => new Refusal('unavailable', notStored) as never
  const { fate, seq, epoch } = await placeIn(log, cursorIn(first, 4))
  assert.deepEqual([fate, seq, epoch.epoch], ['diverged', 0, epochName(1)])
})

test('who was placed before a new epoch is given its cursors from its entry on', async () => {
  const log = new Living(first)
  await placeIn(log, undefined)
  const epoch = { ...epochOf(2, 5), sharedSeq: 0 }
  log.epochs = [...log.epochs, epoch]
  const entry = (kind: string) => [{ entry: { seq: 5, kind } as Entry, prev: 0 }]
  await log.cursors.expect(entry('text'))
  assert.equal(log.cursors.at(4, 5_003), cursorIn(first, 4))
  await log.cursors.expect(entry('epoch'))
  assert.equal(log.cursors.at(5, 5_004), cursorString(epoch, 5, 5_004))
})

/** Acts upon a log that nobody tells about its rollbacks; each reader has what it has seen, and its last cursor. */
const acts = fc.array(
  fc.oneof(
    fc.record({ act: fc.constant('grow' as const), by: fc.integer({ min: 1, max: 6 }) }),
    fc.record({ act: fc.constant('roll-back' as const), by: fc.integer({ min: 1, max: 9 }) }),
    fc.record({ act: fc.constant('read' as const), by: fc.nat(4) }),
  ),
  { maxLength: 40 },
)

test('through any number of rollbacks that only readers notice, nobody misses a row, and an epoch is begun once each', async () => {
  await fc.assert(
    fc.asyncProperty(acts, async steps => {
      const log = new Living({ ...first, times: [] })
      const readers = Array.from({ length: 5 }, () => ({
        held: [] as number[],
        cursor: undefined as string | undefined,
      }))
      let rollbacks = 0
      for (const { act, by } of steps) {
        if (act === 'grow') log.grow(by)
        if (act === 'roll-back') {
          const kept = Math.max(0, log.times.length - by)
          rollbacks += kept < log.times.length ? 1 : 0
          log.times = log.times.slice(0, kept)
          log.epochs = log.epochs.filter(({ firstSeq }) => firstSeq <= Math.max(1, kept))
        }
        if (act !== 'read') continue
        const reader = readers[by] ?? assert.fail()
        const { fate, seq, epoch, head } = await placeIn(log, reader.cursor, 'start')
        const isWhole = reader.held.every((time, at) => log.times[at] === time)
        assert.equal(fate, isWhole ? 'good' : 'diverged')
        reader.held = [...reader.held.slice(0, seq), ...log.times.slice(seq, head)]
        assert.deepEqual(reader.held, log.times)
        reader.cursor = cursorString(epoch, head, log.times[head - 1] ?? 0)
      }
      assert.ok(log.begun.length <= rollbacks, `${log.begun.length} epochs of ${rollbacks} rollbacks`)
    }),
    { numRuns: 300 },
  )
})

test('a cursor of another log shares nothing with this one', async () => {
  const { fate, seq } = await place(first, cursorString({ ...epochOf(1, 1), epoch: 'ffffffffffffffff' }, 3, 5_002))
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
