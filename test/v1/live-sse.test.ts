// Live delivery over server-sent events: what is only so there.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { listenSse } from './listening.ts'
import { sendDirect, startV1, type V1Server } from './support.ts'

let server: V1Server
before(async () => {
  server = await startV1()
})
after(() => server[Symbol.asyncDispose]())

test('the id of the last event is where a browser goes on', async () => {
  const bob = await server.person()
  await sendDirect(server, bob, bob, 'first')
  const { json } = await server.call('GET', '/v1/entries', { token: bob.token })
  const { cursor } = json as { cursor: string }
  await sendDirect(server, bob, bob, 'second')
  await using reader = await listenSse(server.url, bob.token, { lastEventId: cursor })
  await reader.text('second')
  assert.equal(reader.entries().length, 1)
  assert.equal(reader.response.headers['content-type'], 'text/event-stream; charset=utf-8')
})

test('a cursor that is none, and a missing token, are refused with a problem', async () => {
  const bob = await server.person()
  assert.equal((await server.call('GET', '/v1/stream?after=nonsense', { token: bob.token })).status, 400)
  assert.equal((await server.call('GET', '/v1/stream')).status, 401)
  assert.equal((await server.call('GET', `/v1/stream?token=${bob.token}`)).status, 401)
})
