import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { inspect } from 'node:util'
import { test } from 'node:test'
import type { Account } from '../store/store.ts'
import { Remembered } from './remembered.ts'

function account(id: number, password = 'phc'): Account {
  return { id, name: `name ${id}`, password, passwordRule: 1, isAdmin: false, createdAtMs: 0 }
}

test('the password that was kept is known, and nothing else', () => {
  const remembered = new Remembered(randomBytes)
  assert.equal(remembered.knows(account(1), 'secret'), false)
  remembered.keep(account(1), 'secret')
  assert.equal(remembered.knows(account(1), 'secret'), true)
  for (const wrong of ['', 'Secret', 'secret ', 'secre']) assert.equal(remembered.knows(account(1), wrong), false)
  assert.equal(remembered.knows(account(2), 'secret'), false)
})

test('it is void the moment the stored password is another', () => {
  const remembered = new Remembered(randomBytes)
  remembered.keep(account(1, 'phc of old'), 'secret')
  assert.equal(remembered.knows(account(1, 'phc of new'), 'secret'), false)
})

test('the last one that was kept counts', () => {
  const remembered = new Remembered(randomBytes)
  remembered.keep(account(1), 'one')
  remembered.keep(account(1), 'two')
  assert.deepEqual([remembered.knows(account(1), 'one'), remembered.knows(account(1), 'two')], [false, true])
})

test('the password itself is nowhere in it', () => {
  const remembered = new Remembered(randomBytes)
  remembered.keep(account(1), 'open sesame')
  assert.doesNotMatch(inspect(remembered, { showHidden: true, depth: 9 }), /sesame/)
})

test('of more than 10,000 accounts the one that was kept longest ago goes', () => {
  const remembered = new Remembered(randomBytes)
  for (let id = 0; id < 10_001; id += 1) remembered.keep(account(id), 'x')
  assert.deepEqual(
    [0, 1, 10_000].map(id => remembered.knows(account(id), 'x')),
    [false, true, true],
  )
})
