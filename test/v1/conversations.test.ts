// The list of conversations, read markers and history over v1; and that whatever happens in rooms and between people,
// each reads exactly what is theirs, page by page, in both directions, as a plain model of the log says.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type {
  ChangeView,
  ConversationView,
  EntriesView,
  EntryView,
  HistoryView,
  RoomView,
} from '../../src/protocol/v1.ts'
import { assertRefused, freshName, type Person, startV1, type V1Server } from './support.ts'

let server: V1Server
before(async () => {
  server = await startV1()
})
after(() => server[Symbol.asyncDispose]())

async function ask<T>(of: Person, method: string, path: string, json?: unknown): Promise<T> {
  const reply = await server.call(method, `/v1${path}`, { token: of.token, ...(json === undefined ? {} : { json }) })
  assert.ok(reply.status < 300, `${method} ${path}: ${JSON.stringify(reply.json)}`)
  return reply.json as T
}

async function say(by: Person, to: string, ...texts: readonly string[]): Promise<number> {
  const messages = texts.map(text => ({ to, text }))
  const { results } = await ask<{ results: { seq: number }[] }>(by, 'POST', '/messages', { messages })
  return results.at(-1)?.seq ?? 0
}

const listOf = (of: Person, query = '') =>
  ask<{ conversations: ConversationView[]; more: boolean }>(of, 'GET', `/conversations${query}`)

describe('the list of conversations', () => {
  test('has the latest active first, with its last message and what is unread of others', async () => {
    const [ann, bob, cat] = [await server.person(), await server.person(), await server.person()]
    assert.deepEqual(await listOf(ann), { conversations: [], more: false })
    await say(bob, `@${ann.name}`, 'one', 'two')
    await say(cat, `@${ann.name}`, 'three')
    await say(ann, `@${cat.name}`, 'four')
    const { conversations } = await listOf(ann)
    assert.deepEqual(
      conversations.map(({ address, unread, last, role }) => [address, unread, last?.text, role]),
      [
        [`@${cat.name}`, 1, 'four', 'member'],
        [`@${bob.name}`, 2, 'two', 'member'],
      ],
    )
    await say(bob, `@${ann.name}`, 'five')
    const [first] = (await listOf(ann)).conversations
    assert.deepEqual([first?.address, first?.unread, first?.last?.text], [`@${bob.name}`, 3, 'five'])
    assert.deepEqual(await ask(ann, 'GET', `/conversations/${first?.id}`), first)
    assert.deepEqual(
      (await listOf(cat)).conversations.map(({ address }) => address),
      [`@${ann.name}`],
    )
  })

  test('comes in pages without a gap or a double', async () => {
    const ann = await server.person()
    const names = await Promise.all(Array.from({ length: 5 }, async () => (await server.person()).name))
    for (const name of names) await say(ann, `@${name}`, 'hello')
    const addresses: string[] = []
    let page = await listOf(ann, '?limit=2')
    for (;;) {
      addresses.push(...page.conversations.map(({ address }) => address))
      if (!page.more) break
      page = await listOf(ann, `?limit=2&before=${page.conversations.at(-1)?.lastSeq}`)
    }
    assert.deepEqual(addresses, names.map(name => `@${name}`).toReversed())
  })

  test('shows the last message past edits and changes of the room, and an erased one as erased', async () => {
    const [ann, bob] = [await server.person(), await server.person()]
    const { id, name } = await ask<RoomView>(ann, 'POST', '/rooms', { name: freshName('room') })
    assert.equal((await listOf(ann)).conversations[0]?.last, undefined)
    const seq = await say(ann, `#${name}`, 'the last word')
    await ask(bob, 'POST', `/rooms/${id}/join`)
    // What was said before one joined is not one's own last message either.
    assert.equal((await listOf(bob)).conversations[0]?.last, undefined)
    await ask(ann, 'PUT', `/rooms/${id}/topic`, { topic: 'x' })
    await ask(ann, 'PATCH', `/messages/${seq}`, { text: 'edited' })
    assert.deepEqual((await listOf(ann)).conversations[0]?.last?.text, 'edited')
    await ask(ann, 'DELETE', `/messages/${seq}`)
    const last = (await listOf(ann)).conversations[0]?.last
    assert.deepEqual([last?.seq, last?.kind, last?.text], [seq, 'erased', undefined])
  })

  test('counts unread messages to 999+ and no further, and only messages', async () => {
    const [ann, bob] = [await server.person(), await server.person()]
    await say(bob, `@${ann.name}`, ...Array.from({ length: 999 }, (_, at) => `${at}`))
    const unread = async () => (await listOf(ann)).conversations[0]?.unread
    assert.equal(await unread(), 999)
    await ask(bob, 'PATCH', `/messages/${(await listOf(bob)).conversations[0]?.lastSeq}`, { text: 'edited' })
    assert.equal(await unread(), 999)
    await say(bob, `@${ann.name}`, ...Array.from({ length: 500 }, (_, at) => `${at}`))
    assert.equal(await unread(), 1_000)
  })
})

