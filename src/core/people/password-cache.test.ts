import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { inspect } from 'node:util'
import { test } from 'node:test'
import type { Account } from '../../store/store.ts'
import { Remembered } from './password-cache.ts'

function account(id: number, password = 'phc'): Account {
  return { id, name: `name ${id}`, password, passwordRule: 1, isAdmin: false, createdAtMs: 0 }
}

const dayMs = 24 * 3_600_000

function open() {
  const clock = { now: 1_700_000_000_000 }
  return { clock, remembered: new Remembered(randomBytes, () => clock.now) }
}

test('the password that was kept is known, and nothing else', () => {
  const { remembered } = open()
  assert.equal(remembered.knows(account(1), 'secret', 'home'), false)
  remembered.keep(account(1), 'secret', 'home')
  assert.equal(remembered.knows(account(1), 'secret', 'home'), true)
  for (const wrong of ['', 'Secret', 'secret ', 'secre']) {
    assert.equal(remembered.knows(account(1), wrong, 'home'), false)
  }
  assert.equal(remembered.knows(account(2), 'secret', 'home'), false)
})

test('what one address has proved helps no other', () => {
  const { remembered } = open()
  remembered.keep(account(1), 'secret', 'home')
  assert.deepEqual([remembered.hasProof(account(1), 'home'), remembered.hasProof(account(1), 'away')], [true, false])
  assert.equal(remembered.knows(account(1), 'secret', 'away'), false)
})

test('it is void the moment the stored password is another', () => {
  const { remembered } = open()
  remembered.keep(account(1, 'phc of old'), 'secret', 'home')
  assert.equal(remembered.knows(account(1, 'phc of new'), 'secret', 'home'), false)
  assert.equal(remembered.hasProof(account(1, 'phc of new'), 'home'), false)
})

test('the last one that was kept counts', () => {
  const { remembered } = open()
  remembered.keep(account(1), 'one', 'home')
  remembered.keep(account(1), 'two', 'home')
  const known = ['one', 'two'].map(password => remembered.knows(account(1), password, 'home'))
  assert.deepEqual(known, [false, true])
})

test('a proof lasts 30 days after it was last shown', () => {
  const { clock, remembered } = open()
  remembered.keep(account(1), 'secret', 'home')
  clock.now += 30 * dayMs
  assert.equal(remembered.knows(account(1), 'secret', 'home'), true)
  clock.now += 30 * dayMs
  assert.equal(remembered.hasProof(account(1), 'home'), true)
  clock.now += 1
  assert.deepEqual(
    [remembered.hasProof(account(1), 'home'), remembered.knows(account(1), 'secret', 'home')],
    [false, false],
  )
})

test('the password itself is nowhere in it', () => {
  const { remembered } = open()
  remembered.keep(account(1), 'open sesame', 'home')
  assert.doesNotMatch(inspect(remembered, { showHidden: true, depth: 9 }), /sesame/)
})

test('of more than 10,000 accounts the one that was shown longest ago goes, whatever was shown in between stays', () => {
  const { remembered } = open()
  for (let id = 0; id < 10_000; id += 1) remembered.keep(account(id), 'x', 'home')
  assert.equal(remembered.knows(account(0), 'x', 'home'), true)
  remembered.keep(account(10_000), 'x', 'home')
  assert.deepEqual(
    [0, 1, 2, 10_000].map(id => remembered.hasProof(account(id), 'home')),
    [true, false, true, true],
  )
})

test('of more than 16 addresses of one account the one that was shown longest ago goes', () => {
  const { remembered } = open()
  remembered.keep(account(2), 'x', 'home')
  for (let at = 0; at < 17; at += 1) remembered.keep(account(1), 'x', `address ${at}`)
  const kept = [0, 1, 16].map(at => remembered.hasProof(account(1), `address ${at}`))
  assert.deepEqual([...kept, remembered.hasProof(account(2), 'home')], [false, true, true, true])
})
