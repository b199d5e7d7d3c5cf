import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal } from '../../protocol/refusals.ts'
import type { Account, Session, Write, Written } from '../../store/store.ts'
import { Committer } from '../log/committer.ts'
import { Listening } from './listening.ts'
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
      const { account, label, lifeMs } = write
      const times = { createdAtMs: state.now, lastUsedAtMs: state.now, expiresAtMs: state.now + lifeMs }
      rows.set(write.tokenHash, { id: ids, account, label, lifeMs, ...times })
      return { kind: 'session', session: ids }
    }
    if (write.kind === 'end-session') {
      const [hash] = [...rows].find(([, { id }]) => id === write.session) ?? []
      if (hash === undefined) return { kind: 'no-such-session' }
      rows.delete(hash)
      return { kind: 'stored', seq: 1, conversation: 0, storedAtMs: 0, repeated: false }
    }
    if (write.kind === 'touch-session') {
      state.touches += 1
      for (const [hash, row] of rows) {
        if (row.id === write.session)
          rows.set(hash, { ...row, expiresAtMs: write.expiresAtMs, lastUsedAtMs: state.now })
      }
    }
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
  const listening = new Listening(clock)
  const sessions = new Sessions({ store, known: store, committer, clock, random, listening })
  /** Uses a token some time later: whether it still speaks for Ann. */
  const usedAfter = async (token: string, ms: number) => {
    state.now += ms
    const caller = await sessions.callerOf(token)
    await committer.drain()
    return caller !== undefined
  }
  return { state, rows, committer, sessions, listening, usedAfter }
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

const minuteMs = 60_000

async function shortLived(sessions: Sessions, lifeMs: number) {
  const opened = await sessions.open(ann, '', lifeMs)
  assert.ok(!(opened instanceof Refusal))
  return opened
}

test('a session that is used lasts on, for as long as it was given and no longer', async () => {
  const { sessions, usedAfter } = inMemory()
  const { token } = await shortLived(sessions, 60 * minuteMs)
  for (let hours = 0; hours < 8; hours += 1) assert.equal(await usedAfter(token, 59 * minuteMs), true)
  const [session] = await sessions.list(ann.id)
  assert.equal((session?.expiresAtMs ?? 0) - (session?.lastUsedAtMs ?? 0), 60 * minuteMs)
  assert.equal(await usedAfter(token, 60 * minuteMs), false)
})

test('however it is used, it ends after fourteen times its life, and after 90 days', async () => {
  for (const [lifeMs, lastsMs] of [
    [60 * minuteMs, 14 * 60 * minuteMs],
    [sessionLifeMs / 2, sessionLifeMs],
    [sessionLifeMs, sessionLifeMs],
  ] as const) {
    const { state, sessions, usedAfter } = inMemory()
    const beganMs = state.now
    const { token } = await shortLived(sessions, lifeMs)
    while (await usedAfter(token, lifeMs / 4 - 1));
    // The last use that succeeded was a quarter before.
    assert.ok(state.now - beganMs >= lastsMs && state.now - beganMs < lastsMs + lifeMs / 4, String(lifeMs))
  }
})

test('a short session is written more often, ten times in its life', async () => {
  const { state, sessions, usedAfter } = inMemory()
  const { token } = await shortLived(sessions, minuteMs)
  for (let second = 1; second <= 60; second += 1) assert.equal(await usedAfter(token, 1_000), true)
  assert.equal(state.touches, 10)
})

test('what was remembered of a session that another process prolonged is looked up before it is over', async () => {
  const { state, rows, committer, sessions: elsewhere } = inMemory()
  const { session, token } = await shortLived(elsewhere, 60 * minuteMs)
  const store = {
    sessionByToken: async (hash: string) => rows.get(hash),
    accountById: async () => ann,
    sessionsOf: async (_: number, now: number) => [...rows.values()].filter(({ expiresAtMs }) => expiresAtMs > now),
  }
  const known = { ...store, sessionByToken: async () => session }
  const clock = () => state.now
  const random = (bytes: number) => new Uint8Array(bytes)
  const here = new Sessions({ store, known, committer, clock, random, listening: new Listening(clock) })
  state.now += 30 * minuteMs
  assert.ok(await elsewhere.callerOf(token))
  await committer.drain()
  state.now += 59 * minuteMs
  assert.equal(here.isPast(session), true)
  assert.equal((await here.lasting(session))?.id, session.id)
  assert.equal((await here.callerOf(token))?.account.name, 'Ann')
  state.now += 120 * minuteMs
  assert.equal(await here.lasting(session), undefined)
  assert.equal(await here.callerOf(token), undefined)
})

/** Signs in once a minute, so many times. */
async function signInEachMinute(here: ReturnType<typeof inMemory>, times: number) {
  const opened: Awaited<ReturnType<typeof shortLived>>[] = []
  for (let minute = 0; minute < times; minute += 1) {
    here.state.now += minuteMs
    opened.push(await shortLived(here.sessions, sessionLifeMs))
  }
  return opened
}

test('a sign-in a minute ends no session that is listened through, and that one is extended by nothing', async () => {
  const here = inMemory()
  const [bot, idle] = await signInEachMinute(here, 2)
  assert.ok(bot !== undefined && idle !== undefined)
  using _ = here.listening.begin(bot.session.id)
  await signInEachMinute(here, 200)
  const kept = await here.sessions.list(ann.id)
  assert.equal(kept.length, 100)
  assert.deepEqual(
    kept.find(({ id }) => id === bot.session.id),
    bot.session,
  )
  assert.equal(
    kept.some(({ id }) => id === idle.session.id),
    false,
  )
})

test('a stream that breaks and comes back does not lose its session in between', async () => {
  const here = inMemory()
  const [bot] = await signInEachMinute(here, 1)
  assert.ok(bot !== undefined)
  const [one, two] = [here.listening.begin(bot.session.id), here.listening.begin(bot.session.id)]
  one[Symbol.dispose]()
  await signInEachMinute(here, 120)
  here.state.now += 1
  two[Symbol.dispose]()
  await signInEachMinute(here, 99)
  const has = async () => (await here.sessions.list(ann.id)).some(({ id }) => id === bot.session.id)
  assert.equal(await has(), true)
  await signInEachMinute(here, 2)
  assert.equal(await has(), false, 'it counts as used when its stream ended')
})

test('where all sessions are listened through, the one that was used longest ago ends, and never the new one', async () => {
  const here = inMemory()
  const all = await signInEachMinute(here, 100)
  for (const { session } of all) here.listening.begin(session.id)
  const [newest] = await signInEachMinute(here, 1)
  const kept = (await here.sessions.list(ann.id)).map(({ id }) => id)
  assert.deepEqual(
    kept.toSorted((a, b) => a - b),
    [...all.slice(1), newest].map(one => one?.session.id),
  )
})
