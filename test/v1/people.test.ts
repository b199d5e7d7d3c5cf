// People: the list of accounts, and whom one blocks.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { AccountView, Problem } from '../../src/protocol/v1.ts'
import { assertRefused, freshName, type Person, sendDirect, startV1, type V1Server } from './support.ts'

let server: V1Server
let asker: Person
before(async () => {
  server = await startV1()
  asker = await server.person('asker')
  for (const name of ['Émile', 'emilia', 'Emil', 'zed']) await server.person(name)
})
after(() => server[Symbol.asyncDispose]())

interface Page {
  readonly people: readonly AccountView[]
  readonly more: boolean
}

async function find(query: string, { token } = asker): Promise<Page> {
  const { status, json } = await server.call('GET', `/v1/people?${query}`, { token })
  assert.equal(status, 200, JSON.stringify(json))
  return json as Page
}

const names = ({ people }: Page) => people.map(({ name }) => name)

describe('people', () => {
  test('are found by how their names begin, in any letter case, in order', async () => {
    assert.deepEqual(names(await find('search=EMIL')), ['Emil', 'emilia'])
    assert.deepEqual(names(await find(`search=${encodeURIComponent('E\u0301')}`)), ['Émile'])
    assert.deepEqual(names(await find('search=mil')), [])
    const shared = freshName('x')
    for (const name of [`Anna ${shared}`, `${shared}-maria`]) await server.person(name)
    assert.deepEqual(names(await find(`search=${shared}`)), [`${shared}-maria`, `Anna ${shared}`])
    assert.deepEqual(names(await find(`search=${shared}&after=${shared}-maria`)), [`Anna ${shared}`])
    assert.deepEqual(names(await find('search=%25')), [])
    assert.deepEqual(names(await find('search=_')), [])
  })

  test('come page by page, each once', async () => {
    const all = names(await find(''))
    const seen: string[] = []
    for (let last = '', more = true; more; ) {
      const page = await find(`limit=2&after=${encodeURIComponent(last)}`)
      seen.push(...names(page))
      assert.ok(page.people.length === 2 || !page.more)
      last = seen.at(-1) ?? ''
      more = page.more
    }
    assert.deepEqual(seen, all)
    assert.equal(new Set(all).size, all.length)
  })

  test('of a closed account are not there any more', async () => {
    const gone = await server.person(freshName('gone'))
    assert.deepEqual(names(await find('search=gone')), [gone.name])
    await server.call('DELETE', '/v1/me', { token: gone.token, json: { password: gone.password } })
    assert.deepEqual(names(await find('search=gone')), [])
  })

  for (const query of [
    'limit=0',
    'limit=101',
    'limit=1.5',
    'limit=',
    'limit=2&limit=3',
    'search=%00',
    'search=a&search=b',
  ]) {
    test(`are not found with ${query}`, async () => {
      const { status, json } = await server.call('GET', `/v1/people?${query}`, { token: asker.token })
      assert.deepEqual([status, (json as Problem).code.startsWith('field-')], [400, true])
    })
  }

  test('of a public server are those with whom one shares a room', async () => {
    await using open = await startV1(['--profile', 'public', '--registration', 'open', '--insecure-http'])
    const [alice, bob] = [await open.person('alice'), await open.person('bob')]
    await open.person('carol')
    assert.deepEqual((await open.call('GET', '/v1/people', { token: bob.token })).json, {
      people: [],
      more: false,
      everybody: false,
    })
    const found = async () => {
      const { json } = await open.call('GET', '/v1/people', { token: bob.token })
      return names(json as Page)
    }
    assert.deepEqual(
      (await found()).filter(name => name !== 'bob'),
      [],
    )
    const room = await open.call('POST', '/v1/rooms', { token: alice.token, json: { name: 'team' } })
    const { id } = room.json as { id: number }
    await open.call('POST', `/v1/rooms/${id}/join`, { token: bob.token })
    assert.deepEqual(
      (await found()).filter(name => name !== 'bob'),
      ['alice'],
    )
    await open.call('POST', `/v1/rooms/${id}/leave`, { token: bob.token })
    assert.deepEqual(
      (await found()).filter(name => name !== 'bob'),
      [],
    )
  })
})

