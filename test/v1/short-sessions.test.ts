// Sessions that were asked to be short: they end for want of use, everywhere and at once, go on while they are used, and
// nobody makes a long one of them. The server runs in the test's own process, on a clock that the test moves.
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { SessionView, SignedIn } from '../../src/protocol/v1.ts'
import { startInside } from '../lab-http/inside.ts'
import { type Listening, listenSse, talkLive } from './listening.ts'
import { assertRefused, callV1 } from './support.ts'

const base = Date.UTC(2030, 0, 1)
const hour = 3_600

/** A server with Ann and Ben, whose clock stands until it is moved. */
async function begin(t: TestContext) {
  t.mock.timers.enable({ apis: ['Date'], now: base })
  const server = await startInside()
  t.after(() => server[Symbol.asyncDispose]())
  const url = `http://127.0.0.1:${server.port}`
  const call = (method: string, path: string, token?: string, json?: unknown) =>
    callV1(url, method, path, { ...(token === undefined ? {} : { token }), json })
  const signIn = async (name: string, expiresInSeconds?: unknown) => {
    const answer = await call('POST', '/v1/sessions', undefined, { name, password: 'builder', expiresInSeconds })
    assert.equal(answer.status, 201, JSON.stringify(answer.json))
    return answer.json as SignedIn
  }
  for (const name of ['ann', 'ben']) await call('POST', '/v1/accounts', undefined, { name, password: 'builder' })
  const ben = (await signIn('ben')).token
  const say = async (token: string, to: string, text: string) => {
    const { status } = await call('POST', '/v1/messages', token, { messages: [{ to, text }] })
    return status === 200
  }
  return {
    url,
    call,
    signIn,
    say,
    /** Ben writes to Ann. What was asked to be written before is written then: the use of a session, say. */
    fromBen: (text: string) => say(ben, '@ann', text),
    pass: (seconds: number) => t.mock.timers.tick(seconds * 1_000),
    lives: async (token: string) => (await call('GET', '/v1/me', token)).status === 200,
    sessions: async (token: string) =>
      ((await call('GET', '/v1/sessions', token)).json as { sessions: SessionView[] }).sessions,
  }
}

test('a sign-in asks how long its session lasts, from a minute to 90 days, and is told until when', async t => {
  const { call, signIn, sessions } = await begin(t)
  for (const [asked, given] of [
    [undefined, 90 * 24 * hour],
    [60, 60],
    [12 * hour, 12 * hour],
    [90 * 24 * hour, 90 * 24 * hour],
  ]) {
    const { token, session } = await signIn('ann', asked)
    assert.equal(session.expiresAt - session.createdAt, given)
    assert.equal((await sessions(token)).find(({ current }) => current)?.expiresAt, session.expiresAt)
  }
  for (const [code, values] of [
    ['field-invalid', [0, -1, 59, 90 * 24 * hour + 1, Number.MAX_SAFE_INTEGER, 1e300]],
    ['field-type', ['3600', '', 60.5, null, true, [3600], {}]],
  ] as const) {
    for (const expiresInSeconds of values) {
      const json = { name: 'ann', password: 'builder', expiresInSeconds }
      const problem = assertRefused(await call('POST', '/v1/sessions', undefined, json), 400, code)
      assert.equal(problem.field, 'expiresInSeconds')
      assert.match(problem.detail, /must be (60 or more|7,776,000 or less|a whole number)/)
    }
  }
})

test('it ends where it was not used for so long, also for the lab', async t => {
  const { url, signIn, pass, lives } = await begin(t)
  const { token } = await signIn('ann', hour)
  const inbox = () =>
    callV1(url, 'GET', '/get_messages?username=ann', { token, headers: { 'X-Forwarded-For': '192.0.2.1' } })
  pass(hour - 1)
  // A request of another token is no use of this one.
  assert.equal((await inbox()).status, 200)
  pass(hour)
  assert.equal(await lives(token), false)
  assert.equal((await inbox()).status, 401)
})

