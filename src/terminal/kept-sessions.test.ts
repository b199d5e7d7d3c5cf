import assert from 'node:assert/strict'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { forgetSession, keepSession, keptSession, keptSessions, KeptTrouble, touchSession } from './kept-sessions.ts'

let parent = ''
let folder = ''
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'hullo-kept-'))
  folder = join(parent, 'not', 'there', 'yet')
})
afterEach(() => rmSync(parent, { recursive: true, force: true }))

const server = 'http://127.0.0.1:5000/'
const sessionOf = (name: string, token = `token of ${name}`, at = server) => ({
  server: at,
  name,
  token,
  account: { id: 1, name, isAdmin: false, createdAt: 1_700_000_000 },
})
const files = () => readdirSync(join(folder, 'sessions')).map(name => join(folder, 'sessions', name))

/** The only file there is. */
function theFile(): string {
  const [path, ...more] = files()
  assert.deepEqual(more, [])
  return path ?? ''
}

test('what is kept is found again, under the name however it is written, in a file for its owner alone', async () => {
  await keepSession(sessionOf('Ann'), folder)
  const found = await keptSession({ server: '127.0.0.1:5000', name: 'ANN' }, folder)
  assert.deepEqual(found, sessionOf('Ann'))
  assert.equal(statSync(theFile()).mode & 0o777, 0o600)
  assert.equal(statSync(join(folder, 'sessions')).mode & 0o777, 0o700)
})

test('each server and account has its own; the same one is replaced, and leaves nothing beside it', async () => {
  const elsewhere = 'https://chat.example/x/'
  await keepSession(sessionOf('ann'), folder)
  await keepSession(sessionOf('ben'), folder)
  await keepSession(sessionOf('ann', 'other', elsewhere), folder)
  await keepSession(sessionOf('ann', 'newer'), folder)
  assert.equal(files().length, 3)
  assert.equal((await keptSession({ server, name: 'ann' }, folder))?.token, 'newer')
  assert.equal((await keptSession({ server: elsewhere, name: 'ann' }, folder))?.token, 'other')
  assert.equal(await keptSession({ server: elsewhere, name: 'ben' }, folder), undefined)
})

test('names of every kind, long ones and ones that look like paths, are files of their own', async () => {
  const names = ['a'.repeat(32), '𝒳'.repeat(32), 'ä b', 'ä-b', '日本', '本日', "..o'x", '.hidden']
  for (const name of names) await keepSession(sessionOf(name), folder)
  assert.equal(files().length, names.length)
  for (const name of names) assert.equal((await keptSession({ server, name }, folder))?.token, `token of ${name}`)
})

test('the last used comes first', async () => {
  for (const [index, name] of ['ann', 'ben', 'cora'].entries()) {
    const before = new Set(index === 0 ? [] : files())
    await keepSession(sessionOf(name), folder)
    const made = files().find(path => !before.has(path)) ?? ''
    utimesSync(made, index + 1, index + 1)
  }
  const names = async () => (await keptSessions(folder)).map(({ name }) => name)
  assert.deepEqual(await names(), ['cora', 'ben', 'ann'])
  await touchSession({ server, name: 'ann' }, folder)
  assert.deepEqual(await names(), ['ann', 'cora', 'ben'])
  assert.equal((await keptSession({}, folder))?.name, 'ann')
})

test('a file that others can read is refused, by a sentence without the token; another one still works', async () => {
  await keepSession(sessionOf('ann', 's3cret'), folder)
  const path = theFile()
  await keepSession(sessionOf('ben'), folder)
  for (const mode of [0o640, 0o604, 0o620]) {
    chmodSync(path, mode)
    await assert.rejects(keptSession({ server, name: 'ann' }, folder), (error: Error) => {
      assert.ok(error instanceof KeptTrouble)
      assert.match(error.message, new RegExp(`open to others \\(mode ${mode.toString(8)}\\)`))
      assert.doesNotMatch(error.message, /s3cret/)
      return true
    })
    await assert.rejects(keptSessions(folder), KeptTrouble)
    assert.equal((await keptSession({ server, name: 'ben' }, folder))?.name, 'ben')
  }
  await keepSession(sessionOf('ann'), folder)
  assert.equal(statSync(path).mode & 0o777, 0o600)
})

test('what is no session is passed over, and replaced', async () => {
  await keepSession(sessionOf('ann'), folder)
  const path = theFile()
  const whole = readFileSync(path, 'utf8')
  for (const text of [
    '',
    '{',
    'null',
    '[]',
    '7',
    '{"format":2}',
    whole.replace('"token"', '"t"'),
    whole.slice(0, -9),
  ]) {
    writeFileSync(path, text)
    assert.equal(await keptSession({ server, name: 'ann' }, folder), undefined, text)
    assert.deepEqual(await keptSessions(folder), [])
  }
  await keepSession(sessionOf('ann'), folder)
  assert.equal((await keptSessions(folder)).length, 1)
})

test('forgetting removes it; with a token only that one', async () => {
  await keepSession(sessionOf('ann', 'new'), folder)
  await forgetSession({ server, name: 'ann', token: 'old' }, folder)
  assert.equal((await keptSessions(folder)).length, 1)
  await forgetSession({ server, name: 'ann', token: 'new' }, folder)
  assert.deepEqual(await keptSessions(folder), [])
  await forgetSession({ server, name: 'ann' }, folder)
})

test('where there is no folder nothing is kept, and where it cannot be made a sentence says so', async () => {
  assert.deepEqual(await keptSessions(join(parent, 'none')), [])
  mkdirSync(join(parent, 'full'))
  writeFileSync(join(parent, 'full', 'sessions'), '')
  await assert.rejects(keepSession(sessionOf('ann'), join(parent, 'full')), (error: Error) => {
    assert.ok(error instanceof KeptTrouble)
    assert.match(error.message, /^The session cannot be kept in \S+: E(EXIST|NOTDIR): [a-z ]+\.$/)
    return true
  })
  assert.deepEqual(await keptSessions(join(parent, 'full')), [])
})
