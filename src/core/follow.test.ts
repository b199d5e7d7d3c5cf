import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { Time, turns } from '../../test/model/chance.ts'
import type { EntryView } from '../protocol/v1.ts'
import { openSqlite } from '../store/sqlite/sqlite.ts'
import type { AccountId, ConversationId, RoomChange, Seq, Store, Write, Written } from '../store/store.ts'
import { noticeOf } from './announce.ts'
import { Directory } from './directory.ts'
import { Followers } from './follow.ts'
import type { Bounds, Follower, Live } from './follower.ts'
import type { Caller } from './sessions.ts'
import { Tail } from './tail.ts'

const beatMs = 1_000

/** A store, its tail and its followers; `wrap` changes the store as the followers see it. */
async function startLive(t: TestContext, wrap = (store: Store): Partial<Store> => store, bounds: Partial<Bounds> = {}) {
  const dir = mkdtempSync(join(tmpdir(), 'hullo-follow-'))
  const own = openSqlite(dir, { synchronous: 'OFF' })
  const store: Store = { ...own, ...wrap(own) }
  const time = new Time()
  const followers = new Followers(store, new Directory(store), { later: time.later, bounds })
  const tail = await Tail.open(own, batch => followers.deliver(batch), { later: time.later })
  followers.attach(tail)
  t.after(async () => {
    await tail.stop()
    await own[Symbol.asyncDispose]()
    rmSync(dir, { recursive: true, force: true })
  })

  /** Stores, and waits until the tail has passed it. */
  async function write(...batch: Write[]): Promise<readonly Written[]> {
    const written = await own.write(batch, time.clock())
    const notice = noticeOf(batch, written)
    if (notice !== undefined) {
      tail.hear(notice)
      await tail.reached(notice.head)
    }
    return written
  }

  let sessions = 0
  async function signIn(account: AccountId): Promise<Caller> {
    sessions += 1
    const tokenHash = `hash ${sessions}`
    await write({ kind: 'create-session', account, tokenHash, label: '', lifeMs: 1e9 })
    const session = await own.sessionByToken(tokenHash)
    const known = await own.accountById(account)
    assert(session !== undefined && known !== undefined)
    return { account: known, session }
  }

  async function person(name: string): Promise<Caller> {
    const [made] = await write({ kind: 'register', name, nameKey: name, password: 'phc', passwordRule: 1 })
    assert(made?.kind === 'registered')
    return signIn(made.account)
  }

  /** A room of the first one's, with the others in it. */
  async function room(owner: Caller, ...others: Caller[]): Promise<ConversationId> {
    const shape = { name: 'room', nameKey: 'room', topic: '', isPrivate: false, history: 'all' } as const
    const [made] = await write({ kind: 'create-room', owner: owner.account.id, ...shape })
    assert(made?.kind === 'stored')
    for (const other of others) await change(made.conversation, other, { what: 'join' })
    return made.conversation
  }

  const change = (conversation: ConversationId, actor: Caller, what: RoomChange) =>
    write({ kind: 'change-room', conversation, actor: actor.account.id, change: what })

  /** Follows, and is read one frame at a time. */
  async function reader(caller: Caller, after?: Seq) {
    return readerOf(await followers.follow(caller, after ?? tail.at), t.signal)
  }

  return { own, store, time, followers, tail, write, signIn, person, room, change, reader }
}

function readerOf(follower: Follower, signal: AbortSignal) {
  const live = follower.live(signal, beatMs)
  const next = async (): Promise<Live> => {
    const { value } = await live.next()
    assert(value !== undefined, 'the stream is over')
    return value
  }
  /** Entries until there are `count`; beats in between are left out. */
  const entries = async (count: number): Promise<EntryView[]> => {
    const all: EntryView[] = []
    while (all.length < count) {
      const one = await next()
      assert(one.kind === 'entries' || one.kind === 'beat', JSON.stringify(one))
      if (one.kind === 'entries') all.push(...one.json.map(json => JSON.parse(json) as EntryView))
    }
    return all
  }
  return { follower, next, entries }
}

