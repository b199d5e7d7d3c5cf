// Accounts, sessions and passwords over v1, and what the lab's routes make of them.
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import type { MeView, SessionView, SignedIn } from '../../src/protocol/v1.ts'
import { assertRefused, freshName, startV1, type V1Server } from './support.ts'

let server: V1Server
before(async () => {
  server = await startV1()
})
after(() => server[Symbol.asyncDispose]())

const sessionsOf = async (token: string) => {
  const { json } = await server.call('GET', '/v1/sessions', { token })
  return (json as { sessions: SessionView[] }).sessions
}

const inbox = (name: string, headers: Record<string, string> = {}) =>
  server.call('GET', `/get_messages?username=${name}`, { headers })
const prove = async (name: string, password: string) =>
  (await server.call('GET', `/auth?username=${name}&password=${encodeURIComponent(password)}`)).json

describe('an account', () => {
  test('is made once, under one name in all letter cases', async () => {
    const name = freshName('Zoë')
    const made = await server.call('POST', '/v1/accounts', { json: { name, password: 'secret' } })
    assert.equal(made.status, 201)
    const { id, createdAt, ...rest } = made.json as MeView
    assert.deepEqual(rest, { name, isAdmin: false })
    assert.ok(Number.isInteger(id) && Math.abs(createdAt - Date.now() / 1_000) < 60)
    const again = { json: { name: name.toUpperCase(), password: 'other' } }
    assertRefused(await server.call('POST', '/v1/accounts', again), 409, 'account-exists')
  })

  test('of many requests for one name at once, one makes it', async () => {
    const json = { name: freshName(), password: 'secret' }
    const replies = await Promise.all(Array.from({ length: 8 }, () => server.call('POST', '/v1/accounts', { json })))
    assert.deepEqual(
      replies.map(({ status }) => status).toSorted((a, b) => a - b),
      [201, ...Array<number>(7).fill(409)],
    )
  })

  for (const [what, json, code, field] of [
    ['no name', { password: 'x' }, 'field-missing', 'name'],
    ['no password', { name: 'x' }, 'field-missing', 'password'],
    ['an empty password', { name: 'x', password: '' }, 'field-invalid', 'password'],
    ['a name that is a number', { name: 7, password: 'x' }, 'field-type', 'name'],
    ['a name that begins with a space', { name: ' x', password: 'x' }, 'field-invalid', 'name'],
    ['a name of 33 characters', { name: 'x'.repeat(33), password: 'x' }, 'field-invalid', 'name'],
    ['a name with a character that cannot be seen', { name: 'a\u200bb', password: 'x' }, 'field-invalid', 'name'],
    ['a password of 1,025 bytes', { name: 'x', password: 'ü'.repeat(512) + 'x' }, 'field-invalid', 'password'],
    ['a password with half a character', { name: 'x', password: '\ud83d' }, 'field-invalid', 'password'],
    ['a list', [], 'field-type', 'body'],
    ['null', null, 'field-type', 'body'],
  ] as const) {
    test(`is not made with ${what}`, async () => {
      const reply = await server.call('POST', '/v1/accounts', { json })
      assert.equal(assertRefused(reply, 400, code).field, field)
    })
  }

  test('shows itself to its own token, and to nothing else', async () => {
    const { id, name, token } = await server.person()
    const me = await server.call('GET', '/v1/me', { token })
    assert.deepEqual({ ...(me.json as MeView), createdAt: 0 }, { id, name, isAdmin: false, createdAt: 0 })
    for (const headers of [
      {},
      { Authorization: 'Bearer' },
      { Authorization: `Bearer ${token}x` },
      { Authorization: `Bearer ${token} ${token}` },
      { Authorization: `Basic ${Buffer.from(`${name}:a good password`).toString('base64')}` },
      { Cookie: '__Host-hullo=' },
      { Cookie: `x__Host-hullo=${token}` },
    ]) {
      assertRefused(await server.call('GET', '/v1/me', { headers }), 401, 'signed-out')
    }
    assertRefused(await server.call('GET', `/v1/me?token=${token}&access_token=${token}`), 401, 'signed-out')
  })

  test('is closed for good with its password, and with no other', async () => {
    const { name, password, token } = await server.person()
    const wrong = await server.call('DELETE', '/v1/me', { token, json: { password: 'wrong' } })
    assertRefused(wrong, 401, 'password-wrong')
    assert.equal((await server.call('DELETE', '/v1/me', { token, json: { password } })).status, 204)
    assertRefused(await server.call('GET', '/v1/me', { token }), 401, 'signed-out')
    assertRefused(await server.call('POST', '/v1/sessions', { json: { name, password } }), 401, 'sign-in-failed')
    assertRefused(await server.call('POST', '/v1/accounts', { json: { name, password } }), 409, 'account-exists')
  })
})

