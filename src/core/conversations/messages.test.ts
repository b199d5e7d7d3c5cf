import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal } from '../../protocol/refusals.ts'
import type { Account, Write, Written } from '../../store/store.ts'
import { Committer } from '../log/committer.ts'
import { Messages } from './messages.ts'

const sender: Account = { id: 1, name: 'ann', password: '', passwordRule: 1, isAdmin: false, createdAtMs: 0 }

/** A store that knows `bob` and the room `team`, counts what it is asked, and answers writes as it is told. */
function place(answer: (write: Write, at: number) => Written) {
  const asked = { lookups: [] as string[], batches: [] as (readonly Write[])[] }
  const store = {
    async accountByKey(key: string) {
      asked.lookups.push(`@${key}`)
      return key === 'bob' ? { ...sender, id: 2, name: 'Bob' } : undefined
    },
    async roomByKey(key: string) {
      asked.lookups.push(`#${key}`)
      return key === 'team' ? 5 : undefined
    },
    async conversation(id: number) {
      const room = { name: 'Team', topic: '', isPrivate: true, history: 'all', isClosed: false, members: 1 } as const
      return { id, kind: 'room', ...room } as const
    },
  }
  const committer = new Committer(
    {
      async write(batch) {
        asked.batches.push(batch)
        return batch.map(answer)
      },
    },
    () => 0,
  )
  return { asked, messages: new Messages(store, committer, () => 1_500) }
}

const stored = (_write: Write, at: number): Written => {
  return { kind: 'stored', seq: at + 1, conversation: 9, storedAtMs: 2_000, repeated: false }
}

test('a thousand messages cost one lookup a recipient and one call of the store, in their order', async () => {
  const { asked, messages } = place(stored)
  const drafts = Array.from(
    { length: 1_000 },
    (_, at) => ({ to: at % 2 === 0 ? '@bob' : '#team', text: `${at}` }) as const,
  )
  const results = await messages.sendMany(sender, drafts)
  assert.deepEqual(asked.lookups, ['@bob', '#team'])
  assert.equal(asked.batches.length, 1)
  assert.deepEqual(
    asked.batches[0]?.map(write => ('text' in write ? write.text : '')),
    drafts.map(({ text }) => text),
  )
  assert.deepEqual(
    results.map(result => (result instanceof Refusal ? 0 : result.seq)),
    drafts.map((_draft, at) => at + 1),
  )
  await messages.sendMany(sender, [{ to: '@BOB', text: 'again' }])
  assert.deepEqual(asked.lookups, ['@bob', '#team'])
})

test('what is refused before the store is not given to it, and results stay in order', async () => {
  const { asked, messages } = place(stored)
  const results = await messages.sendMany(sender, [
    { to: '@bob', text: '' },
    { to: '@bob', text: 'one' },
    { to: '@eve', text: 'x' },
    { to: '@bob', text: 'two' },
  ])
  assert.equal(asked.batches[0]?.length, 2)
  assert.deepEqual(
    results.map(result => (result instanceof Refusal ? result.code : result.seq)),
    ['field-invalid', 1, 'unreachable', 2],
  )
})

test('nothing is written where there is nothing to write', async () => {
  const { asked, messages } = place(stored)
  assert.deepEqual(await messages.sendMany(sender, []), [])
  await messages.sendMany(sender, [{ to: '@eve', text: 'x' }])
  assert.deepEqual(asked.batches, [])
})

test('the sender’s clock is kept, and is the server’s where none is given', async () => {
  const { asked, messages } = place(stored)
  await messages.sendMany(sender, [
    { to: '@bob', text: 'x', sentAt: 7.25 },
    { to: '@bob', text: 'x' },
  ])
  assert.deepEqual(
    asked.batches[0]?.map(write => ('sentAtS' in write ? write.sentAtS : 0)),
    [7.25, 1.5],
  )
})

for (const [kind, to, code] of [
  ['no-such-account', '@bob', 'unreachable'],
  ['blocked', '@bob', 'unreachable'],
  ['not-a-member', '#team', 'room-unknown'],
  ['silenced', '#team', 'silenced'],
  ['room-closed', '#team', 'room-closed'],
  ['client-id-reused', '@bob', 'client-id-reused'],
] as const) {
  test(`the store’s ${kind} is ${code}`, async () => {
    const { messages } = place(() => ({ kind }))
    const [result] = await messages.sendMany(sender, [{ to, text: 'x' }])
    assert.ok(result instanceof Refusal && result.code === code)
  })
}
