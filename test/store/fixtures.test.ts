// Every version opens the databases of those before it, and goes on with them.
import assert from 'node:assert/strict'
import { copyFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { readInbox } from '../../src/core/inbox.ts'
import { Passwords } from '../../src/core/passwords.ts'
import { nameKey } from '../../src/protocol/names.ts'
import { openSqlite } from '../../src/store/sqlite/sqlite.ts'
import type { Account, Store } from '../../src/store/store.ts'
import { epoch, people, sends, startMs } from '../fixtures/content.ts'
import { root } from '../support/program.ts'
import { place } from './place.ts'
import { onceMessage, sendOne, wholeLog } from './subject.ts'

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
      log.map(({ seq, text, sentAtS, storedAtMs }) => [seq, text, sentAtS, storedAtMs]),
      sends.map(({ text, sentAtS }, index) => [index + 1, text, sentAtS, startMs + index]),
    )
    for (const { name } of people) {
      const received = sends.filter(({ to }) => to === name).map(one => [one.from, one.text, one.sentAtS])
      assert.deepEqual(await inboxOf(store, name), received)
    }
    assert.deepEqual(
      (await store.epochs()).map(one => ({ ...one })),
      [{ epoch, firstSeq: 1 }],
    )

    const [bob, will] = [await accountNamed(store, 'bob'), await accountNamed(store, 'will')]
    const repeat = await sendOne(store, onceMessage([bob.id, will.id, 'once'], 'session-1', 'digest of once'))
    assert.deepEqual([repeat.seq, repeat.repeated], [sends.length, true])
    const next = await sendOne(store, onceMessage([will.id, bob.id, 'next'], 'session-2'))
    assert.equal(next.seq, sends.length + 1)
    assert.equal(next.conversation, log[0]?.conversation)
  })
}
