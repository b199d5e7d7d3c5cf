import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { Account, AccountId, Direct, Entry, Seq } from '../../store/store.ts'
import { type InboxMessage, readInbox } from './inbox.ts'

const me: Account = { id: 1, name: 'me', password: '', passwordRule: 1, isAdmin: false, createdAtMs: 0 }

/** A log in memory: who wrote to whom, in order; it counts what is read of it, and what is held at once. */
function logOf(sends: readonly (readonly [from: AccountId, to: AccountId])[]) {
  const entries: Entry[] = []
  const directs = new Map<string, Direct & { readonly low: AccountId; readonly high: AccountId }>()
  for (const [index, [from, to]] of sends.entries()) {
    const [low, high] = [Math.min(from, to), Math.max(from, to)]
    const key = `${low} ${high}`
    const peer = low === me.id ? high : low
    const made = { conversation: directs.size + 1, peer, peerName: `name ${peer}`, joinedSeq: index + 1, low, high }
    const { conversation } = directs.get(key) ?? made
    if (!directs.has(key)) directs.set(key, made)
    const nobody = { refersTo: null, subject: null }
    const times = { sentAtS: index, storedAtMs: index }
    entries.push({
      seq: index + 1,
      conversation,
      sender: from,
      kind: 'text',
      text: `text ${index + 1}`,
      ...nobody,
      ...times,
    })
  }
  const counts = { seqReads: 0, seqs: 0, textReads: 0, textsMost: 0 }
  return {
    counts,
    entries,
    head: async () => entries.length,
    directsOf: async (account: AccountId) =>
      [...directs.values()].filter(({ low, high }) => low === account || high === account).toReversed(),
    async seqsOf(conversation: number, after: Seq, upTo: Seq, limit: number) {
      const own = entries.filter(one => one.conversation === conversation && one.seq > after && one.seq <= upTo)
      const page = own.slice(0, limit).map(one => one.seq)
      counts.seqReads += 1
      counts.seqs += page.length
      return page
    },
    seqsBefore: async (conversation: number, before: Seq, from: Seq, limit: number) =>
      entries
        .filter(one => one.conversation === conversation && one.seq < before && one.seq >= from)
        .map(one => one.seq)
        .toReversed()
        .slice(0, limit),
    lastEdits: async (asked: readonly unknown[]) => asked.map(() => 0),
    async entriesAt(seqs: readonly Seq[]) {
      counts.textReads += 1
      counts.textsMost = Math.max(counts.textsMost, seqs.length)
      return seqs.map(seq => entries[seq - 1]).filter(one => one !== undefined)
    },
  }
}

async function readAll(log: ReturnType<typeof logOf>): Promise<InboxMessage[]> {
  return (await Array.fromAsync(readInbox(log, me))).flat()
}

/** The same by a plain walk over the whole log. */
function expected(sends: readonly (readonly [AccountId, AccountId])[]): InboxMessage[] {
  return sends.flatMap(([from, to], index) =>
    to === me.id
      ? [{ seq: index + 1, sender: `name ${from}`, recipient: 'me', text: `text ${index + 1}`, sentAtS: index }]
      : [],
  )
}

test('an inbox without messages has no pages', async () => {
  assert.deepEqual(await Array.fromAsync(readInbox(logOf([]), me)), [])
  assert.deepEqual(await Array.fromAsync(readInbox(logOf([[1, 2]]), me)), [])
  assert.deepEqual(await Array.fromAsync(readInbox(logOf([[3, 2]]), me)), [])
})

test('own messages are left out, those to oneself are not', async () => {
  const sends = [
    [1, 2],
    [2, 1],
    [1, 1],
    [3, 2],
    [1, 3],
    [1, 1],
  ] as const
  const inbox = await readAll(logOf(sends))
  assert.deepEqual(
    inbox.map(({ seq, sender }) => [seq, sender]),
    [
      [2, 'name 2'],
      [3, 'name 1'],
      [6, 'name 1'],
    ],
  )
})

test('whoever writes to whom, the inbox is what a walk over the log finds', async () => {
  const who = fc.integer({ min: 1, max: 12 })
  // Runs of one pair, so that conversations are of very different lengths.
  const runs = fc.array(fc.tuple(who, who, fc.integer({ min: 1, max: 40 })), { maxLength: 40 })
  await fc.assert(
    fc.asyncProperty(runs, async parts => {
      const sends = parts.flatMap(([from, to, times]) => Array.from({ length: times }, () => [from, to] as const))
      const pages = await Array.fromAsync(readInbox(logOf(sends), me))
      assert(pages.every(page => page.length > 0))
      assert.deepEqual(pages.flat(), expected(sends))
    }),
    { numRuns: 150 },
  )
})

test('what is stored while the inbox is being read belongs to the next reading', async () => {
  const log = logOf(Array.from({ length: 600 }, () => [2, 1] as const))
  const { head } = log
  const inbox: InboxMessage[] = []
  for await (const page of readInbox(log, me)) {
    inbox.push(...page)
    log.entries.push({ ...(log.entries[0] as Entry), seq: log.entries.length + 1 })
  }
  assert.equal(inbox.length, 600)
  assert((await head()) > 600)
})

test('thousands of conversations of one message each: eight seqs a conversation at most are asked for', async () => {
  const people = Array.from({ length: 3_000 }, (_, index) => index + 2)
  const sends = people.toSorted((a, b) => ((a * 7_919) % 3_001) - ((b * 7_919) % 3_001)).map(from => [from, 1] as const)
  const log = logOf(sends)
  assert.deepEqual(await readAll(log), expected(sends))
  // One read each: fewer than were asked for is the end.
  assert.equal(log.counts.seqReads, 3_000)
})

test('a long conversation is read in few and bounded steps', async () => {
  const log = logOf(Array.from({ length: 20_000 }, (_, index) => [2 + (index % 2), 1] as const))
  assert.equal((await readAll(log)).length, 20_000)
  assert.equal(log.counts.textsMost, 16)
  assert.equal(log.counts.textReads, Math.ceil(20_000 / 16))
  // 8 + 16 + ... + 1,024, then 1,024 at a time.
  assert(log.counts.seqReads < 45, `${log.counts.seqReads}`)
})

test('nothing is read ahead of the page that is asked for', async () => {
  const log = logOf(Array.from({ length: 20_000 }, () => [2, 1] as const))
  const pages = readInbox(log, me)
  await pages.next()
  const after = { ...log.counts }
  for (let turn = 0; turn < 5; turn += 1) await new Promise(resolve => setImmediate(resolve))
  assert.deepEqual(log.counts, after)
  assert.equal(after.textReads, 1)
  assert(after.seqs <= 64 + 1_024)
  await pages.return()
})

test('others have their turn while a long inbox is read', async () => {
  const log = logOf(Array.from({ length: 5_000 }, () => [1, 2] as const)) // nothing for me: no page is ever yielded
  let turns = 0
  let reading = true
  const others = (function turn(): Promise<void> {
    return new Promise(resolve => setImmediate(resolve)).then(() => {
      turns += 1
      return reading ? turn() : undefined
    })
  })()
  assert.deepEqual(await readAll(log), [])
  reading = false
  await others
  assert(turns >= 5_000 / 64, `${turns}`)
})
