// A database that is damaged anywhere: it is refused with advice at the start, or what touches the damage is refused when it
// is read. No list is shorter for it, and the folder is free again.
import assert from 'node:assert/strict'
import { closeSync, copyFileSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import Database from 'better-sqlite3'
import { openSqlite } from '../../src/store/sqlite/sqlite.ts'
import { CannotOpen, Damaged, type Store } from '../../src/store/store.ts'
import { place } from './place.ts'
import { accounts, message, nowMs } from './subject.ts'

const messages = 3_000
const pageBytes = 4_096

// One database for all tests: 3,000 messages between two people, over some hundred pages.
const original = place()
after(() => original[Symbol.dispose]())
{
  await using store = openSqlite(original.dir, { synchronous: 'OFF' })
  const [ann, bob] = await accounts(store, 'Ann', 'Bob')
  const batch = Array.from({ length: 100 }, (_, index) => message(ann, bob, `text ${index} `.repeat(10)))
  for (let round = 0; round < messages / 100; round += 1) await store.write(batch, nowMs)
}

/** Overwrites a file's bytes from `at` on. */
function overwrite(file: string, at: number, bytes: Buffer): void {
  const descriptor = openSync(file, 'r+')
  writeSync(descriptor, bytes, 0, bytes.length, at)
  closeSync(descriptor)
}

/** Every message of the one conversation, by the index and by the log, as the routes read them. */
async function readAll(store: Store): Promise<{ byIndex: number; byLog: number }> {
  const seqs: number[] = []
  for (let from = 0; ; from = seqs.at(-1) ?? 0) {
    const more = await store.seqsOf(1, from, messages, 500)
    seqs.push(...more)
    if (more.length < 500) break
  }
  const byIndex = (await store.entriesAt(seqs)).length
  let byLog = 0
  for (let from = 0; from < messages; ) {
    const page = await store.entriesAfter(from, 500)
    if (page.length === 0) break
    byLog += page.length
    from = page.at(-1)?.seq ?? messages
  }
  return { byIndex, byLog }
}

type End = 'refused at the start' | 'refused when read' | 'all read'

/** Opens a copy that was changed, reads all of it and tries to write; `damaged` must be called once where damage is met. */
async function tryOut(change: (file: string) => void): Promise<End> {
  using here = place()
  copyFileSync(original.file, here.file)
  change(here.file)
  const sentences: string[] = []
  let store: Store
  try {
    store = openSqlite(here.dir, { damaged: sentence => void sentences.push(sentence) })
  } catch (error) {
    assert(error instanceof CannotOpen, String(error))
    assert.match(error.message, /backup|Put the database back/)
    // The folder is free: a sound copy opens.
    rmSync(`${here.file}-wal`, { force: true })
    copyFileSync(original.file, here.file)
    await openSqlite(here.dir)[Symbol.asyncDispose]()
    return 'refused at the start'
  }
  try {
    assert.deepEqual(await readAll(store), { byIndex: messages, byLog: messages })
    assert.deepEqual(sentences, [])
    return 'all read'
  } catch (error) {
    assert(error instanceof Damaged, String(error))
    await assert.rejects(readAll(store), Damaged)
    assert.equal(sentences.length, 1, 'said once')
    assert.match(sentences[0] ?? '', /is damaged: .*cannot be read.* backup/)
    return 'refused when read'
  } finally {
    await store[Symbol.asyncDispose]()
  }
}

/** The number of a table's or an index's first page. */
function rootPage(name: string): number {
  const db = new Database(original.file, { readonly: true })
  const page = db.prepare<[string], number>('SELECT rootpage FROM sqlite_schema WHERE name = ?').pluck().get(name)
  db.close()
  return page ?? assert.fail(name)
}

const pages = () => statSync(original.file).size / pageBytes
const zeros = Buffer.alloc(pageBytes)

test('the undamaged database is read whole', async () => {
  assert.equal(await tryOut(() => {}), 'all read')
})

test('each page that is zeroed is noticed, or is not needed: no list is shorter', async t => {
  const ends = new Map<End, number>()
  // Every fifth page of the file, the first among them.
  for (let page = 0; page < pages(); page += 5) {
    const end = await tryOut(file => overwrite(file, page * pageBytes, zeros))
    ends.set(end, (ends.get(end) ?? 0) + 1)
  }
  t.diagnostic(JSON.stringify([...ends]))
  assert.ok((ends.get('refused when read') ?? 0) > 0)
  assert.ok((ends.get('refused at the start') ?? 0) > 0)
})

for (const name of ['messages', 'messages_conversation', 'accounts', 'log_meta']) {
  test(`the first page of ${name}, zeroed, is refused at the start`, async () => {
    const at = (rootPage(name) - 1) * pageBytes
    assert.equal(await tryOut(file => overwrite(file, at, zeros)), 'refused at the start')
  })
}

for (const [what, change] of Object.entries({
  'bytes over its header': (file: string) => overwrite(file, 0, Buffer.from('this is no database at all')),
  'another page size in its header': (file: string) => overwrite(file, 16, Buffer.from([3, 3])),
  'bytes over its schema': (file: string) => overwrite(file, 100, Buffer.alloc(200, 0xff)),
  'its second half cut off': (file: string) => {
    const half = readFileSync(file).subarray(0, Math.floor(pages() / 2) * pageBytes)
    overwriteWhole(file, half)
  },
  'a part of a page cut off': (file: string) => overwriteWhole(file, readFileSync(file).subarray(0, -1_000)),
  'nothing in it but its WAL': (file: string) => {
    overwriteWhole(`${file}-wal`, Buffer.alloc(8_000, 7))
    overwriteWhole(file, Buffer.alloc(0))
  },
  'bytes over the header of its WAL': (file: string) => overwriteWhole(`${file}-wal`, Buffer.alloc(8_000, 0xa5)),
  'a table missing': (file: string) => sql(file, 'DROP TABLE blocks'),
  'a column missing': (file: string) => sql(file, 'ALTER TABLE messages DROP COLUMN client_id'),
  'an index missing': (file: string) => sql(file, 'DROP INDEX messages_conversation'),
  'a hole at the end of its log': (file: string) => sql(file, `DELETE FROM messages WHERE seq = ${messages - 7}`),
  'an index that lacks one of the last rows': (file: string) => hideFromIndex(file, messages - 7),
})) {
  test(`a database with ${what} is refused at the start`, async () => {
    assert.equal(await tryOut(change), 'refused at the start')
  })
}

test('a hole further back is refused where it is read', async () => {
  assert.equal(await tryOut(file => sql(file, 'DELETE FROM messages WHERE seq = 500')), 'refused when read')
})

function overwriteWhole(file: string, bytes: Buffer): void {
  const descriptor = openSync(file, 'w')
  writeSync(descriptor, bytes)
  closeSync(descriptor)
}

function sql(file: string, statement: string): void {
  const db = new Database(file)
  db.pragma('foreign_keys = OFF')
  db.exec(statement)
  db.close()
}

/** The row stays, its entry in the index goes: the index is made partial, the row removed from it, and its text put back. */
function hideFromIndex(file: string, seq: number): void {
  const db = new Database(file)
  db.unsafeMode(true)
  const was = db
    .prepare<[], string>("SELECT sql FROM sqlite_schema WHERE name = 'messages_conversation'")
    .pluck()
    .get() as string
  db.exec('DROP INDEX messages_conversation')
  db.exec(`${was} WHERE seq <> ${seq}`)
  db.pragma('writable_schema = ON')
  db.prepare("UPDATE sqlite_schema SET sql = ? WHERE name = 'messages_conversation'").run(was)
  db.close()
}

test('an emptied database is refused where there was one; one that is put back opens', async () => {
  using here = place()
  await openSqlite(here.dir)[Symbol.asyncDispose]()
  overwriteWhole(here.file, Buffer.alloc(0))
  assert.throws(() => openSqlite(here.dir), /hullo\.sqlite is empty, although it was in use before\. Restore .* backup/)
  copyFileSync(original.file, here.file)
  await openSqlite(here.dir)[Symbol.asyncDispose]()
  assert.ok(statSync(join(here.dir, 'hullo.lock')).size > 0)
})
