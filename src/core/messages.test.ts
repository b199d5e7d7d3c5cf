import assert from 'node:assert/strict'
import { test } from 'node:test'
import { textBytesMax } from '../protocol/limits.ts'
import { Refusal } from '../protocol/refusals.ts'
import { type Account, NotWritten, OutcomeUnknown, type Write, type Written } from '../store/store.ts'
import { Committer } from './committer.ts'
import { Messages } from './messages.ts'

function account(id: number, name: string): Account {
  return { id, name, password: '', passwordRule: 1, isAdmin: false, createdAtMs: 0 }
}

const ann = account(1, 'Ann')
const bob = account(2, 'Bob')

/** Messages over a store that knows Ann and Bob and answers each write with `answer`. */
function over(answer: (write: Write) => Written | Error) {
  const writes: Write[] = []
  const store = {
    accountByKey: async (key: string) => ({ ann, bob })[key],
    roomByKey: async () => undefined,
    conversation: async () => undefined,
  }
  const write = async (batch: readonly Write[]) => {
    writes.push(...batch)
    return batch.map(one => {
      const written = answer(one)
      if (written instanceof Error) throw written
      return written
    })
  }
  return { writes, messages: new Messages(store, new Committer({ write }, () => 0), () => 0) }
}

const stored = (): Written => ({ kind: 'stored', seq: 42, conversation: 7, storedAtMs: 5, repeated: false })

function brief(result: number | Refusal): string {
  return result instanceof Refusal ? `${result.code} ${result.field ?? ''}`.trim() : `seq ${result}`
}

test('a message goes to the store as it was given, and its seq comes back', async () => {
  const { writes, messages } = over(stored)
  const result = await messages.sendDirect(ann, { recipient: 'BOB', text: ' hi\n', sentAtS: 1.25 })
  assert.equal(brief(result), 'seq 42')
  assert.deepEqual(writes, [{ kind: 'send-direct', sender: 1, recipient: 2, text: ' hi\n', sentAtS: 1.25 }])
})

test('the empty text and the largest pass; a larger one, NUL and half characters do not reach the store', async () => {
  const { writes, messages } = over(stored)
  const send = async (text: string) => brief(await messages.sendDirect(ann, { recipient: 'bob', text, sentAtS: 1 }))
  assert.deepEqual([await send(''), await send('é'.repeat(textBytesMax / 2))], ['seq 42', 'seq 42'])
  assert.equal(await send(`${'é'.repeat(textBytesMax / 2)}.`), 'too-large message')
  assert.equal(await send('a\0b'), 'field-invalid message')
  assert.equal(await send('a\udc00b'), 'field-invalid message')
  assert.equal(writes.length, 2)
})

test('a text that cannot be sent is told before a recipient that does not exist', async () => {
  const { messages } = over(stored)
  assert.equal(
    brief(await messages.sendDirect(ann, { recipient: 'x', text: '\0', sentAtS: 1 })),
    'field-invalid message',
  )
})

test('an unknown recipient is refused by name, be it known to be absent before or found out by the store', async () => {
  const { writes, messages } = over(() => ({ kind: 'no-such-account' }))
  const nobody = await messages.sendDirect(ann, { recipient: 'No"body', text: 'x', sentAtS: 1 })
  assert(nobody instanceof Refusal)
  assert.deepEqual([nobody.code, nobody.message], ['account-unknown', 'There is no account "No\\"body".'])
  assert.equal(writes.length, 0)
  assert.equal(brief(await messages.sendDirect(ann, { recipient: 'bob', text: 'x', sentAtS: 1 })), 'account-unknown')
})

test('what the committer refuses is passed on', async () => {
  for (const [error, code] of [
    [new NotWritten('full', false), 'unavailable'],
    [new OutcomeUnknown('who knows'), 'outcome-unknown'],
  ] as const) {
    const { messages } = over(() => error)
    assert.equal(brief(await messages.sendDirect(ann, { recipient: 'bob', text: 'x', sentAtS: 1 })), code)
  }
})

test('an answer of the store that no send can have is an error, not a success', async () => {
  const { messages } = over(() => ({ kind: 'registered', account: 3 }))
  await assert.rejects(messages.sendDirect(ann, { recipient: 'bob', text: 'x', sentAtS: 1 }), /registered/)
})
