// Files of the data folder that are deleted, moved or replaced under a server: nothing is acknowledged that is not in its
// place, the server says so and ends, and no second server comes in where a lock file was removed.
import assert from 'node:assert/strict'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { run } from '../support/program.ts'
import { noFates, send } from './fates.ts'
import { textsOfLog } from './log.ts'
import { client, folder, serve } from './server.ts'

// Windows lets nobody delete or rename a file that is open.
const skip = process.platform === 'win32' && 'open files cannot be moved on Windows'

const remove = (path: string) => rmSync(path)
/** Another file with the same bytes. */
const replace = (path: string) => {
  copyFileSync(path, `${path}.copy`)
  renameSync(`${path}.copy`, path)
}
/** The same file, behind a link. */
const link = (path: string) => {
  renameSync(path, `${path}.real`)
  symlinkSync(`${path}.real`, path)
}

const ways: readonly (readonly [string, string, (path: string) => void])[] = [
  ['the database is deleted', 'hullo.sqlite', remove],
  ['the database is replaced', 'hullo.sqlite', replace],
  ['the database becomes a symbolic link', 'hullo.sqlite', link],
  ['the WAL is deleted', 'hullo.sqlite-wal', remove],
  ['the WAL is replaced', 'hullo.sqlite-wal', replace],
  ['the index of the WAL is deleted', 'hullo.sqlite-shm', remove],
  ['the lock is deleted', 'hullo.lock', remove],
  ['the lock is replaced', 'hullo.lock', replace],
  ['the whole folder is moved', '.', path => renameSync(path, `${path}-moved`)],
  ['the whole folder is deleted', '.', path => rmSync(path, { recursive: true })],
]

for (const [what, name, change] of ways) {
  test(`${what}: no message is acknowledged after it, and the server ends with a sentence`, { skip }, async () => {
    using here = folder()
    const data = join(here.path, 'data')
    const fates = noFates()
    await using server = await serve(data)
    using people = client(server.url, 8)
    for (const person of ['ann', 'bob']) assert.equal((await people.register(person)).body, '1')
    await send(people, 20, fates)
    const path = join(data, name)
    change(path)
    await send(people, 8, fates)
    assert.equal(fates.stored.length, 20, 'acknowledged although a file was not in its place')
    assert.deepEqual(await server.program.ended, { code: 1, signal: null })
    assert.match(
      server.program.stderr(),
      /^\S+hullo\.\S+ was moved, deleted or replaced .* nothing more is stored .* start Hullo again\.$/m,
    )
    assert.doesNotMatch(server.program.stdout(), /Everything that was acknowledged/)
    // With the database itself in its place, closing brought what was acknowledged into it.
    if (!/^(\.|hullo\.sqlite)$/.test(name)) {
      const texts = new Set(textsOfLog(data))
      assert.deepEqual(
        fates.stored.filter(text => !texts.has(text)),
        [],
      )
    }
  })
}

for (const [what, change] of [
  ['removed', remove],
  ['replaced by a copy', replace],
  ['emptied and put back', (path: string) => (rmSync(path), writeFileSync(path, ''))],
] as const) {
  test(`a lock file that was ${what} lets no second server in, and the first ends`, { skip }, async () => {
    using here = folder()
    await using first = await serve(here.path)
    using people = client(first.url, 4)
    for (const person of ['ann', 'bob']) assert.equal((await people.register(person)).body, '1')
    change(join(here.path, 'hullo.lock'))
    const second = await run(process.execPath, ['bin/hullo.js', 'serve', '--port', '0', '--data', here.path])
    assert.equal(second.code, 1)
    assert.match(
      second.stderr,
      /The lock file of the data folder .* was removed or replaced, and .* has the database open/,
    )
    const fates = noFates()
    await send(people, 1, fates)
    assert.equal(fates.stored.length, 0)
    assert.equal((await first.program.ended).code, 1)
    await using third = await serve(here.path)
    using again = client(third.url, 4)
    assert.deepEqual(await again.signIn('ann'), { status: 200, body: '1' })
  })
}

for (const name of ['hullo.sqlite', 'hullo.sqlite-wal', 'hullo.sqlite-shm', 'hullo.lock']) {
  test(`${name} as a symbolic link is refused; nothing is made where it leads`, { skip }, async () => {
    using here = folder()
    const data = join(here.path, 'data')
    mkdirSync(data)
    const target = join(here.path, 'elsewhere')
    symlinkSync(target, join(data, name))
    const refused = await run(process.execPath, ['bin/hullo.js', 'serve', '--port', '0', '--data', data])
    assert.equal(refused.code, 1)
    assert.match(
      refused.stderr,
      new RegExp(`${name.replaceAll('.', '\\.')} is a symbolic link\\. .*--data DIR\\.$`, 'm'),
    )
    assert.equal(existsSync(target), false)
  })
}

test('the folder itself may be a symbolic link', { skip }, async () => {
  using here = folder()
  mkdirSync(join(here.path, 'real'))
  symlinkSync(join(here.path, 'real'), join(here.path, 'link'))
  await using server = await serve(join(here.path, 'link'))
  using people = client(server.url)
  assert.equal((await people.register('ann')).body, '1')
  assert.ok(readFileSync(join(here.path, 'real', 'hullo.sqlite')).length > 0)
})
