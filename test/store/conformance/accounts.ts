// Accounts: one a key, whatever happens at once, and for good.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Make, nowMs, registration } from '../subject.ts'

export function accountsConform(make: Make): void {
  test('an account is found by its key, as it was registered', async () => {
    await using subject = await make()
    const [written] = await subject.store.write([registration('Ann')], nowMs)
    assert(written?.kind === 'registered')
    const secret = { password: 'phc of Ann', passwordRule: 1 }
    const expected = { id: written.account, name: 'Ann', ...secret, isAdmin: false, createdAtMs: nowMs }
    assert.deepEqual({ ...(await subject.store.accountByKey('ann')) }, expected)
    assert.equal(await subject.store.accountByKey('Ann'), undefined)
    assert.equal(await subject.store.accountByKey(''), undefined)
    const again = await subject.reopen()
    assert.deepEqual({ ...(await again.accountByKey('ann')) }, expected)
  })

  test('a key is given once, also within one batch, and the first keeps it', async () => {
    await using subject = await make()
    const { store } = subject
    const batch = [registration('Ann'), registration('ANN'), registration('Bob'), registration('ann')]
    const written = await store.write(batch, nowMs)
    assert.deepEqual(
      written.map(one => one.kind),
      ['registered', 'name-taken', 'registered', 'name-taken'],
    )
    assert.equal((await store.accountByKey('ann'))?.name, 'Ann')
  })

  test('a key that was given in an earlier batch is taken, also after opening again', async () => {
    await using subject = await make()
    await subject.store.write([registration('Ann')], nowMs)
    assert.deepEqual(await subject.store.write([registration('ANN')], nowMs), [{ kind: 'name-taken' }])
    await subject.reopen()
    assert.deepEqual(await subject.store.write([registration('aNN')], nowMs), [{ kind: 'name-taken' }])
    assert.equal((await subject.store.accountByKey('ann'))?.name, 'Ann')
  })

  test('of 100 writes of one key that overlap, one registers', async () => {
    await using subject = await make()
    const { store } = subject
    const each = Array.from({ length: 100 }, (_, index) => ({ ...registration('Ann'), password: `phc ${index}` }))
    const written = (await Promise.all(each.map(one => store.write([one], nowMs)))).flat()
    assert.equal(written.filter(one => one.kind === 'registered').length, 1)
    assert.equal(written.filter(one => one.kind === 'name-taken').length, 99)
    assert.equal((await store.accountByKey('ann'))?.password, 'phc 0')
  })

  test('registering takes no seq', async () => {
    await using subject = await make()
    const { store } = subject
    await store.write([registration('Ann'), registration('Bob')], nowMs)
    assert.equal(await store.head(), 0)
  })

  test('presence is shown until it is hidden, also after a restart', async () => {
    await using subject = await make()
    const [registered] = await subject.store.write([registration('Ann')], nowMs)
    assert(registered?.kind === 'registered')
    const { account } = registered
    const set = (isShown: boolean) => subject.store.write([{ kind: 'set-presence', account, isShown }], nowMs)
    assert.equal(await subject.store.showsPresence(account), true)
    assert.deepEqual(await set(false), [{ kind: 'done' }])
    assert.equal(await (await subject.reopen()).showsPresence(account), false)
    assert.deepEqual(await set(true), [{ kind: 'done' }])
    assert.equal(await subject.store.showsPresence(account), true)
    const nobody = { kind: 'set-presence', account: 99, isShown: false } as const
    assert.deepEqual(await subject.store.write([nobody], nowMs), [{ kind: 'no-such-account' }])
    assert.equal(await subject.store.head(), 0)
  })
}
