import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Account } from '../../store/store.ts'
import { Guard } from './address-proofs.ts'

function account(id: number, password = 'phc'): Account {
  return { id, name: `name ${id}`, password, passwordRule: 1, isAdmin: false, createdAtMs: 0 }
}

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
  assert.equal(guard.admits('10.0.0.1', account(1)), false)
  guard.prove('10.0.0.1', account(1))
  assert.equal(guard.admits('10.0.0.1', account(1)), true)
  assert.equal(guard.admits('10.0.0.1', account(2)), false)
  assert.equal(guard.admits('10.0.0.2', account(1)), false)
  // "10.0.0.1 1" and "10.0.0.1 11", or an address that ends in a digit, are not mixed up.
  assert.equal(guard.admits('10.0.0.1', account(11)), false)
  assert.equal(guard.admits('10.0.0.11', account(1)), false)
})

test('people behind one address are proved side by side', () => {
  const { guard } = guarded()
  guard.prove('10.0.0.1', account(1))
  guard.prove('10.0.0.1', account(2))
  assert.deepEqual([guard.admits('10.0.0.1', account(1)), guard.admits('10.0.0.1', account(2))], [true, true])
})

test('a proof ends 15 minutes after its last use', () => {
  const { guard, pass } = guarded()
  guard.prove('a', account(1))
  pass(15 * minuteMs)
  assert.equal(guard.admits('a', account(1)), true)
  pass(15 * minuteMs + 1)
  assert.equal(guard.admits('a', account(1)), false)
  pass(-minuteMs)
  assert.equal(guard.admits('a', account(1)), false, 'and does not come back')
})

test('use renews a proof, but 12 hours after the password was shown it is over', () => {
  const { guard, pass } = guarded()
  guard.prove('a', account(1))
  for (let passed = 0; passed < 12 * hourMs; passed += 10 * minuteMs) {
    pass(10 * minuteMs)
    assert.equal(guard.admits('a', account(1)), true)
  }
  pass(1)
  assert.equal(guard.admits('a', account(1)), false)
  guard.prove('a', account(1))
  assert.equal(guard.admits('a', account(1)), true)
})

test('showing the password again begins the 12 hours anew', () => {
  const { guard, pass } = guarded()
  guard.prove('a', account(1))
  for (let hour = 0; hour < 20; hour += 1) {
    for (let quarter = 0; quarter < 4; quarter += 1) {
      pass(15 * minuteMs)
      assert.equal(guard.admits('a', account(1)), true)
    }
    guard.prove('a', account(1))
  }
})

test('of more than 100,000 proofs the one that was used longest ago goes', () => {
  const { guard, pass } = guarded()
  guard.prove('first', account(1))
  guard.prove('second', account(1))
  for (let id = 0; id < 99_998; id += 1) guard.prove('many', account(id))
  pass(1_000) // the use of a proof is noted to the second
  assert.equal(guard.admits('first', account(1)), true) // and is now the most recently used
  guard.prove('one more', account(1))
  assert.deepEqual([guard.admits('first', account(1)), guard.admits('second', account(1))], [true, false])
})

test('a proof is over when the password changes', () => {
  const { guard } = guarded()
  guard.prove('10.0.0.1', account(1, 'old phc'))
  assert.equal(guard.admits('10.0.0.1', account(1, 'old phc')), true)
  assert.equal(guard.admits('10.0.0.1', account(1, 'new phc')), false)
  assert.equal(guard.admits('10.0.0.1', account(1, 'old phc')), false)
})
