// The data folder: held by one process at a time, and only ever a database that this version knows.
import assert from 'node:assert/strict'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import Database from 'better-sqlite3'
import { openSqlite } from '../../src/store/sqlite/sqlite.ts'
import { CannotOpen } from '../../src/store/store.ts'
import { startScript } from '../support/program.ts'
import { place } from './place.ts'
import { accounts, registration } from './subject.ts'

/** The sentence with which opening is refused. */
function refusal(dir: string): string {
  try {
    openSqlite(dir)
  } catch (error) {
    assert(error instanceof CannotOpen, String(error))
    return error.message
  }
  return assert.fail('it was opened')
}

test('a folder is made with those above it, for its owner alone', async () => {
  using here = place()
  const dir = join(here.dir, 'a', 'b')
  await using store = openSqlite(dir)
  await accounts(store, 'Ann')
  if (process.platform !== 'win32') assert.equal(statSync(dir).mode & 0o777, 0o700)
})

test('a folder in use is refused, within the process and from another one', async () => {
  using here = place()
  {
    await using store = openSqlite(here.dir)
    await accounts(store, 'Ann')
    const sentence = `The data folder ${here.dir} is in use by another Hullo. Stop that one, or give this one its own with --data DIR.`
    assert.equal(refusal(here.dir), sentence)
    await using second = startScript('test/store/hold.ts', [here.dir])
    assert.notEqual((await second.ended).code, 0)
    assert.match(second.stderr(), /is in use by another Hullo/)
  }
  await using again = openSqlite(here.dir)
  assert.notEqual(await again.accountByKey('ann'), undefined)
})

test('a folder whose holder was killed is free at once', async () => {
  using here = place()
  await using holder = startScript('test/store/hold.ts', [here.dir])
  await holder.printed(/held/)
  assert.match(refusal(here.dir), /is in use/)
  holder.child.kill('SIGKILL')
  await holder.ended
  await using store = openSqlite(here.dir)
  await accounts(store, 'Ann')
})

test('a refused opening lets go of the folder', async () => {
  using here = place()
  writeFileSync(here.file, 'this is no database'.repeat(1_000))
  assert.match(
    refusal(here.dir),
    /hullo\.sqlite is not an SQLite database, or its beginning was overwritten\. .*backup/,
  )
  writeFileSync(here.file, '')
  await using store = openSqlite(here.dir)
  await accounts(store, 'Ann')
})

test('a database of a newer version is refused, and left as it was', async () => {
  using here = place()
  await openSqlite(here.dir)[Symbol.asyncDispose]()
  const db = new Database(here.file)
  const known = db.pragma('user_version', { simple: true }) as number
  db.pragma(`user_version = ${known + 1}`)
  db.close()
  const before = readFileSync(here.file)
  assert.equal(
    refusal(here.dir),
    `${here.file} was made by a newer Hullo (data version ${known + 1}; this one knows ${known}). ` +
      'Run the newer Hullo, or give this one another folder with --data DIR.',
  )
  assert.deepEqual(readFileSync(here.file), before)
})

for (const [what, make] of Object.entries({
  'with tables': (db: Database.Database) => db.exec('CREATE TABLE user (id INTEGER PRIMARY KEY, username TEXT)'),
  'with a version of its own': (db: Database.Database) => db.pragma('user_version = 1'),
  'with a mark of its own': (db: Database.Database) =>
    db.exec('PRAGMA application_id = 42; CREATE TABLE t (x); PRAGMA user_version = 1'),
})) {
  test(`another program's database ${what} is refused, and not one byte of it is changed`, () => {
    using here = place()
    const db = new Database(here.file)
    make(db)
    db.close()
    const before = readFileSync(here.file)
    assert.match(refusal(here.dir), /is not a database of Hullo's\. Give Hullo a folder of its own with --data DIR\./)
    assert.deepEqual(readFileSync(here.file), before)
    assert.deepEqual(
      readdirSync(here.dir).filter(name => name !== 'hullo.lock'),
      ['hullo.sqlite'],
    )
  })
}

test('a path that is a file, or where a folder stands for the database, gets a sentence', () => {
  using here = place()
  writeFileSync(join(here.dir, 'taken'), '')
  assert.match(refusal(join(here.dir, 'taken')), /^The data folder .*taken cannot be made: /)
  assert.match(refusal(join(here.dir, 'taken', 'below')), /^The data folder .* cannot be made: /)
  mkdirSync(here.file)
  assert.match(
    refusal(here.dir),
    /hullo\.sqlite is a folder\. Move it away, or choose another folder with --data DIR\.$/,
  )
})

test('a folder that may not be written gets a sentence', { skip: process.getuid?.() === 0 && 'root may write' }, () => {
  using here = place()
  chmodSync(here.dir, 0o500)
  assert.match(refusal(here.dir), /^The data folder .* cannot be used: /)
  assert.equal(existsSync(here.file), false)
})

test('a crash in the middle of the first migration leaves a folder that opens', async () => {
  using here = place()
  // What a killed process leaves: the file and its folder, in WAL mode, and nothing committed.
  const db = new Database(here.file)
  db.pragma('journal_mode = WAL')
  db.close()
  await using store = openSqlite(here.dir)
  assert.equal((await store.write([registration('Ann')], 0))[0]?.kind, 'registered')
})
