// What was erased is gone from the files of a real server: from the database, its WAL and what lies beside them.
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { type Person, startV1, temporaryFolder, type V1Server } from './support.ts'

/** The files of the data folder in which the text stands, as bytes. */
function filesWith(dir: string, text: string): string[] {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter(name => {
    const file = join(dir, name)
    // SQLite may remove a WAL between the two.
    return existsSync(file) && /sqlite/.test(name) && readFileSync(file).includes(text)
  })
}

/** Waits until none of the texts stands in any file; the test's own time limit bounds it. */
async function gone(dir: string, texts: readonly string[]): Promise<void> {
  for (const text of texts) while (filesWith(dir, text).length > 0) await setTimeout(20)
}

async function say(server: V1Server, by: Person, to: Person, text: string, clientId: string): Promise<number> {
  const json = { messages: [{ to: `@${to.name}`, text, clientId }] }
  const { status, json: answer } = await server.call('POST', '/v1/messages', { token: by.token, json })
  assert.equal(status, 200)
  return (answer as { results: { seq: number }[] }).results[0]?.seq ?? 0
}

async function edit(server: V1Server, by: Person, seq: number, text: string): Promise<void> {
  const { status } = await server.call('PATCH', `/v1/messages/${seq}`, { token: by.token, json: { text } })
  assert.equal(status, 200)
}

async function erase(server: V1Server, by: Person, seq: number): Promise<void> {
  const { status } = await server.call('DELETE', `/v1/messages/${seq}`, { token: by.token })
  assert.equal(status, 200)
}

/** Until the words of these texts are in the index. */
async function indexed(server: V1Server, of: Person, texts: readonly string[]): Promise<void> {
  for (const q of texts) {
    let count = 0
    while (count === 0) {
      const { json } = await server.call('GET', `/v1/search?q=${encodeURIComponent(q)}`, { token: of.token })
      count = (json as { entries: unknown[] }).entries.length
    }
  }
}

// Longer than a page of the database: such a text lies in pages of its own.
const long = (word: string) => `${word} ${'filler '.repeat(1_500)}`

test('a deleted message is gone with its edits and its words, the others stay', async () => {
  await using server = await startV1()
  const [ann, bob] = [await server.person(), await server.person()]
  const seq = await say(server, ann, bob, 'zanzibarfirst one', 'id-1')
  const large = await say(server, ann, bob, long('zanzibarlarge'), 'id-2')
  await say(server, ann, bob, 'zanzibarkept', 'id-3')
  await edit(server, ann, seq, 'zanzibarsecond two')
  await edit(server, ann, seq, long('zanzibarthird'))
  const texts = ['zanzibarfirst', 'zanzibarsecond', 'zanzibarthird', 'zanzibarlarge']
  await indexed(server, bob, ['zanzibarthird', 'zanzibarlarge', 'zanzibarkept'])
  for (const text of texts) assert.notDeepEqual(filesWith(server.data, text), [], text)
  await erase(server, ann, seq)
  await erase(server, ann, large)
  await gone(server.data, texts)
  assert.notDeepEqual(filesWith(server.data, 'zanzibarkept'), [])
  // A repeat of what was erased stores nothing, whatever it says.
  assert.equal(await say(server, ann, bob, 'zanzibarother', 'id-1'), seq)
  assert.deepEqual(filesWith(server.data, 'zanzibarother'), [])
})

test('what a closed account said is gone, from rooms and direct conversations', async () => {
  await using server = await startV1()
  const [ann, bob] = [await server.person(), await server.person()]
  const texts = Array.from({ length: 300 }, (_, at) => `quagmire${String.fromCharCode(97 + (at % 26))}x${at}y`)
  for (const [at, text] of texts.entries()) {
    const seq = await say(server, ann, bob, text, `id-${at}`)
    if (at % 50 === 0) await edit(server, ann, seq, `${text}edited`)
  }
  await indexed(
    server,
    bob,
    [texts[0] ?? '', texts.at(-1) ?? ''].map(text => `${text}*`),
  )
  assert.notDeepEqual(filesWith(server.data, 'quagmirea'), [])
  const json = { password: ann.password }
  assert.equal((await server.call('DELETE', '/v1/me', { token: ann.token, json })).status, 204)
  await gone(server.data, ['quagmire'])
})

test('a kill right after the answer leaves nothing: the next start finishes it', async () => {
  using folder = temporaryFolder()
  {
    await using server = await startV1([], folder.dir)
    const [ann, bob] = [await server.person(), await server.person()]
    const seq = await say(server, ann, bob, 'zanzibarkilled', 'id-1')
    await erase(server, ann, seq)
    server.program.child.kill('SIGKILL')
    await server.program.ended
  }
  await using server = await startV1([], folder.dir)
  await gone(server.data, ['zanzibarkilled'])
})

test('a program that reads an older state holds the text back, and only for as long', async () => {
  using folder = temporaryFolder()
  await using server = await startV1([], folder.dir)
  const [ann, bob] = [await server.person(), await server.person()]
  const seq = await say(server, ann, bob, 'zanzibarpinned', 'id-1')
  const reader = new Database(join(folder.dir, 'hullo.sqlite'), { readonly: true })
  reader.exec('BEGIN')
  assert.equal(reader.prepare('SELECT text FROM messages WHERE seq = ?').pluck().get(seq), 'zanzibarpinned')
  await erase(server, ann, seq)
  // Others are not held up by it.
  await say(server, ann, bob, 'later', 'id-2')
  assert.equal(reader.prepare('SELECT text FROM messages WHERE seq = ?').pluck().get(seq), 'zanzibarpinned')
  assert.notDeepEqual(filesWith(folder.dir, 'zanzibarpinned'), [])
  reader.exec('COMMIT')
  reader.close()
  await gone(folder.dir, ['zanzibarpinned'])
})
