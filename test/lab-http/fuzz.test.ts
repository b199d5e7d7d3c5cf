// Requests that chance wrote: near to whole ones, so that they get far. Whatever comes, every answer is a whole one with
// a JSON body (`hello` aside), none says 500, and the server is there for the next.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import * as fc from 'fast-check'
import { type RunningServer, startHullo } from './server.ts'
import { type Answer, exchange, readAnswers } from './wire.ts'

const odd = fc.constantFrom(
  '',
  ' ',
  '\0',
  '\r\n',
  '\n',
  ';',
  ',',
  '"',
  '\\',
  '%',
  '%zz',
  '%00',
  '%ff',
  '{',
  '[',
  '}',
  '*',
  ':',
  '//',
  '..',
  '\xff',
  '\xc3\x28',
  '\ud800',
  'é',
  '🙂',
  '__proto__',
  'constructor',
  'toString',
  '0',
  '-1',
  '1e999',
  'null',
  'A'.repeat(3_000),
)
const method = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom('GET', 'POST', 'HEAD') },
  fc.constantFrom('PUT', 'OPTIONS', 'get', 'QUERY', 'TRACE', 'FOO', ''),
)
const path = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('/', '/register', '/auth', '/get_messages') },
  odd.map(part => `/${part}`),
  odd,
)
const name = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('username', 'password', 'sender', 'recipient', 'message', 'timestamp') },
  odd,
)
const value = fc.oneof(odd, fc.constantFrom('bob', '1700000000.5'), fc.string({ unit: 'binary', maxLength: 20 }))
const pairs = fc.array(fc.tuple(name, value), { maxLength: 6 })
const form = pairs.map(list => list.map(([key, val]) => `${key}=${val}`).join('&'))
const encodedForm = pairs.map(list => new URLSearchParams(list).toString())
const json = fc.oneof(
  pairs.map(list => JSON.stringify(Object.fromEntries(list))),
  fc.dictionary(name, fc.jsonValue()).map(object => JSON.stringify(object)),
  fc.json(),
  fc.tuple(fc.json(), fc.nat(40)).map(([text, at]) => text.slice(0, at)),
  fc.nat(40).map(levels => `{"username": ${'['.repeat(levels)}1${']'.repeat(levels)}}`),
)
const body = fc.oneof(json, form, encodedForm, odd)
const query = fc.oneof(
  fc.constant(''),
  form.map(text => `?${text}`),
  encodedForm.map(text => `?${text}`),
)
const header = fc.oneof(
  fc.constantFrom(
    'Content-Type: application/json',
    'Content-Type: application/x-www-form-urlencoded',
    'Content-Type: ;',
    'Content-Type:',
    'Content-Type: application/json; =;"',
    'Content-Type: a/b/c',
    'Content-Type: application/json, text/html',
    'Content-Encoding: gzip',
    'Authorization: Basic Ym9iOmJvYg==',
    'Authorization: Basic',
    'Authorization: Bearer x',
    'Origin: null',
    'Origin: http://127.0.0.1',
    'Sec-Fetch-Site: cross-site',
    'X-Forwarded-For: ,',
    'Forwarded: for=',
    'Accept-Encoding: gzip',
    'Expect: 100-continue',
    'Expect: x',
    'Connection: close',
    'Connection: upgrade',
    'Upgrade: h2c',
    'Host: evil',
    'Host: [::1',
    'Transfer-Encoding: chunked',
    'Transfer-Encoding: gzip',
    'Content-Length: 5',
    'Accept-Version: *',
    'X-HTTP-Method-Override: PUT',
    'Range: bytes=0-1',
    'If-None-Match: *',
  ),
  fc.tuple(odd, odd).map(([key, val]) => `${key}: ${val}`),
)

