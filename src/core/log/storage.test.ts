// What an account may store in a day, on a clock of its own; and the disk, which is asked but never waited for.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Refusal } from '../../protocol/refusals.ts'
import type { Entry, Write, Written } from '../../store/store.ts'
import { Committer } from './committer.ts'
import { FreeDisk } from './free-disk.ts'
import { recount } from './recount.ts'
import { entryBytes, StorageBudget } from './storage.ts'

const hourMs = 3_600_000
const base = Date.UTC(2030, 0, 1)

function send(sender: number, text: string): Write {
  return { kind: 'send-direct', sender, recipient: 9, text, sentAtS: 1 }
}

function clocked(bytesPerDay: number, isDiskLow = () => false) {
  let now = base
  const budget = new StorageBudget({ bytesPerDay, clock: () => now, isDiskLow })
  return {
    budget,
    pass: (ms: number) => {
      now += ms
    },
    codeOf: (write: Write) => budget.admit(write)?.code,
  }
}

describe('a day of an account', () => {
  test('counts UTF-8 bytes and a price for each entry, and each account by itself', () => {
    const { budget, codeOf } = clocked(3 * (entryBytes + 6))
    // Six bytes in UTF-8, two UTF-16 units each way.
    for (let count = 0; count < 3; count += 1) assert.equal(codeOf(send(1, 'ééé')), undefined)
    assert.equal(budget.storedBy(1), 3 * (entryBytes + 6))
    assert.equal(codeOf(send(1, '')), 'too-many')
    assert.equal(codeOf(send(2, 'x')), undefined)
  })

  test('is full for sends, edits, rooms, topics and joins alike', () => {
    const { budget, codeOf } = clocked(entryBytes)
    assert.equal(codeOf(send(1, '')), undefined)
    const room = { conversation: 1, actor: 1 } as const
    const adding: Write[] = [
      send(1, 'x'),
      { kind: 'send-room', sender: 1, conversation: 1, text: 'x', sentAtS: 1 },
      { kind: 'edit', sender: 1, message: 1, text: 'x', sentAtS: 1 },
      { kind: 'create-room', owner: 1, name: 'r', nameKey: 'r', topic: 't', isPrivate: false, history: 'all' },
      { kind: 'change-room', ...room, change: { what: 'topic', text: 'x' } },
      { kind: 'change-room', ...room, change: { what: 'join' } },
      { kind: 'change-room', ...room, change: { what: 'invite', account: 2 } },
    ]
    for (const write of adding) assert.equal(codeOf(write), 'too-many', write.kind)
    const refusal = budget.admit(send(1, 'x'))
    assert.match(
      refusal?.message ?? '',
      /^This account has stored as much as it may in a day\. Try again in 25 hours\.$/,
    )
    // What protects a person, or makes room, still works.
    assert.equal(codeOf({ kind: 'delete', sender: 1, message: 1 }), undefined)
    assert.equal(codeOf({ kind: 'change-room', ...room, change: { what: 'leave' } }), undefined)
    assert.equal(codeOf({ kind: 'block', account: 1, other: 2 }), 'too-many', 'but not for ever: each is an entry')
    assert.equal(codeOf({ kind: 'end-session', account: 1, session: 1 }), undefined)
    assert.equal(codeOf({ kind: 'delete-account', account: 1 }), undefined)
  })

  test('is over a day and an hour later at the latest, and the refusal says when', () => {
    const { budget, pass, codeOf } = clocked(2 * entryBytes)
    codeOf(send(1, ''))
    pass(5 * hourMs)
    codeOf(send(1, ''))
    const refusal = budget.admit(send(1, ''))
    assert.equal(refusal?.retryAfterSeconds, 20 * 3_600)
    pass(20 * hourMs - 1)
    assert.equal(codeOf(send(1, '')), 'too-many')
    pass(1)
    assert.equal(codeOf(send(1, '')), undefined)
    assert.equal(codeOf(send(1, '')), 'too-many', 'the later one still counts')
  })

  test('returns what was not stored: refusals, and repeats of what is stored already', async () => {
    const { budget } = clocked(10 * (entryBytes + 1))
    const outcomes: Written[] = [
      { kind: 'stored', seq: 1, conversation: 1, storedAtMs: 0, repeated: false },
      { kind: 'stored', seq: 1, conversation: 1, storedAtMs: 0, repeated: true },
      { kind: 'not-a-member' },
    ]
    const committer = new Committer({ write: async () => outcomes }, () => base, { admission: budget })
    await committer.submit([send(1, 'x'), send(1, 'x'), send(1, 'x')])
    assert.equal(budget.storedBy(1), entryBytes + 1)
  })

  test('what is refused by it is refused alone, in its place', async () => {
    const { budget } = clocked(2 * (entryBytes + 1))
    const taken: string[] = []
    const committer = new Committer(
      {
        write: async batch => {
          for (const write of batch) taken.push('text' in write ? write.text : '')
          return batch.map((_, at) => ({ kind: 'stored', seq: at, conversation: 1, storedAtMs: 0, repeated: false }))
        },
      },
      () => base,
      { admission: budget },
    )
    const results = await committer.submit([send(1, 'a'), send(1, 'b'), send(1, 'c'), send(2, 'd'), send(1, 'e')])
    const codes = results.map(result => (result instanceof Refusal ? result.code : result.kind))
    assert.deepEqual(codes, ['stored', 'stored', 'too-many', 'stored', 'too-many'])
    assert.deepEqual(taken, ['a', 'b', 'd'])
  })

  test('no limit runs the same code', () => {
    const { budget, codeOf } = clocked(Infinity)
    for (let count = 0; count < 1_000; count += 1) assert.equal(codeOf(send(1, 'x')), undefined)
    assert.equal(budget.storedBy(1), 1_000 * (entryBytes + 1))
  })
})

