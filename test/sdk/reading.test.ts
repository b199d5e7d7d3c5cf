// Reading: everything of mine, in order, once, whatever becomes of connections.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Refused } from '../../src/sdk/sdk.ts'
import { Clock } from './clock.ts'
import { FakeServer } from './fake-server.ts'
import { eventsOnly, gapsOf, hasty, sessionOf, take, texts } from './session.ts'

const transports = { WebSockets: hasty, 'server-sent events': eventsOnly }

for (const [way, platform] of Object.entries(transports)) {
  test(`messages come as they are sent, over ${way}`, async () => {
    await using server = await FakeServer.start('alice', 'bob')
    await using me = await sessionOf('alice', server, platform)
    const inbox = me.messages()
    await me.live()
    assert.deepEqual(me.state, { is: 'live', over: platform === hasty ? 'websocket' : 'sse' })
    server.say('bob', '@alice', 'one')
    server.say('bob', '@alice', 'two 👋')
    assert.deepEqual(await texts(inbox, 2), ['one', 'two 👋'])
  })

  test(`a lost connection is resumed without gap or double, over ${way}`, async () => {
    await using server = await FakeServer.start('alice', 'bob', 'carol')
    await using me = await sessionOf('alice', server, platform)
    const gaps = gapsOf(me)
    const inbox = me.messages()
    await me.live()
    const expected: string[] = []
    for (let round = 0; round < 5; round += 1) {
      await server.until(() => server.followers === 1)
      server.say('bob', '@alice', `live ${round}`)
      server.cut()
      server.say('carol', '@alice', `away ${round}`)
      expected.push(`live ${round}`, `away ${round}`)
    }
    assert.deepEqual(await texts(inbox, 10), expected)
    assert.deepEqual(gaps, [])
  })
}

test('behind a cursor what is old comes first, page by page, then what is new, while others speak', async () => {
  await using server = await FakeServer.start('alice', 'bob')
  for (let count = 0; count < 20; count += 1) server.say('bob', '@alice', `old ${count}`)
  await using me = await sessionOf('alice', server)
  const other = me.messages()
  await me.live()
  // The link stands at the head already: this reader has a place of its own.
  const inbox = me.messages({ after: server.log.cursor(3) })
  let said = 0
  server.faults.page = page => {
    server.say('bob', '@alice', `new ${said}`)
    said += 1
    return page
  }
  const all = await texts(inbox, 17)
  server.say('bob', '@alice', 'last')
  const rest = await texts(inbox, said + 1)
  const old = Array.from({ length: 17 }, (_, index) => `old ${index + 3}`)
  const fresh = Array.from({ length: said }, (_, index) => `new ${index}`)
  assert.deepEqual([...all, ...rest], [...old, ...fresh, 'last'])
  assert.deepEqual(await texts(other, said + 1), [...fresh, 'last'])
})

test('from the start is everything that is kept', async () => {
  await using server = await FakeServer.start('alice', 'bob')
  for (let count = 0; count < 7; count += 1) server.say('bob', '@alice', `${count}`)
  await using me = await sessionOf('alice', server)
  assert.deepEqual(await texts(me.messages({ after: 'start' }), 7), ['0', '1', '2', '3', '4', '5', '6'])
})

test('with nothing else reading, a cursor needs no pages: the stream itself begins there', async () => {
  await using server = await FakeServer.start('alice', 'bob')
  for (let count = 0; count < 7; count += 1) server.say('bob', '@alice', `${count}`)
  await using me = await sessionOf('alice', server)
  assert.deepEqual(await texts(me.messages({ after: server.log.cursor(5) }), 2), ['5', '6'])
  assert.ok(!server.asked.includes('GET /v1/entries'))
})

test('entries of every kind come to those who ask for them, messages alone to the others', async () => {
  await using server = await FakeServer.start('alice', 'bob')
  await using me = await sessionOf('alice', server)
  const entries = me.entries()
  const messages = me.messages()
  await me.live()
  server.log.openRoom('team', ['bob', 'alice'])
  server.say('bob', '#team', 'hi')
  assert.deepEqual(
    (await take(entries, 2)).map(({ kind }) => kind),
    ['create', 'text'],
  )
  assert.deepEqual(await texts(messages, 1), ['hi'])
})

const long = (count: number) => `${count} ${'x'.repeat(16_000)}`

test('a slow reader is not kept in memory: it reads the rest as pages, in order, once', async () => {
  await using server = await FakeServer.start('alice', 'bob')
  await using me = await sessionOf('alice', server)
  const slow = me.messages()
  const quick = me.messages()
  await me.live()
  const count = 300 // 4.8 MB, more than the 4 MiB that are kept
  for (let at = 0; at < count; at += 1) {
    server.say('bob', '@alice', long(at))
    await quick.next()
  }
  const expected = Array.from({ length: count }, (_, at) => long(at))
  assert.deepEqual(await texts(slow, count), expected)
  assert.ok(server.asked.includes('GET /v1/entries'))
  server.say('bob', '@alice', 'live again')
  assert.deepEqual(await texts(slow, 1), ['live again'])
})

