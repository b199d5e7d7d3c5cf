// Versions over v1: a message shows the last text that its reader may read, on every route, in search and in streams.
// What was edited after a member had gone, or before one came, is not theirs.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { ConversationView, EntriesView, EntryView, FoundView, RoomView } from '../../src/protocol/v1.ts'
import { type Listening, listenSse, talkLive } from './listening.ts'
import { changed, roomCalls } from './room-calls.ts'
import { type Person, startV1, type V1Server } from './support.ts'

let server: V1Server
before(async () => {
  server = await startV1()
})
after(() => server[Symbol.asyncDispose]())

const { newRoom, room, say, history } = roomCalls(() => server)

async function get<T>(of: Person, path: string): Promise<T> {
  const { status, json } = await server.call('GET', path, { token: of.token })
  assert.equal(status, 200, JSON.stringify(json))
  return json as T
}

const edit = (by: Person, seq: number, text: string) =>
  changed(server.call('PATCH', `/v1/messages/${seq}`, { token: by.token, json: { text } }))

const erase = (by: Person, seq: number) => changed(server.call('DELETE', `/v1/messages/${seq}`, { token: by.token }))

const entries = async (of: Person) => (await get<EntriesView>(of, '/v1/entries?limit=256')).entries

const found = async (of: Person, q: string) =>
  (await get<FoundView>(of, `/v1/search?q=${encodeURIComponent(q)}`)).entries.map(({ seq, text }) => [seq, text])

const at = (all: readonly EntryView[], seq: number) => all.find(one => one.seq === seq) ?? assert.fail(`no ${seq}`)

const shape = ({ kind, text, refersTo }: EntryView) => [kind, text, refersTo]

interface Group {
  readonly owner: Person
  readonly author: Person
  readonly other: Person
  readonly made: RoomView
  readonly enter: (who: Person) => Promise<number>
  readonly remove: (who: Person) => Promise<number>
}

/** A room with its owner and an author in it; `other` may come and go. */
async function group(more: object = {}): Promise<Group> {
  const [owner, author, other] = [await server.person(), await server.person(), await server.person()]
  const made = await newRoom(owner, more)
  const enter = (who: Person) => changed(room(owner, 'PUT', `${made.id}/members/${who.name}`))
  const remove = (who: Person) => changed(room(owner, 'DELETE', `${made.id}/members/${who.name}`))
  await enter(author)
  return { owner, author, other, made, enter, remove }
}

const transports = {
  SSE: (person: Person, cursor?: string): Promise<Listening> =>
    listenSse(server.url, person.token, cursor === undefined ? {} : { after: cursor }),
  WebSocket: (person: Person, cursor?: string): Promise<Listening> =>
    talkLive(server.url, person.token, cursor === undefined ? {} : { after: cursor }),
}

describe('one who was removed', () => {
  test('goes on reading the text of their time, by entries, search and stream', async () => {
    const { author, other, made, enter, remove } = await group()
    await enter(other)
    const first = await say(author, made, 'apricot one')
    const second = await say(author, made, 'apricot two')
    await edit(author, second, 'apricot three')
    await remove(other)
    await edit(author, first, 'secret blueberry')
    await edit(author, second, 'secret cranberry')
    const all = await entries(other)
    assert.deepEqual([at(all, first).text, at(all, second).text], ['apricot one', 'apricot three'])
    assert.ok(!JSON.stringify(all).includes('secret'))
    assert.deepEqual(await found(other, 'secret'), [])
    assert.deepEqual(await found(other, 'blueberry'), [])
    assert.deepEqual(await found(other, 'apricot'), [
      [second, 'apricot three'],
      [first, 'apricot one'],
    ])
    assert.deepEqual([await found(other, 'two'), await found(other, 'three')], [[], [[second, 'apricot three']]])
    // Those who are still there get the last ones, and find them by those alone.
    assert.deepEqual(
      [at(await entries(author), first).text, (await history(author, made.id)).entries.length > 0],
      ['secret blueberry', true],
    )
    assert.deepEqual(
      [await found(author, 'apricot'), await found(author, 'blueberry')],
      [[], [[first, 'secret blueberry']]],
    )
    const { cursor } = await get<EntriesView>(other, '/v1/entries?limit=1')
    for (const listen of Object.values(transports)) {
      await using reader = await listen(other, cursor)
      await reader.text('apricot three')
      await reader.frame('beat')
      assert.ok(!JSON.stringify(reader.frames).includes('secret'))
    }
  })

  test('does not read it back by coming again, until there is an edit of their new time', async () => {
    const { author, other, made, enter, remove } = await group()
    await enter(other)
    const seq = await say(author, made, 'first text')
    await remove(other)
    await edit(author, seq, 'between')
    await enter(other)
    assert.equal(at(await entries(other), seq).text, 'first text')
    assert.equal(at((await history(other, made.id)).entries, seq).text, 'first text')
    const third = await edit(author, seq, 'third text')
    const all = await entries(other)
    assert.deepEqual([at(all, seq).text, shape(at(all, third))], ['third text', ['edit', 'third text', seq]])
  })

  test('gets nothing of a message that was erased since', async () => {
    const { author, other, made, enter, remove } = await group()
    await enter(other)
    const seq = await say(author, made, 'kumquat')
    const edited = await edit(author, seq, 'kumquats')
    await remove(other)
    await erase(author, seq)
    const all = await entries(other)
    assert.deepEqual(
      [shape(at(all, seq)), shape(at(all, edited))],
      [
        ['erased', undefined, undefined],
        ['edit', undefined, seq],
      ],
    )
    assert.deepEqual(await found(other, 'kumquat*'), [])
  })
})

