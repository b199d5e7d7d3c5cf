import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal } from '../protocol/refusals.ts'
import type { Account, Session, Write, Written } from '../store/store.ts'
import { Committer } from './committer.ts'
import { sessionLifeMs, Sessions } from './sessions.ts'

const ann: Account = { id: 1, name: 'Ann', password: 'first', passwordRule: 1, isAdmin: false, createdAtMs: 0 }

/** Sessions over a store in memory, whose clock stands at `now`; `account` is Ann as the store has her. */
function inMemory() {
  const state = { now: 1_000_000, account: ann as Account | undefined, touches: 0 }
  const rows = new Map<string, Session>()
  let ids = 0
  function apply(write: Write): Written {
    if (write.kind === 'create-session') {
      ids += 1
      const { account, label, expiresAtMs } = write
      rows.set(write.tokenHash, {
        id: ids,
        account,
        label,
        createdAtMs: state.now,
        lastUsedAtMs: state.now,
        expiresAtMs,
      })
      return { kind: 'session', session: ids }
    }
    if (write.kind === 'end-session') {
      const [hash] = [...rows].find(([, { id }]) => id === write.session) ?? []
      if (hash === undefined) return { kind: 'no-such-session' }
      rows.delete(hash)
      return { kind: 'stored', seq: 1, conversation: 0, storedAtMs: 0, repeated: false }
    }
    if (write.kind === 'touch-session') state.touches += 1
    return { kind: 'done' }
  }
  const store = {
    write: async (batch: readonly Write[]) => batch.map(apply),
    sessionByToken: async (hash: string) => rows.get(hash),
    accountById: async () => state.account,
    sessionsOf: async (_: number, now: number) => [...rows.values()].filter(({ expiresAtMs }) => expiresAtMs > now),
  }
  const clock = () => state.now
  const committer = new Committer(store, clock)
  let seed = 0
  const random = (bytes: number) => new Uint8Array(bytes).fill((seed += 1))
  return { state, rows, committer, sessions: new Sessions({ store, known: store, committer, clock, random }) }
}

test('a token speaks for its account until it expires, and is kept only as a hash', async () => {
  const { state, rows, sessions } = inMemory()
  const opened = await sessions.open(ann, 'laptop')
  assert.ok(!(opened instanceof Refusal))
  assert.equal(rows.has(opened.token), false)
  assert.equal((await sessions.callerOf(opened.token))?.account.name, 'Ann')
  assert.equal(await sessions.callerOf(`${opened.token}x`), undefined)
  state.now += sessionLifeMs - 1
  assert.ok(await sessions.callerOf(opened.token))
  state.now += 1
  assert.equal(await sessions.callerOf(opened.token), undefined)
})

test('a sign-in that the change of the password overtakes leaves no session', async () => {
  const { state, rows, sessions } = inMemory()
  state.account = { ...ann, password: 'second' }
  const opened = await sessions.open(ann, '')
  assert.ok(opened instanceof Refusal && opened.code === 'sign-in-failed')
  assert.equal(rows.size, 0)
})

test('a sign-in to an account that is closed meanwhile is none', async () => {
  const { state, sessions } = inMemory()
  state.account = undefined
  const opened = await sessions.open(ann, '')
  assert.ok(opened instanceof Refusal && opened.code === 'sign-in-failed')
})

test('the use of a session is written every ten minutes at most', async () => {
  const { state, committer, sessions } = inMemory()
  const opened = await sessions.open(ann, '')
  assert.ok(!(opened instanceof Refusal))
  for (let minute = 0; minute <= 30; minute += 1) {
    await sessions.callerOf(opened.token)
    state.now += 60_000
  }
  await committer.drain()
  assert.equal(state.touches, 3)
})
