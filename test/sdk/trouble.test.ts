// What goes wrong while reading: gaps, a log that was rolled back or cut, silence, refusals, networks without WebSockets.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refused, type State } from '../../src/sdk/sdk.ts'
import { Clock } from './clock.ts'
import { FakeServer } from './fake-server.ts'
import { eventsOnly, gapsOf, hasty, sessionOf, take, texts } from './session.ts'

test('a frame that did not come is noticed and read again', async () => {
  await using server = await FakeServer.start('alice', 'bob', 'carol')
  await using me = await sessionOf('alice', server)
  const gaps = gapsOf(me)
  const inbox = me.messages()
  await me.live()
  server.say('bob', '@alice', '1')
  server.faults.tamper = () => undefined
  server.say('bob', '@alice', '2')
  server.faults = {}
  server.say('carol', '@alice', 'between')
  server.say('bob', '@alice', '3')
  assert.deepEqual((await texts(inbox, 4)).toSorted(), ['1', '2', '3', 'between'])
  assert.deepEqual(gaps, [{ conversation: 1, seq: 4, prev: 2, seen: 1, lasting: false }])
  server.say('bob', '@alice', '4')
  assert.deepEqual(await texts(inbox, 1), ['4'])
  assert.equal(gaps.length, 1)
})

test('the first entry of a conversation is missed too', async () => {
  await using server = await FakeServer.start('alice', 'bob')
  await using me = await sessionOf('alice', server)
  const gaps = gapsOf(me)
  const inbox = me.messages()
  await me.live()
  server.faults.tamper = () => undefined
  server.say('bob', '@alice', '1')
  server.faults = {}
  server.say('bob', '@alice', '2')
  assert.deepEqual(await texts(inbox, 2), ['1', '2'])
  assert.deepEqual(gaps, [{ conversation: 1, seq: 2, prev: 1, seen: undefined, lasting: false }])
})

test('a gap that stays is told as one that stays, and reading goes on', async () => {
  await using server = await FakeServer.start('alice', 'bob')
  await using me = await sessionOf('alice', server)
  const gaps = gapsOf(me)
  const inbox = me.messages()
  await me.live()
  const without = (entries: unknown) => (entries as { text?: string }[]).filter(({ text }) => text !== 'lost')
  server.faults.tamper = frame =>
    frame.type === 'entries' ? { ...frame, entries: without(frame.entries) as never } : frame
  server.faults.page = page => ({ ...page, entries: without(page['entries']) })
  for (const text of ['1', 'lost', '3']) server.say('bob', '@alice', text)
  assert.deepEqual(await texts(inbox, 2), ['1', '3'])
  server.say('bob', '@alice', '4')
  assert.deepEqual(await texts(inbox, 1), ['4'])
  assert.deepEqual(
    gaps.map(({ seq, lasting }) => ({ seq, lasting })),
    [
      { seq: 3, lasting: false },
      { seq: 3, lasting: true },
    ],
  )
})

test('what comes twice is handed on once', async () => {
  await using server = await FakeServer.start('alice', 'bob')
  await using me = await sessionOf('alice', server)
  const inbox = me.messages()
  await me.live()
  server.faults.tamper = frame =>
    frame.type === 'entries' ? { ...frame, entries: [...frame.entries, ...frame.entries] } : frame
  server.say('bob', '@alice', '1')
  server.say('bob', '@alice', '2')
  assert.deepEqual(await texts(inbox, 2), ['1', '2'])
})

test('leaving a room and coming back is no gap', async () => {
  await using server = await FakeServer.start('alice', 'bob')
  await using me = await sessionOf('alice', server)
  const gaps = gapsOf(me)
  const entries = me.entries()
  await me.live()
  const room = server.log.openRoom('team', ['bob', 'alice'])
  server.say('bob', '#team', 'in')
  server.log.leave(room, 'alice')
  server.say('bob', '#team', 'out')
  server.log.join(room, 'alice')
  server.say('bob', '#team', 'in again')
  assert.deepEqual(
    (await take(entries, 5)).map(({ kind, text }) => text ?? kind),
    ['create', 'in', 'leave', 'join', 'in again'],
  )
  assert.deepEqual(gaps, [])
})

