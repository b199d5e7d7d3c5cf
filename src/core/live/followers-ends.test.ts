// What ends a reader: its session, and a server that stops.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { direct, shape, startLive } from '../../../test/support/live.ts'

test('readers end with their session, with the password and with the account, and only those', async t => {
  const { person, signIn, reader, write, followers } = await startLive(t)
  const [ann, bob] = [await person('ann'), await person('bob')]
  const account = ann.account.id
  const sessions = [ann, await signIn(account), await signIn(account)] as const
  const readers = await Promise.all(sessions.map(caller => reader(caller)))
  const other = await reader(bob)
  const over = { kind: 'end', reason: 'session-over' }
  const [first, second, third] = readers.map(one => one.next())

  await write({ kind: 'end-session', account, session: sessions[0].session.id })
  assert.deepEqual(await first, over)
  await write({ kind: 'set-password', account, password: 'x', passwordRule: 1, keep: sessions[2].session.id })
  assert.deepEqual(await second, over)
  await write({ kind: 'delete-account', account })
  assert.deepEqual(await third, over)

  await write(direct(bob, bob, 'still here'))
  assert.deepEqual((await other.entries(1)).map(shape), [[4, 0, 'text']])
  assert.equal(followers.count, 4)
  for (const { follower } of [...readers, other]) follower[Symbol.dispose]()
  assert.equal(followers.count, 0)
})

test('a session that ends while its stream begins gives nothing', async t => {
  const { person, reader, write } = await startLive(t)
  const ann = await person('ann')
  await write({ kind: 'end-session', account: ann.account.id, session: ann.session.id }, direct(ann, ann, 'no more'))
  const live = await reader(ann, 0)
  assert.deepEqual(await live.next(), { kind: 'end', reason: 'session-over' })
})

test('a server that stops ends every reader, also one that is just beginning', async t => {
  const { person, reader, followers } = await startLive(t)
  const ann = await person('ann')
  const live = await reader(ann)
  const next = live.next()
  followers.stop()
  assert.deepEqual(await next, { kind: 'end', reason: 'stopping' })
  assert.deepEqual(await (await reader(ann)).next(), { kind: 'end', reason: 'stopping' })
})
