// Every version opens the databases of those before it, and goes on with them.
import assert from 'node:assert/strict'
import { copyFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { readInbox } from '../../src/core/lab/inbox.ts'
import { indexWrite } from '../../src/core/search/indexer.ts'
import { Passwords } from '../../src/core/people/passwords.ts'
import { nameKey } from '../../src/protocol/names.ts'
import { openSqlite } from '../../src/store/sqlite/sqlite.ts'
import type { Account, Store } from '../../src/store/store.ts'
import {
  entriesOfFormat2,
  epoch,
  people,
  sends,
  startMs,
  versionsOfFormat1,
  versionsThatReplaced,
} from '../fixtures/content.ts'
import { root } from '../support/program.ts'
import { place } from './place.ts'
import { kindsOf, onceMessage, registration, sendOne, wholeLog } from './subject.ts'

const folder = join(root, 'test', 'fixtures')
const versions = readdirSync(folder, { withFileTypes: true }).filter(entry => entry.isDirectory())

async function accountNamed(store: Store, name: string): Promise<Account> {
  const account = await store.accountByKey(nameKey(name))
  assert(account !== undefined, `${name} is not there`)
  return account
}

async function inboxOf(store: Store, name: string) {
  const pages = await Array.fromAsync(readInbox(store, await accountNamed(store, name)))
  return pages.flat().map(({ sender, text, sentAtS }) => [sender, text, sentAtS])
}

async function indexAll(store: Store): Promise<void> {
  const head = await store.head()
  while ((await store.indexedUpTo()) < head) {
    await store.write([await indexWrite(await store.entriesAfter(await store.indexedUpTo(), 100))], startMs)
  }
}

/** What a database has from data format 2 on besides its log. */
async function holdsFormat2(store: Store): Promise<void> {
  const [bob, will, zoe] = await Promise.all(people.map(({ name }) => accountNamed(store, name)))
  const room = (await store.roomByKey('team')) ?? assert.fail('the room is not there')
  const info = await store.conversation(room)
  assert(info?.kind === 'room')
  assert.deepEqual(
    [info.name, info.topic, info.isPrivate, info.history, info.members],
    ['Team', 'what we do', true, 'from-joining', 2],
  )
  assert.deepEqual(
    (await store.membersOf(room, 0, 10)).map(({ name, role, isSilenced, readSeq }) => [
      name,
      role,
      isSilenced,
      readSeq,
    ]),
    [
      ['bob', 'owner', false, 9],
      ['will', 'member', true, 0],
    ],
  )
  const session = await store.sessionByToken('hash of a token')
  assert.equal(session?.label, 'laptop')
  assert.equal(session.lifeMs, session.expiresAtMs - session.createdAtMs)
  assert.equal(await store.isBlocked(will?.id ?? 0, zoe?.id ?? 0), true)
  // What 0.4 overwrote is not found any more, what it brought is; the index is built again.
  await indexAll(store)
  const words = [{ word: 'hel', isPrefix: true }]
  assert.deepEqual(
    await store.findWords({ words, within: [{ conversation: room, after: 0, upTo: 98 }], before: 99, limit: 9 }),
    [9],
  )
  assert.deepEqual(await store.lastEdits([{ message: 9, after: 0, upTo: 98 }]), [10])
  const entry = { ...registration('Ann'), inviteHash: 'hash of an invite' }
  assert.deepEqual(await kindsOf(store, entry), ['registered'])
  assert.equal((await accountNamed(store, 'Ann')).isAdmin, true)
  assert.equal(bob?.isAdmin, false)
}

/** What this version can do with messages and conversations that an older one made. */
async function goesOn(store: Store, bob: Account, will: Account): Promise<void> {
  const edit = { kind: 'edit', sender: bob.id, message: 1, text: 'Hello, Will', sentAtS: 1 } as const
  const block = { kind: 'block', account: will.id, other: bob.id } as const
  const send = onceMessage([bob.id, will.id, 'x'], 'session-3')
  assert.deepEqual(await kindsOf(store, edit, block, send, { ...block, kind: 'unblock' }, send), [
    'stored',
    'stored',
    'blocked',
    'stored',
    'stored',
  ])
  assert.equal((await inboxOf(store, 'will'))[0]?.[1], 'Hello, Will')
  assert.deepEqual(await kindsOf(store, { kind: 'delete', sender: bob.id, message: 1 }), ['stored'])
  assert((await inboxOf(store, 'will')).every(([, text]) => text !== 'Hello, Will'))
}

test('there is a fixture', () => assert.notEqual(versions.length, 0))

for (const { name: version } of versions) {
  test(`a database of ${version} opens, all its content is there, and the log goes on`, async () => {
    using here = place()
    copyFileSync(join(folder, version, 'hullo.sqlite'), here.file)
    await using store = openSqlite(here.dir)

    const passwords = new Passwords(bytes => new Uint8Array(bytes))
    for (const { name, password } of people) {
      const account = await accountNamed(store, name)
      assert.equal(account.name, name)
      assert.equal(await passwords.verify(account.password, password), true)
    }
    const log = await wholeLog(store)
    assert.deepEqual(
      log.slice(0, sends.length).map(({ seq, text, sentAtS, storedAtMs }) => [seq, text, sentAtS, storedAtMs]),
      sends.map(({ text, sentAtS }, index) => [index + 1, text, sentAtS, startMs + index]),
    )
    const later = log.slice(sends.length)
    const hasFormat2 = !versionsOfFormat1.includes(version)
    assert.deepEqual(
      later.map(({ kind, text, refersTo }) => [kind, text, refersTo]),
      hasFormat2 ? entriesOfFormat2(versionsThatReplaced.includes(version)) : [],
    )
    if (hasFormat2) await holdsFormat2(store)
    for (const { name } of people) {
      const received = sends.filter(({ to }) => to === name).map(one => [one.from, one.text, one.sentAtS])
      assert.deepEqual(await inboxOf(store, name), received)
    }
    assert.deepEqual(
      (await store.epochs()).map(one => [one.epoch, one.firstSeq, one.sharedSeq, /^[0-9a-f]{32}$/.test(one.cursorKey)]),
      [[epoch, 1, 0, true]],
    )

    const [bob, will] = [await accountNamed(store, 'bob'), await accountNamed(store, 'will')]
    const repeat = await sendOne(store, onceMessage([bob.id, will.id, 'once'], 'session-1'))
    assert.deepEqual([repeat.seq, repeat.repeated], [sends.length, true])
    const next = await sendOne(store, onceMessage([will.id, bob.id, 'next'], 'session-2'))
    assert.equal(next.seq, log.length + 1)
    assert.equal(next.conversation, log[0]?.conversation)
    await goesOn(store, bob, will)
  })
}
