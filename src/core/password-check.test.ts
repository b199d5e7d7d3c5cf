import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal } from '../protocol/refusals.ts'
import type { Account } from '../store/store.ts'
import { RateLimiter } from './limits.ts'
import { checkPassword, PasswordCheck } from './password-check.ts'

/** A check on which nobody's clock runs: so many hashes for each address, so many guesses at each account. */
function checker(attempts = Infinity, guesses = Infinity): PasswordCheck {
  const limiter = (burst: number) => new RateLimiter('guesses', { burst, perSecond: 1 }, () => 0)
  let bytes = 0
  const random = (length: number) => new Uint8Array(length).map(() => (bytes += 1) % 256)
  return new PasswordCheck({ random, attempts: limiter(attempts), guesses: limiter(guesses) })
}

async function account(check: PasswordCheck, password: string): Promise<Account> {
  const phc = await check.hash(password, 'maker')
  assert.ok(!(phc instanceof Refusal))
  return { id: 1, name: 'Ann', password: phc, passwordRule: 1, isAdmin: false, createdAtMs: 0 }
}

const codeOf = (outcome: boolean | Refusal) => (outcome instanceof Refusal ? outcome.code : outcome)

test('the right password is right, any other is not, and nobody has one', async () => {
  const check = checker()
  const ann = await account(check, 'wonder')
  assert.equal(await check.isRight('Ann', ann, 'wonder', 'here'), true)
  assert.equal(await check.isRight('Ann', ann, 'Wonder', 'here'), false)
  assert.equal(await check.isRight('nobody', undefined, 'wonder', 'here'), false)
})

test('nobody costs as much as somebody: each is counted against address and name', async () => {
  const check = checker(2, 10)
  assert.equal(await check.isRight('nobody', undefined, 'x', 'here'), false)
  assert.equal(await check.isRight('nobody', undefined, 'x', 'here'), false)
  assert.equal(codeOf(await check.isRight('nobody', undefined, 'x', 'here')), 'too-many')
  assert.equal(await check.isRight('nobody', undefined, 'x', 'elsewhere'), false)
})

test('guesses at one account are counted in all letter cases, from everywhere', async () => {
  const check = checker(10, 2)
  const ann = await account(check, 'wonder')
  assert.equal(await check.isRight('Ann', ann, 'a', '1'), false)
  assert.equal(await check.isRight('ANN', ann, 'b', '2'), false)
  assert.equal(codeOf(await check.isRight('ann', ann, 'wonder', '3')), 'too-many')
})

test('who was right lately is not counted, until the password changes', async () => {
  const check = checker(2, 1)
  const ann = await account(check, 'wonder')
  for (let time = 0; time < 5; time += 1) assert.equal(await check.isRight('Ann', ann, 'wonder', 'here'), true)
  const changed = { ...ann, password: ann.password.slice(0, -2) }
  assert.equal(codeOf(await check.isRight('Ann', changed, 'wonder', 'here')), 'too-many')
})

test('a password that cannot be one is refused before it costs anything', async () => {
  const check = checker(1, 1)
  assert.equal(codeOf(await check.isRight('Ann', undefined, 'x'.repeat(1_025), 'here')), 'field-invalid')
  assert.equal(codeOf(await check.isRight('Ann', undefined, '\ud800', 'here')), 'field-invalid')
  assert.equal(await check.isRight('Ann', undefined, 'x', 'here'), false)
})

test('characters are counted as people count them', () => {
  assert.equal(checkPassword('\u{1f600}'.repeat(7), 'next', 8)?.message, 'next has 7 characters; it needs at least 8.')
  assert.equal(checkPassword('\u{1f600}'.repeat(8), 'next', 8), undefined)
  assert.equal(checkPassword('', 'next', 1)?.message, 'next is empty.')
})