describe('a block', () => {
  const send = (from: Person, to: string) =>
    server.call('POST', '/v1/messages', { token: from.token, json: { messages: [{ to: `@${to}`, text: 'hi' }] } })
  const blocks = async (of: Person) => names((await server.call('GET', '/v1/blocks', { token: of.token })).json as Page)

  test('keeps both from writing, with the words for an account that is not there, until it is taken back', async () => {
    const [alice, bob] = [await server.person(), await server.person()]
    assert.equal((await send(bob, alice.name)).status, 200)
    const path = `/v1/blocks/${bob.name.toUpperCase()}`
    for (let time = 0; time < 2; time += 1) {
      assert.equal((await server.call('PUT', path, { token: alice.token })).status, 204)
    }
    assert.deepEqual(await blocks(alice), [bob.name])
    assert.deepEqual(await blocks(bob), [])
    const blocked = assertRefused(await send(bob, alice.name), 404, 'unreachable')
    assertRefused(await send(alice, bob.name), 404, 'unreachable')
    const nobody = freshName('nobody')
    const absent = assertRefused(await send(bob, nobody), 404, 'unreachable')
    assert.deepEqual(blocked.detail.replace(alice.name, '?'), absent.detail.replace(nobody, '?'))

    for (let time = 0; time < 2; time += 1) {
      assert.equal((await server.call('DELETE', path, { token: alice.token })).status, 204)
    }
    assert.deepEqual(await blocks(alice), [])
    assert.equal((await send(bob, alice.name)).status, 200)
    assert.equal((await send(alice, bob.name)).status, 200)
  })

  test("looks to the blocked like an account that was closed, also on the lab's routes", async () => {
    const [alice, bob] = [await server.person(), await server.person()]
    await server.call('PUT', `/v1/blocks/${bob.name}`, { token: alice.token })
    const json = { sender: bob.name, recipient: alice.name, message: 'hi', timestamp: 1 }
    const headers = { Authorization: `Bearer ${bob.token}` }
    const reply = await server.call('POST', '/', { json, headers })
    assert.deepEqual([reply.status, reply.json], [404, 11])
  })

  test('looks to the blocked like a closed account wherever they look', async () => {
    const [bob, alice, gone] = [await server.person(), await server.person(), await server.person()]
    for (const { name, token } of [alice, gone]) {
      assert.equal((await send(bob, name)).status, 200)
      const { json } = await server.call('GET', '/v1/conversations', { token })
      const [{ id, lastSeq } = { id: 0, lastSeq: 0 }] = (json as { conversations: { id: number; lastSeq: number }[] })
        .conversations
      await server.call('PUT', `/v1/conversations/${id}/read`, { token, json: { seq: lastSeq } })
      // From here on the server remembers the name: what is remembered must not tell them apart either.
      const typed = await server.call('POST', '/v1/typing', { token: bob.token, json: { to: `@${name}` } })
      assert.equal(typed.status, 204)
    }
    await server.call('PUT', `/v1/blocks/${bob.name}`, { token: alice.token })
    await server.call('DELETE', '/v1/me', { token: gone.token, json: { password: gone.password } })
    const listed = await server.call('GET', '/v1/conversations', { token: bob.token })
    const { conversations } = listed.json as { conversations: { id: number; address: string }[] }

    const seen = async ({ name, id }: Person) => {
      const ask = async (method: string, path: string, json?: unknown): Promise<string> => {
        const answer = await server.call(method, path, { token: bob.token, ...(json === undefined ? {} : { json }) })
        return `${answer.status} ${JSON.stringify(answer.json)}`.replaceAll(name, '?').replaceAll(`"id":${id},`, '')
      }
      const conversation = conversations.find(({ address }) => address === `@${name}`)?.id
      return [
        await ask('GET', `/v1/people?search=${name}`),
        await ask('GET', `/v1/conversations/${conversation}/members`),
        await ask('POST', '/v1/typing', { to: `@${name}` }),
        await ask('GET', `/v1/presence/${name}`),
        await ask('POST', '/v1/messages', { messages: [{ to: `@${name}`, text: 'hi' }] }),
        await ask('PUT', `/v1/blocks/${name}`),
        (await blocks(bob)).includes(name),
        await ask('POST', '/v1/accounts', { name, password: 'a good password' }),
      ]
    }
    const blocker = await seen(alice)
    assert.deepEqual(await seen(gone), blocker)
    assert.equal(blocker[0], '200 {"people":[],"more":false,"everybody":true}')
    assert.match(String(blocker[2]), /^204 /)
    assert.match(String(blocker[4]), /^404 .*"unreachable"/)
  })

  test('without a conversation, typing and blocking tell nobody apart who is not in the list of people', async () => {
    const [bob, blocker, gone] = [await server.person(), await server.person(), await server.person()]
    await server.call('PUT', `/v1/blocks/${bob.name}`, { token: blocker.token })
    await server.call('DELETE', '/v1/me', { token: gone.token, json: { password: gone.password } })
    const seen = async (name: string) => {
      const typed = await server.call('POST', '/v1/typing', { token: bob.token, json: { to: `@${name}` } })
      const blocked = await server.call('PUT', `/v1/blocks/${name}`, { token: bob.token })
      return `${typed.status} ${JSON.stringify(typed.json)} ${blocked.status} ${JSON.stringify(blocked.json)}`.replaceAll(
        name,
        '?',
      )
    }
    const never = await seen('neverwas')
    assert.match(never, /^204 undefined 404 .*"account-unknown"/)
    assert.deepEqual([await seen(blocker.name), await seen(gone.name)], [never, never])
    assert.deepEqual(await blocks(bob), [])
  })

  test('on a public server one blocks whom one has met, and strangers are not told from nobody', async () => {
    const open = ['--registration', 'open', '--insecure-http']
    await using strict = await startV1(['--profile', 'public', '--host', '127.0.0.1', ...open])
    const [bob, stranger, writer] = [await strict.person(), await strict.person(), await strict.person()]
    await sendDirect(strict, writer, bob, 'unasked')
    const block = async (name: string) => (await strict.call('PUT', `/v1/blocks/${name}`, { token: bob.token })).status
    assert.deepEqual([await block(stranger.name), await block('neverwas'), await block(writer.name)], [404, 404, 204])
    await strict.call('DELETE', '/v1/me', { token: writer.token, json: { password: writer.password } })
    assert.equal(await block(writer.name), 204, 'also when it is closed')
  })

  test('is not for oneself, nor for nobody', async () => {
    const own = await server.call('PUT', `/v1/blocks/${asker.name}`, { token: asker.token })
    assert.equal(assertRefused(own, 400, 'field-invalid').field, 'name')
    const none = await server.call('PUT', '/v1/blocks/nobody', { token: asker.token })
    assertRefused(none, 404, 'account-unknown')
    assert.equal((await server.call('DELETE', '/v1/blocks/nobody', { token: asker.token })).status, 204)
  })
})
