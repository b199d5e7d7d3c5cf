// What tells after a failed COMMIT whether a batch is there: every batch that changes a row moves the position, and one
// that changes nothing leaves the file as it was.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { appender } from '../../src/store/sqlite/append.ts'
import { type Connection, connectWriter } from '../../src/store/sqlite/connect.ts'
import { takeFolder } from '../../src/store/sqlite/folder.ts'
import type { Write } from '../../src/store/store.ts'
import { place } from './place.ts'
import { change, message, newRoom, nowMs, onceMessage, registration, roomMessage } from './subject.ts'

/** Every row of every table, but the counter of quiet batches. */
function contentOf(db: Connection): string {
  const tables = db.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").pluck()
  const rows = tables.all().map(table => [table, db.prepare(`SELECT * FROM "${table}"`).raw().all()])
  return JSON.stringify(rows).replace(/\["quiet-batches",\d+\]/, '')
}

const session = { kind: 'create-session', account: 1, tokenHash: 't', label: '', lifeMs: nowMs } as const
const touch = { kind: 'touch-session', account: 1, session: 1, expiresAtMs: nowMs * 3 } as const
const invite = { inviteHash: 'i', by: null, makesAdmin: false, uses: 1, expiresAtMs: nowMs * 2 } as const
const words = { kind: 'index-words', upTo: 2, messages: [{ seq: 1, words: ['w'] }], forget: [] } as const

/** Each in a batch of its own, one after the other: what is done, and whether it changes anything. */
const steps: readonly (readonly [string, Write, boolean])[] = [
  ['registers', registration('Ann'), true],
  ['is refused a name', registration('ANN'), false],
  ['registers another', registration('Bob'), true],
  ['sends', message(1, 2, 'one'), true],
  ['sends once', onceMessage([1, 2, 'two'], 'id'), true],
  ['repeats', onceMessage([1, 2, 'two'], 'id'), false],
  ['sends to nobody', message(1, 99, 'x'), false],
  ['begins a session', session, true],
  ['repeats a session', session, false],
  ['uses a session', touch, true],
  ['uses none', { ...touch, session: 99 }, false],
  ['makes an invite', { kind: 'create-invite', ...invite }, true],
  ['repeats an invite', { kind: 'create-invite', ...invite }, false],
  ['withdraws an invite', { kind: 'end-invite', inviteHash: 'i' }, true],
  ['withdraws none', { kind: 'end-invite', inviteHash: 'i' }, false],
  ['reads', { kind: 'mark-read', account: 2, conversation: 1, seq: 1 }, true],
  ['reads it again', { kind: 'mark-read', account: 2, conversation: 1, seq: 1 }, false],
  ['indexes', words, true],
  ['indexes what was indexed', { ...words, upTo: 1 }, false],
  ['edits', { kind: 'edit', sender: 1, message: 1, text: 'uno', sentAtS: 1 }, true],
  ['makes a room', newRoom(1, 'Team'), true],
  ['invites', change(1, 2, { what: 'invite', account: 2 }), true],
  ['invites again', change(1, 2, { what: 'invite', account: 2 }), false],
  ['speaks in the room', roomMessage(2, 2, 'x'), true],
  ['deletes', { kind: 'delete', sender: 1, message: 1 }, true],
  ['deletes again', { kind: 'delete', sender: 1, message: 1 }, false],
  ['blocks', { kind: 'block', account: 1, other: 2 }, true],
  ['sets a password', { kind: 'set-password', account: 1, password: 'x', passwordRule: 1, keep: 1 }, true],
  ['ends a session', { kind: 'end-session', account: 1, session: 1 }, true],
  ['begins an epoch', { kind: 'begin-epoch', epoch: 'e2', cursorKey: 'k', instead: 'e1' }, true],
  ['begins it again', { kind: 'begin-epoch', epoch: 'e3', cursorKey: 'k', instead: 'e1' }, false],
  ['erases nothing', { kind: 'erase-some', account: 2, limit: 10 }, false],
  ['is deleted', { kind: 'delete-account', account: 2 }, true],
  ['is erased in part', { kind: 'erase-some', account: 2, limit: 1 }, true],
  ['is erased', { kind: 'erase-some', account: 2, limit: 100 }, true],
  ['was erased', { kind: 'erase-some', account: 2, limit: 100 }, false],
]

test('a batch moves the position exactly if it changes something', () => {
  using here = place()
  const folder = takeFolder(here.dir)
  const db = connectWriter(folder.file, 'FULL')
  db.exec("UPDATE log_meta SET epoch = 'e1'")
  const writes = appender(db)
  for (const [index, [what, write, changes]] of steps.entries()) {
    const content = contentOf(db)
    const before = writes.position()
    db.transaction(() => writes.append([write], nowMs + index)).immediate()
    assert.equal(contentOf(db) !== content, changes, `${what}: the content`)
    assert.equal(JSON.stringify(writes.position()) !== JSON.stringify(before), changes, `${what}: the position`)
  }
  db.close()
  folder.release()
})

test('a batch that is counted as quiet is one that gave no seq and made no account', () => {
  using here = place()
  const folder = takeFolder(here.dir)
  const db = connectWriter(folder.file, 'FULL')
  const writes = appender(db)
  writes.append([registration('Ann'), registration('Bob')], nowMs)
  writes.append([session, message(1, 2, 'one'), session], nowMs)
  assert.equal(writes.position().quietBatches, 0)
  writes.append([{ ...session, tokenHash: 'another' }, touch], nowMs)
  assert.deepEqual(writes.position(), { head: 1, lastAccount: 2, quietBatches: 1 })
  db.close()
  folder.release()
})
