// Live delivery, as clients see it over either transport: resuming, rights that end, another log.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { SignedIn } from '../../src/protocol/v1.ts'
import { type Listening, listenSse, talkLive } from './listening.ts'
import { type Person, sendDirect, startV1, temporaryFolder, type V1Server } from './support.ts'

let server: V1Server
before(async () => {
  server = await startV1()
})
after(() => server[Symbol.asyncDispose]())

const transports = {
  SSE: (person: Person, cursor?: string, on = server): Promise<Listening> =>
    listenSse(on.url, person.token, cursor === undefined ? {} : { after: cursor }),
  WebSocket: (person: Person, cursor?: string, on = server): Promise<Listening> =>
    talkLive(on.url, person.token, cursor === undefined ? {} : { after: cursor }),
}

for (const [name, listen] of Object.entries(transports)) {
  describe(`over ${name}`, () => {
    test('hello comes first, then each message as it is sent, with prev', async () => {
      const [alice, bob] = [await server.person(), await server.person()]
      await using reader = await listen(bob)
      const hello = await reader.frame('hello')
      assert.equal(reader.frames[0], hello)
      assert.equal(hello.account.name, bob.name)
      assert.match(hello.epoch, /^[0-9a-f]{16}$/)
      await sendDirect(server, alice, bob, 'one')
      await sendDirect(server, bob, alice, 'two')
      const [one, two] = [await reader.text('one'), await reader.text('two')]
      assert.equal(one.prev, 0)
      assert.equal(two.prev, one.seq)
      assert.deepEqual([one.sender, one.to], [alice.name, `@${bob.name}`])
      assert.deepEqual([two.sender, two.to], [bob.name, `@${alice.name}`])
      assert.ok(two.storedAt >= one.storedAt)
    })

    test('a reader that comes back with its cursor has no gap and no double, over a restart too', async () => {
      using folder = temporaryFolder()
      let cursor: string
      let people: [Person, Person]
      {
        await using first = await startV1([], folder.dir)
        people = [await first.person(), await first.person()]
        const [alice, bob] = people
        await using reader = await listen(bob, undefined, first)
        await reader.frame('hello')
        await sendDirect(first, alice, bob, 'seen')
        await reader.text('seen')
        cursor = reader.cursor()
        await reader[Symbol.asyncDispose]()
        for (const text of ['missed 1', 'missed 2']) await sendDirect(first, alice, bob, text)
        await first.stop()
      }
      await using second = await startV1([], folder.dir)
      const [alice, bob] = people
      await using reader = await listen(bob, cursor, second)
      await sendDirect(second, alice, bob, 'live again')
      await reader.text('live again')
      assert.deepEqual(
        reader.entries().map(entry => entry.text),
        ['missed 1', 'missed 2', 'live again'],
      )
    })

    test("nobody gets what is not theirs, and a lab client's message arrives", async () => {
      const [alice, bob, eve] = [await server.person(), await server.person(), await server.person()]
      await using spy = await listen(eve)
      await using reader = await listen(bob)
      await spy.frame('hello')
      await reader.frame('hello')
      const body = JSON.stringify({ sender: alice.name, recipient: bob.name, message: 'by the lab', timestamp: 1.5 })
      const headers = { Authorization: `Basic ${btoa(`${alice.name}:${alice.password}`)}` }
      assert.equal(await (await fetch(`${server.url}/`, { method: 'POST', body, headers })).text(), '1')
      assert.equal((await reader.text('by the lab')).sentAt, 1.5)
      await sendDirect(server, bob, eve, 'for eve')
      await spy.text('for eve')
      assert.deepEqual(
        spy.entries().map(entry => entry.text),
        ['for eve'],
      )
    })

    test('the stream ends with its session', async () => {
      const bob = await server.person()
      await using reader = await listen(bob)
      await reader.frame('hello')
      assert.equal((await server.call('DELETE', '/v1/sessions/current', { token: bob.token })).status, 204)
      assert.equal((await reader.frame('end')).reason, 'session-over')
      await reader.ended
    })

    test('a new password ends the other sessions, not the one that set it', async () => {
      const bob = await server.person()
      const { token } = (await server.signIn(bob.name, bob.password)) satisfies SignedIn
      await using other = await listen(bob)
      await using own = await listen({ ...bob, token })
      await other.frame('hello')
      await own.frame('hello')
      const json = { current: bob.password, next: 'another good one' }
      const { status } = await server.call('PUT', '/v1/me/password', { token, json })
      assert.ok(status < 300, String(status))
      assert.equal((await other.frame('end')).reason, 'session-over')
      await sendDirect(server, { ...bob, token }, bob, 'still here')
      await own.text('still here')
    })

    test('a cursor of another log is told so, and the stream goes on', async () => {
      const bob = await server.person()
      await using reader = await listen(bob, '0123456789abcdef.5.1')
      assert.equal((await reader.frame('diverged')).shared, 0)
      await sendDirect(server, bob, bob, 'after all')
      await reader.text('after all')
    })
  })
}

test('the server stops although readers are there, and tells them', async () => {
  await using own = await startV1()
  const bob = await own.person()
  await using reader = await listenSse(own.url, bob.token)
  await using talker = await talkLive(own.url, bob.token)
  await reader.frame('hello')
  await talker.frame('hello')
  await own.stop()
  assert.equal((await reader.frame('end')).reason, 'stopping')
  assert.equal((await talker.frame('end')).reason, 'stopping')
})
