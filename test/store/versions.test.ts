// A database in which edits replaced the first text of a message, and deletes left texts in free space: what of it is
// kept, and what is gone once it was opened.
import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import Database from 'better-sqlite3'
import { readInbox } from '../../src/core/lab/inbox.ts'
import { migrations } from '../../src/store/sqlite/migrations.ts'
import { openSqlite } from '../../src/store/sqlite/sqlite.ts'
import type { Account } from '../../src/store/store.ts'
import { place } from './place.ts'
import { kindsOf, nowMs, onceMessage, plain, roomMessage, sendOne, stored, wholeLog, writeOne } from './subject.ts'

/** How many migrations 0.4 had. */
const formatOf04 = 5

const digestOf = (to: string, text: string) => hash('sha256', `${to}\0${text}`, 'base64url').slice(0, 22)

/** Ann and Bob, their conversation (1) and room (2), and what Ann said in both, as 0.4 left it. */
function makeOld(file: string): void {
  const db = new Database(file)
  db.pragma('journal_mode = WAL')
  for (const sql of migrations.slice(0, formatOf04)) db.exec(sql)
  db.pragma(`user_version = ${formatOf04}`)
  db.pragma('application_id = 1215655023') // "Hulo" in ASCII
  db.exec(`
    INSERT INTO accounts (name, name_key, password, password_rule, created_at)
      VALUES ('Ann', 'ann', 'phc', 1, 1), ('Bob', 'bob', 'phc', 1, 1);
    INSERT INTO conversations (kind, pair_low, pair_high) VALUES ('direct', 1, 2);
    INSERT INTO conversations (kind, name, name_key, topic, history, members)
      VALUES ('room', 'Team', 'team', '', 'all', 2);
    INSERT INTO memberships (account, conversation, joined_seq) VALUES (1, 1, 1), (2, 1, 1), (1, 2, 1), (2, 2, 1);
  `)
  const add = db.prepare(`INSERT INTO messages (seq, conversation, sender, kind, text, refers_to, sent_at, stored_at)
    VALUES (?, ?, 1, ?, ?, ?, 1, ${nowMs})`)
  const send = db.prepare(`INSERT INTO sends (sender, client_id, seq, digest, conversation, stored_at)
    VALUES (1, ?, ?, ?, ?, ${nowMs})`)
  const sent = (seq: number, conversation: number, text: string) => {
    add.run(seq, conversation, 'text', text, null)
    send.run(`id-${seq}`, seq, digestOf(conversation === 1 ? '@2' : '#2', text), conversation)
  }
  sent(1, 1, 'helo bob')
  sent(2, 2, 'helo team')
  sent(3, 1, 'never edited')
  sent(4, 1, `remorse ${'and more '.repeat(2_000)}`)
  sent(5, 1, 'afterthought')
  for (const [seq, message, text] of [
    [6, 1, 'hello bob'],
    [7, 2, 'hello team'],
    [8, 1, 'hello, Bob'],
  ] as const) {
    add.run(seq, message, 'edit', text, message)
    db.prepare('INSERT INTO edits (message, seq) VALUES (?, ?)').run(message, seq)
    db.prepare('UPDATE messages SET text = ? WHERE seq = ?').run(text, message)
  }
  for (const seq of [4, 5]) {
    db.prepare("UPDATE messages SET kind = 'erased', text = '' WHERE seq = ?").run(seq)
    add.run(seq + 5, 1, 'delete', '', seq)
  }
  db.close()
}