describe('one who came later', () => {
  for (const [name, listen] of Object.entries(transports)) {
    test(`to a room from joining on learns that something was edited or erased, and no more, over ${name} too`, async () => {
      const { author, other, made, enter } = await group()
      const old = await say(author, made, 'before')
      const doomed = await say(author, made, 'before, too')
      await using early = await listen(author)
      await early.frame('hello')
      await enter(other)
      await using reader = await listen(other)
      await reader.frame('hello')
      const edited = await edit(author, old, 'secret')
      const deleted = await erase(author, doomed)
      const own = await say(author, made, 'after')
      const ownEdit = await edit(author, own, 'after all')
      const wanted = [
        ['edit', undefined, undefined],
        ['delete', undefined, undefined],
        ['text', 'after', undefined],
        ['edit', 'after all', own],
      ]
      await reader.frame('entries', frame => frame.entries.some(({ seq }) => seq === ownEdit))
      const live = reader.entries().filter(({ seq }) => seq >= edited)
      assert.deepEqual(live.map(shape), wanted)
      const [first, second] = live
      assert.deepEqual([first?.sender, second?.prev, first?.seq, second?.seq], [author.name, edited, edited, deleted])
      const all = await entries(other)
      assert.deepEqual(
        [edited, deleted].map(seq => shape(at(all, seq))),
        wanted.slice(0, 2),
      )
      assert.deepEqual((await history(other, made.id)).entries.filter(({ kind }) => kind === 'edit').map(shape), [
        wanted[0],
        wanted[3],
      ])
      assert.deepEqual(await found(other, 'secret'), [])
      // Who was there gets all of it.
      await early.frame('entries', frame => frame.entries.some(({ seq }) => seq === ownEdit))
      assert.deepEqual(
        early
          .entries()
          .filter(({ seq }) => seq === edited || seq === deleted)
          .map(shape),
        [
          ['edit', 'secret', old],
          ['delete', undefined, doomed],
        ],
      )
    })

    test(`again, and was there when a message was sent, gets its edits over ${name}`, async () => {
      const { author, other, made, enter, remove } = await group()
      await enter(other)
      const seq = await say(author, made, 'of my time')
      await remove(other)
      await enter(other)
      await using reader = await listen(other)
      await reader.frame('hello')
      await edit(author, seq, 'edited')
      assert.deepEqual(shape(await reader.text('edited')), ['edit', 'edited', seq])
    })

    test(`to a room with an open history gets edits of what was said before, over ${name} too`, async () => {
      const { author, other, made, enter, remove } = await group({ history: 'all' })
      const seq = await say(author, made, 'before')
      await enter(other)
      await using reader = await listen(other)
      await reader.frame('hello')
      const edited = await edit(author, seq, 'edited')
      assert.deepEqual(shape(await reader.text('edited')), ['edit', 'edited', seq])
      assert.equal(at((await history(other, made.id)).entries, seq).text, 'edited')
      assert.deepEqual(await found(other, 'edited'), [[seq, 'edited']])
      // With the membership ends what the open history gave.
      await remove(other)
      assert.deepEqual(shape(at(await entries(other), edited)), ['edit', undefined, undefined])
      assert.deepEqual(await found(other, 'edited'), [])
    })
  }
})

test('the list of conversations and history show the last version, search finds by it alone', async () => {
  const { owner, author, made } = await group()
  const seq = await say(author, made, 'one word')
  await edit(author, seq, 'two words')
  await edit(author, seq, 'three words')
  const { conversations } = await get<{ conversations: ConversationView[] }>(owner, '/v1/conversations')
  assert.equal(conversations[0]?.last?.text, 'three words')
  assert.equal(at((await history(owner, made.id)).entries, seq).text, 'three words')
  assert.deepEqual(
    [await found(owner, 'words'), await found(owner, 'two'), await found(owner, 'one')],
    [[[seq, 'three words']], [], []],
  )
})
