// What a page elsewhere can make a browser send to a server on loopback. The headers are those that browsers add and
// pages cannot change: Origin, Sec-Fetch-*, Host.
import assert from 'node:assert/strict'
import { hostname } from 'node:os'
import { after, before, describe, it } from 'node:test'
import { freshName, inboxOf, letter, type RunningServer, startHullo } from './server.ts'
import type { Answer } from './wire.ts'

function refusalOf({ status, body }: Answer): readonly [number, string] {
  return [status, (JSON.parse(body) as { error: string }).error]
}

const foreignOrigin = [403, 'foreign-origin'] as const
const foreignHost = [421, 'foreign-host'] as const

describe('a browser', () => {
  let server: RunningServer
  const [ann, ben] = [freshName('ann'), freshName('ben')]
  before(async () => {
    server = await startHullo(['--public-url', 'https://chat.example.org/', '--allow-origin', 'https://friend.example'])
    await server.register(ann)
    await server.register(ben)
  })
  after(() => server[Symbol.asyncDispose]())

  const form = new URLSearchParams(
    Object.entries(letter(ann, ben, 'forged')).map(([k, v]) => [k, String(v)]),
  ).toString()
  const formType = { 'Content-Type': 'application/x-www-form-urlencoded' }

  async function sentForm(headers: Record<string, string>): Promise<Answer> {
    return server.ask('POST', '/', { body: form, headers: { ...formType, ...headers } })
  }

  it('cannot send with a form of another site, not even from an address that is proved', async () => {
    assert.deepEqual(
      refusalOf(await sentForm({ Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' })),
      foreignOrigin,
    )
    assert.deepEqual(refusalOf(await sentForm({ Origin: 'https://evil.example' })), foreignOrigin, 'an older browser')
    assert.deepEqual(refusalOf(await sentForm({ 'Sec-Fetch-Site': 'cross-site' })), foreignOrigin)
    assert.deepEqual(await inboxOf(server, ben), [], 'and nothing arrived')
  })

  it('cannot send JSON dressed as plain text from another site, without a preflight', async () => {
    const headers = { 'Content-Type': 'text/plain', Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' }
    const body = JSON.stringify(letter(ann, ben, 'forged'))
    assert.deepEqual(refusalOf(await server.ask('POST', '/', { body, headers })), foreignOrigin)
  })

  it('cannot read, sign in or register with an image or a script of another site', async () => {
    const image = { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'no-cors', 'Sec-Fetch-Dest': 'image' }
    for (const path of [`/get_messages?username=${ben}`, `/auth?username=${ann}&password=secret`, '/nowhere']) {
      assert.deepEqual(refusalOf(await server.ask('GET', path, { headers: image })), foreignOrigin, path)
    }
  })

  it('cannot do it from another port of this machine, which is the same site', async () => {
    const port = server.port === 8_080 ? 8_081 : 8_080
    const headers = { Origin: `http://127.0.0.1:${port}`, 'Sec-Fetch-Site': 'same-site' }
    assert.deepEqual(refusalOf(await sentForm(headers)), foreignOrigin)
    assert.deepEqual(refusalOf(await sentForm({ Origin: headers.Origin })), foreignOrigin)
    assert.deepEqual(
      refusalOf(
        await server.ask('GET', `/get_messages?username=${ben}`, { headers: { 'Sec-Fetch-Site': 'same-site' } }),
      ),
      foreignOrigin,
    )
  })

  it('cannot do it from a file, a sandboxed frame, or through a redirect: their origin is null', async () => {
    assert.deepEqual(refusalOf(await sentForm({ Origin: 'null' })), foreignOrigin)
    assert.deepEqual(refusalOf(await sentForm({ Origin: 'null', 'Sec-Fetch-Site': 'same-origin' })), foreignOrigin)
  })

  it('cannot do it under a name that an attacker points at this machine', async () => {
    for (const name of [
      'evil.example',
      'localhost.evil.example',
      '127.0.0.1.evil.example',
      'evil',
      'a@127.0.0.1',
      '2130706433',
      '0x7f.1',
    ]) {
      const Host = `${name}:${server.port}`
      const headers = { Host, Origin: `http://${Host}`, 'Sec-Fetch-Site': 'same-origin' }
      assert.deepEqual(
        refusalOf(await server.ask('GET', `/get_messages?username=${ben}`, { headers })),
        foreignHost,
        name,
      )
      assert.deepEqual(
        refusalOf(await server.ask('GET', '/', { headers: { Host } })),
        foreignHost,
        'nor the first page',
      )
    }
  })

  it("may do everything from this server's own pages, by every name that is this server's", async () => {
    const machine = hostname().toLowerCase()
    const names = [
      '127.0.0.1',
      'localhost',
      'LOCALHOST',
      'localhost.',
      '[::1]',
      '192.168.1.20',
      machine,
      `${machine.split('.')[0]}.local`,
    ]
    for (const name of names) {
      const Host = `${name}:${server.port}`
      const headers = { Host, Origin: `http://${Host}`, 'Sec-Fetch-Site': 'same-origin' }
      assert.equal((await server.ask('GET', `/get_messages?username=${ann}`, { headers })).status, 200, name)
    }
    const outside = { Host: 'chat.example.org', Origin: 'https://chat.example.org', 'Sec-Fetch-Site': 'same-origin' }
    assert.equal((await server.ask('GET', `/get_messages?username=${ann}`, { headers: outside })).status, 200)
  })

  it('may open what a person typed or bookmarked', async () => {
    const headers = { 'Sec-Fetch-Site': 'none', 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-User': '?1' }
    assert.equal((await server.ask('GET', `/get_messages?username=${ann}`, { headers })).status, 200)
  })

  it('may follow a link from elsewhere to the first page, which tells nothing', async () => {
    const headers = { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate' }
    assert.equal((await server.ask('GET', '/', { headers })).body, 'hello')
  })

  it('may do it from an origin that the operator has named, and only from that one', async () => {
    const named = { Origin: 'https://friend.example', 'Sec-Fetch-Site': 'cross-site' }
    assert.equal((await server.ask('GET', `/get_messages?username=${ann}`, { headers: named })).status, 200)
    for (const Origin of [
      'http://friend.example',
      'https://friend.example:444',
      'https://friend.example.evil',
      'https://evil.friend.example',
      'https://FRIEND.example.',
    ]) {
      assert.deepEqual(refusalOf(await sentForm({ Origin, 'Sec-Fetch-Site': 'cross-site' })), foreignOrigin, Origin)
    }
  })

  it('is told nothing that would let another page read: no CORS, and no password dialog, on any answer', async () => {
    const Origin = `http://127.0.0.1:${server.port}`
    const answers = [
      await server.ask('GET', '/', { headers: { Origin } }),
      await server.ask('GET', '/', { headers: { Origin: 'https://evil.example' } }),
      await server.ask('GET', `/get_messages?username=${ann}`, { headers: { Origin } }),
      await server.ask('GET', `/get_messages?username=${ann}`, { headers: { Origin: 'https://friend.example' } }),
      await server.ask('GET', `/get_messages?username=${ann}`, { from: '127.0.0.2' }),
      await server.ask('GET', `/get_messages?username=${ann}`, { headers: { Authorization: 'Basic eDp5' } }),
      await server.ask('GET', `/auth?username=${ann}&password=wrong`),
      await server.ask('OPTIONS', '/', { headers: { Origin, 'Access-Control-Request-Method': 'POST' } }),
      await server.ask('GET', '/nowhere'),
      await server.ask('GET', '/%zz'),
      await sentForm({ Origin: 'https://evil.example' }),
    ]
    assert.deepEqual(
      answers.map(answer => answer.status),
      [200, 200, 200, 200, 401, 401, 200, 405, 404, 400, 403],
    )
    for (const { headers } of answers) {
      const names = [...headers.keys()].filter(
        name => name.startsWith('access-control-') || name === 'www-authenticate',
      )
      assert.deepEqual(names, [])
      assert.equal(headers.get('set-cookie'), undefined)
      assert.equal(headers.get('cache-control'), 'no-store')
      assert.equal(headers.get('x-content-type-options'), 'nosniff')
      assert.equal(headers.get('cross-origin-resource-policy'), 'same-origin')
    }
  })
})
