// Sessions, passwords and invites: what begins them, and that every end of one is an entry of the log.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AccountId, CreateInvite, CreateSession, Store } from '../../../src/store/store.ts'
import { accounts, kindsOf, type Make, nowMs, plain, registration, wholeLog, writeOne } from '../subject.ts'

const hour = 3_600_000

function session(account: AccountId, tokenHash: string, lifeMs = hour): CreateSession {
  return { kind: 'create-session', account, tokenHash, label: `label of ${tokenHash}`, lifeMs }
}

async function begin(store: Store, write: CreateSession, atMs = nowMs) {
  const written = await writeOne(store, write, atMs)
  assert(written.kind === 'session', written.kind)
  return written.session
}

function invite(inviteHash: string, more: Partial<CreateInvite> = {}): CreateInvite {
  return { kind: 'create-invite', inviteHash, by: null, makesAdmin: false, uses: 1, expiresAtMs: nowMs + hour, ...more }
}

const enter = (name: string, inviteHash: string) => ({ ...registration(name), inviteHash })

export function sessionsConform(make: Make): void {
  test('a session is found by its token, as it was begun, also after opening again', async () => {
    await using subject = await make()
    const [ann] = await accounts(subject.store, 'Ann')
    const id = await begin(subject.store, session(ann, 'a'))
    const times = { createdAtMs: nowMs, lastUsedAtMs: nowMs, expiresAtMs: nowMs + hour, lifeMs: hour }
    const expected = { id, account: ann, label: 'label of a', ...times }
    assert.deepEqual(plain(await subject.store.sessionByToken('a')), expected)
    assert.equal(await subject.store.sessionByToken('b'), undefined)
    assert.deepEqual(plain(await (await subject.reopen()).sessionByToken('a')), expected)
    assert.equal(await subject.store.head(), 0)
  })

  test('nobody who is not there gets a session', async () => {
    await using subject = await make()
    assert.deepEqual(await kindsOf(subject.store, session(9_999, 'a')), ['no-such-account'])
  })

  test('sessions are listed last used first, without those that have expired; use only moves the time up', async () => {
    await using subject = await make()
    const { store } = subject
    const [ann, bob] = await accounts(store, 'Ann', 'Bob')
    const [a, b, c] = [
      await begin(store, session(ann, 'a')),
      await begin(store, session(ann, 'b')),
      await begin(store, session(ann, 'c', 1)),
    ]
    await begin(store, session(bob, 'other'))
    const ids = async (atMs: number) => (await store.sessionsOf(ann, atMs)).map(one => one.id)
    assert.deepEqual(await ids(nowMs), [c, b, a])
    assert.deepEqual(await ids(nowMs + 1), [b, a])
    const touch = { kind: 'touch-session', account: ann, session: a, expiresAtMs: nowMs + hour } as const
    assert.equal((await writeOne(store, touch, nowMs + 5)).kind, 'done')
    assert.equal((await writeOne(store, touch, nowMs + 4)).kind, 'done')
    assert.equal((await writeOne(store, { ...touch, session: 9_999 })).kind, 'done')
    assert.deepEqual(await ids(nowMs + 5), [a, b])
    assert.equal((await store.sessionByToken('a'))?.lastUsedAtMs, nowMs + 5)
    assert.notEqual(await store.sessionByToken('c'), undefined)
  })

  test("use moves the end of a session on and never back; one that has expired, or is another account's, stays", async () => {
    await using subject = await make()
    const { store } = subject
    const [ann, bob] = await accounts(store, 'Ann', 'Bob')
    const id = await begin(store, session(ann, 'a'))
    const touch = { kind: 'touch-session', account: ann, session: id } as const
    const endAfter = async (expiresAtMs: number, atMs: number, account = ann) => {
      await store.write([{ ...touch, account, expiresAtMs }], atMs)
      return ((await store.sessionByToken('a'))?.expiresAtMs ?? 0) - nowMs
    }
    assert.equal(await endAfter(nowMs + 2 * hour, nowMs + hour - 1, bob), hour)
    assert.equal(await endAfter(nowMs + 2 * hour, nowMs + hour - 1), 2 * hour)
    assert.equal(await endAfter(nowMs + hour, nowMs + hour), 2 * hour)
    assert.equal(await endAfter(nowMs + 3 * hour, nowMs + 2 * hour), 2 * hour, 'it has expired')
    assert.equal((await store.sessionByToken('a'))?.lastUsedAtMs, nowMs + hour)
    assert.equal(await store.head(), 0)
  })

  test("ending a session is an entry of the log, and only one's own can be ended, once", async () => {
    await using subject = await make()
    const { store } = subject
    const [ann, bob] = await accounts(store, 'Ann', 'Bob')
    const id = await begin(store, session(ann, 'a'))
    const end = { kind: 'end-session', session: id } as const
    assert.deepEqual(await kindsOf(store, { ...end, account: bob }), ['no-such-session'])
    const written = await store.write(
      [
        { ...end, account: ann },
        { ...end, account: ann },
      ],
      nowMs,
    )
    const stored = { kind: 'stored', seq: 1, conversation: 0, storedAtMs: nowMs, repeated: false }
    assert.deepEqual(written, [stored, { kind: 'no-such-session' }])
    assert.equal(await store.sessionByToken('a'), undefined)
    const [entry] = await wholeLog(store)
    assert.deepEqual([entry?.kind, entry?.conversation, entry?.sender, entry?.refersTo], ['end-session', 0, ann, id])
  })

  test('the id of a session that has ended is not given again', async () => {
    await using subject = await make()
    const [ann] = await accounts(subject.store, 'Ann')
    const first = await begin(subject.store, session(ann, 'a'))
    await kindsOf(subject.store, { kind: 'end-session', account: ann, session: first })
    const again = await subject.reopen()
    assert(first < (await begin(again, session(ann, 'b'))))
  })

  test('a new password ends every session but the one that is kept', async () => {
    await using subject = await make()
    const { store } = subject
    const [ann, bob] = await accounts(store, 'Ann', 'Bob')
    const kept = await begin(store, session(ann, 'a'))
    await begin(store, session(ann, 'b'))
    const foreign = await begin(store, session(bob, 'c'))
    const set = { kind: 'set-password', account: ann, password: 'new', passwordRule: 8 } as const
    assert.deepEqual(await kindsOf(store, { ...set, keep: kept }), ['stored'])
    assert.deepEqual(
      (await store.sessionsOf(ann, nowMs)).map(one => one.id),
      [kept],
    )
    assert.deepEqual(await kindsOf(store, { ...set, keep: foreign }, { ...set, account: 9_999, keep: null }), [
      'stored',
      'no-such-account',
    ])
    assert.deepEqual(await store.sessionsOf(ann, nowMs), [])
    assert.equal((await store.sessionsOf(bob, nowMs)).length, 1)
    const account = await store.accountById(ann)
    assert.deepEqual([account?.password, account?.passwordRule], ['new', 8])
    const log = await wholeLog(store)
    assert.deepEqual(
      log.map(({ kind, sender, refersTo }) => [kind, sender, refersTo]),
      [
        ['password', ann, kept],
        ['password', ann, null],
      ],
    )
  })

  test('an invite lets in as many as it says, until it expires, and a name that is taken uses none', async () => {
    await using subject = await make()
    const { store } = subject
    await accounts(store, 'Ann')
    await kindsOf(
      store,
      invite('two', { uses: 2 }),
      invite('late', { expiresAtMs: nowMs }),
      invite('none', { uses: 0 }),
    )
    assert.deepEqual(
      await kindsOf(
        store,
        enter('ANN', 'two'),
        enter('Bob', 'two'),
        enter('Cleo', 'late'),
        enter('Cleo', 'none'),
        enter('Cleo', 'unknown'),
        enter('ANN', 'unknown'),
        enter('Cleo', 'two'),
        enter('Dora', 'two'),
      ),
      [
        'name-taken',
        'registered',
        'no-such-invite',
        'no-such-invite',
        'no-such-invite',
        'no-such-invite',
        'registered',
        'no-such-invite',
      ],
    )
    assert.deepEqual(await kindsOf(store, invite('two')), ['done'])
    assert.deepEqual(await kindsOf(store, enter('Dora', 'two')), ['no-such-invite'])
    assert.equal(await store.head(), 0)
  })

  test('open invites are listed page by page, with who made them, until they are used up, expired or withdrawn', async () => {
    await using subject = await make()
    const { store } = subject
    const [ann] = await accounts(store, 'Ann')
    await kindsOf(
      store,
      invite('a', { by: ann, uses: 2 }),
      invite('b', { makesAdmin: true }),
      invite('c', { expiresAtMs: nowMs + 1 }),
      invite('d'),
    )
    const open = (afterHash: string, limit = 9, atMs = nowMs) => store.openInvites({ afterHash, limit, nowMs: atMs })
    const hashes = async (...query: Parameters<typeof open>) => (await open(...query)).map(one => one.inviteHash)
    const by = { id: ann, name: 'Ann' }
    const expiresAtMs = nowMs + hour
    assert.deepEqual(plain(await open('', 2)), [
      { inviteHash: 'a', by, makesAdmin: false, usesLeft: 2, expiresAtMs },
      { inviteHash: 'b', by: null, makesAdmin: true, usesLeft: 1, expiresAtMs },
    ])
    assert.deepEqual(await hashes('b', 2), ['c', 'd'])
    assert.deepEqual(await hashes('', 9, nowMs + 1), ['a', 'b', 'd'])
    await kindsOf(store, enter('Bob', 'a'), enter('Cleo', 'd'))
    assert.deepEqual(await hashes(''), ['a', 'b', 'c'])
    assert.equal((await open(''))[0]?.usesLeft, 1)
    const end = (inviteHash: string) => ({ kind: 'end-invite', inviteHash }) as const
    assert.deepEqual(await kindsOf(store, end('a'), end('a'), end('d'), end('unknown'), enter('Dora', 'a')), [
      'done',
      'no-such-invite',
      'no-such-invite',
      'no-such-invite',
      'no-such-invite',
    ])
    assert.equal((await writeOne(store, end('c'), nowMs + 1)).kind, 'no-such-invite')
    const again = await subject.reopen()
    assert.deepEqual(await again.openInvites({ afterHash: '', limit: 9, nowMs: nowMs + 1 }), [
      { inviteHash: 'b', by: null, makesAdmin: true, usesLeft: 1, expiresAtMs },
    ])
    assert.equal(await again.head(), 0)
  })

  test("an admin's invite makes an admin, and ends with who made it", async () => {
    await using subject = await make()
    const { store } = subject
    assert.equal(await store.hasAccounts(), false)
    await kindsOf(store, invite('first', { makesAdmin: true }))
    await kindsOf(store, { ...registration('Ann'), inviteHash: 'first' }, registration('Bob'))
    const [ann, bob] = [await store.accountByKey('ann'), await store.accountByKey('bob')]
    assert.deepEqual([ann?.isAdmin, bob?.isAdmin, await store.hasAccounts()], [true, false, true])
    assert.deepEqual(await kindsOf(store, invite('anns', { by: ann?.id ?? 0 }), invite('nobodys', { by: 9_999 })), [
      'done',
      'no-such-account',
    ])
    await kindsOf(store, { kind: 'delete-account', account: ann?.id ?? 0 })
    assert.deepEqual(await kindsOf(store, { ...registration('Cleo'), inviteHash: 'anns' }), ['no-such-invite'])
  })

  test('a repeat of a session or an invite, as after an outcome that was not known, is harmless', async () => {
    await using subject = await make()
    const { store } = subject
    const [ann, bob] = await accounts(store, 'Ann', 'Bob')
    const id = await begin(store, session(ann, 'a'))
    assert.equal(await begin(store, session(ann, 'a')), id)
    assert.deepEqual(await kindsOf(store, session(bob, 'a'), invite('i'), invite('i', { uses: 9 })), [
      'no-such-account',
      'done',
      'done',
    ])
    assert.equal((await store.sessionByToken('a'))?.account, ann)
  })
}
