// Guesses at passwords, counted: how many of one account are compared, from however many addresses and over every route
// that takes a password; and that whoever proved the password before is never locked out by them.
import assert from 'node:assert/strict'
import { afterEach, describe, test } from 'node:test'
import { ask } from '../lab-http/wire.ts'
import { assertRefused, type Call, startV1, type V1Server } from './support.ts'

const password = 'a good password'
const name = 'ann'

/** In TEST-NET-2 and beyond: each guess from another client of the proxy. */
const stranger = (guess: number) => `198.51.${100 + Math.floor(guess / 250)}.${(guess % 250) + 1}`

let server: V1Server
afterEach(() => server[Symbol.asyncDispose]())

/** A server of this profile, behind a proxy that says who asks. */
async function start(profile: 'public' | 'classroom' | 'local', ...flags: string[]): Promise<void> {
  const open = profile === 'public' ? ['--registration', 'open'] : []
  server = await startV1(['--profile', profile, '--host', '127.0.0.1', '--trust-proxy', '127.0.0.1', ...open, ...flags])
}

const call = (client: string, method: string, path: string, more: Call = {}) =>
  server.call(method, path, { ...more, headers: { ...more.headers, 'X-Forwarded-For': client } })

const signIn = (client: string, guess: string) =>
  call(client, 'POST', '/v1/sessions', { json: { name, password: guess } })

async function register(client: string): Promise<void> {
  assert.equal((await call(client, 'POST', '/v1/accounts', { json: { name, password } })).status, 201)
}

/** Signs in with wrong passwords, each from another address, some at the same moment; the statuses. */
async function guessFromEverywhere(count: number): Promise<number[]> {
  const statuses: number[] = []
  for (let from = 0; from < count; from += 10) {
    const batch = Array.from({ length: 10 }, (_, at) => signIn(stranger(from + at), `guess ${from + at}`))
    statuses.push(...(await Promise.all(batch)).map(({ status }) => status))
  }
  return statuses
}

const timesOf = (statuses: readonly number[], status: number) => statuses.filter(one => one === status).length

/** Asks with the right password while there is no guess left: as soon after a refusal as that says that none comes back. */
async function rightOneIsRefused(): Promise<void> {
  for (;;) {
    const wrong = await signIn('203.0.113.1', 'one more')
    const untilMs = Date.now() + (Number(wrong.headers.get('retry-after')) - 1) * 1_000
    const right = await signIn('203.0.113.2', password)
    if (wrong.status === 401 || Date.now() >= untilMs) continue
    assert.match(assertRefused(right, 429, 'too-many').detail, /^Too many wrong passwords for this account\./)
    return
  }
}

/** Guesses that may have come back since then. */
const refilledSince = (startedMs: number, perDay: number) => Math.ceil(((Date.now() - startedMs) / 86_400_000) * perDay)

for (const [profile, atOnce, perDay] of [
  ['public', 20, 500],
  ['classroom', 40, 1_000],
] as const) {
  describe(`on ${profile}`, () => {
    test('strangers get no more guesses than the budget, also right after the account signed in', async () => {
      await start(profile)
      const startedMs = Date.now()
      await register('192.0.2.1')
      assert.equal((await signIn('192.0.2.1', password)).status, 201)
      const statuses = await guessFromEverywhere(70)
      const compared = timesOf(statuses, 401)
      const refilled = refilledSince(startedMs, perDay)
      assert.ok(compared >= atOnce && compared <= atOnce + refilled, `${compared} were compared`)
      assert.equal(timesOf(statuses, 429), 70 - compared)
      await rightOneIsRefused()
    })

    test('strangers who keep guessing lock out no address that proved the password, and no session', async () => {
      await start(profile)
      await register('192.0.2.1')
      const { json } = await signIn('192.0.2.2', password)
      const { token } = json as { token: string }
      const statuses = await guessFromEverywhere(60)
      assert.equal(statuses.at(-1), 429)
      assert.equal((await signIn('192.0.2.1', password)).status, 201, 'the address where it registered')
      assert.equal((await signIn('192.0.2.2', password)).status, 201, 'the address where it signed in')
      const next = 'another good password'
      const onTheWay = '203.0.113.9'
      const wrong = await call(onTheWay, 'PUT', '/v1/me/password', { token, json: { current: 'x', next } })
      assertRefused(wrong, 401, 'password-wrong')
      const changed = await call(onTheWay, 'PUT', '/v1/me/password', { token, json: { current: password, next } })
      assert.equal(changed.status, 204)
      assert.equal((await signIn(onTheWay, next)).status, 201, 'the address where the password was changed')
      assertRefused(await signIn('192.0.2.1', next), 429, 'too-many')
      const closed = await call('203.0.113.10', 'DELETE', '/v1/me', { token, json: { password: next } })
      assert.equal(closed.status, 204)
    })

    test('a session has a small budget, not an endless one: who found a token cannot try all passwords with it', async () => {
      await start(profile)
      const startedMs = Date.now()
      await register('192.0.2.1')
      const { json } = await signIn('192.0.2.1', password)
      const { token } = json as { token: string }
      const statuses: number[] = []
      for (let guess = 0; guess < 70; guess += 1) {
        const [method, path] = guess % 2 === 0 ? (['PUT', '/v1/me/password'] as const) : (['DELETE', '/v1/me'] as const)
        const body = guess % 2 === 0 ? { current: `guess ${guess}`, next: password } : { password: `guess ${guess}` }
        statuses.push((await call(stranger(guess), method, path, { token, json: body })).status)
      }
      const compared = timesOf(statuses, 401)
      // The session's own ten, then the strangers', unless the limit on attempts stops them before; some of each may come
      // back while this runs.
      const most = 10 + atOnce + 2 * refilledSince(startedMs, perDay)
      assert.ok(compared >= 10 && compared <= most, `${compared} were compared`)
      assert.equal(statuses.at(-1), 429)
    })
  })
}

