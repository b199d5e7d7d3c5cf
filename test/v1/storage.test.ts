// One account does not fill the disk: what it may store in a day holds on every transport and across a restart; and where
// the disk is nearly full, sends are refused before anything fails.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { SendResult } from '../../src/protocol/v1.ts'
import { talkLive } from './listening.ts'
import { assertRefused, freshName, type Person, startV1, temporaryFolder, type V1Server } from './support.ts'

/** With its price 16,640 bytes: 63 of them fit 1 MiB. */
const large = 'x'.repeat(16_384)
const fitting = 63

const errorOf = (result: SendResult | undefined) =>
  result !== undefined && 'error' in result ? result.error : 'stored'

function send(server: V1Server, { token }: Person, to: string, text: string) {
  return server.call('POST', '/v1/messages', { token, json: { messages: [{ to, text }] } })
}

/** Sends large messages over a WebSocket until one is refused; resolves with how many were stored. */
async function fill(server: V1Server, { token }: Person, to: `@${string}`): Promise<number> {
  await using talker = await talkLive(server.url, token)
  let stored = 0
  // Without a limit it must still end.
  for (let ref = 1; ref < 20; ref += 1) {
    talker.say({ type: 'send', ref, messages: Array.from({ length: 10 }, () => ({ to, text: large })) })
    const { results } = await talker.frame('sent', frame => frame.ref === ref)
    const codes = results.map(errorOf)
    stored += codes.filter(code => code === 'stored').length
    if (!codes.includes('stored')) return stored
    assert.deepEqual([...new Set(codes)].toSorted(), codes.includes('too-many') ? ['stored', 'too-many'] : ['stored'])
  }
  return assert.fail(`nothing is refused after ${stored} messages`)
}

async function assertFull(server: V1Server, ann: Person, bob: Person): Promise<void> {
  const refused = assertRefused(await send(server, ann, `@${bob.name}`, large), 429, 'too-many')
  assert.match(refused.detail, /^This account has stored as much as it may in a day\. Try again in \d\d hours\.$/)
  const reply = await fetch(server.url, {
    method: 'POST',
    headers: { Authorization: `Bearer ${ann.token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ sender: ann.name, recipient: bob.name, message: large, timestamp: 1 }),
  })
  assert.equal(reply.status, 429)
  assert.ok(Number(reply.headers.get('retry-after')) > 80_000)
  const edited = await server.call('PATCH', '/v1/messages/1', { token: ann.token, json: { text: large } })
  assert.equal(edited.status, 429)
  const room = { topic: 'x'.repeat(1_000) }
  // A small one may still fit; not for long.
  for (let count = 0; ; count += 1) {
    assert.ok(count < 20)
    const made = await server.call('POST', '/v1/rooms', {
      token: ann.token,
      json: { ...room, name: freshName('hall') },
    })
    if (made.status === 429) break
    assert.equal(made.status, 201, JSON.stringify(made.json))
  }
}

test('an account stores so much in a day, on every transport and after a restart; others are not meant', async () => {
  using folder = temporaryFolder()
  const flags = ['--stored-per-day', '1']
  let [ann, bob]: Person[] = []
  {
    await using server = await startV1(flags, folder.dir)
    ;[ann, bob] = [await server.person('ann'), await server.person('bob')]
    const seq = await send(server, ann, '@bob', 'short')
    assert.equal(seq.status, 200)
    const stored = await fill(server, ann, '@bob')
    assert.ok(stored >= fitting - 1 && stored <= fitting, `${stored} were stored`)
    await assertFull(server, ann, bob)
    assert.equal((await send(server, bob, '@ann', large)).status, 200)
    // Room can be made, and it reads on.
    assert.equal((await server.call('GET', '/v1/entries?limit=1', { token: ann.token })).status, 200)
    await server.stop()
  }
  await using server = await startV1(flags, folder.dir)
  // It is counted in the background: soon, and without a fresh budget.
  const more = await fill(server, ann, '@bob')
  assert.ok(more < fitting, `${more} more were stored`)
  await assertFull(server, ann, bob)
  assert.equal((await send(server, bob, '@ann', large)).status, 200)
})

test('a send that is repeated with its client id counts once', async () => {
  await using server = await startV1(['--stored-per-day', '1'])
  const [ann, bob] = [await server.person(), await server.person()]
  const messages = [{ to: `@${bob.name}`, text: large, clientId: 'one' }]
  for (let count = 0; count < 2 * fitting; count += 1) {
    const { status } = await server.call('POST', '/v1/messages', { token: ann.token, json: { messages } })
    assert.equal(status, 200)
  }
})

test('below the free disk it should keep, a server refuses what adds, reads on, and goes on when there is room', async t => {
  using folder = temporaryFolder()
  const path = join(folder.dir, 'disk')
  mkdirSync(path)
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', path]).status !== 0) {
    t.skip('needs the right to mount')
    return
  }
  using _ = { [Symbol.dispose]: () => void spawnSync('umount', ['--lazy', path]) }
  await using server = await startV1(['--free-disk-min', '16'], join(path, 'data'))
  const [ann, bob] = [await server.person(), await server.person()]
  assert.equal((await send(server, ann, `@${bob.name}`, 'before')).status, 200)

  const filler = join(path, 'filler')
  const { bavail, bsize } = statfsSync(path)
  writeFileSync(filler, Buffer.alloc(bavail * bsize - 12 * 1_048_576))
  const free = () => {
    const now = statfsSync(path)
    return now.bavail * now.bsize
  }
  let reply = await send(server, ann, `@${bob.name}`, 'x')
  // The server looks once a second while something is sent.
  while (reply.status === 200) reply = await send(server, ann, `@${bob.name}`, 'x')
  const problem = assertRefused(reply, 503, 'unavailable')
  assert.deepEqual([problem.retryAfter, reply.headers.get('retry-after')], [60, '60'])
  assert.match(problem.detail, /^The disk of this server is nearly full/)
  assert.match(server.program.stderr(), /the disk is nearly full: nothing new is stored/)
  const atFirst = free()
  for (let count = 0; count < 50; count += 1) {
    assert.equal((await send(server, ann, `@${bob.name}`, large)).status, 503)
  }
  assert.ok(atFirst - free() < 1_048_576, 'it is still writing')
  assert.equal(
    (await server.call('POST', '/v1/accounts', { json: { name: 'eve', password: 'a good one' } })).status,
    503,
  )
  // Whoever is here reads, signs in and deletes.
  assert.equal((await server.call('GET', '/v1/entries', { token: bob.token })).status, 200)
  await server.signIn(ann.name, ann.password)
  const { json } = await server.call('GET', '/v1/entries', { token: ann.token })
  const own = (json as { entries: { seq: number; kind: string }[] }).entries.find(({ kind }) => kind === 'text')
  assert.equal((await server.call('DELETE', `/v1/messages/${own?.seq}`, { token: ann.token })).status, 200)

  rmSync(filler)
  while ((await send(server, ann, `@${bob.name}`, 'after')).status !== 200);
})
