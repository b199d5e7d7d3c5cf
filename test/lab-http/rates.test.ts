// Too many: the limits with rates small enough to reach, on a clock that stands still.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseTrustedProxies } from '../../src/net/address.ts'
import { startInside } from './inside.ts'
import { letter } from './server.ts'
import type { Answer } from './wire.ts'

const base = Date.UTC(2030, 0, 1)
const unlimited = { burst: Infinity, perSecond: Infinity }

function assertTooMany({ status, headers, body }: Answer, retryAfter: string): void {
  assert.deepEqual([status, headers.get('retry-after')], [429, retryAfter])
  const { error, message } = JSON.parse(body) as { error: string; message: string }
  assert.equal(error, 'too-many')
  assert.match(message, /^Too many .* from here\. Try again in /)
}

test('more requests than the burst are 429 with Retry-After, and after that time they are answered again', async t => {
  t.mock.timers.enable({ apis: ['Date'], now: base })
  await using server = await startInside({ requests: { burst: 3, perSecond: 0.5 } })
  for (let count = 0; count < 3; count += 1) assert.equal((await server.ask('GET', '/get_messages')).status, 400)
  assertTooMany(await server.ask('GET', '/get_messages'), '2')
  assertTooMany(await server.ask('POST', '/', { json: letter('a', 'b') }), '2')
  assert.equal((await server.ask('GET', '/get_messages', { from: '127.0.0.2' })).status, 400, 'others are not meant')
  assertTooMany(await server.ask('GET', '/'), '2')
  assertTooMany(await server.ask('GET', '/nowhere'), '2')
  // Before the body is read: who is over the limit cannot make the server take it in.
  assertTooMany(await server.ask('POST', '/', { json: letter('a', 'x'.repeat(100_000)) }), '2')
  t.mock.timers.tick(2_000)
  assert.equal((await server.ask('GET', '/get_messages')).status, 400)
  assertTooMany(await server.ask('GET', '/get_messages'), '2')
})

test('sign-ins and registrations that cost a hash have their own limit; remembered ones cost none', async t => {
  t.mock.timers.enable({ apis: ['Date'], now: base })
  await using server = await startInside({ requests: unlimited, attempts: { burst: 3, perSecond: 0.1 } })
  const bob = { username: 'bob', password: 'bob' }
  assert.equal((await server.ask('POST', '/register', { json: bob })).body, '1')
  for (let count = 0; count < 10; count += 1) assert.equal((await server.ask('GET', '/auth', { json: bob })).body, '1')
  for (let count = 0; count < 10; count += 1) {
    assert.equal((await server.ask('POST', '/register', { json: bob })).body, '10', 'a name that exists costs no hash')
    assert.equal((await server.ask('GET', '/auth', { json: { ...bob, username: 'x' } })).body, '11')
  }
  const guess = { json: { username: 'bob', password: 'a guess' } }
  assert.equal((await server.ask('GET', '/auth', guess)).body, '12')
  assert.equal((await server.ask('GET', '/auth', guess)).body, '12')
  assertTooMany(await server.ask('GET', '/auth', guess), '10')
  assertTooMany(await server.ask('POST', '/register', { json: { username: 'will', password: 'x' } }), '10')
  const Authorization = `Basic ${Buffer.from('bob:guess').toString('base64')}`
  assertTooMany(await server.ask('GET', '/get_messages', { json: bob, headers: { Authorization } }), '10')
  assert.equal(
    (await server.ask('GET', '/auth', { json: bob })).body,
    '1',
    'an address that proved the password is not locked out',
  )
  assert.equal((await server.ask('GET', '/auth', { ...guess, from: '127.0.0.2' })).body, '12')
})

test('behind a trusted proxy each client has its own limit, and an IPv6 network of 64 bits is one client', async t => {
  t.mock.timers.enable({ apis: ['Date'], now: base })
  const trustedProxies = parseTrustedProxies('127.0.0.1')
  await using server = await startInside({ trustedProxies, requests: { burst: 1, perSecond: 1 } })
  const from = async (client: string) =>
    (await server.ask('GET', '/get_messages', { headers: { 'X-Forwarded-For': client } })).status
  assert.deepEqual([await from('192.0.2.1'), await from('192.0.2.2'), await from('192.0.2.1')], [400, 400, 429])
  assert.deepEqual(
    [await from('2001:db8:1:2::1'), await from('2001:db8:1:2:ffff::9'), await from('2001:db8:1:3::1')],
    [400, 429, 400],
  )
  assert.equal(await from('198.51.100.1, 192.0.2.1'), 429, 'a longer chain is no way round')
})

test('a proof is renewed by use, ends a quarter of an hour after the last, and half a day after the password', async t => {
  t.mock.timers.enable({ apis: ['Date'], now: base })
  await using server = await startInside()
  const bob = { username: 'bob', password: 'bob' }
  const reads = async () => (await server.ask('GET', '/get_messages', { json: bob })).status
  const minutes = (count: number) => t.mock.timers.tick(count * 60_000)
  await server.ask('POST', '/register', { json: bob })
  minutes(15)
  assert.equal(await reads(), 200)
  minutes(15)
  assert.equal((await server.ask('POST', '/', { json: letter('bob', 'bob') })).body, '1', 'sending is use')
  minutes(15)
  assert.equal(await reads(), 200)
  minutes(16)
  assert.equal(await reads(), 401)
  assert.equal((await server.ask('GET', '/auth', { json: bob })).body, '1')
  for (let quarter = 0; quarter < 48; quarter += 1) {
    minutes(15)
    assert.equal(await reads(), 200)
  }
  minutes(1)
  assert.equal(await reads(), 401, 'twelve hours after the password was last shown')
})

test('another look at the password begins the half day anew', async t => {
  t.mock.timers.enable({ apis: ['Date'], now: base })
  await using server = await startInside()
  const bob = { username: 'bob', password: 'bob' }
  await server.ask('POST', '/register', { json: bob })
  for (let quarter = 0; quarter < 60; quarter += 1) {
    t.mock.timers.tick(14 * 60_000)
    if (quarter === 30) await server.ask('GET', '/auth', { json: bob })
    assert.equal((await server.ask('GET', '/get_messages', { json: bob })).status, 200)
  }
})
