// The store on SQLite: the conformance suite, and what only this engine can show.
import assert from 'node:assert/strict'
import { existsSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import Database from 'better-sqlite3'
import { connectReader, connectWriter } from '../../src/store/sqlite/connect.ts'
import { openSqlite } from '../../src/store/sqlite/sqlite.ts'
import { NotWritten, OutcomeUnknown } from '../../src/store/store.ts'
import { storeConformance } from './conformance.ts'
import { place, sqliteSubject } from './place.ts'
import { accounts, kindsOf, message, nowMs, onceMessage, roomMessage, roomOf, sendOne } from './subject.ts'

storeConformance('SQLite', sqliteSubject)

test('the connection that writes has the settings that durability rests on', () => {
  using here = place()
  const db = connectWriter(here.file, 'FULL')
  const read = (pragma: string) => db.pragma(pragma, { simple: true })
  assert.deepEqual(['journal_mode', 'synchronous', 'foreign_keys', 'fullfsync', 'checkpoint_fullfsync'].map(read), [
    'wal',
    2,
    1,
    1,
    1,
  ])
  db.close()
})

test('a setting that SQLite does not take is an error, not a silence', () => {
  // WAL does not exist in memory: SQLite answers `memory` and goes on.
  assert.throws(() => connectWriter(':memory:', 'FULL'), /did not take journal_mode = WAL; it says memory/)
})

test('the connection that reads cannot write', () => {
  using here = place()
  connectWriter(here.file, 'FULL').exec('CREATE TABLE t (x)').close()
  const db = connectReader(here.file)
  assert.throws(() => db.exec('INSERT INTO t VALUES (1)'), { code: 'SQLITE_READONLY' })
  db.close()
})

test('another program reads the database while the store is open, and sees what was stored', async () => {
  using here = place()
  await using store = openSqlite(here.dir)
  const [ann, bob] = await accounts(store, 'Ann', 'Bob')
  await sendOne(store, message(ann, bob, 'one'))
  const db = new Database(here.file, { readonly: true })
  const count = db.prepare<[], number>('SELECT count(*) FROM messages').pluck()
  assert.equal(count.get(), 1)
  await sendOne(store, message(bob, ann, 'two'))
  assert.equal(count.get(), 2)
  db.close()
  await sendOne(store, message(ann, bob, 'three'))
})

test('a program that keeps a read transaction open does not stop the store', async () => {
  using here = place()
  await using store = openSqlite(here.dir)
  const [ann, bob] = await accounts(store, 'Ann', 'Bob')
  const db = new Database(here.file, { readonly: true })
  db.exec('BEGIN')
  assert.equal(db.prepare('SELECT count(*) FROM messages').pluck().get(), 0)
  for (const text of ['one', 'two']) await sendOne(store, message(ann, bob, text))
  assert.equal(db.prepare('SELECT count(*) FROM messages').pluck().get(), 0)
  assert.equal(await store.head(), 2)
  db.close()
})

test("the views show the messaging lab's columns to who looks", async () => {
  using here = place()
  await using store = openSqlite(here.dir)
  const [ann, bob] = await accounts(store, 'Ann', 'Bob')
  await store.write(
    [message(bob, ann, 'hello', 1.25), message(ann, bob, 'back', 2.5), message(ann, ann, 'note', 3)],
    nowMs,
  )
  const db = new Database(here.file, { readonly: true })
  assert.deepEqual(db.prepare('SELECT * FROM lab_users').raw().all(), [
    [ann, 'Ann', 'phc of Ann'],
    [bob, 'Bob', 'phc of Bob'],
  ])
  const messages = db.prepare('SELECT * FROM lab_messages')
  assert.deepEqual(
    messages.columns().map(column => column.name),
    ['id', 'sender', 'recipient', 'message', 'timestamp'],
  )
  assert.deepEqual(messages.raw().all(), [
    [1, 'Bob', 'Ann', 'hello', 1.25],
    [2, 'Ann', 'Bob', 'back', 2.5],
    [3, 'Ann', 'Ann', 'note', 3],
  ])
  db.close()
})

test('the view of messages shows the present text, leaves out what was erased, and never shows a room', async () => {
  using here = place()
  await using store = openSqlite(here.dir)
  const [ann, bob] = await accounts(store, 'Ann', 'Bob')
  const room = await roomOf(store, [ann, bob]) // 1, 2
  await kindsOf(store, message(ann, bob, 'one'), message(ann, bob, 'two'), roomMessage(ann, room, 'x')) // 3, 4, 5
  await kindsOf(store, { kind: 'edit', sender: ann, message: 3, text: 'uno', sentAtS: 2 })
  await kindsOf(store, { kind: 'delete', sender: ann, message: 4 }, { kind: 'block', account: ann, other: bob })
  const db = new Database(here.file, { readonly: true })
  const messages = () => db.prepare('SELECT id, sender, recipient, message FROM lab_messages').raw().all()
  assert.deepEqual(messages(), [[3, 'Ann', 'Bob', 'uno']])
  await kindsOf(store, { kind: 'delete-account', account: ann }, { kind: 'erase-some', account: ann, limit: 100 })
  assert.deepEqual(messages(), [])
  assert.deepEqual(db.prepare('SELECT username FROM lab_users').pluck().all(), ['Bob'])
  db.close()
})

test('a repeat gives the first result also when the message is not kept any more, whatever it says', async () => {
  using here = place()
  await using store = openSqlite(here.dir)
  const [ann, bob] = await accounts(store, 'Ann', 'Bob')
  const first = await sendOne(store, onceMessage([ann, bob, 'once'], 'id'))
  await sendOne(store, message(ann, bob, 'later'))
  const db = new Database(here.file)
  db.prepare('DELETE FROM messages WHERE seq = ?').run(first.seq)
  db.close()
  assert.deepEqual(await sendOne(store, onceMessage([ann, bob, 'once'], 'id')), { ...first, repeated: true })
  assert.deepEqual(await sendOne(store, onceMessage([ann, bob, 'other'], 'id')), { ...first, repeated: true })
  assert.deepEqual(await kindsOf(store, onceMessage([ann, ann, 'once'], 'id')), ['client-id-reused'])
})

test('closing moves everything into the one file and leaves no WAL behind', async () => {
  using here = place()
  {
    await using store = openSqlite(here.dir)
    const [ann, bob] = await accounts(store, 'Ann', 'Bob')
    await sendOne(store, message(ann, bob, 'hello'))
  }
  assert.deepEqual([existsSync(`${here.file}-wal`), existsSync(`${here.file}-shm`)], [false, false])
  const db = new Database(here.file, { readonly: true })
  assert.equal(db.prepare('SELECT text FROM messages').pluck().get(), 'hello')
  db.close()
})

test('what was left in the WAL is moved into the database before the next commit', async () => {
  using here = place()
  // The other program's connection keeps the WAL from being moved when the store closes, and when it opens.
  await openSqlite(here.dir)[Symbol.asyncDispose]()
  const other = new Database(here.file, { readonly: true })
  other.prepare('SELECT count(*) FROM accounts').get()
  {
    await using store = openSqlite(here.dir)
    const [ann, bob] = await accounts(store, 'Ann', 'Bob')
    await store.write(
      Array.from({ length: 200 }, () => message(ann, bob, 'x'.repeat(1_000))),
      nowMs,
    )
  }
  const left = statSync(`${here.file}-wal`).size
  assert(left > 200_000, `${left}`)
  await using store = openSqlite(here.dir)
  await accounts(store, 'Cleo')
  const now = statSync(`${here.file}-wal`).size
  assert(now < left / 4, `the WAL still has ${now} bytes`)
  assert.equal(await store.head(), 200)
  other.close()
})

test('the files are for their owner alone, whatever the folder says', {
  skip: process.platform === 'win32',
}, async () => {
  using here = place()
  await using store = openSqlite(here.dir)
  await accounts(store, 'Ann')
  for (const file of [here.file, `${here.file}-wal`]) assert.equal(statSync(file).mode & 0o777, 0o600, file)
})

test('writes that were under way when the store is closed are finished; later ones are refused', async () => {
  using here = place()
  const store = openSqlite(here.dir)
  const [ann, bob] = await accounts(store, 'Ann', 'Bob')
  const underWay = Array.from({ length: 10 }, (_, index) => sendOne(store, message(ann, bob, `text ${index}`)))
  await store[Symbol.asyncDispose]()
  assert.deepEqual(
    (await Promise.all(underWay)).map(one => one.seq),
    underWay.map((_, index) => index + 1),
  )
  await assert.rejects(store.write([message(ann, bob, 'late')], nowMs), NotWritten)
  await store[Symbol.asyncDispose]()
  await using again = openSqlite(here.dir)
  assert.equal(await again.head(), 10)
})

test('a writer that cannot start ends neither the process nor the next write', async () => {
  using here = place()
  const store = openSqlite(here.dir)
  // Before the thread has opened it, the database is gone and something else is in its place.
  for (const file of [here.file, `${here.file}-wal`, `${here.file}-shm`]) rmSync(file, { force: true })
  writeFileSync(here.file, 'this is no database'.repeat(1_000))
  for (let round = 0; round < 2; round += 1) await assert.rejects(store.write([], nowMs), OutcomeUnknown)
  await new Promise(resolve => setImmediate(resolve))
  await store[Symbol.asyncDispose]()
})

test('one write that SQLite cannot take fails its batch as divisible, and leaves nothing of it', async () => {
  using here = place()
  await using store = openSqlite(here.dir)
  const [ann, bob] = await accounts(store, 'Ann', 'Bob')
  const batch = [message(ann, bob, 'good'), message(ann, bob, 'no time', Number.NaN)]
  await assert.rejects(store.write(batch, nowMs), { name: 'NotWritten', divisible: true })
  assert.equal(await store.head(), 0)
  assert.deepEqual(await store.directsOf(ann), [])
  assert.equal((await sendOne(store, message(ann, bob, 'next'))).seq, 1)
})
