import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Account, Session, Write } from '../../store/store.ts'
import { Known } from './account-cache.ts'

/** A store of two accounts with a session each, which counts what it is asked; `answer` holds answers back. */
function counted() {
  const accounts = new Map([1, 2].map(id => [id, { id, name: `Name${id}`, password: 'first' } as Account]))
  const sessions = new Map([1, 2].map(id => [`token${id}`, { id: 10 + id, account: id } as Session]))
  const asked: string[] = []
  let held: Promise<void> = Promise.resolve()
  const store = {
    async accountByKey(key: string) {
      asked.push(key)
      const found = [...accounts.values()].find(({ name }) => name.toLowerCase() === key)
      await held
      return found
    },
    async accountById(id: number) {
      asked.push(String(id))
      const found = accounts.get(id)
      await held
      return found
    },
    async sessionByToken(hash: string) {
      asked.push(hash)
      const found = sessions.get(hash)
      await held
      return found
    },
  }
  const change = (id: number, password: string) => accounts.set(id, { ...accounts.get(id), password } as Account)
  const holdBack = () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    held = promise
    return resolve
  }
  return { known: new Known(store), asked, accounts, sessions, change, holdBack }
}

async function askAll(known: Known) {
  const account = await known.accountByKey('name1')
  return [account?.password, (await known.accountById(1))?.password, (await known.sessionByToken('token1'))?.id]
}

test('the store is asked once', async () => {
  const { known, asked } = counted()
  assert.deepEqual(await askAll(known), ['first', 'first', 11])
  assert.deepEqual(await askAll(known), ['first', 'first', 11])
  assert.deepEqual(asked, ['name1', '1', 'token1'])
})

test('a no is not kept: who registers is known at once', async () => {
  const { known, accounts } = counted()
  assert.equal(await known.accountByKey('name3'), undefined)
  accounts.set(3, { id: 3, name: 'Name3' } as Account)
  assert.equal((await known.accountByKey('name3'))?.id, 3)
})

for (const kind of ['password', 'delete-account', 'end-session'] as const) {
  test(`an account is asked for again after the tail has passed its ${kind}, and no other one is`, async () => {
    const { known, asked, change } = counted()
    await askAll(known)
    await known.accountById(2)
    change(1, 'second')
    known.passed({ kind, sender: 1 })
    asked.length = 0
    assert.deepEqual(await askAll(known), ['second', 'second', 11])
    await known.accountById(2)
    assert.deepEqual(asked, ['name1', '1', 'token1'])
  })
}

for (const kind of ['set-password', 'delete-account', 'end-session', 'touch-session'] as const) {
  test(`the same in the turn in which a ${kind} of this process is stored`, async () => {
    const { known, change } = counted()
    await askAll(known)
    change(1, 'second')
    known.stored([{ kind, account: 1 } as Write])
    assert.deepEqual(await askAll(known), ['second', 'second', 11])
  })
}

test('what the store was asked before a change is not kept after it', async () => {
  const { known, change, holdBack } = counted()
  const goOn = holdBack()
  const early = [known.accountByKey('name1'), known.accountById(1), known.sessionByToken('token1')]
  change(1, 'second')
  known.stored([{ kind: 'set-password', account: 1 } as Write])
  goOn()
  await Promise.all(early)
  assert.deepEqual(await askAll(known), ['second', 'second', 11])
})

test('of more than 20,000 the one that came first goes', async () => {
  const { known, asked, accounts } = counted()
  for (let id = 1; id <= 20_001; id += 1) {
    accounts.set(id, { id, name: `Name${id}`, password: 'first' } as Account)
    await known.accountById(id)
  }
  asked.length = 0
  await known.accountById(1)
  await known.accountById(20_001)
  assert.deepEqual(asked, ['1'])
})
