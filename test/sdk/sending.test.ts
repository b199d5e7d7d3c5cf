// Sending: stored once, in order, and either acknowledged or refused, whatever becomes of connections.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Closed, Refused, resume } from '../../src/sdk/sdk.ts'
import { Clock } from './clock.ts'
import { FakeServer } from './fake-server.ts'
import { eventsOnly, hasty, sessionOf, texts } from './session.ts'

const storedTexts = (server: FakeServer) => server.log.entries.map(({ text }) => text)

test('what is sent in one tick goes as one batch, each with an id of the session', async () => {
  await using server = await FakeServer.start('alice', 'bob')
  await using me = await sessionOf('alice', server)
  const results = await Promise.all(['1', '2', '3'].map(text => me.send('@bob', text)))
  assert.deepEqual(
    results.map(({ seq, repeated }) => ({ seq, repeated })),
    [1, 2, 3].map(seq => ({ seq, repeated: false })),
  )
  assert.deepEqual(
    server.batches.map(({ over, drafts }) => [over, drafts.length]),
    [['http', 3]],
  )
  const ids = server.batches[0]?.drafts.map(({ clientId }) => clientId ?? '') ?? []
  assert.match(ids[0] ?? '', /^[0-9a-f]{18}-1$/)
  assert.deepEqual(
    ids,
    ['1', '2', '3'].map(count => `${(ids[0] ?? '').slice(0, -1)}${count}`),
  )
  await using other = await sessionOf('alice', server)
  await other.send('@bob', 'x')
  assert.notEqual(server.batches[1]?.drafts[0]?.clientId, ids[0])
})

