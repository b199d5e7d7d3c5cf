// Who may make an account: everybody, the invited, or nobody.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import type { MeView } from '../../src/protocol/v1.ts'
import { assertRefused, freshName, startV1, temporaryFolder, type V1Server } from './support.ts'

const password = 'a good password'

/** The secret in the link that a server printed. */
async function firstInvite(server: V1Server): Promise<string> {
  const [, invite = ''] = await server.program.printed(/^ {2}invite {3}http\S+\/#invite=([\w-]{43})$/m)
  return invite
}

function join(server: V1Server, invite: string | undefined, name = freshName()) {
  return server.call('POST', '/v1/accounts', { json: { name, password, ...(invite === undefined ? {} : { invite }) } })
}

/** The first account of an invite-only server, signed in. */
async function admin(server: V1Server): Promise<string> {
  const name = freshName('admin')
  assert.equal((await join(server, await firstInvite(server), name)).status, 201)
  return (await server.signIn(name, password)).token
}

const inviteWith = async (server: V1Server, token: string, json: object) => {
  const { status, json: made } = await server.call('POST', '/v1/invites', { token, json })
  assert.equal(status, 201)
  return made as { id: string; invite: string; link: string; uses: number; makesAdmin: boolean; expiresAt: number }
}

// Shared by the tests that do not stop it; they keep apart by the names of their accounts.
let server: V1Server
let token: string
before(async () => {
  server = await startV1(['--registration', 'invite'])
  const invite = await firstInvite(server)
  assertRefused(await join(server, undefined), 403, 'invite-needed')
  assertRefused(await join(server, 'x'.repeat(43)), 403, 'invite-unknown')
  token = await admin(server)
  assertRefused(await join(server, invite), 403, 'invite-unknown')
})
after(() => server[Symbol.asyncDispose]())

test('the first account of a server that takes invites only is an admin', async () => {
  const { json } = await server.call('GET', '/v1/me', { token })
  assert.equal((json as MeView).isAdmin, true)
})

describe('a server that takes invites only', () => {
  test('prints its link again at each start while there is no account, and none from then on', async () => {
    using folder = temporaryFolder()
    const flags = ['--registration', 'invite']
    const first = await startV1(flags, folder.dir)
    const lost = await firstInvite(first)
    await first.stop()
    await using second = await startV1(flags, folder.dir)
    assert.notEqual(await firstInvite(second), lost)
    await admin(second)
    await second.stop()
    await using third = await startV1(flags, folder.dir)
    assert.doesNotMatch(third.program.stdout(), /invite/)
  })

  test('does not say which names are taken to who is not invited', async () => {
    const { name } = (await server.call('GET', '/v1/me', { token })).json as MeView
    const [taken, free] = [await join(server, 'wrong', name), await join(server, 'wrong')]
    assertRefused(taken, 403, 'invite-unknown')
    assert.deepEqual(taken.json, free.json)
  })

  test('does not use an invite up on a name that is taken', async () => {
    const { name } = (await server.call('GET', '/v1/me', { token })).json as MeView
    const { invite } = await inviteWith(server, token, {})
    assertRefused(await join(server, invite, name.toUpperCase()), 409, 'account-exists')
    assert.equal((await join(server, invite)).status, 201)
  })

  test('keeps the lab routes closed for registrations', async () => {
    const { status, json } = await server.call('POST', '/register', { json: { username: 'ann', password } })
    assert.deepEqual([status, (json as { error: string }).error], [403, 'invite-needed'])
  })
})

describe('an invite', () => {
  test('is made by admins only, and makes so many accounts, also at once', async () => {
    const { invite, link, uses, makesAdmin, expiresAt } = await inviteWith(server, token, { uses: 3 })
    assert.equal(link, `${server.url}/#invite=${invite}`)
    assert.deepEqual([uses, makesAdmin], [3, false])
    assert.ok(Math.abs(expiresAt - Date.now() / 1_000 - 7 * 86_400) < 60)
    const made = await Promise.all(Array.from({ length: 6 }, () => join(server, invite)))
    assert.equal(made.filter(reply => reply.status === 201).length, 3)
    for (const reply of made) if (reply.status !== 201) assertRefused(reply, 403, 'invite-unknown')

    const member = made.find(reply => reply.status === 201)?.json as MeView
    assert.equal(member.isAdmin, false)
    const other = (await server.signIn(member.name, password)).token
    assertRefused(await server.call('POST', '/v1/invites', { token: other, json: {} }), 403, 'admins-only')
  })

  test('can make admins', async () => {
    const { invite } = await inviteWith(server, token, { makesAdmin: true })
    assert.equal(((await join(server, invite)).json as MeView).isAdmin, true)
  })

  test('expires', async () => {
    const { invite, expiresAt } = await inviteWith(server, token, { expiresInSeconds: 1 })
    // The server's clock is this machine's.
    await setTimeout(expiresAt * 1_000 - Date.now() + 1)
    assertRefused(await join(server, invite), 403, 'invite-unknown')
  })

  test('of an admin who has gone is good for nothing', async () => {
    const name = freshName('other')
    await join(server, (await inviteWith(server, token, { makesAdmin: true })).invite, name)
    const other = (await server.signIn(name, password)).token
    const { invite } = await inviteWith(server, other, {})
    await server.call('DELETE', '/v1/me', { token: other, json: { password } })
    assertRefused(await join(server, invite), 403, 'invite-unknown')
  })

  test('is listed for admins without its secret, and lets nobody in once it is withdrawn', async () => {
    const maker = await server.call('GET', '/v1/me', { token })
    const { id, invite, expiresAt } = await inviteWith(server, token, { uses: 2, makesAdmin: true })
    const other = (await inviteWith(server, token, {})).id
    const name = freshName('early')
    assert.equal((await join(server, invite, name)).status, 201)
    const open = async (query = '') => {
      const { status, json } = await server.call('GET', `/v1/invites${query}`, { token })
      assert.equal(status, 200)
      assert.doesNotMatch(JSON.stringify(json), new RegExp(invite))
      return json as { invites: { id: string }[]; more: boolean }
    }
    const all = await open()
    assert.deepEqual(
      all.invites.find(one => one.id === id),
      { id, by: (maker.json as MeView).name, usesLeft: 1, makesAdmin: true, expiresAt },
    )
    assert.ok(all.invites.some(one => one.id === other))
    const [first] = all.invites
    assert.deepEqual(await open('?limit=1'), { invites: [first], more: true })
    assert.deepEqual((await open(`?after=${first?.id}`)).invites, all.invites.slice(1))

    // Admins withdraw one another's.
    const early = (await server.signIn(name, password)).token
    assert.equal((await server.call('DELETE', `/v1/invites/${id}`, { token: early })).status, 204)
    assertRefused(await server.call('DELETE', `/v1/invites/${id}`, { token: early }), 403, 'invite-unknown')
    assertRefused(await join(server, invite), 403, 'invite-unknown')
    assert.ok((await open()).invites.every(one => one.id !== id))
    assert.equal((await server.call('GET', '/v1/me', { token: early })).status, 200)
  })

  test('is neither seen nor withdrawn by who is no admin, also not by who has its secret', async () => {
    const { id, invite } = await inviteWith(server, token, { uses: 2 })
    const name = freshName('member')
    await join(server, invite, name)
    const member = (await server.signIn(name, password)).token
    assertRefused(await server.call('GET', '/v1/invites', { token: member }), 403, 'admins-only')
    assertRefused(await server.call('DELETE', `/v1/invites/${id}`, { token: member }), 403, 'admins-only')
    assertRefused(await server.call('DELETE', `/v1/invites/${invite}`, { token }), 400, 'field-invalid')
    assert.equal((await join(server, invite)).status, 201)
  })

  test('leads to the public address, where there is one, with its path', async () => {
    await using named = await startV1(['--registration', 'invite', '--public-url', 'https://chat.example.org/our/chat'])
    const [, printed] = await named.program.printed(/^ {2}invite {3}(\S+)#/m)
    assert.equal(printed, 'https://chat.example.org/our/chat/')
    const { link } = await inviteWith(named, await admin(named), {})
    assert.match(link, /^https:\/\/chat\.example\.org\/our\/chat\/#invite=[\w-]{43}$/)
  })
})

test('a server with registration closed makes no account, on no route', async () => {
  await using closed = await startV1(['--registration', 'closed'])
  assertRefused(await join(closed, undefined), 403, 'registration-closed')
  assertRefused(await join(closed, 'anything'), 403, 'registration-closed')
  assert.equal((await closed.call('POST', '/register', { json: { username: 'ann', password } })).status, 403)
  assert.doesNotMatch(closed.program.stdout(), /invite/)
})
