// A reader that comes back after a million entries of others: counted in rows that the store gave, not in time.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import Database from 'better-sqlite3'
import { cursorString, Cursors } from '../../src/core/log/cursors.ts'
import { Committer } from '../../src/core/log/committer.ts'
import { Directory } from '../../src/core/people/directory.ts'
import { Followers } from '../../src/core/live/followers.ts'
import { pageEntriesUsual } from '../../src/core/conversations/merge.ts'
import { Listening } from '../../src/core/people/listening.ts'
import { Places } from '../../src/core/kit/slots.ts'
import { Tail } from '../../src/core/log/tail.ts'
import { begin } from '../../src/core/live/begin.ts'
import { Refusal } from '../../src/protocol/refusals.ts'
import { openSqlite } from '../../src/store/sqlite/sqlite.ts'
import type { Reads, Store } from '../../src/store/store.ts'

const foreign = 1_000_000
const nowMs = 1_700_000_000_000

test('a stream that is resumed after 1,000,000 entries of others reads at most a page before its first event', async t => {
  const dir = mkdtempSync(join(tmpdir(), 'hullo-foreign-'))
  t.after(() => rmSync(dir, { recursive: true, force: true }))
  await populate(dir)
  await using store = openSqlite(dir, { synchronous: 'OFF' })
  const rows = { given: 0 }
  const counted: Store = { ...store, ...counting(store, rows) }
  const followers = new Followers(counted, new Directory(counted))
  const tail = await Tail.open(counted, batch => followers.deliver(batch))
  followers.attach(tail)
  t.after(() => tail.stop())
  const session = await store.sessionByToken('hash')
  const account = await store.accountByKey('bob')
  const [epoch] = await store.epochs()
  assert(session !== undefined && account !== undefined && epoch !== undefined)

  rows.given = 0
  const after = cursorString(epoch, 1, nowMs)
  const committer = new Committer(counted, () => nowMs)
  const cursors = new Cursors({ store: counted, committer, random: randomBytes })
  const needs = {
    cursors,
    followers,
    soft: undefined as never,
    streams: new Places<number>(1),
    listening: new Listening(() => nowMs),
  }
  const beginning = await begin(needs, { account, session }, after)
  assert(!(beginning instanceof Refusal))
  using ends = beginning.ends
  const follower = ends.use(beginning.follower)
  for await (const live of follower.live(t.signal, 15_000)) {
    assert(live.kind === 'entries')
    const seqs = live.json.map(json => (JSON.parse(json) as { seq: number }).seq)
    assert.deepEqual(seqs, [foreign + 3])
    break
  }
  assert.ok(rows.given <= pageEntriesUsual, `${rows.given} rows`)
  assert.ok(rows.given > 0)
})

/** Ann writes to Bob, others write a million times, and Ann writes to Bob again. */
async function populate(dir: string): Promise<void> {
  {
    await using store = openSqlite(dir, { synchronous: 'OFF' })
    const people = ['ann', 'bob', 'eve', 'mal'].map(
      name => ({ kind: 'register', name, nameKey: name, password: 'phc', passwordRule: 1 }) as const,
    )
    await store.write(people, nowMs)
    const session = {
      kind: 'create-session',
      account: 2,
      tokenHash: 'hash',
      label: '',
      lifeMs: nowMs,
    } as const
    await store.write([session, sendFrom(1, 2), sendFrom(3, 4)], nowMs)
  }
  const db = new Database(join(dir, 'hullo.sqlite'))
  db.pragma('synchronous = OFF')
  db.prepare(
    `WITH RECURSIVE others (seq) AS (SELECT 3 UNION ALL SELECT seq + 1 FROM others WHERE seq < ${foreign + 2})
     INSERT INTO messages (seq, conversation, sender, kind, text, sent_at, stored_at)
     SELECT others.seq, m.conversation, m.sender, 'text', 'nothing to you', 1, ${nowMs}
     FROM others CROSS JOIN messages m WHERE m.seq = 2`,
  ).run()
  db.close()
  await using store = openSqlite(dir, { synchronous: 'OFF' })
  await store.write([sendFrom(1, 2)], nowMs)
}

function sendFrom(sender: number, recipient: number) {
  return { kind: 'send-direct', sender, recipient, text: 'hi', sentAtS: 1 } as const
}

/** Every row that a read gives is counted. */
function counting(store: Store, rows: { given: number }): Partial<Reads> {
  const reads = Object.entries(store).filter(([name]) => name !== 'write') as [
    string,
    (...args: unknown[]) => unknown,
  ][]
  return Object.fromEntries(
    reads.map(([name, read]) => [
      name,
      async (...args: unknown[]) => {
        const result = await read(...args)
        const list = typeof result === 'object' && result !== null && 'intervals' in result ? result.intervals : result
        rows.given += Array.isArray(list) ? list.length : 1
        return result
      },
    ]),
  )
}
