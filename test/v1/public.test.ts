// The profile public: TLS or a proxy that has it, cookies, limits; and what every answer of v1 has in common.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { type IncomingHttpHeaders } from 'node:http'
import { request } from 'node:https'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Problem } from '../../src/protocol/v1.ts'
import { missing } from '../support/debian.ts'
import { run } from '../support/program.ts'
import { assertRefused, startV1, temporaryFolder, type V1Server } from './support.ts'

const password = 'a good password'

interface SecureReply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

describe('over TLS', { skip: missing('openssl') }, () => {
  const folder = temporaryFolder()
  const [cert, key] = [join(folder.dir, 'cert.pem'), join(folder.dir, 'key.pem')]
  let server: V1Server
  before(async () => {
    const subject = ['-subj', '/CN=hullo', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '2']
    const kind = ['-x509', '-nodes', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1']
    const made = await run('openssl', ['req', ...kind, '-keyout', key, '-out', cert, ...subject])
    assert.equal(made.code, 0, made.stderr)
    server = await startV1(
      ['--profile', 'public', '--registration', 'open', '--host', '127.0.0.1', '--tls-cert', cert, '--tls-key', key],
      join(folder.dir, 'data'),
    )
  })
  after(async () => {
    await server[Symbol.asyncDispose]()
    folder[Symbol.dispose]()
  })

  function ask(
    method: string,
    path: string,
    json?: unknown,
    headers: Record<string, string> = {},
  ): Promise<SecureReply> {
    const body = json === undefined ? '' : JSON.stringify(json)
    const all = { ...(json === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers }
    return new Promise((resolve, reject) => {
      const options = { method, host: '127.0.0.1', port: server.port, path, ca: readFileSync(cert), headers: all }
      const sent = request(options, answer => {
        let text = ''
        answer.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk
        })
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }))
      })
      sent.on('error', reject).end(body)
    })
  }

  test('prints https, and tells browsers to come back by it', async () => {
    assert.match(server.program.stdout(), /listening on https:\/\/127\.0\.0\.1:\d+$/m)
    const { headers } = await ask('GET', '/v1/me')
    assert.equal(headers['strict-transport-security'], 'max-age=15552000')
  })

  test('a page gets a cookie that no script reads and no other site uses; it signs in, and goes with the session', async () => {
    assert.equal((await ask('POST', '/v1/accounts', { name: 'ann', password })).status, 201)
    const signedIn = await ask('POST', '/v1/sessions', { name: 'ann', password, cookie: true })
    const [cookie = ''] = signedIn.headers['set-cookie'] ?? []
    assert.match(cookie, /^__Host-hullo=[\w-]{43}; Path=\/; Max-Age=7776000; HttpOnly; Secure; SameSite=Strict$/)
    const [pair = ''] = cookie.split(';')
    const Cookie = `theme=dark; ${pair}`
    assert.equal((await ask('GET', '/v1/me', undefined, { Cookie })).status, 200)
    const foreign = await ask('GET', '/v1/me', undefined, { Cookie, Origin: 'https://evil.example' })
    assert.equal(foreign.status, 403)
    const wrong = await ask('GET', '/v1/me', undefined, { Cookie, Authorization: 'Bearer x' })
    assert.equal(wrong.status, 401)
    const out = await ask('DELETE', '/v1/sessions/current', undefined, { Cookie })
    assert.equal(out.status, 204)
    assert.match(out.headers['set-cookie']?.[0] ?? '', /^__Host-hullo=; Path=\/; Max-Age=0;/)
    assert.equal((await ask('GET', '/v1/me', undefined, { Cookie })).status, 401)
  })

  test('who does not ask for a cookie gets none', async () => {
    await ask('POST', '/v1/accounts', { name: 'ben', password })
    const { headers } = await ask('POST', '/v1/sessions', { name: 'ben', password })
    assert.equal(headers['set-cookie'], undefined)
  })

  test('the lab routes are off, and a short password is too short', async () => {
    assert.equal((await ask('GET', '/get_messages?username=ann')).status, 404)
    const weak = await ask('POST', '/v1/accounts', { name: 'cy', password: '1234567' })
    assert.equal((JSON.parse(weak.text) as Problem).field, 'password')
  })

  test('plain HTTP on its port gets no answer of HTTP', async () => {
    await assert.rejects(fetch(`http://127.0.0.1:${server.port}/v1/me`))
  })

  for (const [what, flags, pattern] of [
    ['a certificate without its key', ['--tls-cert', cert], /--tls-cert needs --tls-key/],
    ['a key without its certificate', ['--tls-key', key], /--tls-key needs --tls-cert/],
    [
      'a file that is not there',
      ['--tls-cert', '/no/such.pem', '--tls-key', key],
      /--tls-cert cannot be read.*such\.pem/,
    ],
    ['a file that is no certificate', ['--tls-cert', '/etc/hostname', '--tls-key', key], /do not work together/],
  ] as const) {
    test(`the start is refused with ${what}, in a sentence`, async () => {
      const { code, stdout, stderr } = await run(process.execPath, ['bin/hullo.js', 'serve', ...flags])
      assert.deepEqual([code, stdout], [2, ''])
      assert.match(stderr, pattern)
      assert.doesNotMatch(stderr, /\n {4}at /)
    })
  }
})

