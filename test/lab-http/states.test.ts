// Refusals that depend on the state of the server: too much to store, a rule that has become stricter, a client too slow.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { test } from 'node:test'
import { refuseBroken } from '../../src/http/app/broken.ts'
import { startInside } from './inside.ts'
import { freshName, letter, startHullo, temporaryFolder } from './server.ts'
import { exchange, readAnswers } from './wire.ts'

function errorIn(body: string): string {
  return (JSON.parse(body) as { error: string }).error
}

test('while more waits for the disk than its bound, sends are 503 busy with Retry-After; what was taken is stored', async () => {
  const disk = Promise.withResolvers<void>()
  let slow = false
  await using server = await startInside({ lab: 'open' }, store => ({
    ...store,
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
    async write(batch, nowMs) {
      if (slow) await disk.promise
      return store.write(batch, nowMs)
    },
  }))
  assert.equal((await server.ask('POST', '/register', { json: { username: 'bob', password: 'b' } })).body, '1')
  slow = true
  const json = letter('bob', 'bob', 'x'.repeat(16_384))
  let refused = 0
  const answers = Array.from({ length: 600 }, async () => {
    const answer = await server.ask('POST', '/', { json })
    if (answer.status === 503) {
      assert.deepEqual([errorIn(answer.body), answer.headers.get('retry-after')], ['busy', '1'])
      refused += 1
      disk.resolve() // it was full: now let it go on
    }
    return answer
  })
  const stored = (await Promise.all(answers)).filter(answer => answer.body === '1').length
  assert.ok(refused > 0, 'none was refused')
  assert.equal(stored + refused, 600)
  const inbox = await server.ask('GET', '/get_messages', { json: { username: 'bob' } })
  assert.equal((JSON.parse(inbox.body) as { messages: unknown[] }).messages.length, stored)
})

test('a password from before the rule became stricter is 403 until it is reset, and never a 1', async () => {
  using folder = temporaryFolder()
  const username = freshName()
  {
    await using server = await startHullo([], folder.dir)
    await server.register(username, 'short')
    await server.stop()
  }
  await using server = await startHullo(['--password-min', '8'], folder.dir)
  const signIn = await server.ask('GET', '/auth', { json: { username, password: 'short' } })
  assert.deepEqual([signIn.status, errorIn(signIn.body)], [403, 'password-weak'])
  assert.equal((await server.ask('GET', '/get_messages', { json: { username } })).status, 401, 'it proved nothing')
  const headers = { Authorization: `Basic ${Buffer.from(`${username}:short`).toString('base64')}` }
  assert.equal((await server.ask('GET', '/get_messages', { json: { username }, headers })).status, 403)
  assert.equal((await server.ask('GET', '/auth', { json: { username, password: 'other' } })).body, '12')
  const tooShort = await server.ask('POST', '/register', { json: { username: freshName(), password: '🙂'.repeat(7) } })
  assert.deepEqual([tooShort.status, errorIn(tooShort.body)], [400, 'field-invalid'])
  const long = { username: freshName(), password: '🙂'.repeat(8) }
  assert.equal((await server.ask('POST', '/register', { json: long })).body, '1', 'characters are counted, not bytes')
})

test('a request that does not come to its end in time is 408, in JSON', async () => {
  const late = Object.assign(new Error('late'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' })
  const bounds = { headBytesMax: 16_384, requestTimeoutMs: 30_000 }
  const server = createServer({ allowHalfOpen: true }, (socket: Socket) => void refuseBroken(late, socket, bounds))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  assert.ok(address !== null && typeof address === 'object')
  const [answer] = readAnswers(await exchange(address.port, 'POST / HT'))
  assert.deepEqual([answer?.status, errorIn(answer?.body ?? '{}')], [408, 'too-slow'])
  await server[Symbol.asyncDispose]()
})
