// Random speech over random faults, on seeds: whatever is lost, doubled, cut or slow, each reader gets each of its
// messages once, those of one conversation in order, and each send is stored once, in order.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Me, Message } from '../../src/sdk/sdk.ts'
import { FakeServer } from './fake-server.ts'
import { eventsOnly, hasty, sessionOf } from './session.ts'

const seeds = 25
const steps = 60

/** A small generator (mulberry32): the same seed gives the same run of choices. */
function chance(seed: number): (below: number) => number {
  let state = seed
  return below => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

/** Reads until `count` came; sometimes slowly. */
async function collect(
  me: Me,
  start: string,
  count: () => number,
  pick: (below: number) => number,
): Promise<Message[]> {
  const got: Message[] = []
  for await (const message of me.messages({ after: start })) {
    got.push(message)
    if (pick(10) === 0) await new Promise(setImmediate)
    if (got.length >= count()) break
  }
  return got
}

for (let seed = 1; seed <= seeds; seed += 1) {
  test(`seed ${seed}`, async () => {
    const pick = chance(seed)
    await using server = await FakeServer.start('alice', 'bob', 'carol')
    server.log.openRoom('team', ['bob', 'carol', 'alice'])
    const start = server.log.cursor(1)
    await using me = await sessionOf('alice', server, seed % 2 === 0 ? hasty : eventsOnly)
    let total = Number.POSITIVE_INFINITY
    const readers = [collect(me, start, () => total, pick), collect(me, start, () => total, pick)]
    await me.live()
    server.faults.tamper = frame => {
      if (frame.type !== 'entries') return frame
      const what = pick(8)
      if (what === 0) return undefined
      return what === 1 ? { ...frame, entries: [...frame.entries, ...frame.entries] } : frame
    }
    server.faults.page = page => (pick(4) === 0 ? undefined : page)
    const sending: Promise<unknown>[] = []
    for (let step = 0; step < steps; step += 1) {
      const what = pick(10)
      if (what < 4) server.say(pick(2) === 0 ? 'bob' : 'carol', pick(2) === 0 ? '@alice' : '#team', `heard ${step}`)
      else if (what < 8) sending.push(me.send(pick(2) === 0 ? '@bob' : '#team', `said ${step}`))
      else if (what === 8) server.faults.loseAcks = 1
      else server.cut()
      if (pick(3) === 0) await new Promise(setImmediate)
    }
    await Promise.all(sending)
    // What was lost last is only noticed with what comes next.
    server.faults = {}
    await me.live()
    await server.until(() => server.followers === 1)
    total = server.log.entries.filter(({ kind }) => kind === 'text').length + 3
    for (const to of ['bob', 'carol'] as const) server.say(to, '@alice', 'last')
    server.say('bob', '#team', 'last')
    const expected = server.log.mine('alice', 1).map(({ seq }) => seq)
    assert.equal(expected.length, total)
    for (const got of await Promise.all(readers)) {
      assert.deepEqual(
        got.map(({ seq }) => seq).toSorted((a, b) => a - b),
        expected,
      )
      for (const { id } of server.log.conversations) {
        const seqs = got.filter(({ conversation }) => conversation === id).map(({ seq }) => seq)
        assert.deepEqual(
          seqs,
          seqs.toSorted((a, b) => a - b),
          `order in ${id}`,
        )
      }
    }
    const said = server.log.entries.filter(({ sender }) => sender === 'alice').map(({ text }) => Number(text?.slice(5)))
    assert.deepEqual(
      said,
      [...new Set(said)].toSorted((a, b) => a - b),
    )
    assert.equal(said.length, sending.length)
  })
}
