// Who may use an account on the lab's routes: an address that has shown its password, or HTTP Basic. Different clients
// are different addresses of 127.0.0.0/8.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { freshName, inboxOf, letter, type RunningServer, startHullo } from './server.ts'
import type { Ask } from './wire.ts'

const basic = (username: string, password: string) => ({
  Authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
})

describe('the guard', () => {
  let server: RunningServer
  before(async () => {
    server = await startHullo()
  })
  after(() => server[Symbol.asyncDispose]())

  async function reads(username: string, more: Ask = {}): Promise<readonly [number, string]> {
    const { status, body } = await server.ask('GET', '/get_messages', { json: { username }, ...more })
    return [status, body]
  }

  async function sends(sender: string, recipient: string, more: Ask = {}): Promise<readonly [number, string]> {
    const { status, body } = await server.ask('POST', '/', { json: letter(sender, recipient), ...more })
    return [status, body]
  }

  /** Two accounts, registered from an address that no other test uses. */
  async function twoAccounts(): Promise<readonly [string, string]> {
    const names = [freshName('ann'), freshName('ben')] as const
    for (const name of names) await server.register(name, `password of ${name}`, '127.9.9.9')
    return names
  }

  const refused = [401, '12'] as const
  const empty = [200, '{"messages": []}'] as const

  it('an address that has shown no password may neither read nor send as anybody', async () => {
    const [ann, ben] = await twoAccounts()
    assert.deepEqual(await reads(ann, { from: '127.0.0.2' }), refused)
    assert.deepEqual(await sends(ann, ben, { from: '127.0.0.2' }), refused)
  })

  it('register proves the account, and so does auth, from that address alone', async () => {
    const [ann, ben] = await twoAccounts()
    assert.deepEqual(await reads(ann, { from: '127.9.9.9' }), empty)
    const json = { username: ann, password: `password of ${ann}` }
    assert.equal((await server.ask('GET', '/auth', { json, from: '127.0.0.3' })).body, '1')
    assert.deepEqual(await reads(ann, { from: '127.0.0.3' }), empty)
    assert.deepEqual(await sends(ann, ben, { from: '127.0.0.3' }), [200, '1'])
    assert.deepEqual(await reads(ann, { from: '127.0.0.4' }), refused)
  })

  it('a proof is for the very account, not for another from the same address', async () => {
    const [ann, ben] = await twoAccounts()
    const json = { username: ann, password: `password of ${ann}` }
    assert.equal((await server.ask('GET', '/auth', { json, from: '127.0.0.5' })).body, '1')
    assert.deepEqual(await reads(ben, { from: '127.0.0.5' }), refused)
    assert.deepEqual(await sends(ben, ann, { from: '127.0.0.5' }), refused)
  })

  it('a wrong password, an unknown user and a name that exists prove nothing', async () => {
    const [ann] = await twoAccounts()
    const from = '127.0.0.6'
    const auth = { json: { username: ann, password: 'a guess' }, from }
    assert.equal((await server.ask('GET', '/auth', auth)).body, '12')
    assert.equal((await server.ask('POST', '/register', auth)).body, '10')
    const right = { json: { username: ann, password: `password of ${ann}` }, from }
    assert.equal((await server.ask('POST', '/register', right)).body, '10', 'not even with the right password')
    assert.deepEqual(await reads(ann, { from }), refused)
  })

  it('HEAD /auth with the right password is GET without a body: it proves too', async () => {
    const [ann] = await twoAccounts()
    const json = { username: ann, password: `password of ${ann}` }
    assert.equal((await server.ask('HEAD', '/auth', { json, from: '127.0.0.7' })).status, 200)
    assert.deepEqual(await reads(ann, { from: '127.0.0.7' }), empty)
  })

  it('HTTP Basic speaks for its account from anywhere, and proves nothing for later', async () => {
    const [ann, ben] = await twoAccounts()
    const more = { from: '127.0.0.8', headers: basic(ann, `password of ${ann}`) }
    assert.deepEqual(await reads(ann, more), empty)
    assert.deepEqual(await sends(ann, ben, more), [200, '1'])
    assert.deepEqual(await reads(ann, { from: '127.0.0.8' }), refused)
  })

  it('HTTP Basic in another letter case of the name is the same account', async () => {
    const [ann] = await twoAccounts()
    assert.deepEqual(
      await reads(ann, { from: '127.0.0.8', headers: basic(ann.toUpperCase(), `password of ${ann}`) }),
      empty,
    )
  })

  it('HTTP Basic takes names and passwords beyond ASCII, and colons in passwords', async () => {
    const username = freshName('Zoë')
    await server.register(username, 'pass:wörd:🙂', '127.9.9.9')
    assert.deepEqual(await reads(username, { from: '127.0.0.8', headers: basic(username, 'pass:wörd:🙂') }), empty)
  })

  it('Basic for another account, a wrong password, or another scheme is refused, also where the address is proved', async () => {
    const [ann, ben] = await twoAccounts()
    const from = '127.9.9.9' // has proved both
    assert.deepEqual(await reads(ann, { from, headers: basic(ben, `password of ${ben}`) }), refused)
    assert.deepEqual(await sends(ann, ben, { from, headers: basic(ben, `password of ${ben}`) }), refused)
    assert.deepEqual(await reads(ann, { from, headers: basic(ann, 'a guess') }), refused)
    assert.deepEqual(await reads(ann, { from, headers: basic(freshName(), 'x') }), refused)
    for (const value of [
      'Basic',
      'Basic !!!',
      'Basic YQ==',
      'Bearer abc',
      'Digest x="y"',
      '',
      basic(ann, 'x').Authorization.slice(6),
    ]) {
      assert.deepEqual(await reads(ann, { from, headers: { Authorization: value } }), refused, value)
    }
  })

  it('a password with a NUL in Basic is malformed, not a failure', async () => {
    const [ann] = await twoAccounts()
    const [status, body] = await reads(ann, { headers: basic(ann, 'a\0b') })
    assert.deepEqual([status, (JSON.parse(body) as { error: string }).error], [400, 'field-invalid'])
  })

  it('an unknown user is 404 with 11, asked by anybody', async () => {
    const nobody = freshName()
    assert.deepEqual(await reads(nobody, { from: '127.0.0.2' }), [404, '11'])
    assert.deepEqual(await reads(nobody, { headers: basic(nobody, 'x') }), [404, '11'])
  })

  it('a request that somebody sent on is not proved by its address, and proves nothing', async () => {
    const [ann] = await twoAccounts()
    const json = { username: ann, password: `password of ${ann}` }
    for (const [index, name] of ['Forwarded', 'X-Forwarded-For', 'Via', 'x-forwarded-for'].entries()) {
      const headers = { [name]: name === 'Via' ? '1.1 proxy' : 'for=127.9.9.9' }
      assert.deepEqual(await reads(ann, { from: '127.9.9.9', headers }), refused, name)
      const from = `127.0.1.${index + 1}`
      assert.equal((await server.ask('GET', '/auth', { json, from, headers })).body, '1')
      assert.deepEqual(await reads(ann, { from }), refused, name)
    }
    assert.deepEqual(
      await reads(ann, { from: '127.9.9.9', headers: { 'X-Forwarded-For': '' } }),
      refused,
      'an empty one',
    )
  })

  it('naming another address does not make it so', async () => {
    const [ann] = await twoAccounts()
    for (const name of [
      'X-Forwarded-For',
      'X-Real-IP',
      'Client-IP',
      'True-Client-IP',
      'X-Client-IP',
      'CF-Connecting-IP',
    ]) {
      assert.deepEqual(await reads(ann, { from: '127.0.0.2', headers: { [name]: '127.9.9.9' } }), refused, name)
    }
  })

  it('Basic works through proxies', async () => {
    const [ann] = await twoAccounts()
    const headers = { ...basic(ann, `password of ${ann}`), 'X-Forwarded-For': '192.0.2.1', Via: '1.1 proxy' }
    assert.deepEqual(await reads(ann, { headers }), empty)
  })
})

