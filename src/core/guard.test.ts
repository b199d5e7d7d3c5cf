import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Guard } from './guard.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

function guarded() {
  let now = 1_700_000_000_000
  return {
    guard: new Guard(() => now),
    pass: (ms: number) => {
      now += ms
    },
  }
}

test('an address may use the account that it proved, and no other; another address may not', () => {
  const { guard } = guarded()
  assert.equal(guard.admits('10.0.0.1', 1), false)
  guard.prove('10.0.0.1', 1)
  assert.equal(guard.admits('10.0.0.1', 1), true)
  assert.equal(guard.admits('10.0.0.1', 2), false)
  assert.equal(guard.admits('10.0.0.2', 1), false)
  // "10.0.0.1 1" and "10.0.0.1 11", or an address that ends in a digit, are not mixed up.
  assert.equal(guard.admits('10.0.0.1', 11), false)
  assert.equal(guard.admits('10.0.0.11', 1), false)
})

test('people behind one address are proved side by side', () => {
  const { guard } = guarded()
  guard.prove('10.0.0.1', 1)
  guard.prove('10.0.0.1', 2)
  assert.deepEqual([guard.admits('10.0.0.1', 1), guard.admits('10.0.0.1', 2)], [true, true])
})

test('a proof ends 15 minutes after its last use', () => {
  const { guard, pass } = guarded()
  guard.prove('a', 1)
  pass(15 * minuteMs)
  assert.equal(guard.admits('a', 1), true)
  pass(15 * minuteMs + 1)
  assert.equal(guard.admits('a', 1), false)
  pass(-minuteMs)
  assert.equal(guard.admits('a', 1), false, 'and does not come back')
})

test('use renews a proof, but 12 hours after the password was shown it is over', () => {
  const { guard, pass } = guarded()
  guard.prove('a', 1)
  for (let passed = 0; passed < 12 * hourMs; passed += 10 * minuteMs) {
    pass(10 * minuteMs)
    assert.equal(guard.admits('a', 1), true)
  }
  pass(1)
  assert.equal(guard.admits('a', 1), false)
  guard.prove('a', 1)
  assert.equal(guard.admits('a', 1), true)
})

test('showing the password again begins the 12 hours anew', () => {
  const { guard, pass } = guarded()
  guard.prove('a', 1)
  for (let hour = 0; hour < 20; hour += 1) {
    for (let quarter = 0; quarter < 4; quarter += 1) {
      pass(15 * minuteMs)
      assert.equal(guard.admits('a', 1), true)
    }
    guard.prove('a', 1)
  }
})

test('of more than 100,000 proofs the one that was used longest ago goes', () => {
  const { guard } = guarded()
  guard.prove('first', 1)
  guard.prove('second', 1)
  for (let account = 0; account < 99_998; account += 1) guard.prove('many', account)
  assert.equal(guard.admits('first', 1), true) // and is now the most recently used
  guard.prove('one more', 1)
  assert.deepEqual([guard.admits('first', 1), guard.admits('second', 1)], [true, false])
})