test('all routes that take a password draw on the same budget, also those of the lab', async () => {
  await start('classroom')
  const startedMs = Date.now()
  await register('192.0.2.1')
  const basic = (guess: string) => `Basic ${Buffer.from(`${name}:${guess}`).toString('base64')}`
  const statuses: string[] = []
  for (let guess = 0; guess < 90; guess += 1) {
    const headers = { 'X-Forwarded-For': stranger(guess) }
    const lab = (path: string, json: unknown, more: Record<string, string> = {}) =>
      ask(server.port, 'GET', path, { json, headers: { ...headers, ...more } })
    if (guess % 3 === 0) statuses.push(String((await signIn(stranger(guess), 'x')).status))
    else if (guess % 3 === 1) statuses.push((await lab('/auth', { username: name, password: 'x' })).body)
    else statuses.push((await lab('/get_messages', { username: name }, { Authorization: basic('x') })).body)
  }
  const compared = statuses.filter(one => one === '401' || one === '12').length
  assert.ok(compared >= 40 && compared <= 40 + refilledSince(startedMs, 1_000), `${compared} were compared`)
  assert.match(statuses.at(-1) ?? '', /too-many/)
  const headers = { 'X-Forwarded-For': '203.0.113.1', Authorization: basic(password) }
  const right = await ask(server.port, 'GET', '/get_messages', { json: { username: name }, headers })
  assert.equal(right.status, 429, 'the right one is refused alike')
  const home = { 'X-Forwarded-For': '192.0.2.1', Authorization: basic(password) }
  for (let time = 0; time < 30; time += 1) {
    const own = await ask(server.port, 'GET', '/get_messages', { json: { username: name }, headers: home })
    assert.equal(own.status, 200)
  }
})

test('an IPv6 network of 64 bits is one address, for proofs too; an address that cannot be proved keeps none', async () => {
  await start('public')
  await register('2001:db8:1:2::1')
  await guessFromEverywhere(40)
  assert.equal((await signIn('2001:db8:1:2:ffff::9', password)).status, 201)
  assertRefused(await signIn('2001:db8:1:3::1', password), 429, 'too-many')
  await server[Symbol.asyncDispose]()
  // Without --trust-proxy all of these are one address, which says nothing about who asks.
  server = await startV1(['--profile', 'classroom', '--host', '127.0.0.1'])
  await register('192.0.2.1')
  for (let guess = 0; guess < 60; guess += 1) await signIn('198.51.100.1', `guess ${guess}`)
  assertRefused(await signIn('192.0.2.1', password), 429, 'too-many')
})

test('on local nothing is limited, and the flag limits it there too', async () => {
  await start('local')
  await register('192.0.2.1')
  assert.equal(timesOf(await guessFromEverywhere(60), 401), 60)
  assert.equal((await signIn('203.0.113.1', password)).status, 201)
  await server[Symbol.asyncDispose]()
  await start('local', '--guesses-per-day', '50')
  await register('192.0.2.1')
  assert.equal(timesOf(await guessFromEverywhere(20), 401), 2)
})
