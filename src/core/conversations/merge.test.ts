import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { mergeRanges, type Range, type Step } from './merge.ts'
import { stretchesOf } from './ranges.ts'

/** A log as plain as can be: the conversation of each seq, seq 1 first. */
function logOf(conversations: readonly number[]) {
  const seqs = conversations.map((conversation, index) => ({ conversation, seq: index + 1 }))
  const asked = { seqsOf: 0, seqsBefore: 0, longest: 0 }
  const log = {
    async seqsOf(wanted: number, after: number, upTo: number, limit: number) {
      asked.seqsOf += 1
      asked.longest = Math.max(asked.longest, limit)
      const found = seqs.filter(({ conversation, seq }) => conversation === wanted && seq > after && seq <= upTo)
      return found.slice(0, limit).map(({ seq }) => seq)
    },
    async seqsBefore(wanted: number, before: number, from: number, limit: number) {
      asked.seqsBefore += 1
      const found = seqs.filter(({ conversation, seq }) => conversation === wanted && seq < before && seq >= from)
      return found
        .map(({ seq }) => seq)
        .toReversed()
        .slice(0, limit)
    },
    async lastSeqs(wanted: readonly number[]) {
      return wanted.map(one => seqs.findLast(({ conversation }) => conversation === one)?.seq ?? 0)
    },
  }
  return { log, asked }
}

async function collect(pages: AsyncIterable<readonly Step[]>): Promise<Step[][]> {
  const all: Step[][] = []
  for await (const page of pages) all.push([...page])
  return all
}

/** What the merge is to give, entry by entry. */
function expected(conversations: readonly number[], ranges: readonly Range[]): Step[] {
  return conversations.flatMap((conversation, index) => {
    const seq = index + 1
    const range = ranges.find(
      one => one.conversation === conversation && seq > one.after && seq <= one.upTo && seq >= one.joinedSeq,
    )
    if (range === undefined) return []
    const before = conversations.findLastIndex((other, at) => at < index && other === conversation) + 1
    return [{ seq, prev: before >= range.joinedSeq ? before : 0 }]
  })
}

const logs = fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 120 })

test('gives what the ranges hold, ascending across conversations, each with the one before it in its membership', async () => {
  const range = fc.record({ joinedSeq: fc.nat(60), after: fc.nat(80), upTo: fc.nat(140) })
  const several = fc.dictionary(fc.constantFrom('1', '2', '3', '4', '9'), range)
  await fc.assert(
    fc.asyncProperty(
      logs,
      several,
      fc.integer({ min: 1, max: 9 }),
      async (conversations, byConversation, pageEntries) => {
        const ranges = Object.entries(byConversation).map(([id, rest]) => ({ conversation: Number(id), ...rest }))
        const pages = await collect(mergeRanges(logOf(conversations).log, ranges, pageEntries))
        assert.deepEqual(pages.flat(), expected(conversations, ranges))
        for (const [at, page] of pages.entries()) {
          assert.ok(page.length > 0 && page.length <= pageEntries)
          if (at < pages.length - 1) assert.equal(page.length, pageEntries)
        }
      },
    ),
    { numRuns: 300 },
  )
})

test('several memberships of one conversation are several ranges: the first entry of each has nothing before it', async () => {
  const ranges = [
    { conversation: 1, joinedSeq: 1, after: 0, upTo: 2 },
    { conversation: 1, joinedSeq: 4, after: 0, upTo: 9 },
  ]
  const pages = await collect(mergeRanges(logOf([1, 1, 1, 1, 1]).log, ranges))
  assert.deepEqual(pages, [
    [
      { seq: 1, prev: 0 },
      { seq: 2, prev: 1 },
      { seq: 4, prev: 0 },
      { seq: 5, prev: 4 },
    ],
  ])
})

test('a conversation that gives much is read in growing pieces, up to a bound', async () => {
  const { log, asked } = logOf(Array.from({ length: 5_000 }, () => 1))
  const ranges = [{ conversation: 1, joinedSeq: 1, after: 0, upTo: 5_000 }]
  assert.equal((await collect(mergeRanges(log, ranges))).flat().length, 5_000)
  assert.equal(asked.longest, 1_024)
  assert.ok(asked.seqsOf < 16, `${asked.seqsOf} reads`)
  assert.equal(asked.seqsBefore, 0)
})

test('the pieces shrink where many conversations share the memory', async () => {
  const { log, asked } = logOf(Array.from({ length: 2_000 }, () => 1))
  const crowd = Array.from({ length: 30_000 }, (_, index) => ({
    conversation: 2 + index,
    joinedSeq: 1,
    after: 0,
    upTo: 0,
  }))
  await collect(mergeRanges(log, [{ conversation: 1, joinedSeq: 1, after: 0, upTo: 2_000 }, ...crowd]))
  assert.ok(asked.longest <= 8, `${asked.longest} seqs at once`)
})

test('others get their turn between pages, and who stops reading costs nothing more', async () => {
  const { log, asked } = logOf(Array.from({ length: 100 }, () => 1))
  const range = { conversation: 1, joinedSeq: 1, after: 0, upTo: 100 }
  let turns = 0
  const turn = () => {
    turns += 1
    next = setImmediate(turn)
  }
  let next = setImmediate(turn)
  assert.equal((await collect(mergeRanges(log, [range], 10))).length, 10)
  clearImmediate(next)
  assert.ok(turns >= 9, `${turns} turns`)

  const all = asked.seqsOf
  for await (const page of mergeRanges(log, [range], 10)) if (page.length > 0) break
  assert.ok(asked.seqsOf - all < all, `${asked.seqsOf - all} of ${all} reads`)
})

test('what belongs to an account is what its memberships hold, and quiet conversations are not looked into', async () => {
  const stays = fc.array(
    fc.record({
      conversation: fc.integer({ min: 1, max: 6 }),
      joinedSeq: fc.integer({ min: 1, max: 100 }),
      length: fc.option(fc.nat(40)),
    }),
    { maxLength: 5 },
  )
  await fc.assert(
    fc.asyncProperty(logs, stays, fc.nat(130), fc.nat(130), async (conversations, wanted, after, upTo) => {
      const intervals = wanted
        .filter((stay, at) => wanted.findIndex(other => other.conversation === stay.conversation) === at)
        .map(({ conversation, joinedSeq, length }) => {
          return { conversation, joinedSeq, leftSeq: length === null ? null : joinedSeq + length }
        })
      const { log, asked } = logOf(conversations)
      const store = { ...log, intervalsOf: async () => ({ head: conversations.length, intervals }) }
      const ranges = await stretchesOf(store, 1, after, upTo)
      const steps = (await collect(mergeRanges(log, ranges, 7))).flat()
      const mine = conversations.flatMap((conversation, index) => {
        const seq = index + 1
        const stay = intervals.find(one => one.conversation === conversation)
        const within = stay !== undefined && seq >= stay.joinedSeq && seq <= (stay.leftSeq ?? seq)
        return within && seq > after && seq <= upTo ? [seq] : []
      })
      assert.deepEqual(
        steps.map(({ seq }) => seq),
        mine,
      )
      const active = new Set(conversations.slice(after))
      assert.ok(ranges.every(({ conversation }) => active.has(conversation)))
      if (ranges.length === 0) assert.equal(asked.seqsOf, 0)
    }),
    { numRuns: 300 },
  )
})
