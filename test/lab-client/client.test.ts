// The typed client against servers that speak the lab's table, each in its own way, and against all that do not.
import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { type LabClient, type LabMessage, labClient, parseAddress } from 'hullo/lab/client'
import { answering, flaskLike, onBareConnection, type Running, serve } from './servers.ts'

const quick = { connectMs: 5_000, answerMs: 5_000, waitingMsMax: 5_000, inboxBytesMax: 2 ** 30 }

function clientOf(server: Running | string, more: Parameters<typeof labClient>[1] = {}): LabClient {
  const address = parseAddress(typeof server === 'string' ? server : server.address)
  assert.ok(typeof address !== 'string')
  return labClient(address, { bounds: quick, ...more })
}

async function inbox(client: LabClient, username = 'bob') {
  const messages: LabMessage[] = []
  const received = await client.getMessages(username, message => void messages.push(message))
  return { received, messages }
}

/** What all four calls make of one server: kind and sentence. */
async function verdicts(client: LabClient): Promise<string[]> {
  const results = [
    await client.register('bob', 'secret'),
    await client.authenticate('bob', 'secret'),
    await client.sendMessage('bob', 'will', 'hi'),
    await client.getMessages('bob', () => {}),
  ]
  return results.map(result => (result.ok ? 'ok' : `${result.kind}: ${result.message}`))
}

for (const newline of ['', '\n', '\r\n ']) {
  for (const type of ['text/html; charset=utf-8', 'application/json', 'nonsense']) {
    test(`the whole table works with type ${type} and ${JSON.stringify(newline)} after each answer`, async () => {
      await using server = await flaskLike({ newline, type })
      const client = clientOf(server)
      assert.deepEqual(await client.register('bob', 'b'), { ok: true })
      assert.deepEqual(await client.register('will', 'w'), { ok: true })
      assert.equal((await client.register('bob', 'x')).ok, false)
      assert.deepEqual(await client.authenticate('bob', 'b'), { ok: true })
      assert.deepEqual(await client.sendMessage('bob', 'will', 'grüße\n👋'), { ok: true })
      const { received, messages } = await inbox(client, 'will')
      assert.deepEqual(received, { ok: true, count: 1, unreadable: 0 })
      assert.equal(messages[0]?.message, 'grüße\n👋')
      assert.ok(Math.abs((messages[0]?.timestamp ?? 0) - Date.now() / 1000) < 60)
      assert.deepEqual((await inbox(client, 'bob')).received, { ok: true, count: 0, unreadable: 0 })
    })
  }
}

test('each code is told apart, and named in the sentence', async () => {
  await using server = await flaskLike()
  const client = clientOf(server)
  await client.register('bob', 'b')
  const said = [
    await client.register('bob', 'b'),
    await client.authenticate('nobody', 'b'),
    await client.authenticate('bob', 'x'),
    await client.sendMessage('bob', 'nobody', 'hi'),
  ].map(result => (result.ok ? 'ok' : `${result.kind}: ${result.message}`))
  assert.deepEqual(said, [
    'user-exists: There is a user bob already (code 10).',
    'unknown-user: There is no user nobody (code 11).',
    'wrong-password: The password does not match (code 12).',
    'unknown-user: There is no user nobody (code 11).',
  ])
})

test('every request is a connection of its own with a framed JSON body, as the lab client makes it', async () => {
  await using server = await flaskLike()
  const client = clientOf(server)
  await verdicts(client)
  assert.deepEqual(
    server.seen.map(request => request.line),
    ['POST /register', 'GET /auth', 'POST /', 'GET /get_messages'],
  )
  for (const { headers, body } of server.seen) {
    assert.equal(headers['content-type'], 'application/json')
    assert.equal(Number(headers['content-length']), Buffer.byteLength(JSON.stringify(body)))
    assert.equal(headers.connection, 'close')
    assert.equal(headers['transfer-encoding'], undefined)
  }
  assert.deepEqual(server.seen[1]?.body, { username: 'bob', password: 'secret' })
})

test('no two messages have the same timestamp, which the lab keeps only once', async () => {
  await using server = await answering(200, '1')
  const client = clientOf(server)
  await Promise.all(Array.from({ length: 50 }, () => client.sendMessage('bob', 'will', 'hi')))
  const stamps = server.seen.map(({ body }) => (body as { timestamp: number }).timestamp)
  assert.equal(new Set(stamps).size, 50)
})