describe('behind a trusted proxy', () => {
  let server: RunningServer
  before(async () => {
    server = await startHullo(['--trust-proxy', '127.0.0.10,127.0.8.0/24'])
  })
  after(() => server[Symbol.asyncDispose]())

  async function reads(username: string, from: string, chain?: string): Promise<number> {
    const headers = chain === undefined ? {} : { 'X-Forwarded-For': chain }
    return (await server.ask('GET', '/get_messages', { json: { username }, from, headers })).status
  }

  async function proves(username: string, from: string, chain?: string): Promise<void> {
    const headers = chain === undefined ? {} : { 'X-Forwarded-For': chain }
    const { body } = await server.ask('GET', '/auth', { json: { username, password: 'secret' }, from, headers })
    assert.equal(body, '1')
  }

  async function account(): Promise<string> {
    const username = freshName()
    await server.register(username, 'secret', '127.0.0.99')
    return username
  }

  it('the client that it names is the one that proves and is proved', async () => {
    const ann = await account()
    await proves(ann, '127.0.0.10', '192.0.2.1')
    assert.equal(await reads(ann, '127.0.0.10', '192.0.2.1'), 200)
    assert.equal(await reads(ann, '127.0.0.10', '192.0.2.2'), 401)
    assert.equal(await reads(ann, '127.0.0.10'), 401, 'the proxy itself')
    assert.equal(await reads(ann, '127.0.8.77', '::ffff:192.0.2.1'), 200, 'through another trusted one, in IPv6 dress')
  })

  it('of a chain the rightmost that is not trusted counts; what the client wrote itself does not', async () => {
    const ann = await account()
    await proves(ann, '127.0.0.10', '192.0.2.1')
    assert.equal(await reads(ann, '127.0.0.10', '192.0.2.1, 203.0.113.5'), 401, 'a spoofed head of the chain')
    assert.equal(await reads(ann, '127.0.0.10', '203.0.113.5, 192.0.2.1'), 200)
    assert.equal(await reads(ann, '127.0.0.10', '203.0.113.5, 192.0.2.1, 127.0.8.4'), 200, 'two proxies of ours')
    assert.equal(await reads(ann, '127.0.0.10', '203.0.113.5,192.0.2.1:4711'), 200, 'with a port')
  })

  it('a chain whose end is no address proves nothing', async () => {
    const ann = await account()
    for (const chain of ['unknown', '192.0.2.1, unknown', '192.0.2.1, _hidden', '', ',', '192.0.2.1,', '999.1.1.1']) {
      await proves(ann, '127.0.0.10', chain)
      assert.equal(await reads(ann, '127.0.0.10', chain), 401, JSON.stringify(chain))
    }
    assert.equal(await reads(ann, '127.0.0.10', '192.0.2.1'), 401)
  })

  it('the same header from a peer that is not trusted counts for nothing', async () => {
    const ann = await account()
    await proves(ann, '127.0.0.10', '192.0.2.1')
    assert.equal(await reads(ann, '127.0.0.11', '192.0.2.1'), 401)
    await proves(ann, '127.0.0.11', '192.0.2.7')
    assert.equal(await reads(ann, '127.0.0.10', '192.0.2.7'), 401)
    assert.equal(await reads(ann, '127.0.0.11'), 401)
  })

  it('a client without a proxy is proved by its own address', async () => {
    const ann = await account()
    assert.equal(await reads(ann, '127.0.0.99'), 200)
    assert.equal(await reads(ann, '127.0.0.98'), 401)
  })
})

