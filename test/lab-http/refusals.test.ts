// Every refusal that the lab's routes can give to a request that is HTTP: its status, its headers, its JSON body.
import assert from 'node:assert/strict'
import { gzipSync } from 'node:zlib'
import { after, before, describe, it } from 'node:test'
import { freshName, letter, type RunningServer, startHullo } from './server.ts'
import type { Answer, Ask } from './wire.ts'

function nested(levels: number): string {
  return `{"a": ${'['.repeat(levels)}${']'.repeat(levels)}}`
}

describe('refusals', () => {
  let server: RunningServer
  const [bob, will] = [freshName('bob'), freshName('will')]
  before(async () => {
    server = await startHullo()
    await server.register(bob, 'bob')
    await server.register(will, 'will')
  })
  after(() => server[Symbol.asyncDispose]())

  /** Asks, and expects this status, code and sentence. */
  async function refused(request: [string, string, Ask?], status: number, error: string, message?: RegExp | string) {
    const answer = await server.ask(...request)
    const said = JSON.parse(answer.body) as { error: string; message: string }
    assert.deepEqual([answer.status, said.error], [status, error], answer.body)
    assert.match(answer.headers.get('content-type') ?? '', /^application\/json/)
    assert.deepEqual(Object.keys(said), ['error', 'message'])
    if (typeof message === 'string') assert.equal(said.message, message)
    else if (message !== undefined) assert.match(said.message, message)
    return answer
  }

  const sent = (more: object): [string, string, Ask] => ['POST', '/', { json: { ...letter(bob, will), ...more } }]

  it('a missing field is named, on every route', async () => {
    for (const path of ['/register', '/auth']) {
      const method = path === '/auth' ? 'GET' : 'POST'
      await refused([method, path, { json: { password: 'x' } }], 400, 'field-missing', 'username is missing.')
      await refused([method, path, { json: { username: 'x' } }], 400, 'field-missing', 'password is missing.')
    }
    for (const field of ['sender', 'recipient', 'message', 'timestamp']) {
      await refused(sent({ [field]: undefined }), 400, 'field-missing', `${field} is missing.`)
    }
    await refused(['GET', '/get_messages'], 400, 'field-missing', 'username is missing.')
  })

  it("the lab's client, which prints status and reason phrase only, is told what was wrong", async () => {
    const nobody = freshName('nobody')
    const stranger = freshName('stranger')
    await server.ask('POST', '/register', { json: { username: stranger, password: 'x' }, from: '127.0.0.77' })
    for (const [request, status, reason] of [
      [sent({ recipient: undefined }), 400, 'recipient is missing'],
      [sent({ timestamp: [] }), 400, 'timestamp has the wrong type'],
      [sent({ timestamp: -1 }), 400, 'timestamp is not valid'],
      [sent({ recipient: nobody }), 404, 'No such user'],
      [sent({ sender: stranger }), 401, /^Authenticate first/],
      [['GET', '/get_messages?username=a&username=b', {}], 400, 'username is not valid'],
      [['GET', '/get_messages?hello=a&hello=b', {}], 400, 'A field is not valid'],
      [['POST', '/', { body: '{' }], 400, 'The request cannot be read'],
      [['GET', '/nowhere', {}], 404, 'No such address'],
      [['DELETE', '/auth', {}], 405, /^This address does not accept/],
    ] satisfies [[string, string, Ask], number, string | RegExp][]) {
      const answer = await server.ask(...request)
      assert.equal(answer.status, status, answer.body)
      if (typeof reason === 'string') assert.equal(answer.reason, reason)
      else assert.match(answer.reason, reason)
    }
  })

  it('a slash too many before the path is passed over, and nowhere else', async () => {
    const name = freshName('slash')
    const registered = await server.ask('POST', '//register', { json: { username: name, password: 'x' } })
    assert.deepEqual([registered.status, registered.body], [200, '1'])
    assert.equal((await server.ask('GET', `///auth?username=${name}&password=x`)).body, '1')
    await refused(['GET', '/auth//', {}], 404, 'unknown-route')
    await refused(['GET', '//auth/x', {}], 404, 'unknown-route')
    await refused(['DELETE', '//register', {}], 405, 'method')
  })

  it('a field of another type is named, with what it is', async () => {
    const wrong: [unknown, string][] = [
      [null, 'null'],
      [1, 'a number'],
      [true, 'true or false'],
      [['a'], 'a list'],
      [{ a: 1 }, 'an object'],
    ]
    for (const [value, kind] of wrong) {
      for (const field of ['sender', 'recipient', 'message']) {
        await refused(sent({ [field]: value }), 400, 'field-type', `${field} must be a string, not ${kind}.`)
      }
      if (kind === 'a number') continue
      await refused(sent({ timestamp: value }), 400, 'field-type', `timestamp must be a number, not ${kind}.`)
    }
  })

  it('JSON that is none is malformed, and the sentence does not repeat the body', async () => {
    const bodies = [
      '{',
      '{"a"',
      "{'a': 1}",
      '{"a": 1,}',
      '{"a": NaN}',
      '{} {}',
      '{"password": hunter2}',
      '{"a": "\n"}',
      '{"\\ud8',
    ]
    for (const body of bodies) {
      const answer = await refused(['POST', '/', { body }], 400, 'malformed', /^The body is not JSON: /)
      assert.doesNotMatch(answer.body, /hunter/)
    }
  })

  it('JSON that is no object is malformed', async () => {
    const headers = { 'Content-Type': 'application/json' }
    for (const body of ['[]', '1', '"text"', 'null', 'true']) {
      await refused(['POST', '/', { body, headers }], 400, 'malformed', /^The body is to be a JSON object, not /)
    }
  })

  it('JSON that nests too deep is malformed, be it only as deep as a body can be', async () => {
    await refused(['POST', '/', { body: nested(15) }], 400, 'field-missing')
    await refused(['POST', '/', { body: nested(16) }], 400, 'malformed', /16 levels/)
    await refused(['POST', '/', { body: nested(32_000) }], 400, 'malformed', /16 levels/)
    await refused(['POST', '/', { body: '{"a":'.repeat(13_000) }], 400, 'malformed')
  })

  it('bytes that are no UTF-8 are malformed, also under a charset that allows them', async () => {
    const body = Buffer.from('{"username": "J\xf6rg", "password": "x"}', 'latin1')
    await refused(['POST', '/register', { body }], 400, 'malformed', /UTF-8/)
    const headers = { 'Content-Type': 'application/json; charset=iso-8859-1' }
    await refused(['POST', '/register', { body, headers }], 400, 'malformed', /UTF-8/)
    const wide = Buffer.from('\uFEFF{"username": "a", "password": "x"}', 'utf16le')
    await refused(
      ['POST', '/register', { body: wide, headers: { 'Content-Type': 'application/json; charset=utf-16' } }],
      400,
      'malformed',
    )
  })

  it('a field given twice in a form or a query is named', async () => {
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' }
    await refused(
      ['POST', '/register', { body: 'username=a&username=b&password=c', headers }],
      400,
      'field-invalid',
      'username is given twice.',
    )
    await refused(['GET', '/auth?username=a&password=b&password=c'], 400, 'field-invalid', 'password is given twice.')
  })

  it('a POST without a body is told what it needs; its query does not count', async () => {
    await refused(['POST', '/register?username=a&password=b'], 400, 'malformed', /no body/)
  })

  it('another media type, or a compressed body, is 415', async () => {
    for (const type of [
      'text/plain',
      'application/xml',
      'multipart/form-data; boundary=x',
      'application/octet-stream',
    ]) {
      await refused(['POST', '/register', { body: 'username=a', headers: { 'Content-Type': type } }], 415, 'media-type')
    }
    const body = gzipSync(JSON.stringify({ username: 'a', password: 'b' }))
    const headers = { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' }
    await refused(['POST', '/register', { body, headers }], 415, 'media-type', /compressed/)
  })

  it('an unknown address is 404, a wrong method 405 with Allow', async () => {
    await refused(['GET', '/nowhere'], 404, 'unknown-route')
    await refused(['POST', '/get_message'], 404, 'unknown-route')
    const wrong: [string, string, string][] = [
      ['GET', '/register', 'POST'],
      ['HEAD', '/register', 'POST'],
      ['POST', '/auth', 'GET, HEAD'],
      ['POST', '/get_messages', 'GET, HEAD'],
      ['PUT', '/', 'GET, HEAD, POST'],
      ['DELETE', '/', 'GET, HEAD, POST'],
      ['OPTIONS', '/auth', 'GET, HEAD'],
    ]
    for (const [method, path, allow] of wrong) {
      const answer: Answer = await server.ask(method, path)
      assert.deepEqual([method, path, answer.status, answer.headers.get('allow')], [method, path, 405, allow])
      if (method !== 'HEAD') assert.equal((JSON.parse(answer.body) as { error: string }).error, 'method')
    }
  })

  it('a text beyond 16,384 bytes is too large, counted in UTF-8; one of just that size is taken', async () => {
    const euros = '€'.repeat(5_461) // 16,383 bytes
    assert.equal((await server.ask('POST', '/', { json: letter(bob, will, `${euros}x`) })).body, '1')
    await refused(sent({ message: `${euros}xx` }), 413, 'too-large', /16,385 bytes/)
    assert.equal((await server.ask('POST', '/', { json: letter(bob, will, 'x'.repeat(16_384)) })).body, '1')
    await refused(sent({ message: 'x'.repeat(16_385) }), 413, 'too-large', /^message /)
  })

  it('the largest text passes also as Python writes it, every character escaped', async () => {
    for (const text of ['ä'.repeat(8_192), '🙂'.repeat(4_096)]) {
      const body = JSON.stringify(letter(bob, will, text)).replaceAll(
        /[\u0080-\uffff]/g,
        unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
      )
      assert.equal((await server.ask('POST', '/', { body })).body, '1')
    }
  })

  it('the empty text is a message', async () => {
    assert.equal((await server.ask('POST', '/', { json: letter(bob, will, '') })).body, '1')
  })

  it('an unknown sender or recipient is 404 with 11', async () => {
    for (const json of [letter(freshName(), will), letter(bob, freshName()), letter('', will), letter(bob, '\u202e')]) {
      const { status, body } = await server.ask('POST', '/', { json })
      assert.deepEqual([status, body], [404, '11'])
    }
  })

  it('the order: malformed, unknown sender, not proved, unknown recipient', async () => {
    const [nobody, unproved] = [freshName(), freshName()]
    await server.register(unproved, 'x', '127.0.0.9')
    const ask = async (json: unknown) => {
      const { status, body } = await server.ask('POST', '/', { json })
      return [status, body.length > 2 ? (JSON.parse(body) as { error: string }).error : body]
    }
    assert.deepEqual(await ask({ ...letter(nobody, nobody), timestamp: 'now' }), [400, 'field-invalid'])
    assert.deepEqual(await ask({ ...letter(nobody, nobody), message: 'a\0' }), [400, 'field-invalid'])
    assert.deepEqual(await ask(letter(nobody, nobody)), [404, '11'])
    assert.deepEqual(await ask(letter(unproved, nobody)), [401, '12'])
    assert.deepEqual(await ask(letter(bob, nobody)), [404, '11'])
    assert.deepEqual(await ask(letter(bob, will)), [200, '1'])
  })

  it('a password of nothing or of more than 1,024 bytes is refused, naming it', async () => {
    const username = freshName()
    await refused(
      ['POST', '/register', { json: { username, password: '' } }],
      400,
      'field-invalid',
      'password is empty.',
    )
    const long = { username, password: 'ä'.repeat(513) }
    await refused(['POST', '/register', { json: long }], 400, 'field-invalid', /^password has more than 1,024 bytes/)
    await refused(['GET', '/auth', { json: { ...long, username: bob } }], 400, 'field-invalid', /^password /)
  })
})

describe('registration', () => {
  it('that is closed is 403 for new names and for old', async () => {
    await using server = await startHullo(['--registration', 'closed'])
    const { status, body } = await server.ask('POST', '/register', { json: { username: 'a', password: 'b' } })
    assert.deepEqual([status, (JSON.parse(body) as { error: string }).error], [403, 'registration-closed'])
  })
})
