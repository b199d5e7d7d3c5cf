// What a reader may cost, and how it goes on behind that: its queue, its frames, its beats.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { beatMs, readerOf, said, shape, startLive } from '../../../test/support/live.ts'
import { turns } from '../../../test/model/chance.ts'
import type { EntryView } from '../../protocol/v1.ts'
import type { Store } from '../../store/store.ts'
import type { Live } from './follower.ts'

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