function direct(from: Caller, to: Caller, text: string): Write {
  return { kind: 'send-direct', sender: from.account.id, recipient: to.account.id, text, sentAtS: 1 }
}

function said(from: Caller, conversation: ConversationId, text: string): Write {
  return { kind: 'send-room', sender: from.account.id, conversation, text, sentAtS: 1 }
}

const shape = ({ seq, prev, kind }: EntryView) => [seq, prev, kind]

test('the first direct message reaches both ends live, and nobody else', async t => {
  const { person, reader, write, time } = await startLive(t)
  const [ann, bob, eve] = [await person('ann'), await person('bob'), await person('eve')]
  const readers = [await reader(ann), await reader(bob)]
  const other = await reader(eve)
  const quiet = other.next()
  await write(direct(ann, bob, 'hello'), direct(bob, ann, 'hi'))
  for (const one of readers) {
    const entries = await one.entries(2)
    assert.deepEqual(entries.map(shape), [
      [1, 0, 'text'],
      [2, 1, 'text'],
    ])
    assert.deepEqual(
      entries.map(({ to, sender, text }) => [sender, to, text]),
      [
        ['ann', '@bob', 'hello'],
        ['bob', '@ann', 'hi'],
      ],
    )
  }
  time.advance(beatMs)
  assert.deepEqual(await quiet, { kind: 'beat', last: 2, storedAtMs: time.clock() - beatMs })
})

for (const how of ['leave', 'remove'] as const) {
  test(`the entry with which one goes (${how}) is the last one that is seen, and the first after coming back has nothing before it`, async t => {
    const { person, room, reader, write, change, tail, time } = await startLive(t)
    const [ann, bob] = [await person('ann'), await person('bob')]
    const conversation = await room(ann, bob)
    const live = await reader(bob)
    await write(said(ann, conversation, 'one'))
    if (how === 'leave') await change(conversation, bob, { what: 'leave' })
    else await change(conversation, ann, { what: 'remove', account: bob.account.id })
    await write(said(ann, conversation, 'not for bob'))
    assert.deepEqual((await live.entries(2)).map(shape), [
      [3, 2, 'text'],
      [4, 3, how],
    ])
    const quiet = live.next()
    await turns(3)
    time.advance(beatMs)
    assert.deepEqual(await quiet, { kind: 'beat', last: 5, storedAtMs: tail.atStoredMs })

    await change(conversation, bob, { what: 'join' })
    await write(said(ann, conversation, 'again'))
    const back = [
      [6, 0, 'join'],
      [7, 6, 'text'],
    ]
    assert.deepEqual((await live.entries(2)).map(shape), back)
    // From the store it is the same as live.
    const later = await reader(bob, 0)
    assert.deepEqual((await later.entries(5)).map(shape), [[2, 0, 'join'], [3, 2, 'text'], [4, 3, how], ...back])
  })
}

test('readers end with their session, with the password and with the account, and only those', async t => {
  const { person, signIn, reader, write, followers } = await startLive(t)
  const [ann, bob] = [await person('ann'), await person('bob')]
  const account = ann.account.id
  const sessions = [ann, await signIn(account), await signIn(account)] as const
  const readers = await Promise.all(sessions.map(caller => reader(caller)))
  const other = await reader(bob)
  const over = { kind: 'end', reason: 'session-over' }
  const [first, second, third] = readers.map(one => one.next())

  await write({ kind: 'end-session', account, session: sessions[0].session.id })
  assert.deepEqual(await first, over)
  await write({ kind: 'set-password', account, password: 'x', passwordRule: 1, keep: sessions[2].session.id })
  assert.deepEqual(await second, over)
  await write({ kind: 'delete-account', account })
  assert.deepEqual(await third, over)

  await write(direct(bob, bob, 'still here'))
  assert.deepEqual((await other.entries(1)).map(shape), [[4, 0, 'text']])
  assert.equal(followers.count, 4)
  for (const { follower } of [...readers, other]) follower[Symbol.dispose]()
  assert.equal(followers.count, 0)
})

