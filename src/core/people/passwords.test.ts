import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { Refusal } from '../../protocol/refusals.ts'
import { Passwords } from './passwords.ts'

test('a hash is a PHC string of argon2id with 19 MiB and two passes, and verifies its own password only', async () => {
  const passwords = new Passwords(randomBytes)
  const phc = await passwords.hash('pässwörd 🗝')
  assert(typeof phc === 'string')
  // 16 bytes of salt and 32 of tag, in base64 without padding.
  assert.match(phc, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
  assert.equal(await passwords.verify(phc, 'pässwörd 🗝'), true)
  for (const wrong of ['', 'passwörd 🗝', 'pässwörd']) assert.equal(await passwords.verify(phc, wrong), false)
})

test('the salt is random: equal passwords have different hashes', async () => {
  const passwords = new Passwords(randomBytes)
  assert.notEqual(await passwords.hash('same'), await passwords.hash('same'))
})

test('the strings are the ones other programs make', async () => {
  // By the reference implementation of RFC 9106: argon2 somesalt -id -t 2 -k 65536 -p 1, password "password".
  const phc = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'
  const passwords = new Passwords(randomBytes)
  assert.equal(await passwords.verify(phc, 'password'), true)
  assert.equal(await passwords.verify(phc, 'passwort'), false)
})

test('a stored string in another form is an error, and gives its place back', async () => {
  const passwords = new Passwords(randomBytes)
  for (const phc of ['', 'password', '$argon2i$v=19$m=8,t=1,p=1$c29tZXNhbHQ$AAAA', '$argon2id$v=19$m=8,t=1,p=1$$']) {
    await assert.rejects(async () => passwords.verify(phc, 'x'), /not in a form that is known/)
  }
  assert(typeof (await passwords.hash('x')) === 'string')
})

test('a stored string that asks for more work than a server should do is an error at once', async () => {
  const passwords = new Passwords(randomBytes)
  const salt = 'c29tZXNhbHQ'
  const tag = 'AAAAAAAA'
  for (const phc of [
    `$argon2id$v=19$m=262145,t=1,p=1$${salt}$${tag}`,
    `$argon2id$v=19$m=999999999,t=1,p=1$${salt}$${tag}`,
    `$argon2id$v=19$m=8,t=11,p=1$${salt}$${tag}`,
    `$argon2id$v=19$m=8,t=4294967295,p=1$${salt}$${tag}`,
    `$argon2id$v=19$m=262144,t=5,p=1$${salt}$${tag}`,
    `$argon2id$v=19$m=7,t=1,p=1$${salt}$${tag}`,
    `$argon2id$v=19$m=8,t=0,p=1$${salt}$${tag}`,
    `$argon2id$v=19$m=8,t=1,p=16$${salt}$${tag}`,
    `$argon2id$v=19$m=8,t=1,p=1$${'A'.repeat(100)}$${tag}`,
    `$argon2id$v=19$m=8,t=1,p=1$${salt}$${'A'.repeat(100)}`,
    `$argon2id$v=19$m=8,t=1,p=1$${salt}$AAAA`,
  ]) {
    await assert.rejects(async () => passwords.verify(phc, 'x'), /out of bounds|not in a form that is known/, phc)
  }
  assert.equal(await passwords.verify(`$argon2id$v=19$m=8,t=1,p=1$${salt}$${tag}`, 'x'), false)
})

test('a bounded number waits; the others are told at once to come back', async () => {
  const passwords = new Passwords(randomBytes)
  // Cheap ones: what is tried here is the queue.
  const phc = '$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$AAAAAAAA'
  const results = Array.from({ length: 510 }, () => passwords.verify(phc, 'x'))
  const outcomes = await Promise.all(results)
  const refused = outcomes.filter(outcome => outcome instanceof Refusal)
  assert.equal(refused.length, 510 - 502, 'two run, 500 wait')
  assert.deepEqual([refused[0]?.code, refused[0]?.retryAfterSeconds], ['busy', 5])
  assert.deepEqual(outcomes.slice(502), refused, 'those who came last')
  assert.equal(await passwords.verify(phc, 'x'), false, 'and then there is room again')
})
