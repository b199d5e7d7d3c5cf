// The library against the server itself, as `hullo serve` starts it: every verb once, and messages over its death.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { type Gap, type Me, type Platform, register, resume, signIn } from '../../src/sdk/sdk.ts'
import { freshName, startHullo, temporaryFolder } from '../lab-http/server.ts'
import { startScript } from '../support/program.ts'
import { eventsOnly, hasty, take, texts } from './session.ts'

const hullo = await startHullo()
after(() => hullo[Symbol.asyncDispose]())
const server = `http://127.0.0.1:${hullo.port}`

function newcomer(platform: Partial<Platform> = hasty): Promise<Me> {
  return register({ server, name: freshName('sdk'), password: 'secret', label: 'suite', platform })
}

test('a sign-in can ask for a short session, within bounds', async () => {
  const name = freshName('sdk')
  await using me = await register({ server, name, password: 'secret', expiresInSeconds: 3_600 })
  const [session] = await me.own.sessions()
  assert.equal((session?.expiresAt ?? 0) - (session?.createdAt ?? 0), 3_600)
  const tooShort = signIn({ server, name, password: 'secret', expiresInSeconds: 59 })
  await assert.rejects(tooShort, { code: 'field-invalid', field: 'expiresInSeconds' })
})

for (const [way, platform] of Object.entries({ websocket: hasty, sse: eventsOnly })) {
  test(`two people talk: ${way}`, async () => {
    await using alice = await newcomer(platform)
    await using bob = await newcomer(platform)
    const inbox = bob.messages()
    await bob.live()
    assert.deepEqual(bob.state, { is: 'live', over: way })
    const own = alice.messages()
    await alice.live()
    const results = await Promise.all(['1', '2 👋', '3'].map(text => alice.send(`@${bob.name}`, text)))
    assert.ok(results.every(({ repeated }) => !repeated))
    const [first] = await take(inbox, 1)
    assert.deepEqual([first?.sender, first?.text, first?.seq], [alice.name, '1', results[0]?.seq])
    assert.deepEqual(await texts(inbox, 2), ['2 👋', '3'])
    assert.deepEqual(await texts(own, 3), ['1', '2 👋', '3'])
    if (first !== undefined) await bob.reply(first, 'back')
    assert.deepEqual(await texts(own, 1), ['back'])
    assert.deepEqual(await texts(alice.messages({ after: 'start' }), 4), ['1', '2 👋', '3', 'back'])
  })

  test(`refusals have their codes: ${way}`, async () => {
    await using me = await newcomer(platform)
    const inbox = me.messages()
    await me.live()
    await assert.rejects(me.send(`@${freshName('nobody')}`, 'hi'), { code: 'unreachable' })
    await assert.rejects(me.send('#nowhere', 'hi'), { code: 'room-unknown' })
    const spoiled = await Promise.allSettled([
      me.send(`@${me.name}`, '1'),
      me.send(`@${'x'.repeat(500)}`, '2'),
      me.send(`@${me.name}`, '3'),
    ])
    assert.deepEqual(
      spoiled.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
    )
    await me.send(`@${me.name}`, 'once', { clientId: 'mine' })
    assert.equal((await me.send(`@${me.name}`, 'once', { clientId: 'mine' })).repeated, true)
    await assert.rejects(me.send(`@${me.name}`, 'other', { clientId: 'mine' }), { code: 'client-id-reused' })
    assert.deepEqual(await texts(inbox, 3), ['1', '3', 'once'])
    await assert.rejects(me.messages({ after: 'rubbish' }).next(), { code: 'field-invalid' })
  })
}

test('rooms, from their making to their closing', async () => {
  await using alice = await newcomer()
  await using bob = await newcomer()
  const entries = bob.entries()
  await bob.live()
  const { id, name } = await alice.rooms.create({ name: freshName('room'), topic: 'tea' })
  assert.ok((await bob.rooms.list({ after: name.slice(0, -1), limit: 5 })).rooms.some(room => room.name === name))
  await bob.rooms.join(id)
  await alice.rooms.setTopic(id, 'coffee')
  await alice.send(`#${name}`, 'hi')
  await alice.rooms.silence(id, bob.name)
  await assert.rejects(bob.send(`#${name}`, 'may I?'), { code: 'silenced' })
  await alice.rooms.unsilence(id, bob.name)
  await alice.rooms.setRole(id, bob.name, 'owner')
  await bob.rooms.close(id)
  await assert.rejects(alice.send(`#${name}`, 'hello?'), { code: 'room-closed' })
  await alice.rooms.reopen(id)
  await alice.rooms.remove(id, bob.name)
  await alice.send(`#${name}`, 'gone')
  await alice.rooms.invite(id, bob.name)
  await bob.rooms.leave(id)
  const kinds = (await take(entries, 11)).map(({ kind }) => kind)
  assert.deepEqual(kinds, [
    'join',
    'topic',
    'text',
    'silence',
    'unsilence',
    'role',
    'close',
    'reopen',
    'remove',
    'invite',
    'leave',
  ])
  const { members } = await alice.conversations.members(id)
  assert.deepEqual(
    members.map(member => member.name),
    [alice.name],
  )
})

