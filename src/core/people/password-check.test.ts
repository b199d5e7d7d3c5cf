import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal } from '../../protocol/refusals.ts'
import type { Account } from '../../store/store.ts'
import { RateLimiter } from '../kit/rate-limiter.ts'
import { checkPassword, PasswordCheck, type Source } from './password-check.ts'

const minuteMs = 60_000

/** A check on a clock of its own: so many hashes for each source at once, so many guesses at each account a day. */
function open(attempts = Infinity, guessesPerDay = Infinity) {
  const clock = { now: 0 }
  const limiter = new RateLimiter('attempts-from-here', { burst: attempts, perSecond: 1 }, () => clock.now)
  let bytes = 0
  const random = (length: number) => new Uint8Array(length).map(() => (bytes += 1) % 256)
  return { clock, check: new PasswordCheck({ random, clock: () => clock.now, attempts: limiter, guessesPerDay }) }
}

/** An address that may stand for a person. */
const at = (address: string): Source => ({ key: address, address, presence: () => 'here' })

/** Cheap to verify, as far as the bounds on stored strings allow. */
const phcOfWonder = '$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$DfjZZDQXyYC1iLloUhGgZcFM/o+9BpOLkcPQScGDihc'
const ann: Account = { id: 1, name: 'Ann', password: phcOfWonder, passwordRule: 1, isAdmin: false, createdAtMs: 0 }

const codeOf = (outcome: boolean | Refusal) => (outcome instanceof Refusal ? outcome.code : outcome)

/** Of as many wrong passwords, how many are compared before the first refusal; each comes from another address. */
async function comparedBefore(check: PasswordCheck, source: (guess: number) => Source, tries = 60): Promise<number> {
  for (let guess = 0; guess < tries; guess += 1) {
    if (codeOf(await check.isRight('Ann', ann, `guess ${guess}`, source(guess))) === 'too-many') return guess
  }
  return tries
}

const anywhere = (guess: number) => at(`10.0.0.${guess}`)

test('the right password is right, any other is not, and nobody has one', async () => {
  const { check } = open()
  assert.equal(await check.isRight('Ann', ann, 'wonder', at('here')), true)
  assert.equal(await check.isRight('Ann', ann, 'Wonder', at('here')), false)
  assert.equal(await check.isRight('nobody', undefined, 'wonder', at('here')), false)
})

test('nobody costs as much as somebody: each is counted against the address', async () => {
  const { check } = open(2)
  assert.equal(await check.isRight('nobody', undefined, 'x', at('here')), false)
  assert.equal(await check.isRight('nobody', undefined, 'x', at('here')), false)
  assert.equal(codeOf(await check.isRight('nobody', undefined, 'x', at('here'))), 'too-many')
  assert.equal(await check.isRight('nobody', undefined, 'x', at('elsewhere')), false)
})

test('a name without an account has a budget of guesses of its own, as if there were one', async () => {
  const { check } = open(Infinity, 50)
  const guess = async (name: string) => codeOf(await check.isRight(name, undefined, 'x', at('here')))
  assert.deepEqual([await guess('Zed'), await guess('ZED'), await guess('zed')], [false, false, 'too-many'])
  assert.equal(await guess('yan'), false)
})

test('guesses at one account are counted from everywhere, and refilled over the day', async () => {
  const { check, clock } = open(Infinity, 500)
  assert.equal(await comparedBefore(check, anywhere), 20)
  clock.now += 24 * 60 * minuteMs
  assert.equal(await comparedBefore(check, anywhere), 20, 'never more than the part that is allowed at once')
  clock.now += 9 * minuteMs
  assert.equal(await comparedBefore(check, anywhere), 3)
})

test('without guesses left the right password is refused as a wrong one is', async () => {
  const { check } = open(Infinity, 500)
  assert.equal(await check.isRight('Ann', ann, 'wonder', at('home')), true)
  await comparedBefore(check, anywhere)
  const [right, wrong] = [
    await check.isRight('Ann', ann, 'wonder', at('away')),
    await check.isRight('Ann', ann, 'x', at('away')),
  ]
  assert.ok(right instanceof Refusal)
  assert.deepEqual(right, wrong)
})

