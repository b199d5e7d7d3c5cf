// How SQLite goes about each statement of the store: through an index, whatever a table holds. And that all of them are
// prepared in the one way that does not prepare them again at each run.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { appender } from '../../src/store/sqlite/append.ts'
import { type Connection, connectWriter } from '../../src/store/sqlite/connect.ts'
import { takeFolder } from '../../src/store/sqlite/folder.ts'
import { readsOn } from '../../src/store/sqlite/reader.ts'
import { root } from '../support/program.ts'
import { place } from './place.ts'

/** Statements that may walk a table, with the reason. */
const mayScan: readonly (readonly [RegExp, string])[] = [
  [/FROM messages ORDER BY seq DESC LIMIT 1$/, 'takes the last row and stops'],
  [/FROM accounts WHERE deleted_at IS NULL LIMIT 1$/, 'stops at the first account that lives'],
  [/FROM erasures ORDER BY account$/, 'holds only what is under way'],
  [/FROM log_meta/, 'has a row an epoch'],
  [/^DELETE FROM invites WHERE expires_at/, 'has the invites of an hour or a week'],
]

/** What the scans of a plan may be of besides: not a table, but what the statement made itself. */
const notTables =
  /^SCAN (CONSTANT ROW|given|w|\(subquery-\d+\)|near|own|page|log|json_each|c|other)( VIRTUAL TABLE .*)?$/

/** All statements that the store prepares, as SQLite gets them. */
function statementsOf(db: Connection): string[] {
  const statements: string[] = []
  const recording = new Proxy(db, {
    get: (target, key) => {
      if (key !== 'prepare') return Reflect.get(target, key) as unknown
      return (sql: string) => {
        statements.push(sql)
        return target.prepare(sql)
      }
    },
  })
  readsOn(recording)
  appender(recording)
  return statements
}

test('no statement of the store walks a table', () => {
  using here = place()
  const folder = takeFolder(here.dir)
  const db = connectWriter(folder.file, 'FULL')
  const statements = statementsOf(db)
  assert(statements.length > 60, `only ${statements.length} statements were seen`)
  for (const sql of statements) {
    const values = [...sql.matchAll(/\?/g)].map(() => '[1]')
    const plan = db.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all(...values)
    const scans = plan.filter(({ detail }) => detail.startsWith('SCAN') && !notTables.test(detail))
    if (mayScan.some(([pattern]) => pattern.test(sql))) continue
    assert.deepEqual(
      scans.map(({ detail }) => detail),
      [],
      sql,
    )
  }
  db.close()
  folder.release()
})

test('what may walk a table is still there', () => {
  using here = place()
  const folder = takeFolder(here.dir)
  const db = connectWriter(folder.file, 'FULL')
  const statements = statementsOf(db)
  for (const [pattern] of mayScan)
    assert(
      statements.some(sql => pattern.test(sql)),
      String(pattern),
    )
  db.close()
  folder.release()
})

test('the hot path of a direct send is answered by the index alone', () => {
  using here = place()
  const folder = takeFolder(here.dir)
  const db = connectWriter(folder.file, 'FULL')
  const sql = statementsOf(db).find(one => one.includes('conversations_open_pair')) ?? ''
  const plan = db.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all(1, 2)
  assert.match(plan[0]?.detail ?? '', /USING COVERING INDEX conversations_open_pair \(pair_low=\? AND pair_high=\?\)/)
  db.close()
  folder.release()
})

test('every statement is prepared by the function that keeps the planner from doing it again', () => {
  const dir = join(root, 'src', 'store', 'sqlite')
  const files = ['append.ts', ...readdirSync(dir, { recursive: true, encoding: 'utf8' })].filter(name =>
    /^(append|reads\b.*|writes\b.*)\.ts$/.test(name),
  )
  assert(files.length > 10)
  for (const name of files) assert.doesNotMatch(readFileSync(join(dir, name), 'utf8'), /\.prepare\b/, name)
})
