// Whatever happens, in whatever order: what must hold of the log, of rooms and of intervals after every batch.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { AccountId, ConversationId, Entry, RoomChange, Seq, Store, Write } from '../../../src/store/store.ts'
import { accounts, change, type Make, message, newRoom, nowMs, roomMessage, wholeLog } from '../subject.ts'

/** Small numbers, so that chance meets: accounts 1 to 4, conversations 1 to 5, messages 1 to 40. */
const who = fc.integer({ min: 1, max: 4 })
const where = fc.integer({ min: 1, max: 5 })
const which = fc.integer({ min: 1, max: 40 })

const changes: fc.Arbitrary<RoomChange> = fc.oneof(
  fc.constantFrom<RoomChange>(
    { what: 'join' },
    { what: 'join' },
    { what: 'leave' },
    { what: 'close' },
    { what: 'reopen' },
  ),
  fc.record({ what: fc.constantFrom('invite', 'invite', 'remove', 'silence', 'unsilence'), account: who }),
  fc.record({ what: fc.constant('role'), account: who, role: fc.constantFrom('owner', 'member') }),
)

const writes: fc.Arbitrary<Write> = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(who, where, changes).map(([actor, room, wanted]) => change(actor, room, wanted)) },
  { weight: 3, arbitrary: fc.tuple(who, where).map(([sender, room]) => roomMessage(sender, room, 'said')) },
  { weight: 2, arbitrary: fc.tuple(who, who).map(([from, to]) => message(from, to, 'said')) },
  { weight: 1, arbitrary: fc.tuple(who, where).map(([owner, name]) => newRoom(owner, `room ${name}`)) },
  fc
    .tuple(who, which)
    .map(([sender, seq]) => ({ kind: 'edit', sender, message: seq, text: 'edited', sentAtS: 1 }) as const),
  fc.tuple(who, which).map(([sender, seq]) => ({ kind: 'delete', sender, message: seq }) as const),
  fc.tuple(fc.constantFrom('block', 'unblock'), who, who).map(([kind, account, other]) => ({ kind, account, other })),
  fc
    .tuple(who, where, which)
    .map(([account, conversation, seq]) => ({ kind: 'mark-read', account, conversation, seq }) as const),
)

const closing = fc.option(
  who.map(account => ({ kind: 'delete-account', account }) as const),
  { freq: 3 },
)

export function whateverHolds(make: Make): void {
  test('the log is gap-free, rooms count their members, and intervals lie apart and in the log', async () => {
    const lives = fc.tuple(fc.array(fc.array(writes, { maxLength: 12 }), { maxLength: 6 }), closing)
    await fc.assert(
      fc.asyncProperty(lives, async ([batches, last]) => {
        await using subject = await make()
        const { store } = subject
        const known = await accounts(store, 'Ann', 'Bob', 'Cleo', 'Dora')
        await store.write([newRoom(1, 'one'), newRoom(2, 'two')], nowMs)
        for (const batch of batches) {
          const head = await store.head()
          const given = (await store.write(batch, nowMs)).filter(one => one.kind === 'stored').map(one => one.seq)
          const entries = await store.entriesAfter(head, 1_000)
          assert.deepEqual(
            given,
            entries.filter((_, at) => !isOwnership(entries, at)).map(one => one.seq),
          )
          assert.equal(await store.head(), head + entries.length)
          await allHolds(store, known)
        }
        if (last === null) return
        const [closed] = await store.write([last], nowMs)
        assert(closed?.kind === 'stored')
        assert.equal(closed.seq, await store.head())
        await allHolds(store, known)
      }),
      { numRuns: 40 },
    )
  })
}

/** Who joins a room in which nobody is becomes its owner by an entry of its own, behind the one that is answered. */
function isOwnership(entries: readonly Entry[], at: number): boolean {
  const [join, role] = [entries[at - 1], entries[at]]
  if (join?.kind !== 'join' || role?.kind !== 'role') return false
  return join.sender === role.sender && join.conversation === role.conversation && role.subject === null
}

async function allHolds(store: Store, known: readonly AccountId[]): Promise<void> {
  const log = await wholeLog(store)
  assert.deepEqual(
    log.map(one => one.seq),
    log.map((_, index) => index + 1),
  )
  for (const { kind, text } of log) if (kind === 'erased' || kind === 'delete') assert.equal(text, '')
  await roomsHold(store)
  for (const account of known) await intervalsHold(store, account)
}

async function roomsHold(store: Store): Promise<void> {
  for (const room of await store.publicRooms({ keyPrefix: '', afterKey: '', limit: 100 })) {
    const present = await store.membersOf(room.id, 0, 100)
    assert(room.kind === 'room')
    assert.equal(room.members, present.length)
    const open = (await store.intervalsIn(room.id)).filter(one => one.leftSeq === null).map(one => one.account)
    assert.deepEqual(
      open.toSorted((a, b) => a - b),
      present.map(one => one.id),
    )
  }
}

/** One's intervals do not meet, begin and end at entries of their conversation, and present ones are memberships. */
async function intervalsHold(store: Store, account: AccountId): Promise<void> {
  const { intervals, head } = await store.intervalsOf(account)
  const ends = new Map<ConversationId, Seq>()
  for (const { conversation, joinedSeq, leftSeq } of intervals) {
    assert(joinedSeq > (ends.get(conversation) ?? 0))
    ends.set(conversation, leftSeq ?? Number.POSITIVE_INFINITY)
    for (const seq of [joinedSeq, leftSeq ?? joinedSeq]) {
      assert(seq <= head)
      assert.equal((await store.entriesAt([seq]))[0]?.conversation, conversation)
    }
  }
  const present = intervals.filter(one => one.leftSeq === null).map(one => one.conversation)
  const listed = (await store.membershipsOf(account, head + 1, 100)).map(one => one.conversation.id)
  assert.deepEqual(
    listed.toSorted((a, b) => a - b),
    present.toSorted((a, b) => a - b),
  )
}