test('the WebSocket carries them while it is there, many at once', async () => {
  await using server = await FakeServer.start('alice', 'bob')
  await using me = await sessionOf('alice', server)
  const inbox = me.messages()
  await me.live()
  const sending: Promise<unknown>[] = []
  for (let count = 0; count < 10; count += 1) {
    sending.push(me.send('@bob', `${count}`))
    await Promise.resolve()
    await Promise.resolve()
  }
  await Promise.all(sending)
  assert.ok(server.batches.length > 1)
  assert.ok(server.batches.every(({ over }) => over === 'websocket'))
  assert.deepEqual(await texts(inbox, 10), ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'])
})

for (const [way, platform] of Object.entries({ websocket: hasty, http: eventsOnly })) {
  test(`an acknowledgement that is lost leaves no double: ${way}`, async () => {
    await using server = await FakeServer.start('alice', 'bob')
    await using me = await sessionOf('alice', server, platform)
    const inbox = me.messages()
    await me.live()
    server.faults.loseAcks = 2
    const [one, two] = await Promise.all([me.send('@bob', '1'), me.send('@bob', '2')])
    assert.deepEqual([one?.repeated, two?.repeated], [true, true])
    assert.equal(server.batches[0]?.over, way)
    assert.deepEqual(storedTexts(server), ['1', '2'])
    assert.deepEqual(await texts(inbox, 2), ['1', '2'])
  })
}

test('an acknowledgement that does not come for 30 s is looked for on another connection', async () => {
  await using server = await FakeServer.start('alice', 'bob')
  const clock = new Clock()
  await using me = await sessionOf('alice', server, { ...hasty, after: clock.after })
  const inbox = me.messages()
  await me.live()
  server.faults.swallowAcks = 1
  const sending = me.send('@bob', '1')
  await server.until(() => server.batches.length === 1)
  clock.pass(29_000)
  server.write({ type: 'beat', cursor: server.log.cursor(1) })
  clock.pass(1_000)
  assert.equal((await sending).repeated, true)
  assert.deepEqual(storedTexts(server), ['1'])
  await inbox.return()
})

test('order is kept over lost connections, changes of transport and refused neighbours', async () => {
  await using server = await FakeServer.start('alice', 'bob')
  await using me = await sessionOf('alice', server)
  const inbox = me.messages()
  await me.live()
  server.faults.refuse = ({ text }) => (text === 'no' ? { error: 'silenced', message: 'No.' } : undefined)
  const sending: Promise<unknown>[] = []
  const refused: unknown[] = []
  const expected: string[] = []
  for (let count = 0; count < 400; count += 1) {
    if (count % 50 === 20) server.faults.loseAcks = 1
    if (count % 50 === 40) server.cut()
    if (count % 7 === 3) sending.push(me.send('@bob', 'no').catch((error: unknown) => refused.push(error)))
    else {
      sending.push(me.send('@bob', `${count}`))
      expected.push(`${count}`)
    }
    if (count % 4 === 0) await new Promise(setImmediate)
  }
  await Promise.all(sending)
  assert.deepEqual(storedTexts(server), expected)
  assert.deepEqual(await texts(inbox, expected.length), expected)
  assert.ok(refused.length === 57 && refused.every(error => error instanceof Refused && error.code === 'silenced'))
})

test('what passes is tried again when the server said, what does not is refused', async () => {
  await using server = await FakeServer.start('alice', 'bob')
  const clock = new Clock()
  await using me = await sessionOf('alice', server, { ...hasty, after: clock.after })
  server.faults.refuse = ({ text }, count) => {
    if (text === 'later' && count < 4) return { error: 'busy', message: 'Busy.', retryAfter: 7 }
    if (text === 'never') return { error: 'client-id-reused', message: 'Reused.', field: 'clientId' }
    return undefined
  }
  const now = me.send('@bob', 'now')
  const later = me.send('@bob', 'later')
  const never = me.send('@bob', 'never', { clientId: 'mine' })
  assert.equal((await now).seq, 1)
  await assert.rejects(never, { code: 'client-id-reused', field: 'clientId', message: 'Reused.' })
  const after = me.send('@bob', 'after')
  await new Promise(setImmediate)
  clock.pass(7_000)
  assert.equal(server.batches.length, 1, 'nothing is sent before the time')
  clock.pass(50)
  assert.equal((await later).seq, 2)
  assert.equal((await after).seq, 3)
})

test('a message that would wait for hours is refused with its reason, and those after it go on', async () => {
  await using server = await FakeServer.start('alice', 'bob')
  await using me = await sessionOf('alice', server, hasty)
  server.faults.refuse = ({ text }) =>
    text === 'full' ? { error: 'too-many', message: 'Enough for a day.', retryAfter: 7_200 } : undefined
  const full = me.send('@bob', 'full')
  const after = me.send('@bob', 'after')
  await assert.rejects(full, { code: 'too-many', message: 'Enough for a day.' })
  assert.equal((await after).seq, 1)
})

for (const [way, platform] of Object.entries({ websocket: hasty, http: eventsOnly })) {
  test(`one that spoils its batch stands alone in the end: ${way}`, async () => {
    await using server = await FakeServer.start('alice', 'bob')
    await using me = await sessionOf('alice', server, platform)
    const inbox = me.messages()
    await me.live()
    server.faults.refuseBatch = drafts =>
      drafts.some(({ to }) => to.length > 20) ? { status: 400, code: 'field-invalid' } : undefined
    const outcomes = await Promise.allSettled([
      me.send('@bob', '1'),
      me.send(`@${'x'.repeat(30)}`, '2'),
      me.send('@bob', '3'),
    ])
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
    )
    assert.deepEqual(storedTexts(server), ['1', '3'])
    await inbox.return()
  })
}

test('a batch holds 1,000 messages and 1 MiB', async () => {
  await using server = await FakeServer.start('alice', 'bob')
  await using me = await sessionOf('alice', server)
  await Promise.all(Array.from({ length: 2_500 }, (_, count) => me.send('@bob', `${count}`)))
  await Promise.all(Array.from({ length: 70 }, () => me.send('@bob', '\u0001'.repeat(16_000))))
  const counts = server.batches.map(({ drafts }) => drafts.length)
  assert.deepEqual(counts.slice(0, 3), [1_000, 1_000, 500])
  for (const { drafts } of server.batches) {
    assert.ok(Buffer.byteLength(JSON.stringify({ type: 'send', ref: 1_000_000, messages: drafts })) <= 1_048_576)
  }
  assert.equal(server.log.head, 2_570)
})

test('a text that no server takes is refused here, by its rules', async () => {
  await using server = await FakeServer.start('alice', 'bob')
  await using me = await sessionOf('alice', server)
  await assert.rejects(me.send('@bob', 'é'.repeat(8_193)), { code: 'too-large', field: 'text' })
  await assert.rejects(me.send('@bob', 'half \ud83d'), { code: 'field-invalid' })
  assert.equal((await me.send('@bob', 'é'.repeat(8_192))).seq, 1)
})