describe('--lab open', () => {
  it('everybody reads and sends as anybody, but only between accounts that exist', async () => {
    await using server = await startHullo(['--lab', 'open'])
    const [ann, ben] = [freshName('ann'), freshName('ben')]
    await server.register(ann)
    await server.register(ben)
    const from = '127.0.0.2'
    assert.equal((await server.ask('POST', '/', { json: letter(ann, ben), from })).body, '1')
    assert.equal((await inboxOf(server, ben, { from })).length, 1)
    for (const json of [letter(freshName(), ben), letter(ann, freshName())]) {
      const { status, body } = await server.ask('POST', '/', { json, from })
      assert.deepEqual([status, body], [404, '11'])
    }
    assert.deepEqual(
      await inboxOf(server, freshName(), { from }),
      [],
      'an unknown user has the empty list, as in the lab',
    )
    assert.equal((await server.ask('GET', '/auth', { json: { username: ann, password: 'x' } })).body, '12')
    assert.match(server.program.stdout(), /--lab open: everybody can read and send as anybody/)
  })
})

describe('--lab off', () => {
  it("leaves only the first page: the lab's routes are not there", async () => {
    await using server = await startHullo(['--lab', 'off'])
    const json = { username: 'a', password: 'b' }
    for (const [method, path] of [
      ['POST', '/register'],
      ['GET', '/auth'],
      ['GET', '/get_messages'],
    ] as const) {
      const { status, body } = await server.ask(method, path, { json })
      assert.deepEqual([status, (JSON.parse(body) as { error: string }).error], [404, 'unknown-route'])
    }
    const sent = await server.ask('POST', '/', { json: letter('a', 'b') })
    assert.deepEqual([sent.status, sent.headers.get('allow')], [405, 'GET, HEAD'])
    assert.equal((await server.ask('GET', '/')).body, 'hello')
  })
})