describe('a sign-in', () => {
  test('gives a token of 256 bits, a session with its label, and the account', async () => {
    const { id, name, password } = await server.person()
    const json = { name: name.toUpperCase(), password, label: 'kitchen tablet' }
    const { status, json: answer } = await server.call('POST', '/v1/sessions', { json })
    assert.equal(status, 201)
    const { token, session, account } = answer as SignedIn
    assert.match(token, /^[\w-]{43}$/)
    assert.deepEqual([session.label, session.current, account.id, account.name], ['kitchen tablet', true, id, name])
    const days = (session.expiresAt - session.createdAt) / 86_400
    assert.ok(Math.abs(days - 90) < 0.001, `${days} days`)
  })

  test('does not say which of name and password was wrong', async () => {
    const { name } = await server.person()
    const wrongPassword = await server.call('POST', '/v1/sessions', { json: { name, password: 'wrong' } })
    const wrongName = await server.call('POST', '/v1/sessions', {
      json: { name: freshName('none'), password: 'wrong' },
    })
    assertRefused(wrongPassword, 401, 'sign-in-failed')
    assert.deepEqual(wrongName.json, wrongPassword.json)
  })

  test('asks no cookie over plain HTTP', async () => {
    const { name, password } = await server.person()
    const reply = await server.call('POST', '/v1/sessions', { json: { name, password, cookie: true } })
    assert.equal(assertRefused(reply, 400, 'field-invalid').field, 'cookie')
    assert.equal(reply.headers.get('set-cookie'), null)
  })

  test('takes no label of 65 characters, nor one that cannot be stored', async () => {
    const { name, password } = await server.person()
    for (const label of ['x'.repeat(65), 'a\0b', '\udc00']) {
      const reply = await server.call('POST', '/v1/sessions', { json: { name, password, label } })
      assert.equal(assertRefused(reply, 400, 'field-invalid').field, 'label')
    }
  })
})

describe('sessions', () => {
  test('are listed with the one that asks, and end one by one', async () => {
    const { name, password, token } = await server.person()
    const other = await server.signIn(name, password)
    const listed = await sessionsOf(token)
    assert.equal(listed.length, 2)
    assert.deepEqual(listed.filter(session => session.current).length, 1)
    assert.ok(listed.some(session => session.id === other.session.id && !session.current))

    const path = `/v1/sessions/${other.session.id}`
    assert.equal((await server.call('DELETE', path, { token })).status, 204)
    assertRefused(await server.call('GET', '/v1/me', { token: other.token }), 401, 'signed-out')
    assertRefused(await server.call('DELETE', path, { token }), 404, 'session-unknown')
    assert.equal((await server.call('DELETE', '/v1/sessions/current', { token })).status, 204)
    assertRefused(await server.call('GET', '/v1/sessions', { token }), 401, 'signed-out')
  })

  test("of others are nobody's to end", async () => {
    const [alice, bob] = [await server.person(), await server.person()]
    const [session] = await sessionsOf(alice.token)
    const reply = await server.call('DELETE', `/v1/sessions/${session?.id}`, { token: bob.token })
    assertRefused(reply, 404, 'session-unknown')
    assert.equal((await server.call('GET', '/v1/me', { token: alice.token })).status, 200)
  })

  test('of one account are a hundred at most: then the oldest ends', async () => {
    const { name, password, token } = await server.person()
    const tokens: string[] = []
    for (let count = 0; count < 100; count += 1) tokens.push((await server.signIn(name, password)).token)
    assertRefused(await server.call('GET', '/v1/me', { token }), 401, 'signed-out')
    assert.equal((await sessionsOf(tokens.at(-1) ?? '')).length, 100)
  })

  test('outlive a restart; their tokens are not in the data', async () => {
    await using first = await startV1([])
    const { token } = await first.person()
    await first.stop()
    await using second = await startV1([], first.data)
    assert.equal((await second.call('GET', '/v1/me', { token })).status, 200)
    const files = globSync(`${first.data}/*`)
    assert.ok(files.length > 0)
    for (const file of files) assert.equal(readFileSync(file).includes(token), false, file)
  })
})

describe('a new password', () => {
  test('needs the present one, and ends all other sessions', async () => {
    const { name, password, token } = await server.person()
    const other = await server.signIn(name, password)
    const change = (current: string, next: string) =>
      server.call('PUT', '/v1/me/password', { token, json: { current, next } })
    assertRefused(await change('wrong', 'next'), 401, 'password-wrong')
    assert.equal(assertRefused(await change(password, ''), 400, 'field-invalid').field, 'next')
    assert.equal((await change(password, 'the next one')).status, 204)
    assert.equal((await server.call('GET', '/v1/me', { token })).status, 200)
    assertRefused(await server.call('GET', '/v1/me', { token: other.token }), 401, 'signed-out')
    assertRefused(await server.call('POST', '/v1/sessions', { json: { name, password } }), 401, 'sign-in-failed')
    await server.signIn(name, 'the next one')
  })
})

describe("the lab's routes", () => {
  test('take the token of a session, of the account that is named', async () => {
    const [alice, bob] = [await server.person(), await server.person()]
    const bearer = { Authorization: `Bearer ${alice.token}` }
    assert.equal((await inbox(alice.name, bearer)).status, 200)
    assert.deepEqual([(await inbox(bob.name, bearer)).status, (await inbox(bob.name, bearer)).json], [401, 12])
    await server.call('DELETE', '/v1/sessions/current', { token: alice.token })
    assert.equal((await inbox(alice.name, bearer)).status, 401)
  })

  test('forget a proof when the password changes', async () => {
    const { name, password, token } = await server.person()
    assert.equal(await prove(name, password), 1)
    assert.equal((await inbox(name)).status, 200)
    await server.call('PUT', '/v1/me/password', { token, json: { current: password, next: 'another' } })
    assert.deepEqual([(await inbox(name)).status, (await inbox(name)).json], [401, 12])
    assert.equal(await prove(name, password), 12)
    assert.equal(await prove(name, 'another'), 1)
    assert.equal((await inbox(name)).status, 200)
  })

  test('forget an account that was closed', async () => {
    const { name, password, token } = await server.person()
    await prove(name, password)
    await server.call('DELETE', '/v1/me', { token, json: { password } })
    assert.deepEqual([(await inbox(name)).status, (await inbox(name)).json], [404, 11])
  })
})