test('of an edited message the edits are left, and a repeat is decided by the digest', async () => {
  using here = place()
  makeOld(here.file)
  await using store = openSqlite(here.dir)
  const texts = (await wholeLog(store)).map(({ seq, kind, text, refersTo }) => [seq, kind, text, refersTo])
  assert.deepEqual(texts.slice(0, 3), [
    [1, 'text', '', 1],
    [2, 'text', '', 2],
    [3, 'text', 'never edited', null],
  ])
  assert.deepEqual(texts[7], [8, 'edit', 'hello, Bob', 1])
  const bob = (await store.accountByKey('bob')) as Account
  const inbox = (await Array.fromAsync(readInbox(store, bob))).flat()
  assert.deepEqual(
    inbox.map(({ text }) => text),
    ['hello, Bob', 'never edited'],
  )
  const again = async (text: string, id: string) => kindsOf(store, onceMessage([1, 2, text], id))
  assert.deepEqual(await sendOne(store, onceMessage([1, 2, 'helo bob'], 'id-1')), {
    kind: 'stored',
    seq: 1,
    conversation: 1,
    storedAtMs: nowMs,
    repeated: true,
  })
  const inRoom = { ...roomMessage(1, 2, 'helo team'), once: { clientId: 'id-2' } }
  assert.equal(stored(await writeOne(store, inRoom)).seq, 2)
  assert.deepEqual(await kindsOf(store, { ...inRoom, text: 'hello team' }), ['client-id-reused'])
  assert.deepEqual(await again('hello, Bob', 'id-1'), ['client-id-reused'])
  assert.deepEqual(await again('never said', 'id-3'), ['client-id-reused'])
  assert.equal((await sendOne(store, onceMessage([1, 2, 'never edited'], 'id-3'))).seq, 3)
  assert.equal((await sendOne(store, onceMessage([1, 2, 'whatever'], 'id-4'))).seq, 4)
  // Erased now, it takes any text too.
  await kindsOf(store, { kind: 'delete', sender: 1, message: 1 })
  assert.equal((await sendOne(store, onceMessage([1, 2, 'whatever'], 'id-1'))).seq, 1)
})

test('people who look at the database see the last version', async () => {
  using here = place()
  makeOld(here.file)
  await using store = openSqlite(here.dir)
  await kindsOf(store, { kind: 'edit', sender: 1, message: 3, text: 'edited now', sentAtS: 1 })
  const db = new Database(here.file, { readonly: true })
  assert.deepEqual(plain(db.prepare('SELECT id, message FROM lab_messages').all()), [
    { id: 1, message: 'hello, Bob' },
    { id: 3, message: 'edited now' },
  ])
  db.close()
})

test('what was erased or replaced before is gone from the file, with its digests', async () => {
  using here = place()
  makeOld(here.file)
  const before = readFileSync(here.file)
  assert(before.includes('remorse') && before.includes(digestOf('@2', 'afterthought')))
  await openSqlite(here.dir)[Symbol.asyncDispose]()
  const file = readFileSync(here.file)
  for (const text of ['remorse', 'and more', 'afterthought', 'helo', digestOf('@2', 'afterthought')]) {
    assert(!file.includes(text), text)
  }
  assert(file.includes('never edited'))
  const db = new Database(here.file, { readonly: true })
  assert.equal(db.prepare('SELECT count(*) FROM first_digests').pluck().get(), 2)
  assert.equal(db.prepare("SELECT count(*) FROM marks WHERE name = 'vacuum-due'").pluck().get(), 0)
  db.close()
})

test('people and public rooms of before are found by the later words of their names', async () => {
  using here = place()
  makeOld(here.file)
  const db = new Database(here.file)
  db.exec(`
    INSERT INTO accounts (name, name_key, password, password_rule, created_at, deleted_at)
      VALUES ('Élodie-Ann O''Hara', 'élodie-ann o''hara', 'phc', 1, 1, NULL), ('X Hara', 'x hara', '', 1, 1, 2), ('-', '-', 'phc', 1, 1, NULL);
    INSERT INTO conversations (kind, name, name_key, topic, history, is_private, members)
      VALUES ('room', 'old.ann', 'old.ann', '', 'all', 0, 0), ('room', 'our.ann', 'our.ann', '', 'all', 1, 0);
  `)
  db.close()
  await using store = openSqlite(here.dir)
  const page = { afterKey: '', limit: 10 }
  const people = async (keyPrefix: string) =>
    (await store.findPeople({ ...page, asker: 2, keyPrefix, sharingWith: null })).map(({ name }) => name)
  assert.deepEqual(await people('ann'), ['Ann', "Élodie-Ann O'Hara"])
  assert.deepEqual(await people("o'h"), ["Élodie-Ann O'Hara"])
  assert.deepEqual(await people('hara'), ["Élodie-Ann O'Hara"])
  const rooms = await store.publicRooms({ ...page, keyPrefix: 'ann' })
  assert.deepEqual(
    rooms.map(room => room.kind === 'room' && room.name),
    ['old.ann'],
  )
})