test('after a start the last day is counted from the log, and no more of it than that', async () => {
  const log: Entry[] = Array.from({ length: 200 }, (_, at) => ({
    seq: at + 1,
    conversation: 1,
    sender: 1 + (at % 2),
    kind: at === 199 ? ('delete' as const) : ('text' as const),
    text: 'xx',
    refersTo: null,
    subject: null,
    sentAtS: 1,
    // The first half is two days old.
    storedAtMs: at < 100 ? base - 48 * hourMs : base - hourMs,
  }))
  let read = 0
  const store = {
    entriesAt: async (seqs: readonly number[]) => log.filter(({ seq }) => seqs.includes(seq)),
    entriesAfter: async (after: number, limit: number) => {
      const page = log.slice(after, after + limit)
      read += page.length
      return page
    },
  }
  const { budget } = clocked(1_000_000)
  await recount(store, budget, { head: 200, nowMs: base, signal: new AbortController().signal })
  assert.equal(read, 100)
  assert.deepEqual([budget.storedBy(1), budget.storedBy(2)], [50 * (entryBytes + 2), 49 * (entryBytes + 2)])
})

test('a disk that is low stops what adds, says so once, and is asked again by itself until there is room', async () => {
  let [now, free, asked] = [base, 100, 0]
  const said: boolean[] = []
  const waiting: (() => void)[] = []
  const disk = new FreeDisk({
    freeBytes: async () => {
      asked += 1
      return free
    },
    bytesMin: 50,
    clock: () => now,
    later: (_ms, run) => {
      waiting.push(run)
      return () => {}
    },
    changed: isLow => said.push(isLow),
  })
  const budget = new StorageBudget({ bytesPerDay: Infinity, clock: () => now, isDiskLow: () => disk.isLow })
  await disk.look()
  free = 10
  // Within the second the last answer counts: a send never waits for the disk.
  for (let count = 0; count < 100; count += 1) assert.equal(budget.admit(send(1, 'x')), undefined)
  assert.equal(asked, 1)
  now += 1_000
  assert.equal(budget.admit(send(1, 'x')), undefined, 'the look has only begun')
  await disk.look()
  const refusal = budget.admit(send(1, 'x'))
  assert.deepEqual([refusal?.code, refusal?.retryAfterSeconds], ['unavailable', 60])
  assert.match(refusal?.message ?? '', /^The disk of this server is nearly full/)
  const registering = { kind: 'register', name: 'a', nameKey: 'a', password: 'x', passwordRule: 1 } as const
  assert.equal(budget.admit(registering)?.code, 'unavailable')
  assert.equal(budget.admit({ kind: 'delete', sender: 1, message: 1 }), undefined)
  assert.equal(budget.admit({ kind: 'end-session', account: 1, session: 1 }), undefined)
  free = 100
  waiting.shift()?.()
  await disk.look()
  assert.equal(budget.admit(send(1, 'x')), undefined)
  assert.deepEqual(said, [true, false])
  assert.equal(waiting.length, 0)
})

test('a disk that cannot be asked counts as roomy, and one without a bound is never asked', async () => {
  const needs = { clock: () => base, later: () => () => {}, changed: () => assert.fail() }
  const broken = new FreeDisk({ ...needs, freeBytes: () => Promise.reject(new Error('ENOSYS')), bytesMin: 1 })
  await broken.look()
  assert.equal(broken.isLow, false)
  const unbound = new FreeDisk({ ...needs, freeBytes: () => assert.fail(), bytesMin: 0 })
  await unbound.look()
  assert.equal(unbound.isLow, false)
})
