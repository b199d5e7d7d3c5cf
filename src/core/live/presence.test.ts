import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { Time, turns } from '../../../test/model/chance.ts'
import type { SoftNotice } from '../../bus/bus.ts'
import { localBus } from '../../bus/local.ts'
import { Refusal } from '../../protocol/refusals.ts'
import { openSqlite } from '../../store/sqlite/sqlite.ts'
import type { Account, ConversationInfo, Membership, Store, Write } from '../../store/store.ts'
import { Committer } from '../log/committer.ts'
import { Soft } from './presence.ts'

/** People, a room of the first three, and whatever soft notices are said. `wrap` changes the store as Soft sees it. */
async function startSoft(t: TestContext, wrap = (_store: Store): Partial<Store> => ({})) {
  const dir = mkdtempSync(join(tmpdir(), 'hullo-soft-'))
  const store = openSqlite(dir, { synchronous: 'OFF' })
  t.after(async () => {
    await store[Symbol.asyncDispose]()
    rmSync(dir, { recursive: true, force: true })
  })
  const time = new Time()
  const { clock } = time
  const bus = localBus()
  const said: SoftNotice[] = []
  bus.subscribe(notice => {
    if (notice.kind === 'soft') said.push(notice)
  })
  const soft = new Soft({ store: { ...store, ...wrap(store) }, committer: new Committer(store, clock), bus, clock })
  const write = async (...batch: Write[]) => store.write(batch, clock())
  const person = async (name: string): Promise<Account> => {
    await write({ kind: 'register', name, nameKey: name, password: 'phc', passwordRule: 1 })
    const account = await store.accountByKey(name)
    assert(account !== undefined)
    return account
  }
  const [ann, bob, eve, out] = [await person('ann'), await person('bob'), await person('eve'), await person('out')]
  const shape = { name: 'room', nameKey: 'room', topic: '', isPrivate: false, history: 'all' } as const
  const [made] = await write({ kind: 'create-room', owner: ann.id, ...shape })
  assert(made?.kind === 'stored')
  const { conversation } = made
  for (const { id } of [bob, eve]) {
    await write({ kind: 'change-room', conversation, actor: id, change: { what: 'join' } })
  }
  return { soft, said, write, advance: (ms: number) => time.advance(ms), conversation, ann, bob, eve, out }
}

test('typing is said to a conversation, at most every three seconds', async t => {
  const { soft, said, advance, conversation, ann, bob } = await startSoft(t)
  await soft.typing(ann, '#room')
  await soft.typing(ann, '#ROOM')
  await soft.typing(bob, '#room')
  advance(2_999)
  await soft.typing(ann, '#room')
  assert.deepEqual(
    said.map(({ event, to, by, hidden }) => [event, to, by, hidden]),
    [ann, bob].map(({ id, name }) => [{ kind: 'typing', conversation, who: name }, { conversation }, id, []]),
  )
  advance(1)
  await soft.typing(ann, '#room')
  assert.equal(said.length, 3)
})

test('what was said ends the typing: for the next message it is said anew, however soon', async t => {
  const { soft, said, write, conversation, ann } = await startSoft(t)
  await soft.typing(ann, '#room')
  await write({ kind: 'send-room', sender: ann.id, conversation, text: 'said', sentAtS: 1 })
  await soft.typing(ann, '#room')
  await soft.typing(ann, '#room')
  assert.equal(said.length, 2)
})

test('typing where one may not write, or where there is nothing yet, is said to nobody', async t => {
  const { soft, said, ann, out } = await startSoft(t)
  assert.ok((await soft.typing(out, '#room')) instanceof Refusal)
  assert.ok((await soft.typing(ann, '#nowhere')) instanceof Refusal)
  assert.ok((await soft.typing(ann, 'room')) instanceof Refusal)
  assert.equal(await soft.typing(ann, '@out'), undefined)
  assert.deepEqual(said, [])
})

