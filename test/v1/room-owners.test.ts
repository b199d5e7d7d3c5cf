// Rooms over v1: what their owners decide.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { ChangeView, ConversationView, EntriesView } from '../../src/protocol/v1.ts'
import { assertRefused, type Person, startV1, type V1Server } from './support.ts'
import { changed, roomCalls, seqsOf, unchanged } from './room-calls.ts'

let server: V1Server
let owner: Person
let ann: Person
before(async () => {
  server = await startV1()
  owner = await server.person()
  ann = await server.person()
})
after(() => server[Symbol.asyncDispose]())

const { newRoom, room, send, say, history } = roomCalls(() => server)

describe('an owner', () => {
  test('removes a member, who reads up to that entry and no further', async () => {
    const made = await newRoom(owner)
    const joined = await changed(room(ann, 'POST', `${made.id}/join`))
    const removed = await changed(room(owner, 'DELETE', `${made.id}/members/${ann.name}`))
    await say(owner, made, 'among us')
    const { json } = await server.call('GET', '/v1/entries?limit=256', { token: ann.token })
    const mine = (json as EntriesView).entries.filter(({ conversation }) => conversation === made.id)
    assert.deepEqual(seqsOf(mine), [joined, removed])
    const again = await room(owner, 'DELETE', `${made.id}/members/${ann.name}`)
    assert.equal(assertRefused(again, 403, 'not-a-member').field, 'name')
  })

  test('silences a member, who reads on but cannot write or edit, and lets it write again', async () => {
    const made = await newRoom(owner)
    await changed(room(ann, 'POST', `${made.id}/join`))
    const said = await say(ann, made, 'loud')
    await changed(room(owner, 'PUT', `${made.id}/members/${ann.name}/silence`))
    await unchanged(room(owner, 'PUT', `${made.id}/members/${ann.name}/silence`))
    assertRefused(await send(ann, `#${made.name}`, 'x'), 403, 'silenced')
    const edit = await server.call('PATCH', `/v1/messages/${said}`, { token: ann.token, json: { text: 'x' } })
    assertRefused(edit, 403, 'silenced')
    const { json } = await server.call('GET', `/v1/conversations/${made.id}`, { token: ann.token })
    assert.equal((json as ConversationView).silenced, true)
    assert.deepEqual((await history(ann, made.id)).entries.at(-1)?.kind, 'silence')
    await changed(room(owner, 'DELETE', `${made.id}/members/${ann.name}/silence`))
    await say(ann, made, 'again')
  })

  test('closes the room for writing, also to itself, and reopens it', async () => {
    const made = await newRoom(owner)
    await changed(room(owner, 'POST', `${made.id}/close`))
    await unchanged(room(owner, 'POST', `${made.id}/close`))
    assertRefused(await send(owner, `#${made.name}`, 'x'), 403, 'room-closed')
    await changed(room(owner, 'POST', `${made.id}/reopen`))
    await say(owner, made, 'again')
    assert.deepEqual(
      (await history(owner, made.id)).entries.map(({ kind }) => kind),
      ['create', 'close', 'reopen', 'text'],
    )
  })

  test('deletes any message, and sets the topic, for all to see', async () => {
    const made = await newRoom(owner)
    await changed(room(ann, 'POST', `${made.id}/join`))
    const seq = await say(ann, made, 'rude')
    const erased = await server.call('DELETE', `/v1/messages/${seq}`, { token: owner.token })
    assert.equal((erased.json as ChangeView).changed, true)
    await changed(room(owner, 'PUT', `${made.id}/topic`, { topic: 'be kind' }))
    await unchanged(room(owner, 'PUT', `${made.id}/topic`, { topic: 'be kind' }))
    const { entries } = await history(ann, made.id, '?limit=3')
    assert.deepEqual(
      entries.map(({ kind, sender, text }) => [kind, sender, text]),
      [
        ['erased', ann.name, undefined],
        ['delete', owner.name, undefined],
        ['topic', owner.name, 'be kind'],
      ],
    )
  })

  test('hands the room over before it goes', async () => {
    const made = await newRoom(owner)
    await changed(room(ann, 'POST', `${made.id}/join`))
    assertRefused(await room(owner, 'POST', `${made.id}/leave`), 409, 'last-owner')
    assertRefused(
      await room(owner, 'PUT', `${made.id}/members/${owner.name}/role`, { role: 'member' }),
      409,
      'last-owner',
    )
    await changed(room(owner, 'PUT', `${made.id}/members/${ann.name}/role`, { role: 'owner' }))
    const [role] = (await history(ann, made.id, '?limit=1')).entries
    assert.deepEqual([role?.kind, role?.subject, role?.text], ['role', ann.name, 'owner'])
    await changed(room(owner, 'POST', `${made.id}/leave`))
    await changed(room(ann, 'PUT', `${made.id}/topic`, { topic: 'mine now' }))
  })
})
