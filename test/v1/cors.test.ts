// Pages of other origins: those that the operator has named use v1, as a real browser lets them; nobody else does, and
// nobody the lab's routes.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { after, before, describe, test } from 'node:test'
import { missing } from '../support/debian.ts'
import { start } from '../support/program.ts'
import { type Person, startV1, temporaryFolder, type V1Server } from './support.ts'

const friend = 'https://friend.example'
const preflight = (method: string, origin: string) => ({
  Origin: origin,
  'Access-Control-Request-Method': method,
  'Access-Control-Request-Headers': 'authorization,content-type',
  'Sec-Fetch-Site': 'cross-site',
  'Sec-Fetch-Mode': 'cors',
})

const corsOf = (headers: Headers) =>
  Object.fromEntries([...headers].filter(([name, value]) => name.startsWith('access-control-') || value === 'Origin'))

describe('a page of a named origin', () => {
  let server: V1Server
  let bob: Person
  before(async () => {
    server = await startV1(['--allow-origin', friend])
    bob = await server.person()
  })
  after(() => server[Symbol.asyncDispose]())

  test('is told what it may send', async () => {
    const answer = await fetch(`${server.url}/v1/me`, { method: 'OPTIONS', headers: preflight('DELETE', friend) })
    assert.deepEqual([answer.status, await answer.text()], [204, ''])
    assert.deepEqual(corsOf(answer.headers), {
      'access-control-allow-origin': friend,
      'access-control-allow-methods': 'GET, HEAD, DELETE',
      'access-control-allow-headers': 'Authorization, Content-Type, Last-Event-ID',
      'access-control-expose-headers': 'Retry-After',
      'access-control-max-age': '7200',
      vary: 'Origin',
    })
  })

  test('reads answers, refusals and the event stream, but nothing with a cookie', async () => {
    const readable = {
      'access-control-allow-origin': friend,
      'access-control-expose-headers': 'Retry-After',
      vary: 'Origin',
    }
    for (const [path, status] of [
      ['/v1/me', 200],
      ['/v1/conversations/7', 404],
      ['/v1/nothing', 404],
      ['/v1/stream', 200],
      ['/v1/stream?after=nonsense', 400],
    ] as const) {
      const headers = { Authorization: `Bearer ${bob.token}`, Origin: friend, 'Sec-Fetch-Site': 'cross-site' }
      const answer = await fetch(server.url + path, { headers })
      assert.deepEqual([path, answer.status, corsOf(answer.headers)], [path, status, readable])
      await answer.body?.cancel()
    }
    const cookie = { Cookie: `__Host-hullo=${bob.token}` }
    assert.equal((await fetch(`${server.url}/v1/me`, { headers: cookie })).status, 200)
    assert.equal((await fetch(`${server.url}/v1/me`, { headers: { ...cookie, Origin: friend } })).status, 401)
  })

  test('gets no leave from the lab routes and the pages', async () => {
    for (const path of ['/', '/get_messages?username=x', '/docs', '/v1x', '/register']) {
      const answer = await fetch(server.url + path, { headers: { Origin: friend }, redirect: 'manual' })
      assert.deepEqual([path, corsOf(answer.headers)], [path, {}])
      const asked = await fetch(server.url + path, { method: 'OPTIONS', headers: preflight('POST', friend) })
      assert.ok(asked.status >= 400, path)
      assert.deepEqual([path, corsOf(asked.headers)], [path, {}])
    }
  })

  test('gets none where there is nothing', async () => {
    const asked = await fetch(`${server.url}/v1/nothing`, { method: 'OPTIONS', headers: preflight('POST', friend) })
    assert.equal(asked.status, 404)
  })

  for (const origin of [
    'https://evil.example',
    `${friend}.evil.example`,
    `${friend}:8443`,
    'http://friend.example',
    'null',
  ]) {
    test(`is not one of ${origin}`, async () => {
      const asked = await fetch(`${server.url}/v1/me`, { method: 'OPTIONS', headers: preflight('GET', origin) })
      assert.equal(asked.status, 403)
      assert.deepEqual(corsOf(asked.headers), { vary: 'Origin' })
    })
  }
})

