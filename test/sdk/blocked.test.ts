// A proxy that answers in its own name: a message that it blocks fails with the status and holds up no other, and what
// lets nothing pass, or passes by itself, is waited for. And messages that their author takes back.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ForeignAnswer, type Me, NoAnswer, type Platform, type Stored, Withdrawn } from '../../src/sdk/sdk.ts'
import { type Asked, blocking, isPost, Proxy } from '../support/proxy.ts'
import { FakeServer } from './fake-server.ts'
import { eventsOnly, hasty, sessionOf } from './session.ts'

interface Stage extends AsyncDisposable {
  readonly server: FakeServer
  readonly proxy: Proxy
  readonly me: Me
}

async function begin(platform: Partial<Platform> = eventsOnly): Promise<Stage> {
  const server = await FakeServer.start('alice', 'bob')
  const proxy = await Proxy.start(server.url)
  const me = await sessionOf('alice', { url: proxy.url } as FakeServer, platform)
  return {
    server,
    proxy,
    me,
    async [Symbol.asyncDispose]() {
      await me.close()
      await proxy[Symbol.asyncDispose]()
      await server[Symbol.asyncDispose]()
    },
  }
}

const storedTexts = ({ server }: Stage) => server.log.entries.map(({ text }) => text)
const statusOf = (result: PromiseSettledResult<Stored>) =>
  result.status === 'fulfilled' ? 'stored' : (result.reason as ForeignAnswer).status

for (const status of [400, 403, 413]) {
  test(`a message that a proxy answers with ${status} fails, and those beside and after it are stored in order`, async () => {
    await using stage = await begin()
    const { proxy, me } = stage
    proxy.rule = blocking(status, 'evil')
    const wanted = ['1', '2', 'evil', '3', '4', '5', '6', '7']
    const results = await Promise.allSettled(wanted.map(text => me.send('@bob', text)))
    assert.deepEqual(results.map(statusOf), [
      'stored',
      'stored',
      status,
      'stored',
      'stored',
      'stored',
      'stored',
      'stored',
    ])
    const { reason } = results[2] as PromiseRejectedResult
    assert.ok(reason instanceof ForeignAnswer && reason instanceof NoAnswer)
    assert.match(reason.message, new RegExp(`blocked this message \\(HTTP ${status}\\)`))
    assert.deepEqual(storedTexts(stage), ['1', '2', '3', '4', '5', '6', '7'])
    await me.send('@bob', 'later')
  })
}

test('the one that is blocked is found by halves, however many are sent with it', async () => {
  await using stage = await begin()
  stage.proxy.rule = blocking(403, 'evil')
  const results = await Promise.allSettled(
    Array.from({ length: 256 }, (_, at) => stage.me.send('@bob', at === 100 ? 'evil' : `${at}`)),
  )
  assert.deepEqual(new Set(results.map(statusOf)), new Set(['stored', 403]))
  assert.ok(stage.proxy.batches.length < 40, `${stage.proxy.batches.length} requests`)
  const expected = Array.from({ length: 256 }, (_, at) => `${at}`).filter(text => text !== '100')
  assert.deepEqual(storedTexts(stage), expected)
})

test('a batch that is too large only as a whole is stored as a whole', async () => {
  await using stage = await begin()
  stage.proxy.rule = asked => (isPost(asked) && asked.body.length > 3_000 ? 413 : undefined)
  const results = await Promise.all(Array.from({ length: 20 }, (_, at) => stage.me.send('@bob', `${at}`.repeat(300))))
  assert.deepEqual(
    results.map(({ seq }) => seq),
    Array.from({ length: 20 }, (_, at) => at + 1),
  )
})

test('an answer that was there once is tried again without a word', async () => {
  await using stage = await begin()
  let left = 1
  stage.proxy.rule = asked => (isPost(asked) && left-- > 0 ? 404 : undefined)
  assert.equal((await stage.me.send('@bob', 'hi')).seq, 1)
})

test('sent again under its client id once the proxy lets it pass, it is stored once', async () => {
  await using stage = await begin()
  stage.proxy.rule = blocking(413, 'big')
  await assert.rejects(stage.me.send('@bob', 'big', { clientId: 'mine' }), ForeignAnswer)
  stage.proxy.rule = () => undefined
  await stage.me.send('@bob', 'big', { clientId: 'mine' })
  assert.equal((await stage.me.send('@bob', 'big', { clientId: 'mine' })).repeated, true)
  assert.deepEqual(storedTexts(stage), ['big'])
})

