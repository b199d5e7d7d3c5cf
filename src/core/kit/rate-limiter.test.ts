import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { Refusal } from '../../protocol/refusals.ts'
import { type Rate, RateLimiter } from './rate-limiter.ts'

function limited(rate: Rate) {
  let now = 1_700_000_000_000
  return {
    limiter: new RateLimiter('guesses', rate, () => now),
    pass: (ms: number) => {
      now += ms
    },
  }
}

/** How many are let through before the first refusal. */
function untilRefused(limiter: RateLimiter, key: string): number {
  for (let count = 0; ; count += 1) if (limiter.take(key) !== undefined) return count
}

test('a burst passes from rest, then so many a second', () => {
  const { limiter, pass } = limited({ burst: 5, perSecond: 2 })
  assert.equal(untilRefused(limiter, 'a'), 5)
  pass(499)
  assert.equal(untilRefused(limiter, 'a'), 0)
  pass(1)
  assert.equal(untilRefused(limiter, 'a'), 1)
  pass(3_600_000)
  assert.equal(untilRefused(limiter, 'a'), 5, 'never more than the burst')
})

test('each key has its own', () => {
  const { limiter } = limited({ burst: 1, perSecond: 1 })
  assert.equal(untilRefused(limiter, 'a'), 1)
  assert.equal(untilRefused(limiter, 'b'), 1)
})

test('a refusal says what and when, and who comes back then passes', () => {
  const { limiter, pass } = limited({ burst: 1, perSecond: 0.2 })
  limiter.take('a')
  const refusal = limiter.take('a')
  assert(refusal instanceof Refusal)
  assert.deepEqual(
    [refusal.code, refusal.message, refusal.retryAfterSeconds],
    ['too-many', 'Too many wrong passwords for this account. Try again in 5 seconds.', 5],
  )
  pass(1_000 * (refusal.retryAfterSeconds ?? 0))
  assert.equal(limiter.take('a'), undefined)
  pass(4_500)
  assert.match(limiter.take('a')?.message ?? '', /Try again in 1 second\.$/)
})

test('no limit is a limit of Infinity, also in the first moment', () => {
  const { limiter, pass } = limited({ burst: Infinity, perSecond: Infinity })
  for (let count = 0; count < 10_000; count += 1) assert.equal(limiter.take('a'), undefined)
  pass(1)
  assert.equal(limiter.take('a'), undefined)
})

test('a clock that goes back gives nothing and takes nothing', () => {
  const { limiter, pass } = limited({ burst: 3, perSecond: 1 })
  limiter.take('a')
  pass(-60_000)
  assert.equal(untilRefused(limiter, 'a'), 2)
})

test('whatever the pauses, never more pass than the burst and the rate allow', () => {
  const pauses = fc.array(fc.integer({ min: 0, max: 3_000 }), { maxLength: 60 })
  fc.assert(
    fc.property(pauses, fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 8 }), (waits, burst, perSecond) => {
      const { limiter, pass } = limited({ burst, perSecond })
      let passed = 0
      let elapsedMs = 0
      for (const wait of waits) {
        pass(wait)
        elapsedMs += wait
        if (limiter.take('a') === undefined) passed += 1
        assert(passed <= burst + (perSecond * elapsedMs) / 1_000 + 1e-6)
      }
    }),
  )
})

test('of more than 50,000 keys those that asked longest ago are forgotten', () => {
  const { limiter } = limited({ burst: 1, perSecond: 0.001 })
  limiter.take('first')
  limiter.take('second')
  for (let key = 0; key < 49_999; key += 1) limiter.take(`key ${key}`)
  assert.equal(limiter.take('first'), undefined, 'forgotten, which favours it')
  assert.equal(limiter.take('key 49998')?.code, 'too-many')
})

test('keys that have their whole burst again are forgotten first, and one that has not keeps its count', () => {
  const { limiter, pass } = limited({ burst: 2, perSecond: 0.001 })
  limiter.take('guessed at')
  limiter.take('guessed at')
  for (let key = 0; key < 40_000; key += 1) limiter.take(`key ${key}`)
  pass(1_500_000)
  for (let key = 0; key < 10_001; key += 1) limiter.take(`late key ${key}`)
  assert.equal(untilRefused(limiter, 'guessed at'), 1)
})

test('a token that is given back can be taken again, and there are never more than the burst', () => {
  const { limiter } = limited({ burst: 2, perSecond: 0.001 })
  limiter.take('a')
  limiter.giveBack('a')
  limiter.giveBack('a')
  limiter.giveBack('nobody')
  assert.equal(untilRefused(limiter, 'a'), 2)
})
