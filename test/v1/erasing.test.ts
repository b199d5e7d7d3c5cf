// A closed account: what it wrote is erased behind its back, also across a kill and a restart.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import type { EntriesView } from '../../src/protocol/v1.ts'
import { type Person, startV1, temporaryFolder, type V1Server } from './support.ts'

/** Messages that were sent; several steps of erasing. */
const count = 900

async function sendMany(server: V1Server, from: Person, to: Person): Promise<void> {
  const messages = Array.from({ length: count }, (_, index) => ({ to: `@${to.name}`, text: `secret ${index}` }))
  const { status } = await server.call('POST', '/v1/messages', { token: from.token, json: { messages } })
  assert.equal(status, 200)
}

/** The texts that a reader still gets of `sender`. */
async function textsFor(server: V1Server, reader: Person, sender: string): Promise<number> {
  let texts = 0
  for (let after = '', more = true; more; ) {
    const query = after === '' ? 'limit=256' : `limit=256&after=${after}`
    const { json } = await server.call('GET', `/v1/entries?${query}`, { token: reader.token })
    const page = json as EntriesView
    texts += page.entries.filter(
      entry => entry.sender === sender && entry.text !== undefined && entry.text !== '',
    ).length
    after = page.cursor
    more = page.more
  }
  return texts
}

/** Waits until nothing of it is left; the test's own time limit bounds it. */
async function erased(server: V1Server, reader: Person, sender: string): Promise<void> {
  while ((await textsFor(server, reader, sender)) > 0) await setTimeout(20)
}

test('the messages of a closed account lose their texts, and keep their places', async () => {
  await using server = await startV1()
  const [alice, bob] = [await server.person('alice'), await server.person('bob')]
  await sendMany(server, alice, bob)
  assert.equal(await textsFor(server, bob, 'alice'), count)
  await server.call('DELETE', '/v1/me', { token: alice.token, json: { password: alice.password } })
  await erased(server, bob, 'alice')
  const { json } = await server.call('GET', '/v1/entries?limit=256', { token: bob.token })
  const { entries } = json as EntriesView
  assert.ok(entries.every((entry, index) => entry.kind === 'erased' && entry.seq === (entries[0]?.seq ?? 0) + index))
})

test('what a killed server had not erased is erased by the next one', async () => {
  using folder = temporaryFolder()
  const first = await startV1([], folder.dir)
  const [alice, bob] = [await first.person('alice'), await first.person('bob')]
  await sendMany(first, alice, bob)
  const { status } = await first.call('DELETE', '/v1/me', { token: alice.token, json: { password: alice.password } })
  assert.equal(status, 204)
  first.program.child.kill('SIGKILL')
  await first.program.ended
  await using second = await startV1([], folder.dir)
  await erased(second, bob, 'alice')
})
