// What the log holds after all kinds of requests, at the level that says most: methods, routes, statuses; never what
// people wrote.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { letter, startHullo } from './server.ts'
import { exchange } from './wire.ts'

// Each is in one place only, so that a leak tells where it came from.
const secrets = {
  password: 'hunter-in-json',
  formPassword: 'hunter-in-form',
  queryPassword: 'hunter-in-query',
  wrongPassword: 'hunter-wrong',
  basic: 'hunter-in-basic',
  bearer: 'hunter-bearer-token',
  text: 'a-private-sentence',
  brokenJson: 'hunter-in-broken-json',
  path: 'hunter-in-path',
  header: 'hunter-in-header',
  origin: 'hunter-in-origin',
  garbage: 'hunter-in-garbage',
  type: 'hunter-in-type',
  method: 'HUNTER',
  username: 'the-name-of-bob',
} as const

test('the log at its most talkative holds no query, body, password, token or name', async () => {
  await using server = await startHullo(['--log-level', 'debug'])
  const { username } = secrets
  const form = { 'Content-Type': 'application/x-www-form-urlencoded' }
  const basic = Buffer.from(`${username}:${secrets.basic}`).toString('base64')
  await server.register(username, secrets.password)
  await server.ask('GET', '/auth', { json: { username, password: secrets.password } })
  await server.ask('GET', '/auth', { json: { username, password: secrets.wrongPassword } })
  await server.ask('GET', `/auth?username=${username}&password=${secrets.queryPassword}`)
  await server.ask('POST', '/register', {
    body: `username=${username}&password=${secrets.formPassword}`,
    headers: form,
  })
  await server.ask('POST', '/', { json: letter(username, username, secrets.text) })
  await server.ask('POST', '/', { json: letter(username, secrets.text, secrets.text, secrets.text) })
  await server.ask('GET', '/get_messages', { json: { username } })
  await server.ask('GET', '/get_messages', { json: { username }, headers: { Authorization: `Basic ${basic}` } })
  await server.ask('GET', '/get_messages', {
    json: { username },
    headers: { Authorization: `Bearer ${secrets.bearer}` },
  })
  await server.ask('POST', '/register', { body: `{"password": ${secrets.brokenJson}` })
  await server.ask('POST', '/register', { body: `${secrets.brokenJson}=%zz`, headers: form })
  await server.ask('POST', '/register', { body: secrets.type, headers: { 'Content-Type': secrets.type } })
  for (const path of [
    `/${secrets.path}`,
    `/*${secrets.path}`,
    `/:${secrets.path}((`,
    `/%zz${secrets.path}`,
    `//${secrets.path}?${secrets.path}`,
  ]) {
    await server.ask('GET', path)
    await server.ask('POST', path, { json: { password: secrets.password } })
  }
  await server.ask('GET', '/', { headers: { Origin: `http://${secrets.origin}`, Host: secrets.origin } })
  await server.ask('GET', '/auth', { headers: { Origin: `http://${secrets.origin}` } })
  await exchange(server.port, `GET / HTTP/1.1\r\nHost: a\r\nX: ${secrets.header}\0\r\n\r\n`)
  await exchange(server.port, `GET / HTTP/1.1\r\nHost: a\r\nX: ${secrets.header.repeat(2_000)}\r\n\r\n`)
  await exchange(server.port, `${secrets.garbage}\r\n\r\n`)
  await exchange(server.port, `${secrets.method} / HTTP/1.1\r\nHost: a\r\n\r\n`)
  await exchange(server.port, `CONNECT ${secrets.path}:1 HTTP/1.1\r\nHost: a\r\n\r\n`)
  await exchange(server.port, `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{"x": "${secrets.garbage}`, {
    halfClose: true,
  })
  await server.stop()
  const written = server.program.stderr() + server.program.stdout()
  assert.match(written, /"route":"\/auth","status":200/, 'it does log')
  for (const [where, secret] of Object.entries(secrets)) assert.ok(!written.includes(secret), `${where}: ${secret}`)
  assert.ok(!written.includes(basic), 'Authorization')
  assert.doesNotMatch(written, /password|authorization/i)
  assert.doesNotMatch(written, /"level":[56]0/)
})
