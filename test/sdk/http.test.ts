// One request and its answer: addresses, refusals, and servers that are none.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { callAt, path, serverUrl } from '../../src/sdk/http.ts'
import { usualPlatform } from '../../src/sdk/platform.ts'
import { NoAnswer, Refused, register, signIn } from '../../src/sdk/sdk.ts'
import { Clock } from './clock.ts'
import { FakeServer } from './fake-server.ts'

function answering(status: number, body: string, seen: Request[] = []) {
  const platform = {
    ...usualPlatform(),
    fetch: async (input: unknown, init?: RequestInit) => {
      seen.push(new Request(input as URL, init))
      return new Response(status === 204 ? null : body, { status })
    },
  } as const
  return callAt({ server: serverUrl('example.org/hullo?x#y'), token: 't0ken', platform })
}

test('an address may leave out http://, and may have a path', () => {
  assert.equal(serverUrl('127.0.0.1:5000').href, 'http://127.0.0.1:5000/')
  assert.equal(serverUrl('https://example.org/hullo').href, 'https://example.org/hullo/')
  assert.equal(serverUrl('[::1]:5000').href, 'http://[::1]:5000/')
  assert.equal(serverUrl('localhost:5000').href, 'http://localhost:5000/')
  assert.throws(() => serverUrl('http://'), TypeError)
})

test('what is put into a path stays one segment of it', () => {
  assert.equal(path`/people/${'a/b?c#d e'}/x/${7}`, '/people/a%2Fb%3Fc%23d%20e/x/7')
  for (const name of ['', '.', '..', '\ud800']) assert.throws(() => path`/people/${name}`, { code: 'field-invalid' })
})

test('the token travels in a header, the rest as JSON', async () => {
  const seen: Request[] = []
  const call = answering(200, '{"a":1}', seen)
  assert.deepEqual(await call('POST', '/messages', { query: { limit: 5, before: undefined }, body: { b: 'ü' } }), {
    a: 1,
  })
  assert.equal(seen[0]?.url, 'http://example.org/hullo/v1/messages?limit=5')
  assert.equal(seen[0]?.headers.get('authorization'), 'Bearer t0ken')
  assert.equal(await seen[0]?.text(), '{"b":"ü"}')
  assert.equal(await answering(204, '')('DELETE', '/me'), undefined)
})

test('a problem document becomes a refusal', async () => {
  const problem = {
    type: 'about:blank',
    title: 'Too Many',
    status: 429,
    detail: 'Wait.',
    code: 'too-many',
    retryAfter: 9,
  }
  await assert.rejects(answering(429, JSON.stringify(problem))('GET', '/me'), error => {
    assert.ok(error instanceof Refused)
    assert.deepEqual([error.code, error.message, error.retryAfterSeconds], ['too-many', 'Wait.', 9])
    return true
  })
})

test('what no Hullo says is no answer', async () => {
  const cases: [number, string][] = [
    [502, '<html>Bad gateway</html>'],
    [404, 'Not found'],
    [500, 'null'],
    [400, '{"code":7}'],
    [200, '<html>'],
    [200, '1'],
  ]
  for (const [status, body] of cases) {
    await assert.rejects(answering(status, body)('GET', '/me'), error => error instanceof NoAnswer, `${status} ${body}`)
  }
})

test('an answer is waited for 30 s, or until the signal', async () => {
  const clock = new Clock()
  const never: typeof fetch = (_, init) =>
    new Promise((_resolve, reject) => {
      init?.signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')))
    })
  const call = callAt({ server: serverUrl('x'), platform: { ...usualPlatform(), fetch: never, after: clock.after } })
  const late = assert.rejects(call('GET', '/me'), error => error instanceof NoAnswer && /30 s/.test(error.message))
  clock.pass(30_000)
  await late
  const stop = new AbortController()
  const stopped = assert.rejects(call('GET', '/me', { signal: stop.signal }), /enough/)
  stop.abort(new Error('enough'))
  await stopped
  assert.equal(clock.nextMs, undefined, 'no timer is left')
})

const fetching: typeof fetch = (input, init) => {
  assert.equal(init?.redirect, 'error')
  return fetch(input, init)
}

test('a redirection is not followed with a password in hand', async () => {
  await using server = await FakeServer.start('alice')
  const me = await signIn({ server: server.url, name: 'alice', password: 'x', platform: { fetch: fetching } })
  assert.equal(me.name, 'alice')
})

test('register makes the account and signs in; a refusal says why', async () => {
  await using server = await FakeServer.start()
  await using me = await register({ server: server.url, name: 'new', password: 'x' })
  assert.deepEqual([me.name, me.token], ['new', 'new'])
  await assert.rejects(signIn({ server: server.url, name: 'nobody', password: 'x' }), { code: 'sign-in-failed' })
  await assert.rejects(
    signIn({ server: 'http://127.0.0.1:1', name: 'a', password: 'x' }),
    error => error instanceof NoAnswer,
  )
})

test('a page over plain HTTP from another machine has all that is needed', async () => {
  await using server = await FakeServer.start('alice', 'bob')
  const { crypto } = globalThis
  // No secure context: no randomUUID, no subtle.
  const insecure = { getRandomValues: (array: Uint8Array<ArrayBuffer>) => crypto.getRandomValues(array) }
  Object.defineProperty(globalThis, 'crypto', { value: insecure, configurable: true })
  try {
    await using me = await signIn({ server: server.url, name: 'alice', password: 'x' })
    assert.equal((await me.send('@bob', 'hi')).seq, 1)
  } finally {
    Object.defineProperty(globalThis, 'crypto', { value: crypto, configurable: true })
  }
})
