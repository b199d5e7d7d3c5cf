import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { passwordBytesMax } from '../../protocol/limits.ts'
import { Refusal } from '../../protocol/refusals.ts'
import { openSqlite } from '../../store/sqlite/sqlite.ts'
import { type Account, NotWritten } from '../../store/store.ts'
import { type AccountRules, Accounts } from './accounts.ts'
import { Committer } from '../log/committer.ts'
import { type Rate, RateLimiter } from '../kit/rate-limiter.ts'
import { PasswordCheck, type Source } from './password-check.ts'

const from = (address: string): Source => ({ key: address, address, presence: () => 'here' })

const unlimited: Rate = { burst: Infinity, perSecond: Infinity }

interface Options {
  readonly rules?: Partial<AccountRules>
  readonly rate?: Rate
}

/** Accounts over a store of their own; `with` gives others over the same store, as after a restart with new rules. */
function open(options: Options = {}) {
  const dir = mkdtempSync(join(tmpdir(), 'hullo-accounts-'))
  const store = openSqlite(dir)
  const over = (more: Options) =>
    new Accounts({
      store,
      committer: new Committer(store, () => 1_000),
      rules: { registration: 'open', passwordMin: 1, ...more.rules },
      passwords: new PasswordCheck({
        random: randomBytes,
        attempts: new RateLimiter('attempts-from-here', more.rate ?? unlimited, () => 0),
        guessesPerDay: Infinity,
        clock: () => 0,
      }),
    })
  return {
    accounts: over(options),
    over,
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** The code of a refusal, or the account's name. */
function brief(result: Account | Refusal): string {
  return result instanceof Refusal ? result.code : `account ${result.name}`
}

test('an account is registered once, found and signed in to in any letter case, shown as registered', async () => {
  await using here = open()
  const { accounts } = here
  assert.equal(brief(await accounts.register({ name: 'Zoë', password: 'secret' }, from('a'))), 'account Zoë')
  assert.equal(brief(await accounts.register({ name: 'ZOË', password: 'other' }, from('a'))), 'account-exists')
  assert.equal((await accounts.find('zoë'))?.name, 'Zoë')
  assert.equal(brief(await accounts.authenticate('zOË', 'secret', from('a'))), 'account Zoë')
  assert.equal(brief(await accounts.authenticate('zoë', 'other', from('a'))), 'password-wrong')
  assert.equal(brief(await accounts.authenticate('zoe', 'secret', from('a'))), 'account-unknown')
})

test('of 200 registrations of one name at once, in any letter case, exactly one makes an account', async () => {
  await using here = open()
  const { accounts } = here
  const names = Array.from({ length: 200 }, (_, index) => (index % 2 === 0 ? 'Ann' : 'ANN'))
  const results = await Promise.all(
    names.map((name, index) => accounts.register({ name: name, password: `password ${index}` }, from('a'))),
  )
  const made = results.filter(result => !(result instanceof Refusal))
  assert.equal(made.length, 1)
  assert.deepEqual(new Set(results.filter(result => result instanceof Refusal).map(brief)), new Set(['account-exists']))
  const winner = results.findIndex(result => !(result instanceof Refusal))
  assert.equal(brief(await accounts.authenticate('ann', `password ${winner}`, from('a'))), `account ${names[winner]}`)
  assert.equal(brief(await accounts.authenticate('ann', `password ${(winner + 1) % 200}`, from('a'))), 'password-wrong')
})

test('the password is kept as a hash, together with the rule it was made under', async () => {
  await using here = open({ rules: { passwordMin: 4 } })
  const account = await here.accounts.register({ name: 'ann', password: 'secret' }, from('a'))
  assert(!(account instanceof Refusal))
  assert.match(account.password, /^\$argon2id\$/)
  assert.deepEqual([account.passwordRule, account.createdAtMs], [4, 1_000])
})

test('a password is kept to its bounds: characters at least, bytes at most, no NUL, no half characters', async () => {
  await using here = open({ rules: { passwordMin: 8 } })
  const { accounts } = here
  const refusal = async (password: string) => {
    const result = await accounts.register({ name: 'ann', password: password }, from('a'))
    assert(result instanceof Refusal)
    return `${result.code} ${result.field}: ${result.message}`
  }
  assert.equal(await refusal('1234567'), 'field-invalid password: password has 7 characters; it needs at least 8.')
  assert.match(await refusal('🗝'.repeat(7)), /has 7 characters/)
  assert.match(await refusal('x'.repeat(passwordBytesMax + 1)), /has more than 1,024 bytes/)
  assert.match(await refusal('é'.repeat(passwordBytesMax / 2 + 1)), /has more than 1,024 bytes/)
  assert.match(await refusal('12345678\0'), /holds a NUL character/)
  assert.match(await refusal('12345678\ud800'), /holds half a character/)
  assert.equal(brief(await accounts.register({ name: 'ann', password: '🗝'.repeat(8) }, from('a'))), 'account ann')
  assert.equal(
    brief(await accounts.register({ name: 'bob', password: 'x'.repeat(passwordBytesMax) }, from('a'))),
    'account bob',
  )
})

test('the empty password is refused where one character is enough', async () => {
  await using here = open()
  const refused = await here.accounts.register({ name: 'ann', password: '' }, from('a'))
  assert(refused instanceof Refusal)
  assert.equal(refused.message, 'password is empty.')
})

test('a name that cannot be an account is refused when registering and unknown when signing in', async () => {
  await using here = open()
  const { accounts } = here
  for (const name of ['', ' ann', 'a'.repeat(33), 'a\0b', 'a\u{202e}b']) {
    assert.equal(brief(await accounts.register({ name: name, password: 'secret' }, from('a'))), 'field-invalid')
    assert.equal(await accounts.find(name), undefined)
  }
  assert.equal(brief(await accounts.authenticate('', 'secret', from('a'))), 'account-unknown')
  assert.equal(brief(await accounts.authenticate('a\0b', 'secret', from('a'))), 'field-invalid')
  assert.equal(brief(await accounts.authenticate('a\ud800', 'secret', from('a'))), 'field-invalid')
})

test('registration can be closed; those who have an account sign in all the same', async () => {
  await using here = open()
  await here.accounts.register({ name: 'ann', password: 'secret' }, from('a'))
  for (const registration of ['closed', 'invite'] as const) {
    const closed = here.over({ rules: { registration } })
    const code = registration === 'closed' ? 'registration-closed' : 'invite-needed'
    assert.equal(brief(await closed.register({ name: 'bob', password: 'secret' }, from('a'))), code)
    assert.equal(brief(await closed.authenticate('ann', 'secret', from('a'))), 'account ann')
  }
})

test('an account made under a weaker rule does not sign in, also when its password is remembered', async () => {
  await using here = open()
  await here.accounts.register({ name: 'ann', password: 'longenough' }, from('a'))
  const stricter = here.over({ rules: { passwordMin: 8 } })
  assert.equal(brief(await stricter.authenticate('ann', 'wrong', from('a'))), 'password-wrong')
  assert.equal(brief(await stricter.authenticate('ann', 'longenough', from('a'))), 'password-weak')
  assert.equal(brief(await stricter.authenticate('ann', 'longenough', from('a'))), 'password-weak')
})

test('what costs a hash is counted by who asks; a password already proved and a name that is taken are free', async () => {
  await using here = open()
  await here.accounts.register({ name: 'ann', password: 'secret' }, from('a'))
  const limited = here.over({ rate: { burst: 2, perSecond: 0.001 } })
  assert.equal(brief(await limited.authenticate('ann', 'secret', from('a'))), 'account ann')
  for (let time = 0; time < 5; time += 1) {
    assert.equal(brief(await limited.authenticate('ann', 'secret', from('a'))), 'account ann')
    assert.equal(brief(await limited.register({ name: 'ann', password: 'secret' }, from('a'))), 'account-exists')
    assert.equal(brief(await limited.authenticate('nobody', 'secret', from('a'))), 'account-unknown')
  }
  assert.equal(brief(await limited.authenticate('ann', 'wrong', from('a'))), 'password-wrong')
  assert.equal(brief(await limited.authenticate('ann', 'wrong', from('a'))), 'too-many')
  assert.equal(brief(await limited.register({ name: 'bob', password: 'secret' }, from('a'))), 'too-many')
  assert.equal(brief(await limited.register({ name: 'bob', password: 'secret' }, from('b'))), 'account bob')
})

test('while the store refuses, so does registering', async () => {
  const full = { write: () => Promise.reject(new NotWritten('the disk is full', false)) }
  const accounts = new Accounts({
    store: { accountByKey: async () => undefined, accountById: async () => undefined },
    committer: new Committer(full, () => 0),
    rules: { registration: 'open', passwordMin: 1 },
    passwords: new PasswordCheck({
      random: randomBytes,
      attempts: new RateLimiter('attempts-from-here', { burst: 9, perSecond: 9 }, () => 0),
      guessesPerDay: Infinity,
      clock: () => 0,
    }),
  })
  assert.equal(brief(await accounts.register({ name: 'ann', password: 'secret' }, from('a'))), 'unavailable')
})
