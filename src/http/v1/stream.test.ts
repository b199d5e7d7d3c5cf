import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { test } from 'node:test'
import fastify from 'fastify'
import type { Caller } from '../../core/sessions.ts'
import { Places } from '../../core/places.ts'
import type { V1Needs } from './group.ts'
import { streamRoutes } from './stream.ts'

const account = { id: 1, name: 'ann', password: '', passwordRule: 1, isAdmin: false, createdAtMs: 0 }
const session = { id: 1, account: 1, label: '', createdAtMs: 0, lastUsedAtMs: 0, expiresAtMs: 0 }

test('a client that leaves while its stream begins leaves nothing behind', { timeout: 20_000 }, async t => {
  const asked = Promise.withResolvers<void>()
  const left = Promise.withResolvers<void>()
  const disposed = Promise.withResolvers<void>()
  const here: string[] = []
  const follower = {
    async *live(signal: AbortSignal) {
      // What a reader has been told in vain goes on being told, until the connection says that it is closed.
      while (!signal.aborted) yield { kind: 'soft', events: [] }
    },
    [Symbol.dispose]: () => disposed.resolve(),
  }
  const needs = {
    cursors: {
      place: async () => ({ fate: 'good', seq: 0, storedAtMs: 0, epoch: { epoch: '' }, floor: 1, head: 0 }),
      at: () => '',
    },
    followers: {
      async follow() {
        asked.resolve()
        await left.promise
        return follower
      },
    },
    streams: new Places(1),
    soft: { arrive: () => here.push('came'), depart: () => here.push('went') },
  }
  const app = fastify({ logger: false })
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
  await asked.promise
  const [socket] = await connected
  client.destroy()
  await once(socket, 'close')
  left.resolve()
  await disposed.promise
  assert.deepEqual(here, ['came', 'went'])
})