for (const [way, platform] of Object.entries({ live: hasty, 'in events': eventsOnly })) {
  test(`a log that was rolled back is told in its place, ${way}`, async () => {
    await using server = await FakeServer.start('alice', 'bob')
    await using me = await sessionOf('alice', server, platform)
    const updates = me.updates({ after: server.log.cursor(0) })
    await me.live()
    for (const text of ['1', '2', '3']) server.say('bob', '@alice', text)
    const before = await take(updates, 3)
    assert.ok(before.every(({ type }) => type === 'entries'))
    server.log.rollBack(1)
    server.cut()
    server.say('bob', '@alice', 'two')
    const [diverged, entries] = await take(updates, 2)
    assert.deepEqual(diverged, { type: 'diverged', shared: 1 })
    assert.ok(entries?.type === 'entries')
    assert.deepEqual(
      entries.entries.map(({ seq, text }) => ({ seq, text })),
      [{ seq: 2, text: 'two' }],
    )
    assert.equal(entries.cursor, server.log.cursor(2))
  })
}

test('a roll-back that is lost right after the hello is told with the next one', async () => {
  await using server = await FakeServer.start('alice', 'bob')
  await using me = await sessionOf('alice', server)
  const updates = me.updates({ after: server.log.cursor(0) })
  await me.live()
  for (const text of ['1', '2']) server.say('bob', '@alice', text)
  await take(updates, 2)
  server.log.rollBack(1)
  server.faults.loseAfterHello = 1
  server.cut()
  assert.deepEqual(await take(updates, 1), [{ type: 'diverged', shared: 1 }])
})

test('a page says it too, and that what was kept begins later', async () => {
  await using server = await FakeServer.start('alice', 'bob')
  for (let count = 1; count <= 9; count += 1) server.say('bob', '@alice', `${count}`)
  const old = server.log.cursor(9)
  server.log.rollBack(5)
  server.log.floor = 4
  await using me = await sessionOf('alice', server)
  const other = me.updates()
  await me.live()
  const told: unknown[] = []
  me.on('diverged', event => told.push(event))
  me.on('truncated', event => told.push(event))
  server.say('bob', '@alice', 'six')
  const [diverged, six] = await take(me.updates({ after: old }), 2)
  assert.deepEqual(diverged, { type: 'diverged', shared: 5 })
  assert.deepEqual(six?.type === 'entries' && six.entries.map(({ text }) => text), ['six'])
  const [truncated, rest] = await take(me.updates({ after: server.log.cursor(1).replace('e2', 'e1') }), 2)
  assert.deepEqual(truncated, { type: 'truncated', floor: 4 })
  assert.deepEqual(rest?.type === 'entries' && rest.entries.map(({ text }) => text), ['4', '5', 'six'])
  assert.deepEqual(told, [{ shared: 5 }, { floor: 4 }])
  await other.return()
})

test('a cursor below the floor goes on from the floor, live', async () => {
  await using server = await FakeServer.start('alice', 'bob')
  for (let count = 1; count <= 4; count += 1) server.say('bob', '@alice', `${count}`)
  server.log.floor = 3
  await using me = await sessionOf('alice', server)
  const [truncated, rest] = await take(me.updates({ after: server.log.cursor(1) }), 2)
  assert.deepEqual(truncated, { type: 'truncated', floor: 3 })
  assert.deepEqual(rest?.type === 'entries' && rest.entries.map(({ text }) => text), ['3', '4'])
})

test('the end of the session ends what reads, with its refusal', async () => {
  await using server = await FakeServer.start('alice')
  await using me = await sessionOf('alice', server)
  const inbox = me.messages()
  const waiting = inbox.next()
  await me.live()
  server.end('session-over')
  await assert.rejects(waiting, error => error instanceof Refused && error.code === 'signed-out')
  assert.equal(me.state.is, 'over')
  assert.throws(() => me.messages(), { code: 'signed-out' })
  await assert.rejects(me.send('@alice', 'hi'), { code: 'signed-out' })
})

test('an answer that the session is over ends what reads, though the live connection has not heard of it', async () => {
  await using server = await FakeServer.start('alice')
  await using me = await sessionOf('alice', server)
  const waiting = me.messages().next()
  await me.live()
  server.log.accounts.delete('alice')
  await assert.rejects(me.own.view(), { code: 'signed-out' })
  assert.equal(me.state.is, 'over')
  await assert.rejects(waiting, { code: 'signed-out' })
})

for (const reason of ['stopping', 'renew'] as const) {
  test(`a stream that ends with ${reason} is begun again`, async () => {
    await using server = await FakeServer.start('alice', 'bob')
    await using me = await sessionOf('alice', server)
    const inbox = me.messages()
    await me.live()
    server.end(reason)
    server.say('bob', '@alice', 'meanwhile')
    assert.deepEqual(await texts(inbox, 1), ['meanwhile'])
  })
}