test('where no origin is named, there is no such answer', async () => {
  await using server = await startV1()
  const asked = await fetch(`${server.url}/v1/me`, { method: 'OPTIONS', headers: preflight('GET', friend) })
  assert.deepEqual([asked.status, corsOf(asked.headers)], [403, {}])
})

/** What the page does, in the browser; it says what came of each step. */
const page = (url: string) => `<!doctype html><script type="module">
  const said = []
  const step = async (name, run) => said.push([name, await run().catch(error => String(error))])
  const json = { 'Content-Type': 'application/json' }
  const ask = (path, more) => fetch('${url}' + path, more)
  let token
  await step('signs in', async () => {
    const body = JSON.stringify({ name: 'ann', password: 'a good password' })
    const answer = await ask('/v1/sessions', { method: 'POST', headers: json, body })
    token = (await answer.json()).token
    return answer.status
  })
  const headers = { ...json, Authorization: 'Bearer ' + token }
  await step('sends', async () => {
    const body = JSON.stringify({ messages: [{ to: '@ann', text: 'from elsewhere' }] })
    return (await ask('/v1/messages', { method: 'POST', headers, body })).status
  })
  await step('edits', async () => {
    const body = JSON.stringify({ text: 'from afar' })
    return (await ask('/v1/messages/1', { method: 'PATCH', headers, body })).status
  })
  await step('reads a refusal', async () => (await (await ask('/v1/conversations/99', { headers })).json()).code)
  await step('streams', async () => {
    const answer = await ask('/v1/stream', { headers: { Authorization: headers.Authorization } })
    const { value } = await answer.body.getReader().read()
    return new TextDecoder().decode(value).includes('event: hello')
  })
  await step('talks', () => new Promise((resolve, reject) => {
    const socket = new WebSocket('${url}'.replace('http', 'ws') + '/v1/live', 'hullo.v1')
    socket.onopen = () => socket.send(JSON.stringify({ type: 'start', token }))
    socket.onmessage = ({ data }) => resolve(JSON.parse(data).type)
    socket.onerror = () => reject(new Error('no WebSocket'))
  }))
  await step('has no cookie', async () => (await ask('/v1/me', { credentials: 'include' })).status)
  await step('reads a lab route', async () => (await ask('/', {})).status)
  await fetch('/said', { method: 'POST', body: JSON.stringify(said) })
</script>`

describe('a real browser', { skip: missing('chromium') }, () => {
  for (const [what, isNamed, wanted] of [
    [
      'lets a page of a named origin use v1, and the lab routes not',
      true,
      [
        ['signs in', 201],
        ['sends', 200],
        ['edits', 200],
        ['reads a refusal', 'conversation-unknown'],
        ['streams', true],
        ['talks', 'hello'],
        ['has no cookie', 'TypeError: Failed to fetch'],
        ['reads a lab route', 'TypeError: Failed to fetch'],
      ],
    ],
    ['lets no other page do anything', false, undefined],
  ] as const) {
    test(what, { timeout: 60_000 }, async () => {
      using folder = temporaryFolder()
      const said = Promise.withResolvers<unknown>()
      let html = ''
      const site = createServer((request, response) => {
        response.setHeader('Content-Type', 'text/html').end(html)
        if (request.method === 'POST') said.resolve(json(request))
      }).listen(0, '127.0.0.1')
      await once(site, 'listening')
      const origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`
      await using server = await startV1(['--allow-origin', isNamed ? origin : friend])
      await server.person('ann')
      html = page(server.url)
      const flags = [
        '--headless=new',
        '--no-sandbox',
        '--disable-gpu',
        '--no-first-run',
        `--user-data-dir=${folder.dir}`,
      ]
      await using browser = start('/usr/bin/chromium', [...flags, origin])
      const ended = browser.ended.then(() => Promise.reject(new Error(browser.stderr())))
      const steps = (await Promise.race([said.promise, ended])) as [string, unknown][]
      site.close()
      site.closeAllConnections()
      if (wanted !== undefined) assert.deepEqual(steps, wanted)
      else
        for (const [name, outcome] of steps) assert.match(String(outcome), /^(TypeError: |Error: no WebSocket)/, name)
    })
  }
})