test('of somebody who blocks them nobody hears anything', async t => {
  const { soft, said, write, conversation, ann, bob } = await startSoft(t)
  await write({ kind: 'block', account: ann.id, other: bob.id })
  await soft.typing(ann, '#room')
  await soft.markRead(ann, conversation, 1)
  soft.arrive(ann)
  await turns(5)
  const others = said.filter(({ to }) => 'conversation' in to)
  assert.deepEqual(
    others.map(({ event, hidden }) => [event.kind, hidden]),
    [
      ['typing', [bob.id]],
      ['read', [bob.id]],
      ['presence', [bob.id]],
    ],
  )
})

test('a read marker only rises, and is said to one’s own devices and to the others', async t => {
  const { soft, said, conversation, ann, out } = await startSoft(t)
  assert.equal(await soft.markRead(ann, conversation, 2), 2)
  assert.equal(await soft.markRead(ann, conversation, 1), 2)
  assert.equal(await soft.markRead(ann, conversation, 2), 2)
  assert.deepEqual(
    said.map(({ event, to, by }) => [event, to, by]),
    [
      [{ kind: 'read', conversation, who: 'ann', seq: 2 }, { account: ann.id }, 0],
      [{ kind: 'read', conversation, who: 'ann', seq: 2 }, { conversation }, ann.id],
    ],
  )
  // Not past what there is.
  assert.equal(await soft.markRead(ann, conversation, 1_000), 3)
  assert.ok((await soft.markRead(out, conversation, 1)) instanceof Refusal)
})

test('a room with more than a hundred members is told nothing', async t => {
  const large = (membership: Membership): Membership => {
    const room = membership.conversation as Extract<ConversationInfo, { kind: 'room' }>
    return { ...membership, conversation: { ...room, members: 101 } }
  }
  const { soft, said, conversation, ann } = await startSoft(t, store => ({
    async membership(account, wanted) {
      const found = await store.membership(account, wanted)
      return found === undefined ? undefined : large(found)
    },
    membershipsOf: async (account, before, limit) => (await store.membershipsOf(account, before, limit)).map(large),
  }))
  await soft.typing(ann, '#room')
  soft.arrive(ann)
  await soft.markRead(ann, conversation, 3)
  await turns(5)
  assert.deepEqual(
    said.map(({ to }) => to),
    [{ account: ann.id }],
  )
})

test('who comes and goes is said once, whatever the number of devices, and not for a moment’s absence', async t => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const { soft, said, ann } = await startSoft(t)
  const presences = async () => {
    await turns(5)
    return said.splice(0).map(({ event }) => event.kind === 'presence' && event.online)
  }
  soft.arrive(ann)
  soft.arrive(ann)
  assert.deepEqual(await presences(), [true])
  soft.depart(ann)
  t.mock.timers.tick(10_000)
  assert.deepEqual(await presences(), [])
  soft.depart(ann)
  t.mock.timers.tick(4_999)
  soft.arrive(ann)
  t.mock.timers.tick(10_000)
  assert.deepEqual(await presences(), [])
  soft.depart(ann)
  t.mock.timers.tick(5_000)
  assert.deepEqual(await presences(), [false])
  soft.arrive(ann)
  assert.deepEqual(await presences(), [true])
})

test('whether somebody is here is known to those with whom they speak, unless it is hidden from them', async t => {
  const { soft, write, ann, bob, eve } = await startSoft(t)
  soft.arrive(bob)
  assert.equal(await soft.presenceOf(ann, 'bob'), undefined)
  await write({ kind: 'send-direct', sender: ann.id, recipient: bob.id, text: 'hi', sentAtS: 1 })
  assert.deepEqual(await soft.presenceOf(ann, 'Bob'), { online: true })
  assert.equal(await soft.presenceOf(eve, 'bob'), undefined)
  assert.equal(await soft.presenceOf(ann, 'nobody'), undefined)
  await write({ kind: 'block', account: bob.id, other: ann.id })
  assert.equal(await soft.presenceOf(ann, 'bob'), undefined)
})