test('a cursor that is none is refused, and the session lives on', async () => {
  await using server = await FakeServer.start('alice', 'bob')
  for (const platform of [hasty, eventsOnly]) {
    await using me = await sessionOf('alice', server, platform)
    await assert.rejects(me.messages({ after: 'rubbish' }).next(), { code: 'field-invalid' })
    const inbox = me.messages()
    await me.live()
    await assert.rejects(me.messages({ after: 'rubbish' }).next(), { code: 'field-invalid' })
    server.say('bob', '@alice', 'hi')
    assert.deepEqual(await texts(inbox, 1), ['hi'])
  }
})

test('a token that is not good is refused over both', async () => {
  await using server = await FakeServer.start('alice')
  for (const platform of [hasty, eventsOnly]) {
    await using me = await sessionOf('alice', server, platform)
    server.log.accounts.delete('alice')
    await assert.rejects(me.messages().next(), { code: 'signed-out' })
    server.log.addAccount('alice')
  }
})

test('where WebSockets are refused, events come in their place, and messages go as requests', async () => {
  await using server = await FakeServer.start('alice', 'bob')
  server.faults.webSockets = 'closed'
  await using me = await sessionOf('alice', server)
  const inbox = me.messages()
  await me.live()
  assert.deepEqual(me.state, { is: 'live', over: 'sse' })
  await me.send('@bob', 'hi')
  assert.deepEqual(await texts(inbox, 1), ['hi'])
  assert.deepEqual(
    server.batches.map(({ over }) => over),
    ['http'],
  )
  me.typing('@bob') // nothing to tell it with, and no reason to fail
})

test('a WebSocket that is never answered is given up after 10 s', async () => {
  await using server = await FakeServer.start('alice')
  server.faults.webSockets = 'mute'
  const clock = new Clock()
  await using me = await sessionOf('alice', server, { after: clock.after })
  const inbox = me.messages()
  await server.until(() => server.asked.includes('GET /v1/live'))
  clock.pass(10_000)
  await me.live()
  assert.deepEqual(me.state, { is: 'live', over: 'sse' })
  await inbox.return()
})

for (const [way, platform] of Object.entries({ websocket: {}, sse: { WebSocket: undefined } })) {
  test(`a connection that says nothing for 30 s is given up: ${way}`, async () => {
    await using server = await FakeServer.start('alice', 'bob')
    const clock = new Clock()
    await using me = await sessionOf('alice', server, { ...platform, ...hasty, after: clock.after })
    const inbox = me.messages()
    await me.live()
    clock.pass(20_000)
    server.say('bob', '@alice', 'a sign of life')
    await take(inbox, 1)
    assert.equal(server.asked.filter(what => what.endsWith('/live') || what.endsWith('/stream')).length, 1)
    clock.pass(29_000)
    assert.equal(me.state.is, 'live')
    clock.pass(1_000)
    assert.equal(me.state.is, 'waiting')
    clock.pass(50)
    await me.live()
    server.say('bob', '@alice', 'back')
    assert.deepEqual(await texts(inbox, 1), ['back'])
  })
}

test('attempts grow rarer, up to half a minute, and can be hastened', async () => {
  await using server = await FakeServer.start('alice', 'bob')
  const clock = new Clock()
  await using me = await sessionOf('alice', server, {
    WebSocket: undefined,
    after: clock.after,
    random: () => 0.999_999,
  })
  server.faults.streamStatus = 503
  const inbox = me.messages()
  const waits: number[] = []
  const states = me.states()
  while (waits.length < 9) {
    const { value } = (await states.next()) as { value: State }
    if (value.is !== 'waiting') continue
    waits.push(Math.round(value.waitMs))
    if (waits.length < 9) clock.pass(value.waitMs)
  }
  assert.deepEqual(waits, [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000])
  server.faults = {}
  me.reconnect()
  await me.live()
  server.say('bob', '@alice', 'hi')
  assert.deepEqual(await texts(inbox, 1), ['hi'])
})

test('frames that are unknown are passed over, broken ones end the connection', async () => {
  await using server = await FakeServer.start('alice', 'bob')
  await using me = await sessionOf('alice', server)
  const inbox = me.messages()
  await me.live()
  server.write({ type: 'news', of: 'a later version' } as never)
  server.say('bob', '@alice', '1')
  server.write({ type: 'entries', cursor: 'x', entries: [{ seq: '2' }] } as never)
  server.say('bob', '@alice', '2')
  assert.deepEqual(await texts(inbox, 2), ['1', '2'])
  assert.equal(server.asked.filter(what => what === 'GET /v1/live').length, 2)
})
