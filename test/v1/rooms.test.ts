// Rooms over v1: who sees them, who gets in, and what each member reads of them.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { EntriesView, MemberView, RoomView } from '../../src/protocol/v1.ts'
import { assertRefused, freshName, type Person, type Reply, startV1, type V1Server } from './support.ts'
import { changed, roomCalls, seqsOf, unchanged } from './room-calls.ts'

let server: V1Server
let owner: Person
let ann: Person
let bob: Person
before(async () => {
  server = await startV1()
  owner = await server.person()
  ann = await server.person()
  bob = await server.person()
})
after(() => server[Symbol.asyncDispose]())

const { newRoom, room, send, say, history } = roomCalls(() => server)

describe('a room', () => {
  test('is made with its owner as its only member, and found by everybody', async () => {
    const made = await newRoom(owner, { topic: 'on topic' })
    const { id, name, ...rest } = made
    assert.deepEqual(rest, { topic: 'on topic', private: false, history: 'from-joining', closed: false, members: 1 })
    const { json } = await server.call('GET', `/v1/rooms?limit=100`, { token: ann.token })
    const { rooms } = json as { rooms: RoomView[] }
    assert.deepEqual(
      rooms.find(one => one.id === id),
      made,
    )
    const { entries } = await history(owner, id)
    assert.deepEqual(
      entries.map(({ prev, to, kind, sender }) => ({ prev, to, kind, sender })),
      [{ prev: 0, to: `#${name}`, kind: 'create', sender: owner.name }],
    )
  })

  test('has a name of its own in all letter cases, private or not', async () => {
    const secret = await newRoom(owner, { private: true })
    const again = { token: ann.token, json: { name: secret.name.toUpperCase() } }
    assert.equal(assertRefused(await server.call('POST', '/v1/rooms', again), 409, 'room-exists').field, 'name')
  })

  for (const [what, json, field] of [
    ['no name', {}, 'name'],
    ['a name with a space', { name: 'a b' }, 'name'],
    ['a name that begins with #', { name: '#a' }, 'name'],
    ['a name of 33 characters', { name: 'x'.repeat(33) }, 'name'],
    ['a name that cannot be seen', { name: 'a\u200bb' }, 'name'],
    ['a topic of 1,025 bytes', { name: 'x', topic: `${'ü'.repeat(512)}x` }, 'topic'],
    ['a topic with half a character', { name: 'x', topic: '\ud800' }, 'topic'],
    ['another rule for its history', { name: 'x', history: 'none' }, 'history'],
    ['private as a word', { name: 'x', private: 'yes' }, 'private'],
  ] as const) {
    test(`is not made with ${what}`, async () => {
      const reply = await server.call('POST', '/v1/rooms', { token: ann.token, json })
      assert.deepEqual(
        [reply.status, (reply.json as { field?: string }).field],
        [400, field],
        JSON.stringify(reply.json),
      )
    })
  }

  test('is listed page by page in the order of the names', async () => {
    const prefix = freshName('zz-page')
    for (const letter of ['c', 'A', 'b']) await newRoom(owner, { name: `${prefix}-${letter}` })
    const names: string[] = []
    for (let last = prefix; ; ) {
      const { json } = await server.call('GET', `/v1/rooms?limit=1&after=${last}`, { token: ann.token })
      const page = json as { rooms: RoomView[]; more: boolean }
      names.push(...page.rooms.map(({ name }) => name))
      if (!page.more) break
      last = names.at(-1) ?? ''
    }
    assert.deepEqual(
      names.slice(0, 3),
      ['A', 'b', 'c'].map(letter => `${prefix}-${letter}`),
    )
  })

  test('is found by the beginning of its name, in any letter case', async () => {
    const prefix = freshName('Begin')
    for (const rest of ['ning', '']) await newRoom(owner, { name: `${prefix}${rest}` })
    await newRoom(owner, { name: `${prefix}-hidden`, private: true })
    const { json } = await server.call('GET', `/v1/rooms?search=${prefix.toLowerCase()}`, { token: ann.token })
    const { rooms } = json as { rooms: RoomView[] }
    assert.deepEqual(
      rooms.map(({ name }) => name),
      [prefix, `${prefix}ning`],
    )
  })

  test('that is private is nowhere to be seen from outside, whatever one tries', async () => {
    const secret = await newRoom(owner, { private: true })
    const { json } = await server.call('GET', '/v1/rooms?limit=100', { token: ann.token })
    assert.ok(!JSON.stringify(json).includes(secret.name))
    const missing = 9_007_199_254_740_991
    const never = freshName('never')
    const tries = (id: number, name: string): readonly Promise<Reply>[] => [
      room(ann, 'POST', `${id}/join`),
      room(ann, 'POST', `${id}/leave`),
      room(ann, 'POST', `${id}/close`),
      room(ann, 'PUT', `${id}/topic`, { topic: 'x' }),
      room(ann, 'PUT', `${id}/members/${bob.name}`),
      room(ann, 'PUT', `${id}/members/${never}`),
      room(ann, 'DELETE', `${id}/members/${owner.name}`),
      room(ann, 'PUT', `${id}/members/${owner.name}/role`, { role: 'member' }),
      room(ann, 'PUT', `${id}/members/${owner.name}/silence`),
      server.call('GET', `/v1/conversations/${id}`, { token: ann.token }),
      server.call('GET', `/v1/conversations/${id}/members`, { token: ann.token }),
      server.call('GET', `/v1/conversations/${id}/history`, { token: ann.token }),
      server.call('PUT', `/v1/conversations/${id}/read`, { token: ann.token, json: { seq: 1 } }),
      send(ann, `#${name}`, 'x'),
    ]
    const there = await Promise.all(tries(secret.id, secret.name))
    const notThere = await Promise.all(tries(missing, 'never'))
    for (const [at, reply] of there.entries()) {
      const shown = JSON.stringify(reply.json).replaceAll(secret.name, 'never')
      assert.deepEqual([reply.status, shown], [notThere[at]?.status, JSON.stringify(notThere[at]?.json)])
      assert.ok(reply.status >= 400, shown)
    }
  })
})