describe('a read marker', () => {
  test('is the same for all devices, only rises, and never passes the last entry', async () => {
    const [ann, bob] = [await server.person(), await server.person()]
    const first = await say(bob, `@${ann.name}`, 'one')
    const last = await say(bob, `@${ann.name}`, 'two', 'three')
    const id = (await listOf(ann)).conversations[0]?.id
    const mark = async (seq: number) =>
      (await ask<{ readSeq: number }>(ann, 'PUT', `/conversations/${id}/read`, { seq })).readSeq
    assert.equal(await mark(first), first)
    const other = { ...ann, token: (await server.signIn(ann.name, ann.password)).token }
    const seen = (await listOf(other)).conversations[0]
    assert.deepEqual([seen?.readSeq, seen?.unread], [first, 2])
    assert.equal(await mark(0), first)
    assert.equal(await mark(Number.MAX_SAFE_INTEGER), last)
    assert.equal((await listOf(ann)).conversations[0]?.unread, 0)
    assert.equal((await listOf(bob)).conversations[0]?.readSeq, 0)
  })

  test('is set only by members, to a seq', async () => {
    const [ann, bob, cat] = [await server.person(), await server.person(), await server.person()]
    const seq = await say(bob, `@${ann.name}`, 'one')
    const path = `/v1/conversations/${(await listOf(ann)).conversations[0]?.id}/read`
    assertRefused(await server.call('PUT', path, { token: cat.token, json: { seq } }), 403, 'not-a-member')
    for (const json of [{ seq: -1 }, { seq: 1.5 }, { seq: '1' }, {}, { seq: 2 ** 53 }]) {
      const reply = await server.call('PUT', path, { token: ann.token, json })
      assert.equal(reply.status, 400, JSON.stringify(json))
    }
  })
})

test('history takes before or after, and not both', async () => {
  const [ann, bob] = [await server.person(), await server.person()]
  await say(ann, `@${bob.name}`, 'x')
  const path = `/v1/conversations/${(await listOf(ann)).conversations[0]?.id}/history`
  assertRefused(await server.call('GET', `${path}?before=3&after=1`, { token: ann.token }), 400, 'field-invalid')
  for (const query of ['?before=0', '?after=-1', '?before=x', '?limit=257', '?after=9007199254740993']) {
    assert.equal((await server.call('GET', path + query, { token: ann.token })).status, 400, query)
  }
})

// ── Against a model ──

/** What the log is: who was in the conversation of each entry when it was written. */
interface Model {
  readonly log: { readonly seq: number; readonly conversation: string; readonly readers: ReadonlySet<string> }[]
  readonly rooms: readonly { readonly view: RoomView; readonly members: Set<string> }[]
}

/** Park and Miller's generator: the same seed, the same test. */
function chanceOf(seed: number): (below: number) => number {
  let state = seed
  return below => {
    state = (state * 48_271) % 2_147_483_647
    return state % below
  }
}

