// A day of guesses at one account, on a clock that the test holds: what is compared is counted where it costs, at argon2.
import assert from 'node:assert/strict'
import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import { test, type TestContext } from 'node:test'
import { profiles } from '../../src/server/settings/profiles.ts'
import { parseTrustedProxies } from '../../src/net/address.ts'
import { startInside } from '../lab-http/inside.ts'

const startMs = Date.UTC(2030, 0, 1)
const minuteMs = 60_000

/** Of the password "wonder", cheap to verify: what is tried here is how often that happens. */
const phc = '$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$DfjZZDQXyYC1iLloUhGgZcFM/o+9BpOLkcPQScGDihc'

/** Counts the hashes of this process until the test ends. */
function countHashes(t: TestContext): () => number {
  const counted = t.mock.method(crypto, 'argon2')
  syncBuiltinESMExports()
  t.after(() => {
    counted.mock.restore()
    syncBuiltinESMExports()
  })
  return () => counted.mock.callCount()
}

for (const [profile, perDay] of [
  ['public', 500],
  ['classroom', 1_000],
] as const) {
  test(`on ${profile} no more than ${perDay} wrong passwords of an account are compared in any day, and right ones count for none`, async t => {
    t.mock.timers.enable({ apis: ['Date'], now: startMs })
    const hashes = countHashes(t)
    const unlimited = { burst: Infinity, perSecond: Infinity }
    // The limits by address stand aside: these strangers have an address for each guess.
    const { guessesPerDay } = profiles[profile]
    const trustedProxies = parseTrustedProxies('127.0.0.1')
    const settings = { guessesPerDay, trustedProxies, requests: unlimited, attempts: unlimited }
    await using server = await startInside(settings)
    const register = { kind: 'register', name: 'ann', nameKey: 'ann', password: phc, passwordRule: 8 } as const
    await server.store.write([register], startMs)
    let strangers = 0
    const signIn = (password: string, client = `10.${(strangers += 1) >> 8}.0.${strangers % 256}`) =>
      server.ask('POST', '/v1/sessions', {
        json: { name: 'ann', password },
        headers: { 'X-Forwarded-For': client },
      })
    assert.equal((await signIn('wonder', '192.0.2.1')).status, 201)
    assert.equal((await signIn('wonder', '192.0.2.1')).status, 201)
    assert.equal(hashes(), 1, 'the second time it is remembered for that address')
    // Always one more than there can be: each look at the budget ends with a refusal.
    let compared = 0
    const stepMs = 20 * minuteMs
    for (let elapsedMs = 0; elapsedMs < 24 * 60 * minuteMs; elapsedMs += stepMs) {
      for (;;) {
        const { status } = await signIn(`guess ${strangers}`)
        if (status === 429) break
        assert.equal(status, 401)
        compared += 1
      }
      t.mock.timers.tick(stepMs)
    }
    assert.ok(compared > perDay - 20 && compared <= perDay, `${compared} were compared`)
    assert.equal(hashes(), 1 + compared)
    // The day goes on: what is left of it, then nothing, for right and wrong passwords alike.
    while ((await signIn(`guess ${strangers}`)).status === 401) compared += 1
    const before = hashes()
    const [right, wrong] = [await signIn('wonder'), await signIn('wander')]
    assert.deepEqual([right.status, right.body], [wrong.status, wrong.body])
    assert.match(right.body, /Too many wrong passwords for this account\. Try again in \d/)
    assert.equal(right.headers.get('retry-after'), wrong.headers.get('retry-after'))
    assert.equal(hashes(), before, 'neither was compared')
    assert.equal((await signIn('wonder', '192.0.2.1')).status, 201, 'a proved address is not locked out by them')
    t.mock.timers.tick(Number(right.headers.get('retry-after')) * 1_000)
    assert.equal((await signIn('wonder', '203.0.113.1')).status, 201, 'a new device waits for the budget')
    assert.equal((await signIn('wonder', '203.0.113.2')).status, 201, 'and takes nothing of it')
  })
}
