// What a search costs others: however much there is of what is looked for, it goes in bounded steps, and others get
// their turn between them. Counted, not timed.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openReader, readsOn } from '../../src/store/sqlite/reader.ts'
import { type Connection, connectReader } from '../../src/store/sqlite/connect.ts'
import { openSqlite } from '../../src/store/sqlite/sqlite.ts'
import type { Reads, Seq, Store } from '../../src/store/store.ts'
import { place } from './place.ts'
import { accounts, message, nowMs, stored } from './subject.ts'

/** The most rows that a step may take from the store. */
const stepRowsMax = 128

/** Notes to oneself, indexed under these words. */
async function notes(store: Store, texts: readonly (readonly string[])[]): Promise<number> {
  const [ann] = await accounts(store, 'Ann')
  let conversation = 0
  for (let from = 0; from < texts.length; from += 500) {
    const part = texts.slice(from, from + 500)
    const written = await store.write(
      part.map(words => message(ann, ann, words[0] ?? '')),
      nowMs,
    )
    conversation = stored(written[0]).conversation
    const messages = written.map((one, at) => ({ seq: stored(one).seq, words: part[at] ?? [] }))
    await store.write([{ kind: 'index-words', upTo: from + part.length, messages }], nowMs)
  }
  return conversation
}

/** A connection whose statements say how many rows each run of them gave. */
function counted(db: Connection, runs: number[]): Connection {
  return new Proxy(db, {
    get: (target, key) => {
      if (key !== 'prepare') return Reflect.get(target, key) as unknown
      return (sql: string) => {
        const statement = target.prepare(sql)
        const all = statement.all.bind(statement)
        statement.all = (...values: unknown[]) => {
          const rows = all(...values)
          runs.push(rows.length)
          return rows
        }
        return statement
      }
    },
  })
}

/** What a search gives, and how many turns others had meanwhile. */
async function among(search: Promise<readonly Seq[]>): Promise<{ found: readonly Seq[]; turns: number }> {
  const count = { turns: 0, isOver: false }
  const others = (async () => {
    for (; !count.isOver; count.turns += 1) await new Promise(resolve => setImmediate(resolve))
  })()
  const found = await search
  count.isOver = true
  await others
  return { found, turns: count.turns }
}

const find = (reads: Reads, conversation: number, words: { word: string; isPrefix: boolean }[], limit = 10) =>
  reads.findWords({ words, within: [{ conversation, after: 0, upTo: 1_000_000 }], before: 1_000_000, limit })

const messages = 2_000

test('a prefix of very many words, and words that never stand together, are looked for in bounded steps', async () => {
  using here = place()
  await using store = openSqlite(here.dir)
  // The only one with `rare` is the oldest; each has words that begin with a.
  const conversation = await notes(
    store,
    Array.from({ length: messages }, (_, at) => [
      ...Array.from({ length: 20 }, (_none, word) => `a${(at * 20 + word).toString(36)}`),
      at % 2 === 0 ? 'even' : 'odd',
      ...(at < 4 ? ['brare', 'bodd'] : ['beven', 'bodd']),
    ]),
  )
  const db = connectReader(here.file)
  const runs: number[] = []
  const reads = readsOn(counted(db, runs))
  const cases = [
    // Nearly everywhere: the first step has enough.
    { words: [{ word: 'a', isPrefix: true }], found: Array.from({ length: 10 }, (_, at) => messages - at), steps: 0 },
    // Both are common, and a message with both is far back or not there.
    {
      words: [
        { word: 'even', isPrefix: false },
        { word: 'odd', isPrefix: false },
      ],
      found: [],
      steps: messages / 2 / stepRowsMax - 1,
    },
    {
      words: [
        { word: 'a', isPrefix: true },
        { word: 'ev', isPrefix: true },
        { word: 'od', isPrefix: true },
      ],
      found: [],
      steps: messages / stepRowsMax - 1,
    },
    {
      words: [
        { word: 'a', isPrefix: true },
        { word: 'br', isPrefix: true },
      ],
      found: [4, 3, 2, 1],
      steps: 0,
    },
  ]
  for (const { words, found, steps } of cases) {
    runs.length = 0
    const seen = await among(find(reads, conversation, words))
    assert.deepEqual(seen.found, found)
    assert.ok(seen.turns >= steps, `${seen.turns} turns of others, for ${steps} steps`)
    assert.ok(Math.max(...runs) <= stepRowsMax, `a step of ${Math.max(...runs)} rows`)
  }
  db.close()
})

test('what is nearly everywhere is found without going further than the page', async () => {
  using here = place()
  await using store = openSqlite(here.dir)
  const conversation = await notes(
    store,
    Array.from({ length: messages }, (_, at) => [`a${at}`]),
  )
  const reader = openReader(here.file)
  const runs: number[] = []
  const db = connectReader(here.file)
  const found = await find(readsOn(counted(db, runs)), conversation, [{ word: 'a', isPrefix: true }], 64)
  assert.deepEqual(found, await find(reader.reads, conversation, [{ word: 'a', isPrefix: true }], 64))
  assert.equal(found.length, 64)
  assert.ok(runs.reduce((sum, rows) => sum + rows, 0) <= 4 * stepRowsMax, `${runs.join(', ')} rows`)
  db.close()
  reader.close()
})
