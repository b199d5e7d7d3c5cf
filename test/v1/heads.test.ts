// HEAD on v1: what GET would say, without saying it (RFC 9110, 9.3.2).
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Person, startV1, type V1Server } from './support.ts'

let server: V1Server
let bob: Person
before(async () => {
  server = await startV1()
  bob = await server.person()
})
after(() => server[Symbol.asyncDispose]())

for (const [path, status] of [
  ['/v1/me', 200],
  ['/v1/people?limit=1', 200],
  ['/v1/openapi.json', 200],
  ['/v1/people?limit=0', 400],
  ['/v1/conversations/999', 404],
  ['/v1/nothing', 404],
] as const) {
  test(`HEAD ${path} has the head of GET, and no body`, async () => {
    const headers = { Authorization: `Bearer ${bob.token}` }
    const [head, get] = [
      await fetch(server.url + path, { method: 'HEAD', headers }),
      await fetch(server.url + path, { headers }),
    ]
    const body = await get.text()
    assert.equal(await head.text(), '')
    assert.deepEqual([head.status, get.status], [status, status])
    for (const name of ['content-type', 'cache-control', 'content-security-policy']) {
      assert.equal(head.headers.get(name), get.headers.get(name), name)
    }
    assert.equal(head.headers.get('content-length'), String(Buffer.byteLength(body)))
  })
}

test('HEAD asks who is there, as GET does', async () => {
  const { status } = await fetch(`${server.url}/v1/me`, { method: 'HEAD' })
  assert.equal(status, 401)
})