/** One random thing that somebody does; what it changes is noted in the model. */
async function act(model: Model, people: readonly Person[], chance: (below: number) => number): Promise<void> {
  const who = people[chance(people.length)] as Person
  const room = model.rooms[chance(model.rooms.length)]
  const note = (seq: number, conversation: string, readers: Iterable<string>) =>
    model.log.push({ seq, conversation, readers: new Set(readers) })
  if (room === undefined || chance(3) === 0) {
    const other = people[chance(people.length)] as Person
    const seq = await say(who, `@${other.name}`, `from ${who.name}`)
    note(seq, [who.name, other.name].toSorted().join(), [who.name, other.name])
    return
  }
  const { view, members } = room
  const mayChange = members.has(who.name) && who.name !== people[0]?.name
  const what = !members.has(who.name) ? 'join' : mayChange && chance(4) === 0 ? 'leave' : 'say'
  if (what === 'say') {
    note(await say(who, `#${view.name}`, `from ${who.name}`), view.name, members)
    return
  }
  const { seq = 0 } = await ask<ChangeView>(who, 'POST', `/rooms/${view.id}/${what}`)
  // Who joins reads from there on, who leaves up to there.
  note(seq, view.name, [...members, who.name])
  if (what === 'join') members.add(who.name)
  else members.delete(who.name)
}

/** The entries of a walk through the pages, in the order of the log. */
async function walk(
  next: (from: EntryView | undefined) => Promise<HistoryView>,
  direction: 'up' | 'down',
): Promise<readonly EntryView[]> {
  const read: EntryView[] = []
  for (;;) {
    const { entries, more } = await next(direction === 'up' ? read.at(-1) : read[0])
    if (direction === 'up') read.push(...entries)
    else read.unshift(...entries)
    if (!more) return read
    assert.ok(entries.length > 0)
  }
}

/**
 * Each entry names the one before it in its conversation, or none where a membership begins; the first of a conversation
 * names none, or one from before `begin`.
 */
function assertLinked(entries: readonly EntryView[], begin: number, isWhole = false): void {
  const last = new Map<number, number>()
  for (const { conversation, seq, prev } of entries) {
    const known = last.get(conversation)
    const fits = known === undefined ? prev < begin : prev === known || (prev === 0 && !isWhole)
    assert.ok(fits, `${prev} before ${seq}, where ${known} is expected`)
    last.set(conversation, seq)
  }
}

test('whatever people do, each reads exactly what is theirs, in pages of any size and both directions', async t => {
  const seed = 1 + (Date.now() % 2_147_483_646)
  t.diagnostic(`seed ${seed}`)
  const chance = chanceOf(seed)
  const people = await Promise.all(Array.from({ length: 4 }, () => server.person()))
  const [owner] = people as [Person]
  const histories = ['all', 'from-joining'] as const
  const views = await Promise.all(
    histories.map(history => ask<RoomView>(owner, 'POST', '/rooms', { name: freshName('model'), history })),
  )
  const model: Model = { log: [], rooms: views.map(view => ({ view, members: new Set([owner.name]) })) }
  const begin = (await ask<EntriesView>(owner, 'GET', '/entries?limit=256')).cursor
  for (let at = 0; at < 150; at += 1) await act(model, people, chance)

  const first = model.log[0]?.seq ?? 0
  for (const person of people) {
    const mine = model.log.filter(({ readers }) => readers.has(person.name)).map(({ seq }) => seq)
    let cursor = begin
    const streamed = await walk(async () => {
      const page = await ask<EntriesView>(person, 'GET', `/entries?after=${cursor}&limit=${1 + chance(40)}`)
      cursor = page.cursor
      return page
    }, 'up')
    assert.deepEqual(
      streamed.map(({ seq }) => seq),
      mine,
    )
    assertLinked(streamed, first)

    for (const { view, members } of model.rooms) {
      if (!members.has(person.name)) continue
      const since = model.log.filter(({ conversation }) => conversation === view.name)
      const readable = view.history === 'all' ? since : since.filter(({ readers }) => readers.has(person.name))
      const path = `/conversations/${view.id}/history?limit=${1 + chance(12)}`
      const down = await walk(
        from => ask(person, 'GET', from === undefined ? path : `${path}&before=${from.seq}`),
        'down',
      )
      const up = await walk(from => ask(person, 'GET', `${path}&after=${from?.seq ?? 0}`), 'up')
      assert.deepEqual(up, down)
      assert.deepEqual(
        up.map(({ seq }) => seq).filter(seq => seq >= first),
        readable.map(({ seq }) => seq),
      )
      assertLinked(up, 1, view.history === 'all')
    }
  }
})
