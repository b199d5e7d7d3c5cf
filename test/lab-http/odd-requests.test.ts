// Requests that no ordinary client sends, as bytes. Each gets an answer with a JSON body and a status below 500, or is
// not HTTP at all and is told so; never an empty answer, never a page of HTML.
import assert from 'node:assert/strict'
import { METHODS } from 'node:http'
import { after, before, describe, it } from 'node:test'
import { freshName, type RunningServer, startHullo } from './server.ts'
import { type Answer, exchange, readAnswers } from './wire.ts'

function errorOf({ body }: Answer): string {
  return (JSON.parse(body) as { error: string }).error
}

describe('odd requests', () => {
  let server: RunningServer
  before(async () => {
    server = await startHullo()
  })
  after(() => server[Symbol.asyncDispose]())

  /** The only answer to these bytes, on a connection that says it will send no more. */
  async function answerTo(text: string): Promise<Answer> {
    const answers = readAnswers(await exchange(server.port, Buffer.from(text, 'latin1'), { halfClose: true }))
    assert.equal(answers.length, 1, text.slice(0, 200))
    return answers[0] as Answer
  }

  const host = 'Host: 127.0.0.1\r\n'

  it('a path that would be a pattern to the router is only an unknown route', async () => {
    for (const path of ['/*foo', '/a*b', '/:a((', '/:a', '/*', '/%2a', '/.', '/..', '/register/', '/AUTH']) {
      const answer = await answerTo(`GET ${path} HTTP/1.1\r\n${host}\r\n`)
      assert.deepEqual([path, answer.status, errorOf(answer)], [path, 404, 'unknown-route'])
    }
    assert.equal(server.program.stderr(), '', 'and nothing broke')
  })

  it('every method that HTTP knows is answered, the wrong ones with 405 and Allow', async () => {
    for (const method of METHODS.filter(name => !['GET', 'HEAD'].includes(name))) {
      const answer = await answerTo(`${method} /auth HTTP/1.1\r\n${host}\r\n`)
      const allow = method === 'CONNECT' ? '' : 'GET, HEAD'
      assert.deepEqual([method, answer.status, answer.headers.get('allow')], [method, 405, allow])
      assert.equal(errorOf(answer), 'method')
    }
  })

  it('a wrong method is told so, however the path is written', async () => {
    for (const path of ['/auth', '/%61uth', '/auth?username=a', 'http://127.0.0.1/auth']) {
      const answer = await answerTo(`DELETE ${path} HTTP/1.1\r\n${host}\r\n`)
      assert.deepEqual([path, answer.status, answer.headers.get('allow')], [path, 405, 'GET, HEAD'])
    }
  })

  it('who has finished sending before the answer is ready still gets it', async () => {
    const body = JSON.stringify({ username: freshName(), password: 'secret' })
    const answer = await answerTo(`POST /register HTTP/1.1\r\n${host}Content-Length: ${body.length}\r\n\r\n${body}`)
    assert.deepEqual([answer.status, answer.body], [200, '1'])
  })

  it('requests in one go are answered in order, and so is what comes before garbage', async () => {
    const body = JSON.stringify({ username: freshName(), password: 'secret' })
    const register = `POST /register HTTP/1.1\r\n${host}Content-Length: ${body.length}\r\n\r\n${body}`
    const get = `GET / HTTP/1.1\r\n${host}\r\n`
    const bytes = `${register}${get}GET /nowhere HTTP/1.1\r\n${host}\r\n${register}?? garbage\r\n\r\n`
    const answers = readAnswers(await exchange(server.port, bytes))
    assert.deepEqual(
      answers.map(answer => answer.status),
      [200, 200, 404, 200, 400],
    )
    assert.deepEqual([answers[0]?.body, answers[1]?.body, answers[3]?.body], ['1', 'hello', '10'])
    assert.equal(errorOf(answers[4] as Answer), 'malformed')
  })

  it('what is no request is told so in JSON', async () => {
    const heads = [
      'GET /\r\n',
      'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
      '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
      'hello?\r\n\r\n',
      `GET / HTTP/1.1\r\n${host}X: a\0b\r\n\r\n`,
      `GET / HTTP/1.1\r\n${host}X : a\r\n\r\n`,
      `GET /\xff\xfe HTTP/1.1\r\n${host}\r\n`,
      `GET /a b HTTP/1.1\r\n${host}\r\n`,
      `POST / HTTP/1.1\r\n${host}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      `POST / HTTP/1.1\r\n${host}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`,
      `POST / HTTP/1.1\r\n${host}Content-Length: -2\r\n\r\n{}`,
      `POST / HTTP/1.1\r\n${host}Content-Length: 2x\r\n\r\n{}`,
      `POST / HTTP/1.1\r\n${host}Transfer-Encoding: gzip\r\n\r\n{}`,
      `POST / HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n`,
      `POST / HTTP/1.1\r\n${host}Content-Length: 20\r\n\r\n{"only": "half of`,
      `POST / HTTP/1.1\r\n${host}Content-Length: 20\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n`,
      `GET / HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n2\r\n{`,
    ]
    for (const head of heads) {
      const answer = await answerTo(head)
      assert.deepEqual([head, answer.status, errorOf(answer)], [head, 400, 'malformed'])
    }
  })

  it('a head beyond its bound is too large, be it in a header, in many, or in the address', async () => {
    const heads = [
      `GET / HTTP/1.1\r\n${host}X: ${'a'.repeat(20_000)}\r\n\r\n`,
      `GET / HTTP/1.1\r\n${host}${'X: 1\r\n'.repeat(4_000)}\r\n`,
      `GET /${'a'.repeat(20_000)} HTTP/1.1\r\n${host}\r\n`,
      `GET /${'a'.repeat(5_000_000)} HTTP/1.1\r\n${host}\r\n`,
    ]
    for (const head of heads) {
      const answer = await answerTo(head)
      assert.deepEqual([answer.status, errorOf(answer)], [413, 'too-large'])
    }
  })

  it('one Host, which is a host: none, two, or something else is malformed', async () => {
    const twice = 'Host: 127.0.0.1\r\nHost: example.org\r\n'
    for (const lines of ['', 'Host:\r\n', 'Host: [::1\r\n', 'Host: 127.0.0.1:http\r\n', twice, `${host}${host}`]) {
      const answer = await answerTo(`GET / HTTP/1.1\r\n${lines}\r\n`)
      assert.deepEqual([lines, answer.status, errorOf(answer)], [lines, 400, 'malformed'])
    }
  })

  it('HTTP/1.0 needs no Host', async () => {
    assert.equal((await answerTo('GET / HTTP/1.0\r\n\r\n')).body, 'hello')
  })

  it('an address in absolute form is served, and its host is the one that counts', async () => {
    assert.equal((await answerTo(`GET http://127.0.0.1/ HTTP/1.1\r\n${host}\r\n`)).body, 'hello')
    assert.equal((await answerTo(`GET http://127.0.0.1 HTTP/1.1\r\n${host}\r\n`)).body, 'hello')
    const foreign = await answerTo(`GET http://example.org/auth?username=a&password=b HTTP/1.1\r\n${host}\r\n`)
    assert.deepEqual([foreign.status, errorOf(foreign)], [421, 'foreign-host'])
  })

  it('broken percent-encoding in the path or the query is malformed, never a failure', async () => {
    const path = await answerTo(`GET /%zz HTTP/1.1\r\n${host}\r\n`)
    assert.deepEqual([path.status, errorOf(path)], [400, 'malformed'])
    const query = await answerTo(`GET /auth?username=%zz HTTP/1.1\r\n${host}\r\n`)
    assert.deepEqual([query.status, errorOf(query)], [400, 'field-invalid'])
    const name = await answerTo(`GET /auth?%ff=1 HTTP/1.1\r\n${host}\r\n`)
    assert.deepEqual([name.status, errorOf(name)], [400, 'malformed'])
  })

  it('a client that waits for 100 Continue gets it; another expectation is refused', async () => {
    const bytes = await exchange(
      server.port,
      `POST / HTTP/1.1\r\n${host}Expect: 100-continue\r\nContent-Length: 2\r\n\r\n{}`,
      { halfClose: true },
    )
    assert.match(bytes.toString(), /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 400 /)
    const other = await answerTo(`POST / HTTP/1.1\r\n${host}Expect: wonders\r\nContent-Length: 2\r\n\r\n{}`)
    assert.deepEqual([other.status, errorOf(other)], [417, 'malformed'])
  })

  it('an upgrade is declined: the request is answered as it is', async () => {
    const upgrade = `GET / HTTP/1.1\r\n${host}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`
    assert.equal((await answerTo(upgrade)).body, 'hello')
  })

  it('a body beyond the bound is too large, with and without its length told before', async () => {
    const big = 'a'.repeat(65_537)
    const counted = await answerTo(`POST /register HTTP/1.1\r\n${host}Content-Length: ${big.length}\r\n\r\n${big}`)
    assert.deepEqual([counted.status, errorOf(counted)], [413, 'too-large'])
    const chunk = `${big.length.toString(16)}\r\n${big}\r\n`
    const start = `POST /register HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\n`
    for (const chunks of [1, 80]) {
      const chunked = await answerTo(`${start}${chunk.repeat(chunks)}0\r\n\r\n`)
      assert.deepEqual([chunked.status, errorOf(chunked)], [413, 'too-large'])
    }
  })

  it('a body that never ends is refused before it has ended', async () => {
    const start = `POST /register HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\n`
    const endless = `${start}${`10000\r\n${'a'.repeat(65_536)}\r\n`.repeat(140)}`
    const [answer] = readAnswers(await exchange(server.port, endless))
    assert.equal(answer?.status, 413)
    const announced = `POST /register HTTP/1.1\r\n${host}Content-Length: 99999999999\r\n\r\n{`
    assert.equal(readAnswers(await exchange(server.port, announced))[0]?.status, 413)
  })

  it('a chunked body with trailers and extensions is a body', async () => {
    const body = JSON.stringify({ username: freshName(), password: 'secret' })
    const chunks = body
      .split('')
      .map(char => `1;x=y\r\n${char}\r\n`)
      .join('')
    const request = `POST /register HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\n${chunks}0\r\nX: y\r\n\r\n`
    assert.equal((await answerTo(request)).body, '1')
  })

  it('HEAD is GET without a body, refusals included', async () => {
    const heads = ['/', '/auth?username=nobody&password=x', '/auth', '/nowhere'].map(
      path => `HEAD ${path} HTTP/1.1\r\n${host}Connection: close\r\n\r\n`,
    )
    const statuses = []
    for (const head of heads) {
      const [answer] = readAnswers(await exchange(server.port, head), ['HEAD'])
      assert.notEqual(answer?.headers.get('content-length'), undefined)
      statuses.push(answer?.status)
    }
    assert.deepEqual(statuses, [200, 200, 400, 404])
  })
})
