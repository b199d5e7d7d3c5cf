// Live delivery: what reaches whom, and that nothing is missed where a reader begins or a membership ends.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { beatMs, direct, readerOf, said, shape, startLive } from '../../../test/support/live.ts'
import { turns } from '../../../test/model/chance.ts'

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

    // Who was removed stays out until an owner adds them.
    if (how === 'leave') await change(conversation, bob, { what: 'join' })
    else await change(conversation, ann, { what: 'invite', account: bob.account.id })
    await write(said(ann, conversation, 'again'))
    const back = [
      [6, 0, how === 'leave' ? 'join' : 'invite'],
      [7, 6, 'text'],
    ]
    assert.deepEqual((await live.entries(2)).map(shape), back)
    // From the store it is the same as live.
    const later = await reader(bob, 0)
    assert.deepEqual((await later.entries(5)).map(shape), [[2, 0, 'join'], [3, 2, 'text'], [4, 3, how], ...back])
  })
}

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