test('a session that ends while its stream begins gives nothing', async t => {
  const { person, reader, write } = await startLive(t)
  const ann = await person('ann')
  await write({ kind: 'end-session', account: ann.account.id, session: ann.session.id }, direct(ann, ann, 'no more'))
  const live = await reader(ann, 0)
  assert.deepEqual(await live.next(), { kind: 'end', reason: 'session-over' })
})

test('what changes while a reader is registered is not missed', async t => {
  let meanwhile = async () => {}
  const { person, room, reader, write, change, tail } = await startLive(t, store => ({
    async intervalsOf(account, only) {
      const seen = await store.intervalsOf(account, only)
      const act = meanwhile
      meanwhile = async () => {}
      await act()
      return seen
    },
  }))
  const [ann, bob] = [await person('ann'), await person('bob')]
  const conversation = await room(ann)
  // Between the look at the memberships and the entry in the index, the tail passes a join.
  meanwhile = async () => {
    await change(conversation, bob, { what: 'join' })
    await write(said(ann, conversation, 'welcome'))
  }
  const live = await reader(bob)
  assert.equal(tail.at, 3)
  await write(said(ann, conversation, 'live'))
  assert.deepEqual((await live.entries(3)).map(shape), [
    [2, 0, 'join'],
    [3, 2, 'text'],
    [4, 3, 'text'],
  ])
})

test('a batch that was prepared for nobody reaches a reader that came before it was handed on', async t => {
  const { person, room, followers, own, tail, signIn, write } = await startLive(t)
  const ann = await person('ann')
  const conversation = await room(ann)
  await own.write([said(ann, conversation, 'prepared')], 1)
  const [entry] = await own.entriesAfter(1, 1)
  assert(entry !== undefined)
  const handOn = await followers.deliver([{ entry, prev: 1 }])
  const follower = await followers.follow(await signIn(ann.account.id), 0).catch(() => undefined)
  assert(follower !== undefined)
  handOn()
  await write(said(ann, conversation, 'next'))
  await tail.reached(3)
  const live = readerOf(follower, t.signal)
  assert.deepEqual((await live.entries(3)).map(shape), [
    [1, 0, 'create'],
    [2, 1, 'text'],
    [3, 2, 'text'],
  ])
})

test('a reader that does not read costs a bounded number of units, and catches up in order', async t => {
  const queueUnitsMax = 4_000
  let rowsAtOnce = 0
  const counting = (store: Store): Partial<Store> => ({
    async entriesAt(seqs) {
      rowsAtOnce = Math.max(rowsAtOnce, seqs.length)
      return store.entriesAt(seqs)
    },
  })
  const { person, room, reader, write } = await startLive(t, counting, { queueUnitsMax, pageEntries: 16 })
  const [ann, bob] = [await person('ann'), await person('bob')]
  const conversation = await room(ann, bob)
  const [slow, quick] = [await reader(bob), await reader(ann)]
  await Promise.all([slow.entries(1), quick.entries(1), write(said(ann, conversation, 'begin'))])
  let most = 0
  for (let batch = 0; batch < 40; batch += 1) {
    await write(...Array.from({ length: 10 }, () => said(ann, conversation, 'x'.repeat(100))))
    // Who reads is not held up by who does not.
    assert.equal((await quick.entries(10)).length, 10)
    most = Math.max(most, slow.follower.queuedUnits)
  }
  assert.ok(most > queueUnitsMax / 2 && most <= queueUnitsMax, `${most} units waited`)
  const seqs = (await slow.entries(400)).map(({ seq }) => seq)
  assert.deepEqual(
    seqs,
    Array.from({ length: 400 }, (_, at) => 4 + at),
  )
  assert.equal(rowsAtOnce, 16)
  // And it is live again.
  await write(said(ann, conversation, 'end'))
  assert.deepEqual((await slow.entries(1)).map(shape), [[404, 403, 'text']])
  assert.equal(slow.follower.queuedUnits, 0)
})