/** A request: its head may lie about its body, and either may be broken off. */
const request = fc
  .record({
    method,
    path,
    query,
    version: fc.oneof({ weight: 9, arbitrary: fc.constant('1.1') }, fc.constantFrom('1.0', '2.0', '')),
    headers: fc.array(header, { maxLength: 4 }),
    body,
    framing: fc.constantFrom('length', 'length', 'length', 'chunks', 'none', 'short', 'long'),
  })
  .map(({ framing, headers, ...made }) => {
    const bytes = Buffer.from(made.body)
    const length = bytes.length + (framing === 'short' ? -1 : framing === 'long' ? 1 : 0)
    const chunked = framing === 'chunks'
    const frame = chunked ? ['Transfer-Encoding: chunked'] : framing === 'none' ? [] : [`Content-Length: ${length}`]
    const lines = ['Host: 127.0.0.1', ...frame, ...headers].map(line => `${line}\r\n`).join('')
    const head = `${made.method} ${made.path}${made.query} HTTP/${made.version}\r\n${lines}\r\n`
    const end = chunked ? Buffer.from('\r\n0\r\n\r\n') : Buffer.alloc(0)
    const size = chunked ? Buffer.from(`${bytes.length.toString(16)}\r\n`) : Buffer.alloc(0)
    return { method: made.method, bytes: Buffer.concat([Buffer.from(head, 'utf8'), size, bytes, end]) }
  })

/** HEAD's answer has no body, whatever its length says; but a broken request is told so with one, whoever sent it. */
function hasBody(came: Buffer): boolean {
  const [, ...rest] = came.toString('latin1').replace('HTTP/1.1 100 Continue\r\n\r\n', '').split('\r\n\r\n')
  return !/^(HTTP\/1\.1 |$)/.test(rest[0] ?? '')
}

function assertSound({ status, headers, body: text }: Answer, head: boolean): void {
  const statuses = [200, 400, 401, 403, 404, 405, 413, 415, 417, 421]
  assert.ok(statuses.includes(status), `status ${status}`)
  if (status === 405) assert.notEqual(headers.get('allow'), undefined)
  if (head) return
  if (text === 'hello') return
  assert.match(headers.get('content-type') ?? '', /^application\/json/)
  const said: unknown = JSON.parse(text)
  if (typeof said === 'number') assert.ok([1, 10, 11, 12].includes(said))
  else if (status === 200) assert.ok(Array.isArray((said as { messages: unknown }).messages))
  else {
    assert.deepEqual(Object.keys(said as object), ['error', 'message'])
    assert.doesNotMatch(text, /\bat \S+ \(|node_modules|\.ts:|Error:/, 'no stack')
  }
}

describe('requests that chance wrote', () => {
  let server: RunningServer
  before(async () => {
    server = await startHullo(['--log-level', 'debug'])
    await server.register('bob', 'bob')
  })
  after(() => server[Symbol.asyncDispose]())

  it('one at a time, each gets sound answers', async () => {
    await fc.assert(
      fc.asyncProperty(request, async made => {
        const came = await exchange(server.port, made.bytes, { halfClose: true })
        const head = made.method === 'HEAD' && !hasBody(came)
        const answers = readAnswers(came, head ? ['HEAD'] : [])
        assert.ok(answers.length >= 1, 'an answer')
        for (const [index, answer] of answers.entries()) assertSound(answer, head && index === 0)
      }),
      { numRuns: 1_500 },
    )
  })

  it('bytes that are not HTTP at all get an answer or none, and harm nobody', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 300 }), async bytes => {
        const came = await exchange(server.port, bytes, { halfClose: true })
        for (const answer of readAnswers(came)) assertSound(answer, false)
      }),
      { numRuns: 300 },
    )
  })

  it('whole requests in one go are answered one for one', async () => {
    const whole = fc.tuple(
      fc.constantFrom('/register', '/auth', '/', '/get_messages', '/nowhere'),
      fc.constantFrom('GET', 'POST'),
      json,
    )
    await fc.assert(
      fc.asyncProperty(fc.array(whole, { minLength: 2, maxLength: 8 }), async list => {
        const bytes = list.map(
          ([at, verb, text]) =>
            `${verb} ${at} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
        )
        const answers = readAnswers(await exchange(server.port, bytes.join(''), { halfClose: true }))
        assert.equal(answers.length, list.length)
        for (const answer of answers) assertSound(answer, false)
      }),
      { numRuns: 150 },
    )
  })

  it('after all that nothing broke: no error in the log, and bob still signs in', async () => {
    assert.equal((await server.ask('GET', '/auth', { json: { username: 'bob', password: 'bob' } })).body, '1')
    const broke = server.program
      .stderr()
      .split('\n')
      .filter(line => /"level":[56]0/.test(line))
    assert.deepEqual(broke, [])
    await server.stop()
  })
})
