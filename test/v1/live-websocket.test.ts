// Live delivery over a WebSocket: frames both ways, their bounds, soft events, and what is no upgrade.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { after, before, test } from 'node:test'
import { WebSocket } from 'ws'
import { talkLive } from './listening.ts'
import { freshName, type Person, sendDirect, startV1, type V1Server } from './support.ts'

let server: V1Server
before(async () => {
  server = await startV1()
})
after(() => server[Symbol.asyncDispose]())

test('many sends in flight are answered in order, by their ref, one result a draft', async () => {
  const [alice, bob] = [await server.person(), await server.person()]
  await using talker = await talkLive(server.url, alice.token)
  await using reader = await talkLive(server.url, bob.token)
  await reader.frame('hello')
  for (let ref = 1; ref <= 100; ref += 1) {
    const nobody = { to: '@nobody-of-that-name', text: 'x' } as const
    const message = { to: `@${bob.name}`, text: `m${ref}`, clientId: `c${ref}` } as const
    // Of every third nothing is to be stored: its answer waits for no commit, and yet for its turn.
    talker.say({ type: 'send', ref, messages: ref % 3 === 0 ? [nobody] : [message, nobody] })
    // In a read of its own: together they would be one call of the core.
    await setTimeout(1)
  }
  await talker.frame('sent', frame => frame.ref === 100)
  const sent = talker.frames.filter(frame => frame.type === 'sent')
  assert.deepEqual(
    sent.map(frame => frame.ref),
    Array.from({ length: 100 }, (_, at) => at + 1),
  )
  const seqs = sent.flatMap(({ results: [stored] }) => (stored !== undefined && 'seq' in stored ? [stored.seq] : []))
  assert.equal(seqs.length, 67)
  assert.deepEqual(
    seqs,
    seqs.toSorted((a, b) => a - b),
  )
  for (const { results } of sent) assert.ok('error' in (results.at(-1) ?? {}))
  await reader.text('m100')
  assert.deepEqual(
    reader.entries().map(entry => entry.text),
    sent.filter(({ ref }) => ref % 3 !== 0).map(({ ref }) => `m${ref}`),
  )
})

test('what was sent twice under one client id is stored once', async () => {
  const bob = await server.person()
  await using talker = await talkLive(server.url, bob.token)
  const messages = [{ to: `@${bob.name}` as const, text: 'once', clientId: 'the-same' }]
  talker.say({ type: 'send', ref: 1, messages })
  talker.say({ type: 'send', ref: 2, messages })
  const [first, second] = [
    await talker.frame('sent', ({ ref }) => ref === 1),
    await talker.frame('sent', ({ ref }) => ref === 2),
  ]
  assert.deepEqual({ ...first.results[0], repeated: true }, second.results[0])
})

test('frames that are none are refused by name, and lose nothing else', async () => {
  const bob = await server.person()
  await using talker = await talkLive(server.url, bob.token)
  await talker.frame('hello')
  talker.socket.send('{')
  talker.socket.send('{"type":"fly"}')
  talker.socket.send(`{"type":"send","ref":7,"messages":[{"to":"@${bob.name}"}]}`)
  talker.socket.send(Buffer.from([1, 2, 3]))
  talker.say({ type: 'send', ref: 8, messages: [{ to: `@${bob.name}`, text: 'still' }] })
  await talker.frame('sent', ({ ref }) => ref === 8)
  const refused = talker.frames.filter(frame => frame.type === 'refused')
  assert.deepEqual(
    refused.map(({ error, ref }) => [error, ref]),
    [
      ['malformed', undefined],
      ['malformed', undefined],
      ['field-invalid', 7],
      ['malformed', undefined],
    ],
  )
})

test('who does not begin with start, or has no good token, is told so and closed', async () => {
  await using stranger = await talkLive(server.url, undefined)
  stranger.say({ type: 'beat' })
  assert.equal((await stranger.frame('refused')).error, 'signed-out')
  assert.equal(await stranger.closed, 4401)
  await using forger = await talkLive(server.url, 'not-a-token')
  assert.equal((await forger.frame('refused')).error, 'signed-out')
  assert.equal(await forger.closed, 4401)
})