test('codes count as refusals whatever their status, and 1 never with a status that says no', async () => {
  for (const [status, body, kind] of [
    [404, '11', 'unknown-user'],
    [401, '12', 'wrong-password'],
    [400, ' 11\n', 'unknown-user'],
    [200, '11', 'unknown-user'],
    [500, '1', 'refused'],
    [404, '1', 'not-messaging'],
    [200, '10', 'unexpected'],
    [200, '2', 'unexpected'],
  ] as const) {
    await using server = await answering(status, body)
    const said = await clientOf(server).authenticate('bob', 'b')
    assert.equal(said.ok ? 'ok' : said.kind, kind, `${status} ${body}`)
  }
})

test('a message sent needs only a good status and JSON, as for the lab client', async () => {
  await using server = await answering(201, '{"message": "hi", "sender": "bob"}')
  assert.deepEqual(await clientOf(server).sendMessage('bob', 'will', 'hi'), { ok: true })
})

test('a quoted code, an empty body and HTML are told to whoever wrote the server', async () => {
  for (const [body, type, pattern] of [
    [
      '"1"',
      'application/json',
      /^unexpected: .* with "1" in quotation marks; the lab has (the number 1, 10, 11 or 12|an object with "messages") there\.$/,
    ],
    ['', 'text/html', /^unexpected: .* with an empty body/],
    ['success', 'text/html', /^unexpected: .* with success;/],
    ['{"error": "x", "message": "y"}', 'text/plain', /^unexpected: .* with \{"error"/],
    ['<!doctype html><p>hi', 'text/html', /^not-messaging: 127.0.0.1:\d+ answers .* with a web page/],
    ['True', 'text/html', /^unexpected: .* with True/],
  ] as const) {
    await using server = await answering(200, body, { 'Content-Type': type })
    for (const said of await verdicts(clientOf(server))) assert.match(said, pattern)
  }
})

test('a refusal of Hullo is told with its sentence, its status and when to try again', async () => {
  const body = JSON.stringify({ error: 'too-many', message: 'too many requests.' })
  await using server = await answering(429, body, { 'Retry-After': '7' })
  const client = clientOf(server)
  const said = 'refused: The server refused: too many requests (429); try again in 7 s.'
  assert.deepEqual(await verdicts(client), [said, said, said, said])
  assert.deepEqual(await client.authenticate('a', 'b'), {
    ok: false,
    kind: 'refused',
    status: 429,
    message: said.slice('refused: '.length),
  })
})

test('error pages are told by their status and reason, never by their markup', async () => {
  for (const [status, reason, pattern] of [
    [
      404,
      'NOT FOUND',
      /^not-messaging: .* has no \w+ \/\w* \(404 NOT FOUND\)\. Either it is not a messaging server, or/,
    ],
    [405, 'METHOD NOT ALLOWED', /^not-messaging: .* \(405 METHOD NOT ALLOWED\)/],
    [415, 'UNSUPPORTED MEDIA TYPE', /^refused: .* with 415 UNSUPPORTED MEDIA TYPE\.$/],
    [500, 'INTERNAL SERVER ERROR', /^refused: The server broke .* \(500 INTERNAL SERVER ERROR\)\. Its own console/],
    [503, '', /^refused: .* with 503 Service Unavailable\.$/],
  ] as const) {
    await using server = await serve((_, response) => {
      if (reason !== '') response.statusMessage = reason
      response.writeHead(status, { 'Content-Type': 'text/html' }).end(`<html>${'x'.repeat(200_000)}</html>`)
    })
    for (const said of await verdicts(clientOf(server))) assert.match(said, pattern)
  }
})

test('AirPlay is recognised by its Server header', async () => {
  await using server = await answering(403, '', { Server: 'AirTunes/675.4.1' })
  for (const said of await verdicts(clientOf(server))) {
    assert.match(
      said,
      /^airplay: What answers at 127.0.0.1:\d+ is AirPlay.* Try 127.0.0.1:\d+, give the server another/,
    )
  }
})

test('nothing listening, an unknown name and a wrong scheme are told apart from a server that answers', async () => {
  const gone = await answering(200, '1')
  await gone[Symbol.asyncDispose]()
  for (const said of await verdicts(clientOf(gone.address))) {
    assert.match(said, /^unreachable: Nothing is listening at 127.0.0.1 port \d+\. Is the server running there\?$/)
  }
  const [unknown] = await verdicts(clientOf('no-such-machine.invalid:5000'))
  assert.match(unknown ?? '', /^unreachable: No machine is known by the name no-such-machine\.invalid\.$/)
  await using server = await answering(200, '1')
  const [tls] = await verdicts(clientOf(`https://${server.address}`))
  assert.match(tls ?? '', /^unreachable: .* does not speak TLS\. Try http:\/\/ instead/)
})

test('without a port in the address, the usual port is suggested', async t => {
  const said = await clientOf('127.0.0.1').authenticate('bob', 'b')
  if (said.ok || said.kind !== 'unreachable') return t.skip('something listens on port 80 here')
  assert.match(said.message, /try 127\.0\.0\.1:5000/)
})

test('a server of another protocol is not a messaging server', async () => {
  await using server = await onBareConnection(socket => socket.end('HELLO. I am the Happy Server :-)\n'))
  for (const said of await verdicts(clientOf(server))) {
    assert.match(said, /^not-messaging: What listens at 127.0.0.1:\d+ does not speak HTTP/)
  }
})

test('a connection that closes, resets or breaks off leaves it unknown what was done', async () => {
  const doubt = [
    /It is not known whether the user was registered\.$/,
    /./,
    /It is not known whether the message was saved\.$/,
    /./,
  ]
  for (const handle of [
    (socket: Socket) => socket.end(),
    (socket: Socket) => socket.resetAndDestroy(),
    (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"mess'),
    (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"m'),
  ]) {
    await using server = await onBareConnection(handle)
    const said = await verdicts(clientOf(server))
    for (const [index, sentence] of said.entries()) {
      assert.match(sentence, /^no-answer: 127.0.0.1:\d+ closed the connection before its answer was complete/)
      assert.match(sentence, doubt[index] ?? /./)
    }
  }
})

test('an answer that is none at all, such as a switch of protocols, does not leave a call waiting', async () => {
  await using server = await onBareConnection(socket => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n')
  })
  for (const said of await verdicts(clientOf(server))) assert.match(said, /^(refused|no-answer): /)
})

test('a server that says nothing, or stops in the middle, is given up', async () => {
  const bounds = { ...quick, answerMs: 100 }
  for (const [text, pattern] of [
    ['', /^no-answer: 127.0.0.1:\d+ did not answer within 0.1 s\./],
    [
      'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"m',
      /^no-answer: 127.0.0.1:\d+ stopped in the middle of its answer\./,
    ],
  ] as const) {
    await using server = await onBareConnection(socket => socket.write(text))
    for (const said of await verdicts(clientOf(server, { bounds }))) assert.match(said, pattern)
  }
})

test('a server that trickles without end is given up too', async () => {
  await using server = await serve((_, response) => {
    response.writeHead(200)
    const timer = setInterval(() => response.write(' '), 5)
    response.on('close', () => clearInterval(timer))
  })
  const said = await inbox(clientOf(server, { bounds: { ...quick, waitingMsMax: 100 } }))
  assert.equal(said.received.ok ? 'ok' : said.received.kind, 'no-answer')
})

test('the signal ends a call that waits, also in the middle of an inbox', async () => {
  await using silent = await onBareConnection(() => {})
  await using partial = await serve((_, response) => {
    response.writeHead(200).write('{"messages":[{"sender":"a","message":"b"},')
  })
  const before = AbortSignal.timeout(50)
  const [, , sent] = await verdicts(clientOf(silent, { signal: before }))
  assert.equal(sent, 'interrupted: Interrupted. It is not known whether the message was saved.')
  const controller = new AbortController()
  const received = await clientOf(partial, { signal: controller.signal }).getMessages('bob', () => controller.abort())
  assert.equal(received.ok ? 'ok' : received.kind, 'interrupted')
})

test('a redirection to the same route with a slash is followed, as the lab client does; another server is named', async () => {
  await using server = await serve(({ line }, response) => {
    if (line.endsWith('/') && line !== 'POST /') return response.end('1')
    return response.writeHead(308, { Location: `${line.split(' ')[1]}/` }).end()
  })
  const client = clientOf(server)
  assert.deepEqual(await client.register('bob', 'b'), { ok: true })
  assert.deepEqual(await client.authenticate('bob', 'b'), { ok: true })
  await using elsewhere = await flaskLike()
  await using away = await answering(308, '', { Location: `http://${elsewhere.address}/auth` })
  const said = await clientOf(away).authenticate('bob', 'b')
  assert.ok(!said.ok && said.message.includes(`sends us on to http://${elsewhere.address}/auth`))
  assert.equal(elsewhere.seen.length, 0)
  await using circle = await answering(307, '', { Location: '/auth' })
  assert.match((await verdicts(clientOf(circle)))[1] ?? '', /round in a circle/)
})

test('one strange message spoils only itself', async () => {
  const body = `\ufeff{"status": "ok", "messages": [
    {"sender": "a", "message": "one", "timestamp": "yesterday", "unknown": [[{}]]},
    {"sender": "a", "message": "two", "timestamp": 1e300}, null, 7, {"sender": "a"},
    {"sender": "a", "message": "three", "timestamp": NaN}, {"sender": "a", "message": "four"} ], "more": {"messages": 1}}`
  await using server = await answering(200, body, { 'Content-Type': 'text/html' })
  const { received, messages } = await inbox(clientOf(server))
  assert.deepEqual(received, { ok: true, count: 4, unreadable: 3 })
  assert.deepEqual(
    messages.map(({ message, timestamp }) => [message, timestamp]),
    ['one', 'two', 'three', 'four'].map(message => [message, undefined]),
  )
})

test('an inbox that is not one is told, and what came of a broken one is kept', async () => {
  for (const [status, body, pattern] of [
    [200, '[]', /^unexpected: .* with \[\]; the lab has an object with "messages"/],
    [200, '{"messages": {}}', /^unexpected: .* with \{"messages": \{\}\};/],
    [200, '11', /^unknown-user: There is no user bob \(code 11\)/],
    [401, '12', /^wrong-password: The server wants the password first/],
    [200, '1', /^unexpected: The server answered 1, which means nothing to get_messages/],
  ] as const) {
    await using server = await answering(status, body)
    assert.match((await verdicts(clientOf(server)))[3] ?? '', pattern)
  }
  await using server = await answering(200, '{"messages": [{"sender": "a", "message": "b"}, {"sen')
  const { received, messages } = await inbox(clientOf(server))
  assert.equal(received.ok ? 'ok' : received.message, 'The answer broke off after 1 messages: it is not complete JSON.')
  assert.equal(messages.length, 1)
})

test('three hundred thousand messages are read one at a time while they arrive, in little memory', async () => {
  const total = 300_000
  await using server = await serve((_, response) => {
    const message = JSON.stringify({ id: 1, sender: 'bob', recipient: 'will', message: 'x'.repeat(200), timestamp: 1 })
    const block = Array.from({ length: 1_000 }, () => message).join(', ')
    function* blocks() {
      yield '{"messages": ['
      for (let sent = 0; sent < total; sent += 1_000) yield sent === 0 ? block : `, ${block}`
      yield ']}'
    }
    Readable.from(blocks()).pipe(response)
  })
  let rssMax = 0
  let count = 0
  // Both ends of 85 MiB are in this process: how long one waits for the other is not what is tested.
  const bounds = { ...quick, waitingMsMax: 600_000 }
  const received = await clientOf(server, { bounds }).getMessages('will', () => {
    if (++count % 10_000 === 0) rssMax = Math.max(rssMax, process.memoryUsage().rss)
  })
  assert.deepEqual(received, { ok: true, count: total, unreadable: 0 })
  assert.ok(rssMax < 400 * 2 ** 20, `${rssMax / 2 ** 20} MiB`) // the answer alone is about 85 MiB, parsed far more
})

test('an inbox beyond the bound is left off there', async () => {
  await using server = await answering(200, `{"messages": [${'{"sender":"a","message":"b"},'.repeat(10_000)}`)
  const said = await inbox(clientOf(server, { bounds: { ...quick, inboxBytesMax: 100_000 } }))
  assert.match(said.received.ok ? 'ok' : said.received.message, /longer than 100000 bytes/)
})