test('a conversation: list, history, edits, reading, search', async () => {
  await using alice = await newcomer()
  await using bob = await newcomer()
  const { seq, conversation } = await alice.send(`@${bob.name}`, 'a heron by the river')
  await alice.send(`@${bob.name}`, 'two')
  const { conversations } = await bob.conversations.list()
  assert.deepEqual(
    conversations.map(({ id, address, unread }) => ({ id, address, unread })),
    [{ id: conversation, address: `@${alice.name}`, unread: 2 }],
  )
  await alice.edit(seq, 'a grey heron by the river')
  const history = await bob.conversations.history(conversation, { limit: 10 })
  assert.equal(history.entries[0]?.text, 'a grey heron by the river')
  const last = history.entries.at(-1)?.seq ?? 0
  assert.equal(await bob.conversations.markRead(conversation, last), last)
  assert.equal((await bob.conversations.get(conversation)).unread, 0)
  await alice.erase(seq)
  assert.equal((await bob.conversations.history(conversation)).entries[0]?.kind, 'erased')
  assert.ok(Array.isArray((await bob.search('two')).entries))
})

test('hints: who types, and how far the others have read', async () => {
  await using alice = await newcomer()
  await using bob = await newcomer()
  const { seq, conversation } = await alice.send(`@${bob.name}`, 'hi')
  const hints = { alice: alice.soft(), bob: bob.soft() }
  await Promise.all([alice.live(), bob.live()])
  alice.typing(`@${bob.name}`)
  await bob.conversations.markRead(conversation, seq)
  const wanted = { typing: { from: hints.bob, who: alice.name }, read: { from: hints.alice, who: bob.name } }
  for (const [kind, { from, who }] of Object.entries(wanted)) {
    for await (const hint of from) {
      if (hint.kind !== kind) continue
      assert.equal(hint.who, who)
      break
    }
  }
})

test('people and one’s own account', async () => {
  await using alice = await newcomer()
  await using bob = await newcomer()
  assert.deepEqual((await alice.people.find({ search: bob.name })).people, [{ id: bob.account.id, name: bob.name }])
  await alice.people.block(bob.name)
  assert.deepEqual(
    (await alice.people.blocked()).map(({ name }) => name),
    [bob.name],
  )
  await assert.rejects(bob.send(`@${alice.name}`, 'hi'), { code: 'unreachable' })
  await alice.people.unblock(bob.name)
  await assert.rejects(alice.people.invite(), { code: 'admins-only' })
  assert.equal((await alice.own.view()).name, alice.name)

  const second = await signIn({ server, name: alice.name, password: 'secret', platform: hasty })
  const ending = assert.rejects(second.messages().next(), { code: 'signed-out' })
  await second.live()
  assert.equal((await alice.own.sessions()).length, 2)
  await alice.own.changePassword('secret', 'other')
  await ending
  await using third = await resume({ server, platform: hasty, ...(alice.token && { token: alice.token }) })
  assert.equal(third.name, alice.name)
  await third.signOut()
  await assert.rejects(resume({ server, token: alice.token ?? '' }), { code: 'signed-out' })
  await using last = await signIn({ server, name: alice.name, password: 'other', platform: hasty })
  await last.own.delete('other')
  await assert.rejects(last.own.view(), { code: 'signed-out' })
})

test('a session that is ended elsewhere ends here, over both transports', async () => {
  const me = await newcomer()
  for (const platform of [hasty, eventsOnly]) {
    const other = await signIn({ server, name: me.name, password: 'secret', platform })
    const waiting = assert.rejects(other.messages().next(), { code: 'signed-out' })
    await other.live()
    const current = (await other.own.sessions()).find(session => session.current)
    await me.own.endSession(current?.id ?? 0)
    await waiting
    assert.equal(other.state.is, 'over')
  }
  await me.close()
})

test('a server that is killed and comes back has lost nothing that it acknowledged, and nobody misses anything', async () => {
  using folder = temporaryFolder()
  await using doomed = await startHullo([], folder.dir)
  const at = { server: `http://127.0.0.1:${doomed.port}`, password: 'secret', platform: hasty }
  await using alice = await register({ ...at, name: 'alice' })
  await using bob = await register({ ...at, name: 'bob', platform: eventsOnly })
  await using carol = await register({ ...at, name: 'carol' })
  const gaps: Gap[] = []
  const inboxes = [bob, carol].map(me => {
    me.on('gap', gap => gaps.push(gap))
    return me.messages()
  })
  await Promise.all([bob.live(), carol.live()])
  await Promise.all([alice.send('@bob', 'first'), alice.send('@carol', 'first')])
  const sending: Promise<unknown>[] = []
  const say = (from: number, to: number) => {
    for (let count = from; count < to; count += 1) {
      sending.push(alice.send('@bob', `${count}`), alice.send('@carol', `${count}`))
    }
  }
  say(0, 300)
  await sending[0]
  doomed.program.child.kill('SIGKILL')
  say(300, 600)
  await doomed.program.ended
  await using again = startScript('bin/hullo.js', ['serve', '--port', `${doomed.port}`, '--data', folder.dir])
  await again.printed(/Hullo is listening/)
  for (const me of [bob, carol]) me.reconnect()
  await Promise.all(sending)
  const expected = ['first', ...Array.from({ length: 600 }, (_, count) => `${count}`)]
  for (const inbox of inboxes) {
    assert.deepEqual(await texts(inbox, 601), expected)
  }
  assert.deepEqual(gaps, [])
})