test('each use makes it last as long again, until fourteen times as long, and no token turns it into a longer one', async t => {
  const { call, signIn, pass, lives, sessions, fromBen } = await begin(t)
  const { token, session } = await signIn('ann', hour)
  for (let uses = 1; uses <= 14; uses += 1) {
    pass(hour - 1)
    assert.equal(await lives(token), true)
    await fromBen('behind the use')
    const [own] = await sessions(token)
    assert.equal(own?.expiresAt, Math.min(base / 1_000 + uses * (hour - 1) + hour, session.createdAt + 14 * hour))
  }
  const more = { expiresInSeconds: 90 * 24 * hour }
  assertRefused(await call('POST', '/v1/sessions', token, more), 400, 'field-missing')
  assertRefused(
    await call('POST', '/v1/sessions', token, { ...more, name: 'ann', password: 'x' }),
    401,
    'sign-in-failed',
  )
  for (const method of ['PUT', 'PATCH', 'POST']) {
    assert.ok((await call(method, `/v1/sessions/${session.id}`, token, more)).status >= 404)
    assert.ok((await call(method, '/v1/sessions/current', token, more)).status >= 404)
  }
  const change = { current: 'builder', next: 'another', ...more }
  assert.equal((await call('PUT', '/v1/me/password', token, change)).status, 204)
  const [own] = await sessions(token)
  assert.equal(own?.expiresAt, session.createdAt + 14 * hour, 'also not by a new password')
  pass(14 * hour - 14 * (hour - 1))
  assert.equal(await lives(token), false)
})

for (const over of ['a WebSocket', 'server-sent events'] as const) {
  const listen = async (url: string, token: string): Promise<Listening> => {
    const listening = over === 'a WebSocket' ? await talkLive(url, token) : await listenSse(url, token)
    const { account } = await listening.frame('hello')
    assert.equal(account.name, 'ann')
    return listening
  }

  test(`${over} goes on while the session is used elsewhere, and ends with it: nothing is handed out after`, async t => {
    const { url, signIn, pass, lives, fromBen } = await begin(t)
    const { token } = await signIn('ann', hour)
    await using listening = await listen(url, token)
    pass(hour - 60)
    assert.equal(await lives(token), true)
    await fromBen('behind the use')
    pass(hour - 60)
    assert.equal(await fromBen('in the second hour'), true)
    await listening.text('in the second hour')
    pass(60)
    assert.equal(await fromBen('too late'), true)
    const { reason } = await listening.frame('end')
    assert.equal(reason, 'session-over')
    await listening.ended
    assert.ok(listening.entries().every(({ text }) => text !== 'too late'))
  })
}

test('what is said over a WebSocket is a use; after the end nothing is taken from it', async t => {
  const { url, signIn, pass, fromBen, lives } = await begin(t)
  const { token } = await signIn('ann', hour)
  await using listening = await listenSse(url, (await signIn('ben')).token)
  await using ann = await talkLive(url, token)
  await ann.frame('hello')
  pass(hour - 60)
  ann.say({ type: 'send', ref: 1, messages: [{ to: '@ben', text: 'still here' }] })
  await ann.frame('sent', ({ ref }) => ref === 1)
  await fromBen('behind the use')
  pass(hour - 60)
  ann.say({ type: 'typing', to: '@ben' })
  await listening.frame('soft', ({ events }) => events.some(({ kind }) => kind === 'typing'))
  await fromBen('behind that use')
  pass(hour - 60)
  ann.say({ type: 'send', ref: 2, messages: [{ to: '@ben', text: 'and here' }] })
  await ann.frame('sent', ({ ref }) => ref === 2)
  await fromBen('behind the third')
  // Nobody asks or says anything: to listen is no use.
  pass(hour)
  ann.say({ type: 'send', ref: 3, messages: [{ to: '@ben', text: 'too late' }] })
  assert.equal((await ann.frame('end')).reason, 'session-over')
  await ann.ended
  assert.ok(!ann.frames.some(frame => frame.type === 'sent' && frame.ref === 3))
  assert.equal(await lives(token), false)
  const { token: again } = await signIn('ann')
  await using later = await listenSse(url, again, { after: ann.cursor() })
  await fromBen('the next')
  await later.text('the next')
  assert.ok(later.entries().every(({ text }) => text !== 'too late'))
})

test('a WebSocket on which nothing happens ends with its session all the same', async t => {
  const { url, signIn, pass } = await begin(t)
  const { token } = await signIn('ann', hour)
  const seconds: (() => void)[] = []
  const { setInterval } = globalThis
  t.mock.method(globalThis, 'setInterval', (run: () => void, ms: number) => {
    if (ms === 1_000) seconds.push(run)
    return setInterval(run, ms)
  })
  await using ann = await talkLive(url, token)
  await ann.frame('hello')
  pass(hour)
  for (let second = 0; second < 15; second += 1) for (const beat of seconds) beat()
  assert.equal((await ann.frame('end')).reason, 'session-over')
  await ann.ended
})