test('a frame is as much as fits, an entry that fits none goes alone, and from each one can go on', async t => {
  const frameUnitsMax = 2_000
  const { person, room, reader, write } = await startLive(t, store => store, { frameUnitsMax })
  const ann = await person('ann')
  const conversation = await room(ann)
  const live = await reader(ann)
  // It has caught up: what comes from now on waits in its queue.
  await Promise.all([live.entries(1), write(said(ann, conversation, 'begin'))])
  const lengths = [10, 10, 10, 1_500, 10, 5_000, 5_000, 10, 300, 300, 300, 300, 300, 300, 10]
  for (const length of lengths) await write(said(ann, conversation, 'x'.repeat(length)))
  const seqs = lengths.map((_, at) => 3 + at)

  const framesOf = async (from: Awaited<ReturnType<typeof reader>>) => {
    const frames: Extract<Live, { kind: 'entries' }>[] = []
    while (frames.at(-1)?.last !== seqs.at(-1)) {
      const one = await from.next()
      assert(one.kind === 'entries', one.kind)
      frames.push(one)
    }
    return frames
  }
  const seqsIn = (frames: readonly { json: readonly string[] }[]) =>
    frames.flatMap(({ json }) => json.map(text => (JSON.parse(text) as EntryView).seq))
  const caughtUp = await framesOf(await reader(ann, 2))
  const handedOn = await framesOf(live)
  assert.equal(live.follower.queuedUnits, 0)
  for (const frames of [handedOn, caughtUp]) {
    assert.deepEqual(seqsIn(frames), seqs)
    for (const [at, { json, last, storedAtMs }] of frames.entries()) {
      const units = json.join('').length
      assert.ok(units <= frameUnitsMax || json.length === 1, `${json.length} entries of ${units} units`)
      const next = frames[at + 1]?.json[0]
      if (next !== undefined)
        assert.ok(units + next.length > frameUnitsMax, `${units} units, and ${next.length} more fit`)
      const ends = JSON.parse(json.at(-1) ?? '') as EntryView
      assert.deepEqual([last, storedAtMs], [ends.seq, ends.storedAt * 1_000])
      if (next !== undefined)
        assert.deepEqual(seqsIn(await framesOf(await reader(ann, last))), seqsIn(frames.slice(at + 1)))
    }
  }
})

test('from every beat one can go on without gap and double, also from one that is due in the turn of a batch', async t => {
  const { person, room, followers, tail, own, time } = await startLive(t)
  const ann = await person('ann')
  const conversation = await room(ann)
  const live = readerOf(await followers.follow(ann, tail.at), t.signal)
  const waiting = live.next()
  await turns(3)
  await own.write([said(ann, conversation, 'now')], 1)
  const [entry] = await own.entriesAfter(1, 1)
  assert(entry !== undefined)
  const handOn = await followers.deliver([{ entry, prev: 1 }])
  time.advance(beatMs)
  handOn()
  const first = await waiting
  assert.deepEqual([first.kind, 'last' in first && first.last], ['entries', 2])
})

test('soft events are for those who are in there, without who caused them and without whom they keep away', async t => {
  const { person, room, reader, followers, time } = await startLive(t)
  const [ann, bob, eve, out] = [await person('ann'), await person('bob'), await person('eve'), await person('out')]
  const conversation = await room(ann, bob, eve)
  const readers = await Promise.all([ann, bob, eve, out].map(caller => reader(caller)))
  const frames = readers.map(one => one.next())
  await turns(2)
  const event = { kind: 'typing', conversation, who: 'ann' } as const
  followers.tell({ kind: 'soft', event, to: { conversation }, by: ann.account.id, hidden: [eve.account.id] })
  await turns(2)
  time.advance(beatMs)
  const kinds = (await Promise.all(frames)).map(({ kind }) => kind)
  assert.deepEqual(kinds, ['beat', 'soft', 'beat', 'beat'])
})

test('a server that stops ends every reader, also one that is just beginning', async t => {
  const { person, reader, followers } = await startLive(t)
  const ann = await person('ann')
  const live = await reader(ann)
  const next = live.next()
  followers.stop()
  assert.deepEqual(await next, { kind: 'end', reason: 'stopping' })
  assert.deepEqual(await (await reader(ann)).next(), { kind: 'end', reason: 'stopping' })
})
