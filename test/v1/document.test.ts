// What is around the routes of v1: its document, the pages to read it, and what is not there.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { ask } from '../lab-http/wire.ts'
import { assertRefused, startV1, type V1Server } from './support.ts'

let server: V1Server
before(async () => {
  server = await startV1()
})
after(() => server[Symbol.asyncDispose]())

describe('the document', () => {
  test('is OpenAPI 3.1, for everybody, and names no machine', async () => {
    const { status, headers, json } = await server.call('GET', '/v1/openapi.json')
    assert.equal(status, 200)
    assert.match(headers.get('content-type') ?? '', /^application\/json/)
    const { openapi, info, servers } = json as { openapi: string; info: { title: string }; servers: { url: string }[] }
    assert.deepEqual([openapi, info.title], ['3.1.0', 'Hullo'])
    // Relative to the document (OpenAPI 3.1, 4.8.5), wherever a proxy has it.
    for (const at of ['/chat/v1/openapi.json', '/chat/docs/json']) {
      assert.deepEqual(
        servers.map(({ url }) => new URL(url, server.url + at).pathname),
        ['/chat/'],
      )
    }
    assert.doesNotMatch(JSON.stringify(json), /localhost|127\.0\.0\.1/)
  })

  test('names each tag once, and each is of some route', async () => {
    const { tags, paths } = (await server.call('GET', '/v1/openapi.json')).json as {
      tags: { name: string }[]
      paths: Record<string, Record<string, { tags: string[] }>>
    }
    const used = Object.values(paths).flatMap(methods => Object.values(methods).flatMap(route => route.tags))
    assert.deepEqual(tags.map(({ name }) => name).toSorted(), [...new Set(used)].toSorted())
  })

  test('does not describe the lab routes', async () => {
    const { paths } = (await server.call('GET', '/v1/openapi.json')).json as { paths: object }
    assert.ok(Object.keys(paths).every(path => path.startsWith('/v1/')))
  })
})

describe('the pages to read it', () => {
  const page = async (path: string) => {
    const answer = await fetch(server.url + path)
    return { status: answer.status, headers: answer.headers, text: await answer.text() }
  }

  for (const path of ['/docs', '/docs/']) {
    test(`are at ${path}, and all of them come from this server`, async () => {
      const { status, headers, text } = await page(path)
      assert.equal(status, 200)
      const policy = headers.get('content-security-policy') ?? ''
      assert.match(policy, /^default-src 'none'/)
      assert.doesNotMatch(policy, /https?:|\*/)
      const parts = [...text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, part = '']) => part)
      assert.ok(parts.length >= 4, text)
      for (const part of parts) {
        assert.ok(new URL(part, `${server.url}/chat${path}`).pathname.startsWith('/chat/docs/static/'), part)
        const { pathname, origin } = new URL(part, server.url + path)
        assert.deepEqual([origin, pathname.startsWith('/docs/static/')], [server.url, true], part)
        assert.equal((await page(pathname)).status, 200, part)
      }
      assert.doesNotMatch(text, /<script(?! src)|<style/)
    })
  }

  test('show the document of v1, and no bar on which to ask for others', async () => {
    const { text } = await page('/docs/static/swagger-initializer.js')
    assert.match(text, /resolveUrl\('\.\/json'\)/)
    assert.match(text, /"layout": ?"BaseLayout"/)
    const shown = await server.call('GET', '/docs/json')
    assert.deepEqual(shown.json, (await server.call('GET', '/v1/openapi.json')).json)
  })

  test('open from a link elsewhere; what they are made of is not for other sites', async () => {
    const headers = { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate' }
    assert.equal((await ask(server.port, 'GET', '/docs', { headers })).status, 200)
    assert.equal((await ask(server.port, 'GET', '/v1/openapi.json', { headers })).status, 403)
  })

  test('give no files but their own', async () => {
    for (const path of [
      '/docs/static/../../package.json',
      '/docs/static/%2e%2e/package.json',
      '/docs/static/..%2fpackage.json',
    ]) {
      const { status } = await ask(server.port, 'GET', path)
      assert.ok(status >= 400 && status < 500, `${path}: ${status}`)
    }
  })
})

describe('what is not there', () => {
  for (const [method, path, allow] of [
    ['GET', '/v1/accounts', 'POST'],
    ['PATCH', '/v1/sessions/7', 'DELETE'],
    ['POST', '/v1/blocks/bob', 'PUT, DELETE'],
    ['HEAD', '/v1/stream', 'GET'],
    ['PUT', '/v1/me', 'GET, HEAD, DELETE'],
    ['OPTIONS', '/v1/me', 'GET, HEAD, DELETE'],
  ] as const) {
    test(`${method} ${path} is told what the address takes`, async () => {
      const { status, headers, body } = await ask(server.port, method, path)
      assert.deepEqual([status, headers.get('allow')], [405, allow])
      assert.match(headers.get('content-type') ?? '', /^application\/problem\+json/)
      if (method !== 'HEAD') assert.equal((JSON.parse(body) as { code: string }).code, 'method')
    })
  }

  for (const path of ['/v1', '/v1/', '/v1/nothing', '/v1/sessions/1/2', '/v1//me', `/v1/blocks/${'x'.repeat(129)}`]) {
    test(`${path.slice(0, 20)} is nothing`, async () => {
      assertRefused(await server.call('PUT', path), 404, 'unknown-route')
    })
  }

  test('an address that is not UTF-8 cannot be read', async () => {
    const { status, headers, body } = await ask(server.port, 'PUT', '/v1/blocks/%ED%A0%80')
    assert.equal(status, 400)
    assert.match(headers.get('content-type') ?? '', /^application\/problem\+json/)
    assert.equal((JSON.parse(body) as { code: string }).code, 'malformed')
  })

  test("outside v1 it is said in the lab's way", async () => {
    const { status, json } = await server.call('GET', '/nothing')
    assert.deepEqual([status, (json as { error: string }).error], [404, 'unknown-route'])
  })

  test('the longest name is still an address', async () => {
    const long = '\u{10400}'.repeat(32)
    const { token } = await server.person(long)
    const other = await server.person()
    const path = `/v1/blocks/${encodeURIComponent(long)}`
    assert.equal((await server.call('PUT', path, { token: other.token })).status, 204)
    assertRefused(await server.call('PUT', path, { token }), 400, 'field-invalid')
  })
})