test('a frame larger than a batch closes the connection, and the server goes on', async () => {
  const bob = await server.person()
  await using talker = await talkLive(server.url, bob.token)
  await talker.frame('hello')
  talker.socket.send('x'.repeat(1_048_577))
  assert.equal(await talker.closed, 1009)
  assert.equal((await server.call('GET', '/v1/me', { token: bob.token })).status, 200)
})

test('typing and read markers reach the other end, outside the log', async () => {
  const [alice, bob] = [await server.person(), await server.person()]
  await sendDirect(server, alice, bob, 'hi')
  await using talker = await talkLive(server.url, alice.token)
  await using reader = await talkLive(server.url, bob.token)
  await talker.frame('hello')
  const hello = await reader.frame('hello')
  talker.say({ type: 'typing', to: `@${bob.name}` })
  const { events } = await reader.frame('soft', frame => frame.events.some(({ kind }) => kind === 'typing'))
  const typing = events.find(({ kind }) => kind === 'typing')
  assert.equal(typing?.who, alice.name)
  const conversation = typing?.kind === 'typing' ? typing.conversation : 0
  reader.say({ type: 'read', conversation, seq: hello.head })
  const read = await talker.frame('soft', frame => frame.events.some(({ kind }) => kind === 'read'))
  const mark = read.events.find(({ kind }) => kind === 'read')
  assert.deepEqual(mark, { kind: 'read', conversation, who: bob.name, seq: hello.head })
  assert.equal(reader.entries().length, 0)
})

test('who has not said who they are is heard only in small frames', async () => {
  await using stranger = await talkLive(server.url, undefined)
  stranger.socket.send(JSON.stringify({ type: 'start', token: 'x', junk: 'x'.repeat(5_000) }))
  assert.equal((await stranger.frame('refused')).error, 'signed-out')
  assert.equal(await stranger.closed, 4401)
})

test('a session that is over says nothing more, also where its client reads nothing', async () => {
  const bob = await server.person()
  await using thief = await talkLive(server.url, bob.token)
  await thief.frame('hello')
  thief.socket.pause()
  const filler = 'x'.repeat(16_000)
  for (let ref = 1; ref <= 8; ref += 1) {
    const messages = Array.from({ length: 60 }, () => ({ to: `@${bob.name}`, text: filler }))
    const { status } = await server.call('POST', '/v1/messages', { token: bob.token, json: { messages } })
    assert.equal(status, 200)
  }
  const { token } = await server.signIn(bob.name, bob.password)
  const json = { current: bob.password, next: 'another good one' }
  assert.equal((await server.call('PUT', '/v1/me/password', { token, json })).status, 204)
  thief.say({ type: 'send', ref: 1, messages: [{ to: `@${bob.name}`, text: 'by the thief' }] })
  // The connection is cut although nobody reads the end.
  thief.socket.resume()
  await thief.ended
  const found = await server.call('GET', '/v1/search?q=thief', { token })
  assert.deepEqual((found.json as { entries: unknown[] }).entries, [])
})

test('read markers in great number are few writes', async () => {
  const [alice, bob] = [await server.person(), await server.person()]
  await sendDirect(server, alice, bob, 'hi')
  await using talker = await talkLive(server.url, bob.token)
  const { head } = await talker.frame('hello')
  const { json } = await server.call('GET', '/v1/conversations', { token: bob.token })
  const { id } = (json as { conversations: { id: number }[] }).conversations[0] ?? { id: 0 }
  for (let at = 0; at < 5_000; at += 1) {
    talker.say({ type: 'read', conversation: id, seq: Number.MAX_SAFE_INTEGER - at })
  }
  talker.say({ type: 'send', ref: 1, messages: [{ to: `@${alice.name}`, text: 'still quick' }] })
  await talker.frame('sent', ({ ref }) => ref === 1)
  await talker.frame('soft', ({ events }) => events.some(({ kind }) => kind === 'read'))
  talker.say({ type: 'send', ref: 2, messages: [{ to: `@${bob.name}`, text: 'and on' }] })
  await talker.frame('sent', ({ ref }) => ref === 2)
  const soft = talker.frames.flatMap(frame => (frame.type === 'soft' ? frame.events : []))
  const marks = soft.flatMap(event => (event.kind === 'read' ? [event.seq] : []))
  // Each mark that moved nothing would have been a write, and would be told.
  assert.equal(marks[0], head)
  assert.ok(marks.length <= 2, `${marks.length} marks`)
})