test('more than 64 MiB that wait are refused, and none of what waits is lost', async () => {
  await using server = await FakeServer.start('alice', 'bob')
  await using me = await sessionOf('alice', server)
  const text = 'x'.repeat(16_384)
  let refused = 0
  const sending = Array.from({ length: 4_200 }, () =>
    me.send('@bob', text).catch((error: unknown) => {
      assert.ok(error instanceof Refused && error.code === 'busy')
      refused += 1
    }),
  )
  await Promise.all(sending)
  assert.ok(refused > 0 && refused < 200)
  assert.equal(server.log.head, 4_200 - refused)
  await me.send('@bob', 'room again')
})

test('an aborted send that did not leave never leaves', async () => {
  await using server = await FakeServer.start('alice', 'bob')
  await using me = await sessionOf('alice', server)
  const stop = new AbortController()
  const sending = me.send('@bob', 'no', { signal: stop.signal })
  const other = me.send('@bob', 'yes')
  stop.abort(new Error('changed my mind'))
  await assert.rejects(sending, /changed my mind/)
  await other
  assert.deepEqual(storedTexts(server), ['yes'])
})

test('a server that is away is waited for', async () => {
  await using server = await FakeServer.start('alice', 'bob')
  let away = 3
  const fetching: typeof fetch = (input, init) => {
    away -= 1
    return away < 0 ? fetch(input, init) : Promise.reject(new TypeError('fetch failed'))
  }
  await using me = await resume({
    server: server.url,
    token: 'alice',
    account: server.log.addAccount('alice'),
    platform: { ...hasty, fetch: fetching },
  })
  assert.equal((await me.send('@bob', 'hi')).seq, 1)
  assert.equal(away, -1)
})

test('close waits for what is not acknowledged, for 10 s', async () => {
  await using server = await FakeServer.start('alice', 'bob')
  const me = await sessionOf('alice', server)
  server.faults.loseAcks = 1
  const sending = me.send('@bob', 'hi')
  await me.close()
  assert.equal((await sending).repeated, true)

  const clock = new Clock()
  const again = await sessionOf('alice', server, { after: clock.after })
  server.faults.swallowAcks = 99
  const lost = assert.rejects(again.send('@bob', 'hi'), error => error instanceof Closed)
  const closing = again.close()
  clock.pass(10_000)
  await closing
  await lost
  await assert.rejects(again.send('@bob', 'hi'), error => error instanceof Closed)
})

test('close ends a request that is never answered, so that it keeps no program alive', async () => {
  await using server = await FakeServer.start('alice', 'bob')
  const clock = new Clock()
  const posted = Promise.withResolvers<AbortSignal>()
  const me = await sessionOf('alice', server, {
    after: clock.after,
    WebSocket: undefined,
    fetch: (input, init) => {
      if (init?.method !== 'POST' || init.signal == null) return fetch(input, init)
      const { signal } = init
      posted.resolve(signal)
      return new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
      })
    },
  })
  const lost = assert.rejects(me.send('@bob', 'hi'), error => error instanceof Closed)
  const signal = await posted.promise
  const closing = me.close()
  assert.equal(signal.aborted, false)
  clock.pass(10_000)
  await closing
  await lost
  assert.ok(signal.aborted)
  assert.equal(clock.nextMs, undefined)
})

test('the end of the session refuses all that waits', async () => {
  await using server = await FakeServer.start('alice', 'bob')
  await using me = await sessionOf('alice', server)
  server.log.accounts.delete('alice')
  const outcomes = await Promise.allSettled(['1', '2', '3'].map(text => me.send('@bob', text)))
  assert.ok(outcomes.every(({ status }) => status === 'rejected'))
  assert.equal(server.batches.length, 0)
  assert.equal(me.state.is, 'over')
})

test('reply goes to where it was said', async () => {
  await using server = await FakeServer.start('alice', 'bob')
  await using me = await sessionOf('alice', server)
  server.log.openRoom('team', ['alice', 'bob'])
  const inbox = me.messages()
  await me.live()
  server.say('bob', '@alice', 'direct')
  server.say('bob', '#team', 'room')
  await me.send('@bob', 'mine')
  for (let count = 0; count < 3; count += 1) {
    const { value } = await inbox.next()
    if (value !== undefined) await me.reply(value, 'reply')
  }
  assert.deepEqual(
    server.log.entries.filter(({ text }) => text === 'reply').map(({ to }) => to),
    ['@bob', '#team', '@bob'],
  )
})
