// What it costs to know how much is unread, and to read a page: counted in rows that SQLite looked at or gave, not in
// time, in logs in which one conversation has everything, many share it, or it is others' or nothing to be seen.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import Database from 'better-sqlite3'
import { Conversations } from '../../src/core/conversations/conversations.ts'
import { Directory } from '../../src/core/people/directory.ts'
import { Entries } from '../../src/core/conversations/entries.ts'
import { Reach } from '../../src/core/conversations/readable-ranges.ts'
import { Refusal } from '../../src/protocol/refusals.ts'
import { connectReader } from '../../src/store/sqlite/connect.ts'
import { readsOn } from '../../src/store/sqlite/reader.ts'
import { UnreadCounts } from '../../src/store/sqlite/unread-counts.ts'
import { openSqlite } from '../../src/store/sqlite/sqlite.ts'
import type { Reads } from '../../src/store/store.ts'
import { place } from './place.ts'
import { accounts, message } from './subject.ts'

const few = 10_000
const many = 200_000
const own = 100

/** Of Bob's first `own` conversations, those of which the log is filled further, and with what. */
const logs = [
  { says: 'one conversation has all of it', conversations: 1, sender: 'peer', kind: 'text' },
  { says: 'a hundred conversations share it', conversations: own, sender: 'peer', kind: 'text' },
  { says: 'most of it is of others', conversations: 0, sender: 'peer', kind: 'text' },
  { says: 'most of it is one’s own', conversations: 1, sender: 'self', kind: 'text' },
  { says: 'most of it is no message', conversations: 1, sender: 'peer', kind: 'topic' },
] as const

for (const log of logs) {
  test(`a page costs as many rows after ${many} entries as after ${few} where ${log.says}`, async () => {
    const [small, large] = [await costsIn(log, few), await costsIn(log, many)]
    assert.ok(small.history > 0 && small.after > 0 && small.list > 0)
    assert.ok(large.history <= small.history * 1.3, `history: ${small.history}, ${large.history}`)
    assert.ok(large.after <= small.after * 1.3, `after a cursor: ${small.after}, ${large.after}`)
    assert.ok(large.list <= small.list * 1.3, `list: ${small.list}, ${large.list}`)
    // The first count of a conversation is bounded, and the next one is spared it.
    assert.ok(large.firstCount <= 10 * 1_000 * Math.max(1, log.conversations) + own, `${large.firstCount}`)
    assert.equal(large.nextCount, 0)
  })
}

async function costsIn(log: (typeof logs)[number], entries: number) {
  using here = place()
  await fill(here, log, entries)
  const db = connectReader(here.file)
  try {
    return await costs(db)
  } finally {
    db.close()
  }
}

/** Rows that a page of each kind is given, and that counts look at. */
async function costs(db: Database.Database) {
  const looked = { rows: 0 }
  const given = { rows: 0 }
  const unread = new UnreadCounts(countingLooked(db, looked))
  const store = {
    ...countingGiven(readsOn(db), given),
    countUnread: async (...asked: Parameters<Reads['countUnread']>) => unread.count(...asked),
  }
  const directory = new Directory(store)
  const reach = new Reach(store)
  const reading = new Entries({ store, directory, reach })
  const conversations = new Conversations({ store, directory, reach })
  const bob = (await store.accountByKey('bob')) ?? assert.fail('there is no Bob')
  const head = await store.head()
  const cost = async (read: () => Promise<unknown>): Promise<number> => {
    given.rows = 0
    assert(!((await read()) instanceof Refusal))
    return given.rows
  }
  await conversations.list(bob, head + 1, 50)
  const firstCount = looked.rows
  const list = await cost(() => conversations.list(bob, head + 1, 50))
  return {
    history: await cost(() => reading.history(bob, 1, { before: Math.floor(head / 2), limit: 50 })),
    after: await cost(() => reading.after(bob, { seq: 50, head }, 50)),
    list,
    firstCount,
    nextCount: looked.rows - firstCount,
  }
}

/** A hundred people write to Bob, and Cat to Dan; then the log is filled to that many entries. */
async function fill(
  { dir, file }: { readonly dir: string; readonly file: string },
  { conversations, sender, kind }: (typeof logs)[number],
  entries: number,
): Promise<void> {
  const peers = Array.from({ length: own }, (_, number) => `peer${number}`)
  {
    await using store = openSqlite(dir, { synchronous: 'OFF' })
    const [bob, cat, dan, ...others] = await accounts(store, 'Bob', 'Cat', 'Dan', ...peers)
    await store.write([...others.map(other => message(other, bob, 'hi')), message(cat, dan, 'hi')], 1)
  }
  const db = new Database(file)
  db.pragma('synchronous = OFF')
  // Bob is account 1; conversation n is his with account n + 3, the last one is that of Cat and Dan.
  db.prepare(
    `WITH RECURSIVE more (seq) AS (SELECT ${own + 2} UNION ALL SELECT seq + 1 FROM more WHERE seq < ${entries})
     INSERT INTO messages (seq, conversation, sender, kind, text, sent_at, stored_at)
     SELECT seq, CASE ${conversations} WHEN 0 THEN ${own + 1} ELSE 1 + seq % max(1, ${conversations}) END,
       CASE '${sender}' WHEN 'self' THEN 1 ELSE 2 END, '${kind}', 'more', 1, 1 FROM more`,
  ).run()
  db.close()
}

/** Each list counts its rows, anything else is one. */
function countingGiven(reads: Reads, given: { rows: number }): Reads {
  const counted = Object.entries(reads).map(([name, read]: [string, (...args: unknown[]) => Promise<unknown>]) => [
    name,
    async (...args: unknown[]) => {
      const result = await read(...args)
      const list = typeof result === 'object' && result !== null && 'intervals' in result ? result.intervals : result
      given.rows += Array.isArray(list) ? list.length : 1
      return result
    },
  ])
  return Object.fromEntries(counted) as Reads
}

/** The connection, with the rows added up that the counting statement says it has looked at. */
function countingLooked(db: Database.Database, looked: { rows: number }): Database.Database {
  return new Proxy(db, {
    get(target, key) {
      if (key !== 'prepare') return Reflect.get(target, key) as unknown
      return (sql: string) => {
        const statement = target.prepare<unknown[], { readonly looked: number }>(sql)
        return {
          get: (...values: unknown[]) => {
            const row = statement.get(...values)
            looked.rows += row?.looked ?? 0
            return row
          },
        }
      }
    },
  })
}