describe('behind a proxy that has the certificate', () => {
  let server: V1Server
  before(async () => {
    server = await startV1(['--profile', 'public', '--registration', 'open', '--trust-proxy', '127.0.0.1'])
    await server.person('ann', password)
  })
  after(() => server[Symbol.asyncDispose]())

  const signIn = (headers: Record<string, string>) =>
    server.call('POST', '/v1/sessions', { json: { name: 'ann', password, cookie: true }, headers })

  test('a cookie is set where the proxy was asked over HTTPS, and only there', async () => {
    const secure = await signIn({ 'X-Forwarded-For': '192.0.2.7', 'X-Forwarded-Proto': 'https' })
    assert.equal(secure.status, 201)
    assert.match(secure.headers.get('set-cookie') ?? '', /^__Host-hullo=/)
    assert.equal(secure.headers.get('strict-transport-security'), null)
    for (const headers of [{}, { 'X-Forwarded-Proto': 'http' }, { 'X-Forwarded-Proto': 'https, http' }]) {
      assertRefused(await signIn(headers), 400, 'field-invalid')
    }
  })

  test('guesses at one password are few, from however many addresses; what is known passes', async () => {
    const guess = (address: number) =>
      server.call('POST', '/v1/sessions', {
        json: { name: 'ANN', password: 'wrong' },
        headers: { 'X-Forwarded-For': `198.51.100.${address}` },
      })
    const replies = await Promise.all(Array.from({ length: 30 }, (_, index) => guess(index + 1)))
    const refused = replies.filter(reply => reply.status === 429)
    assert.ok(refused.length >= 5 && refused.length <= 12, `${refused.length} of 30`)
    const [first] = refused
    assert.ok(first !== undefined)
    const problem = assertRefused(first, 429, 'too-many')
    assert.match(problem.detail, /^Too many wrong passwords for this account\. Try again in \d+ (second|minute)s?\.$/)
    assert.equal(first.headers.get('retry-after'), String(problem.retryAfter))
    const known = await server.call('POST', '/v1/sessions', { json: { name: 'ann', password } })
    assert.equal(known.status, 201)
  })

  test('requests of one account are counted over all its addresses', async () => {
    const { token } = await server.signIn('ann', password)
    const ask = (address: number) =>
      server.call('GET', '/v1/me', { token, headers: { 'X-Forwarded-For': `203.0.113.${address % 250}` } })
    const replies = await Promise.all(Array.from({ length: 800 }, (_, index) => ask(index + 1)))
    const refused = replies.find(reply => reply.status === 429)
    assert.ok(refused !== undefined)
    assert.match(assertRefused(refused, 429, 'too-many').detail, /requests of this account/)
  })
})