test('right passwords cost no guess, however many', async () => {
  const { check } = open(Infinity, 25)
  for (let time = 0; time < 30; time += 1) {
    assert.equal(await check.isRight('Ann', ann, 'wonder', { key: 'anonymous', presence: () => 'here' }), true)
  }
  assert.equal(await comparedBefore(check, anywhere), 1)
})

test('guesses at the same moment cannot pass the budget together', async () => {
  const { check } = open(Infinity, 500)
  const guesses = Array.from({ length: 200 }, (_, guess) =>
    check.isRight('Ann', ann, `guess ${guess}`, anywhere(guess)),
  )
  const outcomes = (await Promise.all(guesses)).map(codeOf)
  assert.equal(outcomes.filter(outcome => outcome === false).length, 20)
})

test('an address that proved the password, and a session, have ten guesses of their own before the strangers’', async () => {
  const { check, clock } = open(Infinity, 500)
  await check.isRight('Ann', ann, 'wonder', at('home'))
  assert.equal(await comparedBefore(check, anywhere), 20)
  const [home, session] = [at('home'), { ...at('on the way'), session: 7 }]
  assert.equal(await check.isRight('Ann', ann, 'wonder', home), true)
  assert.equal(await check.isRight('Ann', ann, 'wonder', session), true)
  assert.equal(await comparedBefore(check, () => home), 10)
  assert.equal(await comparedBefore(check, () => ({ ...at('in a train'), session: 8 })), 10)
  assert.equal(
    codeOf(await check.isRight('Ann', ann, 'wonder', home)),
    'too-many',
    'right and wrong are alike there too',
  )
  clock.now += 15 * minuteMs
  assert.equal(await check.isRight('Ann', ann, 'wonder', home), true)
})

test('an address that proved the password is not counted for right ones, until the password changes', async () => {
  const { check } = open(1, 25)
  for (let time = 0; time < 5; time += 1) assert.equal(await check.isRight('Ann', ann, 'wonder', at('here')), true)
  const changed = { ...ann, password: ann.password.replace(/.$/, 'A') }
  assert.equal(codeOf(await check.isRight('Ann', changed, 'wonder', at('here'))), 'too-many')
})

test('a guess that was refused before it was compared costs none; one that was compared with what is remembered does', async () => {
  const { check } = open(1, 25)
  assert.equal(await check.isRight('Ann', ann, 'wonder', at('home')), true)
  assert.equal(await check.isRight('Bob', undefined, 'x', at('away')), false)
  for (let time = 0; time < 20; time += 1) {
    assert.equal(codeOf(await check.isRight('Ann', ann, `guess ${time}`, at('away'))), 'too-many')
  }
  assert.equal(await check.isRight('Ann', ann, 'a stranger’s', at('elsewhere')), false)
  for (let time = 0; time < 20; time += 1) {
    assert.equal(codeOf(await check.isRight('Ann', ann, `guess ${time}`, at('home'))), 'too-many')
  }
  // Its own ten are used up, and the strangers' one: what is refused next is not compared at all.
  assert.equal(codeOf(await check.isRight('Ann', ann, 'wonder', at('home'))), 'too-many')
})

test('a stored password that is out of bounds costs nobody a guess', async () => {
  const { check } = open(Infinity, 25)
  const broken = { ...ann, password: '$argon2id$v=19$m=999999999,t=1,p=1$c29tZXNhbHQ$AAAAAAAA' }
  for (let time = 0; time < 3; time += 1) {
    await assert.rejects(async () => check.isRight('Ann', broken, 'x', at('here')), /out of bounds/)
  }
})

test('a password that cannot be one is refused before it costs anything', async () => {
  const { check } = open(1, 25)
  assert.equal(codeOf(await check.isRight('Ann', undefined, 'x'.repeat(1_025), at('here'))), 'field-invalid')
  assert.equal(codeOf(await check.isRight('Ann', undefined, '\ud800', at('here'))), 'field-invalid')
  assert.equal(await check.isRight('Ann', undefined, 'x', at('here')), false)
})

test('characters are counted as people count them', () => {
  assert.equal(checkPassword('\u{1f600}'.repeat(7), 'next', 8)?.message, 'next has 7 characters; it needs at least 8.')
  assert.equal(checkPassword('\u{1f600}'.repeat(8), 'next', 8), undefined)
  assert.equal(checkPassword('', 'next', 1)?.message, 'next is empty.')
})