for (const status of [200, 403, 502]) {
  test(`what answers ${status} to everything is waited for, as a network that asks to sign in is`, async () => {
    await using stage = await begin()
    const closed = Promise.withResolvers<void>()
    let refused = 0
    stage.proxy.rule = asked => {
      if (isPost(asked) && ++refused === 5) closed.resolve()
      return status
    }
    const sending = stage.me.send('@bob', 'patient')
    await closed.promise
    stage.proxy.rule = () => undefined
    assert.equal((await sending).seq, 1)
  })
}

for (const status of [200, 502]) {
  test(`${status} that stays the same for one message, while Hullo answers beside it, is a failure of that one`, async () => {
    await using stage = await begin()
    stage.proxy.rule = blocking(status, 'evil')
    const results = await Promise.allSettled(['1', 'evil', '2'].map(text => stage.me.send('@bob', text)))
    assert.deepEqual(results.map(statusOf), ['stored', status, 'stored'])
    assert.deepEqual(storedTexts(stage), ['1', '2'])
  })
}

test('429 is never about one message: it is waited for', async () => {
  await using stage = await begin()
  let left = 10
  stage.proxy.rule = asked => (isPost(asked) && left-- > 0 ? 429 : undefined)
  assert.equal((await stage.me.send('@bob', 'hi')).seq, 1)
})

test('a WebSocket that is cut because of what it carries is left for a request, whose answer says why', async () => {
  await using stage = await begin(hasty)
  const { proxy, server, me } = stage
  proxy.webSockets = true
  proxy.rule = blocking(403, 'evil')
  const inbox = me.messages()
  await me.live()
  server.faults.cutWebSocket = drafts => drafts.some(({ text }) => text === 'evil')
  const results = await Promise.allSettled(['1', 'evil', '2'].map(text => me.send('@bob', text)))
  assert.deepEqual(results.map(statusOf), ['stored', 403, 'stored'])
  assert.deepEqual(storedTexts(stage), ['1', '2'])
  await inbox.return()
})

test('one that only waits is taken back and never sent; those around it are', async () => {
  await using stage = await begin()
  const { proxy, me } = stage
  const first = Promise.withResolvers<undefined>()
  const isHeld = Promise.withResolvers<void>()
  proxy.rule = asked => {
    if (!isPost(asked) || !asked.body.includes('first')) return undefined
    isHeld.resolve()
    return first.promise
  }
  const before = me.send('@bob', 'first')
  await isHeld.promise
  const taken = me.send('@bob', 'secret', { clientId: 'secret' })
  const after = me.send('@bob', 'after')
  me.withdraw('secret')
  await assert.rejects(taken, error => error instanceof Withdrawn && !error.mayBeStored)
  first.resolve(undefined)
  await Promise.all([before, after])
  assert.deepEqual(storedTexts(stage), ['first', 'after'])
  assert.ok(proxy.asked.every(({ body }) => !body.includes('secret')))
})

test('one that is under way is stored if the server stores it, and its sender is told the truth', async () => {
  await using stage = await begin()
  const { proxy, me } = stage
  const gate = Promise.withResolvers<undefined>()
  const posted = Promise.withResolvers<Asked>()
  proxy.rule = asked => (isPost(asked) ? (posted.resolve(asked), gate.promise) : undefined)
  const sending = me.send('@bob', 'too late', { clientId: 'late' })
  await posted.promise
  me.withdraw('late')
  gate.resolve(undefined)
  assert.equal((await sending).seq, 1)
})

test('one that is under way when the connection is lost is not tried again: it may be stored, and is said to be', async () => {
  await using stage = await begin()
  const { proxy, me } = stage
  const gate = Promise.withResolvers<'cut-after'>()
  const posted = Promise.withResolvers<Asked>()
  proxy.rule = asked => (isPost(asked) ? (posted.resolve(asked), gate.promise) : undefined)
  const sending = me.send('@bob', 'gone', { clientId: 'gone' })
  await posted.promise
  me.withdraw('gone')
  gate.resolve('cut-after')
  await assert.rejects(sending, error => error instanceof Withdrawn && error.mayBeStored)
  assert.equal(proxy.batches.length, 1)
  me.withdraw('gone')
  me.withdraw('never heard of')
})