describe('members', () => {
  test('join a public room once, read from there on, and leave', async () => {
    const made = await newRoom(owner)
    await say(owner, made, 'before')
    const joined = await changed(room(ann, 'POST', `${made.id}/join`))
    await unchanged(room(ann, 'POST', `${made.id}/join`))
    const hello = await say(ann, made, 'hello')
    assert.deepEqual(seqsOf((await history(ann, made.id)).entries), [joined, hello])
    assert.equal((await history(ann, made.id)).entries[0]?.prev, 0)
    const left = await changed(room(ann, 'POST', `${made.id}/leave`))
    assertRefused(await room(ann, 'POST', `${made.id}/leave`), 403, 'not-a-member')
    assertRefused(await send(ann, `#${made.name}`, 'x'), 403, 'not-a-member')
    const gone = await server.call('GET', `/v1/conversations/${made.id}/history`, { token: ann.token })
    assertRefused(gone, 404, 'conversation-unknown')
    await say(owner, made, 'after')
    const { json } = await server.call('GET', '/v1/entries?limit=256', { token: ann.token })
    const mine = (json as EntriesView).entries.filter(({ conversation }) => conversation === made.id)
    assert.deepEqual(seqsOf(mine), [joined, hello, left])
    const back = await changed(room(ann, 'POST', `${made.id}/join`))
    assert.deepEqual(seqsOf((await history(ann, made.id)).entries), [joined, hello, left, back])
    assert.deepEqual((await history(ann, made.id)).entries.at(-1)?.prev, 0)
    assert.deepEqual(seqsOf((await history(ann, made.id, `?before=${back}&limit=2`)).entries), [hello, left])
    assert.deepEqual(seqsOf((await history(ann, made.id, `?after=${hello}&limit=1`)).entries), [left])
  })

  test('of a room with open history read all of it, also what was before them', async () => {
    const made = await newRoom(owner, { history: 'all' })
    const first = await say(owner, made, 'before ann')
    const joined = await changed(room(ann, 'POST', `${made.id}/join`))
    const { entries, more } = await history(ann, made.id)
    assert.deepEqual([seqsOf(entries), more], [[first - 1, first, joined], false])
    assert.deepEqual(
      entries.map(({ prev }) => prev),
      [0, first - 1, first],
    )
    // What is streamed is only what came since.
    const { json } = await server.call('GET', '/v1/entries?limit=256', { token: ann.token })
    assert.ok(!seqsOf((json as EntriesView).entries).includes(first))
    await changed(room(ann, 'POST', `${made.id}/leave`))
    const gone = await server.call('GET', `/v1/conversations/${made.id}/history`, { token: ann.token })
    assertRefused(gone, 404, 'conversation-unknown')
  })

  test('bring others in, into a private room too; who blocks them is not brought', async () => {
    const secret = await newRoom(owner, { private: true })
    await changed(room(owner, 'PUT', `${secret.id}/members/${ann.name}`))
    await changed(room(ann, 'PUT', `${secret.id}/members/${bob.name}`))
    await unchanged(room(ann, 'PUT', `${secret.id}/members/${bob.name.toUpperCase()}`))
    const [invitation] = (await history(bob, secret.id)).entries
    assert.deepEqual([invitation?.kind, invitation?.sender, invitation?.subject], ['invite', ann.name, bob.name])
    const shy = await server.person()
    await server.call('PUT', `/v1/blocks/${ann.name}`, { token: shy.token })
    const invited = await room(ann, 'PUT', `${secret.id}/members/${shy.name}`)
    const never = await room(ann, 'PUT', `${secret.id}/members/${freshName('never')}`)
    assert.equal(assertRefused(invited, 404, 'unreachable').field, 'name')
    assertRefused(never, 404, 'unreachable')
    assert.deepEqual(Object.keys(invited.json as object), Object.keys(never.json as object))
    const others = await room(bob, 'PUT', `${(await newRoom(owner)).id}/members/${ann.name}`)
    assertRefused(others, 403, 'not-a-member')
  })

  test('do not do what is an owner’s', async () => {
    const made = await newRoom(owner)
    await changed(room(ann, 'POST', `${made.id}/join`))
    for (const reply of [
      room(ann, 'PUT', `${made.id}/topic`, { topic: 'mine' }),
      room(ann, 'POST', `${made.id}/close`),
      room(ann, 'POST', `${made.id}/reopen`),
      room(ann, 'DELETE', `${made.id}/members/${owner.name}`),
      room(ann, 'PUT', `${made.id}/members/${ann.name}/role`, { role: 'owner' }),
      room(ann, 'PUT', `${made.id}/members/${owner.name}/silence`),
    ]) {
      assertRefused(await reply, 403, 'owners-only')
    }
    assertRefused(await room(bob, 'PUT', `${made.id}/topic`, { topic: 'mine' }), 403, 'not-a-member')
  })

  test('are listed with what they are', async () => {
    const made = await newRoom(owner)
    const last = await changed(room(ann, 'POST', `${made.id}/join`))
    await server.call('PUT', `/v1/conversations/${made.id}/read`, { token: ann.token, json: { seq: last } })
    const page = async (query = '') => {
      const { json } = await server.call('GET', `/v1/conversations/${made.id}/members${query}`, { token: owner.token })
      return json as { members: MemberView[]; more: boolean }
    }
    const [first, second] = (await page()).members
    assert.deepEqual(first, { id: owner.id, name: owner.name, role: 'owner', silenced: false, readSeq: 0 })
    assert.deepEqual(second, { id: ann.id, name: ann.name, role: 'member', silenced: false, readSeq: last })
    assert.deepEqual(await page('?limit=1'), { members: [first], more: true })
    assert.deepEqual(await page(`?limit=1&after=${owner.id}`), { members: [second], more: false })
    // A blocker's marker looks like that of somebody who has read nothing.
    await server.call('PUT', `/v1/blocks/${owner.name}`, { token: ann.token })
    assert.equal((await page()).members[1]?.readSeq, 0)
    await server.call('DELETE', `/v1/blocks/${owner.name}`, { token: ann.token })
  })
})
