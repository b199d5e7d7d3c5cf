// A damaged database under a real server: it never hangs. At the start it ends with exit code 1 and what to do, and the folder
// is free; while it serves, what touches the damage is refused with a sentence, and the log says it once.
import assert from 'node:assert/strict'
import {
  chmodSync,
  closeSync,
  copyFileSync,
  mkdirSync,
  openSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import Database from 'better-sqlite3'
import { run } from '../support/program.ts'
import { noFates, send } from './fates.ts'
import { client, folder, serve, stop } from './server.ts'

/** A folder whose server has stopped; the database has a hundred pages. */
async function stopped(dir: string): Promise<string> {
  await using server = await serve(dir)
  using people = client(server.url, 4)
  for (const name of ['ann', 'bob']) assert.equal((await people.register(name)).body, '1')
  const fates = noFates()
  await send(people, 60, fates, 'x'.repeat(6_000))
  assert.equal(fates.stored.length, 60)
  await stop(server)
  return join(dir, 'hullo.sqlite')
}

function overwrite(file: string, at: number, bytes: Buffer): void {
  const descriptor = openSync(file, 'r+')
  writeSync(descriptor, bytes, 0, bytes.length, at)
  closeSync(descriptor)
}

const zeros = Buffer.alloc(4_096)
const rootPage = (file: string, name: string): number => {
  const db = new Database(file, { readonly: true })
  const page = db.prepare<[string], number>('SELECT rootpage FROM sqlite_schema WHERE name = ?').pluck().get(name)
  db.close()
  return page ?? assert.fail(name)
}

const atTheStart: readonly (readonly [string, RegExp, (file: string) => void])[] = [
  ['its header overwritten', /not an SQLite database.*backup/, file => overwrite(file, 0, zeros.fill(0x41))],
  ['its schema overwritten', /is damaged: .*backup/, file => overwrite(file, 100, Buffer.alloc(900, 0xff))],
  [
    'its newest rows zeroed',
    /is damaged: .*backup/,
    file => overwrite(file, (rootPage(file, 'messages') - 1) * 4_096, Buffer.alloc(4_096)),
  ],
  [
    'sessions zeroed',
    /is damaged: .*backup/,
    file => overwrite(file, (rootPage(file, 'sessions') - 1) * 4_096, Buffer.alloc(4_096)),
  ],
  ['its end cut off', /is damaged: .*backup/, file => truncateSync(file, statSync(file).size - 10 * 4_096)],
  ['nothing in it', /is empty, although it was in use.*backup/, file => truncateSync(file, 0)],
  [
    'a WAL of garbage',
    /write-ahead log .* is damaged.*backup/,
    file => writeFileSync(`${file}-wal`, Buffer.alloc(9_000, 0xa5)),
  ],
]

test('a server over a damaged database ends with exit code 1 and advice, and holds nothing', async t => {
  using here = folder()
  const sound = await stopped(join(here.path, 'sound'))
  for (const [what, sentence, damage] of atTheStart) {
    await t.test(what, async () => {
      const dir = join(here.path, what)
      mkdirSync(dir)
      // A stop and a start of its own, so that the folder is known as one that was used.
      const file = join(dir, 'hullo.sqlite')
      copyFileSync(sound, file)
      await using server = await serve(dir)
      await stop(server)
      damage(file)
      for (let round = 0; round < 2; round += 1) {
        const ended = await run(process.execPath, ['bin/hullo.js', 'serve', '--port', '0', '--data', dir])
        assert.equal(ended.code, 1)
        assert.match(ended.stderr, sentence)
        assert.equal(ended.stderr.trim().split('\n').length, 1, ended.stderr)
        assert.equal(ended.stdout, '')
      }
    })
  }
})

test('a database that may not be read ends the start with a sentence', {
  skip: process.getuid?.() === 0 && 'root may read everything',
}, async () => {
  using here = folder()
  chmodSync(await stopped(here.path), 0)
  const ended = await run(process.execPath, ['bin/hullo.js', 'serve', '--port', '0', '--data', here.path])
  assert.equal(ended.code, 1)
  assert.match(ended.stderr, /cannot be opened: /)
})

test('damage that is met while serving is refused with what to do, and is in the log once', async () => {
  using here = folder()
  const file = await stopped(here.path)
  // Behind the last thousand rows, which the start reads: a hole among older ones.
  const db = new Database(file)
  const add = db.prepare(
    `INSERT INTO messages (seq, conversation, sender, kind, text, sent_at, stored_at)
     SELECT max(seq) + 1, 1, 1, 'text', 'more', 1, max(stored_at) FROM messages`,
  )
  db.transaction(() => {
    for (let count = 0; count < 1_100; count += 1) add.run()
  })()
  const page = pageOf(db, 30)
  db.close()
  overwrite(file, (page - 1) * 4_096, Buffer.alloc(4_096))
  await using server = await serve(here.path)
  using people = client(server.url, 4)
  assert.equal((await people.signIn('bob')).body, '1')
  for (let round = 0; round < 3; round += 1) {
    const asked = await people.inbox('bob').catch((error: unknown) => String(error))
    assert.ok(typeof asked === 'string', `a list of ${asked.length} messages`)
    assert.match(asked, /503 .*The data of this server is damaged, so it cannot do this; .* its log says what to do\./)
  }
  await server.program.printed(/is damaged: parts of it cannot be read/)
  // What does not touch the damage goes on.
  assert.equal((await people.register('cora')).body, '1')
  await stop(server)
  assert.equal(server.program.stderr().match(/is damaged/g)?.length, 1)
})

/** The page that holds the row of that seq, or the beginning of its text. */
function pageOf(db: Database.Database, seq: number): number {
  const text = db.prepare<[number], string>('SELECT text FROM messages WHERE seq = ?').pluck().get(seq) ?? assert.fail()
  const bytes = db.serialize()
  return Math.floor(bytes.indexOf(text.slice(0, 40)) / 4_096) + 1
}
