import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type ClientRequest, type IncomingMessage, request } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { type TestContext, test } from 'node:test'
import fastify from 'fastify'
import { Follower, type FollowerNeeds } from '../../../core/live/follower.ts'
import { Listening } from '../../../core/people/listening.ts'
import type { Caller } from '../../../core/people/sessions.ts'
import { Places } from '../../../core/kit/slots.ts'
import type { EndFrame } from '../../../protocol/v1.ts'
import type { V1Needs } from '../group.ts'
import { streamRoutes } from './stream.ts'

const account = { id: 1, name: 'ann', password: '', passwordRule: 1, isAdmin: false, createdAtMs: 0 }
const session = { id: 1, account: 1, label: '', createdAtMs: 0, lastUsedAtMs: 0, expiresAtMs: 0, lifeMs: 0 }

interface Asked {
  readonly client: ClientRequest
  /** The server's end of its connection. */
  readonly socket: Socket
  /** Who came and who went, as presence is told. */
  readonly here: readonly string[]
}

/** Serves the stream alone, fed by this follower, and asks for it. */
async function ask(t: TestContext, follow: () => Promise<unknown>): Promise<Asked> {
  const here: string[] = []
  const needs = {
    cursors: {
      place: async () => ({ fate: 'good', seq: 0, storedAtMs: 0, epoch: { epoch: '' }, floor: 1, head: 0 }),
      at: () => '',
    },
    followers: { follow },
    streams: new Places(1),
    listening: new Listening(Date.now),
    sessions: { isPast: () => false },
    soft: { arrive: () => here.push('came'), depart: () => here.push('went') },
  }
  const app = fastify({ logger: false, forceCloseConnections: true })
  t.after(() => app.close())
  app.decorateRequest('caller')
  app.addHook('onRequest', async asking => {
    asking.caller = { account, session } satisfies Caller
  })
  await app.register(streamRoutes, needs as unknown as V1Needs)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const connected = once(app.server, 'connection') as Promise<[Socket]>
  const client = request({ port: (app.server.address() as AddressInfo).port, host: '127.0.0.1', path: '/stream' })
  client.on('error', () => {})
  client.end()
  const [socket] = await connected
  return { client, socket, here }
}

test('a client that leaves while its stream begins leaves nothing behind', { timeout: 20_000 }, async t => {
  const asked = Promise.withResolvers<void>()
  const left = Promise.withResolvers<void>()
  const disposed = Promise.withResolvers<void>()
  const follower = {
    async *live(signal: AbortSignal) {
      // What a reader has been told in vain goes on being told, until the connection says that it is closed.
      while (!signal.aborted) yield { kind: 'soft', events: [] }
    },
    [Symbol.dispose]: () => disposed.resolve(),
  }
  const { client, socket, here } = await ask(t, async () => {
    asked.resolve()
    await left.promise
    return follower
  })
  await asked.promise
  client.destroy()
  await once(socket, 'close')
  left.resolve()
  await disposed.promise
  assert.deepEqual(here, ['came', 'went'])
})

/** A reader of a log with nothing in it, which hands on what it is given, and says when it ends. */
function emptyFollower() {
  const ended = Promise.withResolvers<EndFrame['reason']>()
  const disposed = Promise.withResolvers<void>()
  const needs = {
    store: { intervalsOf: async () => ({ head: 0, intervals: [] }), lastSeqs: async () => [] },
    tail: { at: 0, atStoredMs: 0 },
    later: () => () => {},
    bounds: { queueUnitsMax: Infinity },
  }
  const follower = new Follower(needs as unknown as FollowerNeeds, { account, session, after: 0 })
  const end = follower.end.bind(follower)
  follower.end = reason => {
    ended.resolve(reason)
    end(reason)
  }
  follower.onDispose(() => disposed.resolve())
  return { follower, ended: ended.promise, disposed: disposed.promise }
}

for (const [chance, lifeMs] of [
  [0, 540_000],
  [0.75, 630_000],
] as const) {
  test(`a stream is told to renew after ten minutes, and one more or less: ${lifeMs} ms`, async t => {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    t.mock.method(Math, 'random', () => chance)
    const { follower, ended, disposed } = emptyFollower()
    let isOver = false
    void ended.then(() => (isOver = true))
    const { client } = await ask(t, async () => follower)
    const [answer] = (await once(client, 'response')) as [IncomingMessage]
    t.mock.timers.tick(lifeMs - 1)
    await new Promise(setImmediate)
    assert.equal(isOver, false)
    t.mock.timers.tick(1)
    assert.equal(await ended, 'renew')
    // The answer ends as an answer does, without its connection being cut.
    assert.match(await text(answer), /event: end\ndata: \{"type":"end","reason":"renew"\}\n\n$/)
    await disposed
  })
}

test('a stream that nobody takes is cut off half a minute after its end', { timeout: 20_000 }, async t => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  t.mock.method(Math, 'random', () => 0)
  const { follower, ended, disposed } = emptyFollower()
  const { client, socket, here } = await ask(t, async () => follower)
  const [answer] = (await once(client, 'response')) as [IncomingMessage]
  // More than both systems keep for a reader that reads nothing.
  const json = JSON.stringify('x'.repeat(32_000_000))
  const entry = { seq: 1, storedAtMs: 0, prev: 0, view: { conversation: 1 }, json }
  // Until it has read the store to its end it takes nothing.
  while (follower.queuedUnits === 0) {
    await new Promise(setImmediate)
    follower.take(entry as unknown as Parameters<Follower['take']>[0])
  }
  follower.wake()
  while (socket.writableLength === 0) await new Promise(setImmediate)
  t.mock.timers.tick(540_000)
  assert.equal(await ended, 'renew')
  t.mock.timers.tick(29_999)
  await new Promise(setImmediate)
  assert.deepEqual([socket.destroyed, here], [false, ['came']])
  t.mock.timers.tick(1)
  await disposed
  assert.deepEqual([socket.destroyed, here], [true, ['came', 'went']])
  answer.destroy()
})