test('what is dropped while a page is on its way is read with the next one', async () => {
  await using server = await FakeServer.start('alice', 'bob')
  server.say('bob', '@alice', 'old')
  await using me = await sessionOf('alice', server)
  const gaps = gapsOf(me)
  const quick = me.messages()
  await me.live()
  const count = 300
  server.faults.page = async page => {
    server.faults = {}
    for (let at = 0; at < count; at += 1) {
      server.say('bob', '@alice', long(at))
      await quick.next()
    }
    return page
  }
  const slow = me.messages({ after: 'start' })
  assert.deepEqual(await texts(slow, count + 1), ['old', ...Array.from({ length: count }, (_, at) => long(at))])
  assert.deepEqual(gaps, [])
})

test('break ends it, and the last reader takes the connection along', async () => {
  await using server = await FakeServer.start('alice', 'bob')
  await using me = await sessionOf('alice', server)
  const other = me.entries()
  const inbox = me.messages()
  await me.live()
  server.say('bob', '@alice', 'hi')
  for await (const { text } of inbox) {
    assert.equal(text, 'hi')
    break
  }
  assert.deepEqual(await inbox.next(), { done: true, value: undefined })
  assert.equal(me.state.is, 'live')
  await other.return()
  assert.equal(me.state.is, 'idle')
  await server.until(() => server.followers === 0)
})

test('an AbortSignal ends what waits, with its reason', async () => {
  await using server = await FakeServer.start('alice')
  await using me = await sessionOf('alice', server)
  const stop = new AbortController()
  const inbox = me.messages({ signal: stop.signal })
  const waiting = inbox.next()
  await me.live()
  stop.abort(new Error('enough'))
  await assert.rejects(waiting, /enough/)
  assert.equal(me.state.is, 'idle')
  await assert.rejects(me.messages({ signal: stop.signal }).next(), /enough/)
  assert.equal(me.state.is, 'idle')
})

test('the cursor of a feed never runs ahead of what was handed out', async () => {
  await using server = await FakeServer.start('alice', 'bob')
  const start = server.log.cursor(0)
  for (let count = 0; count < 4; count += 1) server.say('bob', '@alice', `${count}`)
  await using me = await sessionOf('alice', server)
  const inbox = me.messages({ after: start })
  assert.equal(inbox.cursor, start)
  await take(inbox, 3)
  assert.equal(inbox.cursor, start, 'the frame of four is not done')
  await take(inbox, 1)
  assert.equal(inbox.cursor, server.log.cursor(4))
  const waiting = inbox.next()
  server.write({ type: 'beat', cursor: server.log.cursor(4).replace('.4.', '.5.') })
  server.say('bob', '@alice', 'five')
  await waiting
  assert.equal(inbox.cursor, server.log.cursor(5))
})

test('soft events come while they can, and die with the session', async () => {
  await using server = await FakeServer.start('alice', 'bob')
  await using me = await sessionOf('alice', server)
  const soft = me.soft()
  await me.live()
  const typing = { kind: 'typing', conversation: 1, who: 'bob' } as const
  server.write({ type: 'soft', events: [typing, { kind: 'presence', who: 'bob', online: true }] })
  assert.deepEqual((await take(soft, 2))[0], typing)
  me.typing('@bob')
  await server.until(() => server.asked.includes('typing @bob'))
  await me.close()
  assert.deepEqual(await soft.next(), { done: true, value: undefined })
})

test('where events come in place of a WebSocket, typing is a request, every 3 s at most, and a refusal is told', async () => {
  await using server = await FakeServer.start('alice', 'bob')
  const clock = new Clock()
  const requests: string[] = []
  const counted: typeof fetch = (input, init) => {
    const { body } = init ?? {}
    if (typeof body === 'string' && body.startsWith('{"to":')) requests.push(body)
    return fetch(input, init)
  }
  await using me = await sessionOf('alice', server, { ...eventsOnly, after: clock.after, fetch: counted })
  const refused = new Promise<Refused>(resolve => me.on('refused', resolve))
  me.soft()
  await me.live()
  for (let count = 0; count < 3; count += 1) me.typing('@bob')
  // Each address counts for itself.
  me.typing('@nobody')
  assert.equal((await refused).code, 'account-unknown')
  const asked = async () => {
    // Whatever is asked too often is asked before this.
    await me.send('@alice', 'written')
    return requests.map(body => (JSON.parse(body) as { to: string }).to)
  }
  clock.pass(2_999)
  me.typing('@bob')
  assert.deepEqual(await asked(), ['@bob', '@nobody'])
  clock.pass(1)
  me.typing('@bob')
  me.typing('@bob')
  assert.deepEqual(await asked(), ['@bob', '@nobody', '@bob'])
  // What was being typed is said: what comes next is told anew.
  await me.send('@bob', 'said')
  me.typing('@bob')
  assert.deepEqual(await asked(), ['@bob', '@nobody', '@bob', '@bob'])
  await server.until(() => server.asked.filter(what => what === 'typing @bob').length === 3)
})