test('presence is seen by those one writes with, can be hidden, and is not for others', async () => {
  const [alice, bob, eve] = [await server.person(), await server.person(), await server.person()]
  await sendDirect(server, alice, bob, 'hi')
  const seen = async (by: Person) =>
    (await server.call('GET', `/v1/presence/${alice.name}`, { token: by.token })).json as { online: boolean }
  await using watcher = await talkLive(server.url, bob.token)
  await watcher.frame('hello')
  const said = (online: boolean) =>
    watcher.frame('soft', ({ events }) =>
      events.some(event => event.kind === 'presence' && event.who === alice.name && event.online === online),
    )
  await using own = await talkLive(server.url, alice.token)
  await own.frame('hello')
  await said(true)
  assert.deepEqual([await seen(bob), await seen(eve)], [{ online: true }, { online: false }])
  const show = (shown: boolean) => server.call('PUT', '/v1/me/presence', { token: alice.token, json: { shown } })
  assert.equal((await show(false)).status, 204)
  await said(false)
  assert.deepEqual(await seen(bob), { online: false })
  assert.equal((await show(true)).status, 204)
  assert.deepEqual(await seen(bob), { online: true })
  // Of somebody who blocks them, nobody hears anything.
  assert.ok((await server.call('PUT', `/v1/blocks/${bob.name}`, { token: alice.token })).status < 300)
  assert.deepEqual(await seen(bob), { online: false })
})

for (const [what, headers, status] of [
  ['a page of another site', { Origin: 'http://evil.example' }, 403],
  ['a host that is not ours', { Host: 'evil.example' }, 421],
] as const) {
  test(`${what} cannot open one`, async () => {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/v1/live`, ['hullo.v1'], { headers })
    const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number }]
    assert.equal(response.statusCode, status)
    socket.on('error', () => {}).terminate()
  })
}

test('another address, another upgrade and no subprotocol are answered in JSON, without an upgrade', async () => {
  for (const [path, more, wanted] of [
    ['/v1/other', 'Upgrade: websocket\r\nSec-WebSocket-Protocol: hullo.v1\r\n', 404],
    ['/v1/me', 'Upgrade: h2c\r\n', 401],
    ['/v1/live', 'Upgrade: websocket\r\n', 400],
  ] as const) {
    const socket = connect(server.port, '127.0.0.1')
    let answer = ''
    socket.setEncoding('utf8').on('data', (text: string) => {
      answer += text
    })
    socket.end(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n${more}\r\n`)
    await once(socket, 'close')
    assert.match(answer, new RegExp(`^HTTP/1.1 ${wanted} [^]*\\r\\n\\r\\n\\{"`))
  }
})

test('a request that is no upgrade is told what is here', async () => {
  const bob = await server.person()
  const asked = httpRequest(`${server.url}/v1/live`, { headers: { Authorization: `Bearer ${bob.token}` } }).end()
  const [response] = (await once(asked, 'response')) as [{ statusCode: number; resume(): void }]
  response.resume()
  assert.ok([404, 426].includes(response.statusCode))
})

test('a client that sends and does not read is not read from for ever', async () => {
  const own = await startV1()
  const bob = await own.person(freshName())
  const talker = await talkLive(own.url, bob.token)
  await talker.frame('hello')
  talker.socket.pause()
  const messages = Array.from({ length: 100 }, () => ({ to: `@${bob.name}` as const, text: 'x'.repeat(1_000) }))
  for (let ref = 1; ref <= 60; ref += 1) talker.say({ type: 'send', ref, messages })
  // What it sent is stored all the same once it reads again.
  talker.socket.resume()
  await talker.frame('sent', ({ ref }) => ref === 60)
  await talker.frame('entries', ({ entries }) => entries.length > 0)
  await talker[Symbol.asyncDispose]()
  await own.stop()
  await own[Symbol.asyncDispose]()
})
