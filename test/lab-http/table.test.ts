// The lab's table, row by row, as bytes: requests as the lab's client frames them, answers compared byte for byte.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { freshName, inboxOf, letter, type RunningServer, startHullo } from './server.ts'
import { exchange } from './wire.ts'

describe("the lab's table", () => {
  let server: RunningServer
  before(async () => {
    server = await startHullo()
  })
  after(() => server[Symbol.asyncDispose]())

  async function codeOf(method: string, path: string, json: unknown): Promise<readonly [number, string]> {
    const { status, body } = await server.ask(method, path, { json })
    return [status, body]
  }

  it('GET / says hello', async () => {
    const { status, body, headers } = await server.ask('GET', '/')
    assert.deepEqual([status, body], [200, 'hello'])
    assert.match(headers.get('content-type') ?? '', /^text\/plain/)
  })

  it('register: 1, and 10 for a name that exists, in whatever letter case', async () => {
    const username = freshName('Bob')
    assert.deepEqual(await codeOf('POST', '/register', { username, password: 'bob' }), [200, '1'])
    assert.deepEqual(await codeOf('POST', '/register', { username, password: 'other' }), [200, '10'])
    assert.deepEqual(await codeOf('POST', '/register', { username: username.toUpperCase(), password: 'x' }), [
      200,
      '10',
    ])
  })

  it('auth, a GET with a JSON body: 1, 11 for no such user, 12 for the wrong password', async () => {
    const username = freshName()
    await server.register(username, 'bob')
    assert.deepEqual(await codeOf('GET', '/auth', { username, password: 'bob' }), [200, '1'])
    assert.deepEqual(await codeOf('GET', '/auth', { username: freshName(), password: 'bob' }), [200, '11'])
    for (const password of ['will', 'BOB', 'bob ', '', 'b'.repeat(1_024)]) {
      assert.deepEqual(await codeOf('GET', '/auth', { username, password }), [200, '12'], JSON.stringify(password))
    }
  })

  it('a code is the whole body: one JSON number, no newline, with its length', async () => {
    const username = freshName()
    const body = JSON.stringify({ username, password: 'bob' })
    const head = `POST /register HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n`
    const answer = (await exchange(server.port, `${head}Connection: close\r\n\r\n${body}`)).toString('latin1')
    assert.match(answer, /^HTTP\/1\.1 200 OK\r\n/)
    assert.match(answer, /\r\ncontent-length: 1\r\n/i)
    assert.match(answer, /\r\ncontent-type: application\/json; charset=utf-8\r\n/i)
    assert.match(answer, /\r\n\r\n1$/)
  })

  it('send, then get_messages: the messages to that user, oldest first, with the fields of the table', async () => {
    const [bob, will] = [freshName('bob'), freshName('will')]
    await server.register(bob)
    await server.register(will)
    for (const text of ['one', 'two', 'three']) {
      assert.deepEqual(await codeOf('POST', '/', letter(bob, will, text)), [200, '1'])
    }
    assert.deepEqual(await codeOf('POST', '/', letter(will, bob, 'an answer')), [200, '1'])
    const rows = await inboxOf(server, will)
    assert.deepEqual(
      rows.map(({ sender, recipient, message, timestamp }) => ({ sender, recipient, message, timestamp })),
      ['one', 'two', 'three'].map(text => letter(bob, will, text)),
    )
    const ids = rows.map(row => row.id)
    assert.deepEqual(
      ids,
      ids.toSorted((a, b) => a - b),
    )
    assert.ok(ids.every(id => Number.isInteger(id) && id > 0))
    assert.deepEqual(
      (await inboxOf(server, bob)).map(row => row.message),
      ['an answer'],
    )
  })

  it('an inbox without messages is an empty list, byte for byte', async () => {
    const username = freshName()
    await server.register(username)
    assert.deepEqual(await codeOf('GET', '/get_messages', { username }), [200, '{"messages": []}'])
  })

  it('the same message twice is two messages, also with the same timestamp', async () => {
    const [bob, will] = [freshName('bob'), freshName('will')]
    await server.register(bob)
    await server.register(will)
    for (let count = 0; count < 2; count += 1) await codeOf('POST', '/', letter(bob, will, 'again'))
    assert.equal((await inboxOf(server, will)).length, 2)
  })

  it('one may write to oneself, and has it once', async () => {
    const username = freshName()
    await server.register(username)
    assert.deepEqual(await codeOf('POST', '/', letter(username, username, 'a note')), [200, '1'])
    assert.deepEqual(
      (await inboxOf(server, username)).map(row => row.message),
      ['a note'],
    )
  })

  it('names in another letter case are the same people, shown as they registered', async () => {
    const [bob, will] = [freshName('Bob'), freshName('Will')]
    await server.register(bob)
    await server.register(will)
    assert.deepEqual(await codeOf('POST', '/', letter(bob.toLowerCase(), will.toUpperCase())), [200, '1'])
    const [row] = await inboxOf(server, will.toLowerCase())
    assert.deepEqual([row?.sender, row?.recipient], [bob, will])
  })

  it('messages of several senders come in the order in which they were sent', async () => {
    const [ann, bob, will] = [freshName('ann'), freshName('bob'), freshName('will')]
    for (const name of [ann, bob, will]) await server.register(name)
    const sent: string[] = []
    for (let count = 0; count < 12; count += 1) {
      const text = `number ${count}`
      await codeOf('POST', '/', letter(count % 3 === 0 ? ann : count % 3 === 1 ? bob : will, will, text))
      sent.push(text)
    }
    assert.deepEqual(
      (await inboxOf(server, will)).map(row => row.message),
      sent,
    )
  })

  it('GET takes its fields from a JSON body, a query or a form; POST from JSON or a form', async () => {
    const username = `${freshName('Zoë')} + & %`.replace(/[+&%]/g, 'x')
    await server.register(username, 'a+b &=%ü')
    const form = new URLSearchParams({ username, password: 'a+b &=%ü' }).toString()
    const typed = { 'Content-Type': 'application/x-www-form-urlencoded' }
    assert.equal((await server.ask('GET', `/auth?${form}`)).body, '1')
    assert.equal((await server.ask('GET', '/auth', { body: form, headers: typed })).body, '1')
    assert.equal((await server.ask('POST', '/register', { body: form, headers: typed })).body, '10')
    assert.equal((await server.ask('GET', `/get_messages?username=${encodeURIComponent(username)}`)).status, 200)
  })

  it('a body counts, and the query beside it does not', async () => {
    const username = freshName()
    await server.register(username, 'right')
    const query = '?username=nobody&password=wrong'
    assert.equal((await server.ask('GET', `/auth${query}`, { json: { username, password: 'right' } })).body, '1')
  })

  it('a body that begins with { is JSON, whatever its type says or does not say', async () => {
    const json = JSON.stringify({ username: freshName(), password: 'x' })
    const types = [
      'application/x-www-form-urlencoded',
      'text/plain',
      'multipart/form-data',
      'nonsense',
      '',
      ';;;',
      'a/b; =',
    ]
    for (const type of types) {
      const headers = { 'Content-Type': type }
      assert.equal((await server.ask('GET', '/auth', { body: ` \r\n${json}`, headers })).body, '11', type)
    }
    assert.equal((await server.ask('GET', '/auth', { body: json })).body, '11')
    assert.equal((await server.ask('GET', '/auth', { body: `\uFEFF${json}` })).body, '11', 'with a byte order mark')
  })

  it('fields that nobody asked for are passed over, __proto__ among them', async () => {
    const username = freshName()
    const body = `{"__proto__": {"username": "x", "admin": true}, "constructor": 1, "username": "${username}", "password": "p", "x": [[{}]]}`
    assert.equal((await server.ask('POST', '/register', { body })).body, '1')
    const polluted = await server.ask('GET', '/auth', { body: '{"__proto__": {"username": "a", "password": "b"}}' })
    assert.equal(polluted.status, 400, 'what a prototype holds is no field')
  })
})
