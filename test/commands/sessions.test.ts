// Signing in once: where the session is kept, who may read it, and what happens where it cannot be kept.
import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { startInTerminal } from '../lab-client/terminal.ts'
import { freshName, startV1, type V1Server } from '../v1/support.ts'
import { machineOf, machineWith } from './support.ts'

let server: V1Server
before(async () => {
  server = await startV1()
})
after(() => server[Symbol.asyncDispose]())

const password = { HULLO_PASSWORD: 'a good password' }
const sessionsOf = async (name: string) => {
  const { token } = await server.signIn(name, 'a good password')
  const { json } = await server.call('GET', '/v1/sessions', { token })
  return (json as { sessions: unknown[] }).sessions.length - 1
}

test('who registers is signed in, in a file for nobody else, and no command asks for a password again', async () => {
  using machine = machineOf(server)
  const name = freshName()
  const made = await machine.hullo(['register', name], { env: password })
  assert.deepEqual(made, { code: 0, stdout: `Registered ${name}, signed in at ${server.url}/\n`, stderr: '' })
  const folder = join(machine.env['HULLO_CONFIG'] ?? '', 'sessions')
  const [file = '', ...more] = readdirSync(folder)
  assert.deepEqual(more, [])
  assert.equal(statSync(join(folder, file)).mode & 0o777, 0o600)
  assert.equal(statSync(folder).mode & 0o777, 0o700)
  assert.doesNotMatch(readFileSync(join(folder, file), 'utf8'), /a good password/)
  assert.equal((await machine.hullo(['send', name, 'note to self'])).code, 0)
  assert.equal((await machine.hullo(['whoami'])).stdout, `${name} at ${server.url}/\n`)
  assert.equal(await sessionsOf(name), 1)
})

test('a password in the environment signs in once, and is then not needed', async () => {
  using machine = machineOf(server)
  const { name } = await server.person()
  for (const env of [password, password, {}]) {
    const ended = await machine.hullo(['whoami', '--as', name, '--json'], { env })
    assert.equal(ended.code, 0, ended.stderr)
    assert.equal((JSON.parse(ended.stdout) as { name: string }).name, name)
  }
  assert.equal(await sessionsOf(name), 2) // the test's own, and the one that was kept
})

test('login ends the session that was kept before; logout ends it on the server and forgets it', async () => {
  using machine = machineOf(server)
  const { name } = await server.person()
  for (let times = 0; times < 3; times += 1) {
    const ended = await machine.hullo(['login', name], { env: password })
    assert.deepEqual(ended, { code: 0, stdout: `Signed in as ${name} at ${server.url}/\n`, stderr: '' })
  }
  assert.equal(await sessionsOf(name), 2)
  assert.equal((await machine.hullo(['logout'])).stdout, `${name} is signed out at ${server.url}/\n`)
  assert.deepEqual(readdirSync(join(machine.env['HULLO_CONFIG'] ?? '', 'sessions')), [])
  const again = await machine.hullo(['logout'])
  assert.deepEqual(again, { code: 5, stdout: '', stderr: 'hullo: Nobody is signed in here.\n' })
})

test('of several nobody is guessed: the command names them, and --as chooses, in any letter case', async () => {
  const [ann, ben] = [freshName('Ann'), freshName('Ben')]
  using machine = await machineWith(server, ann, ben)
  const asked = await machine.hullo(['send', ann, 'hi'])
  assert.equal(asked.code, 2)
  assert.match(asked.stderr, new RegExp(`Several are signed in here: .*${ann} at .*--as NAME`))
  assert.equal((await machine.hullo(['whoami', '--as', ben.toUpperCase()])).stdout, `${ben} at ${server.url}/\n`)
  assert.equal((await machine.hullo(['whoami'], { env: { HULLO_NAME: ann } })).stdout, `${ann} at ${server.url}/\n`)
  assert.equal((await machine.hullo(['whoami', '--server', '127.0.0.1:1'])).code, 5)
})

test('a token in the environment speaks for itself and is not kept; of somebody else than --as it is refused', async () => {
  using machine = machineOf(server)
  const { name, token } = await server.person()
  const env = { HULLO_TOKEN: token }
  assert.equal((await machine.hullo(['whoami'], { env })).stdout, `${name} at ${server.url}/\n`)
  assert.equal((await machine.hullo(['whoami'])).code, 5)
  const other = await machine.hullo(['whoami', '--as', 'somebody'], { env })
  assert.equal(other.code, 2)
  assert.match(other.stderr, /belongs to/)
  assert.equal((await machine.hullo(['whoami'], { env: { HULLO_TOKEN: 'x' } })).code, 5)
})

test('a session that ended is forgotten: with a password a new one begins, without one the exit code is 5', async () => {
  const name = freshName()
  using machine = await machineWith(server, name)
  const { token } = await server.signIn(name, 'a good password')
  const { json } = await server.call('GET', '/v1/sessions', { token })
  for (const { id, current } of (json as { sessions: { id: number; current: boolean }[] }).sessions) {
    if (!current) await server.call('DELETE', `/v1/sessions/${id}`, { token })
  }
  const over = await machine.hullo(['whoami'])
  assert.equal(over.code, 5)
  assert.match(over.stderr, /^hullo: Nobody is signed in|is over/)
  assert.equal((await machine.hullo(['whoami', '--as', name], { env: password })).code, 0)
})

test('a file that others can read is refused until one signs in anew', async () => {
  const name = freshName()
  using machine = await machineWith(server, name)
  const folder = join(machine.env['HULLO_CONFIG'] ?? '', 'sessions')
  const file = join(folder, readdirSync(folder)[0] ?? '')
  chmodSync(file, 0o644)
  for (const args of [['whoami'], ['whoami', '--as', name], ['send', name, 'hi']]) {
    const ended = await machine.hullo(args)
    assert.equal(ended.code, 1)
    assert.match(ended.stderr, /is open to others \(mode 644\)/)
  }
  assert.equal((await machine.hullo(['login', name], { env: password })).code, 0)
  assert.equal((await machine.hullo(['whoami'])).code, 0)
  assert.equal(await sessionsOf(name), 1)
})

test('where a session cannot be kept the command works, says so, and leaves none behind on the server', async () => {
  using machine = machineOf(server)
  const { name } = await server.person()
  const blocked = machine.path('a-file')
  writeFileSync(blocked, '')
  for (const HULLO_CONFIG of [blocked, '/proc/hullo']) {
    const env = { ...password, HULLO_CONFIG }
    const ended = await machine.hullo(['whoami', '--as', name], { env })
    assert.deepEqual([ended.code, ended.stdout], [0, `${name} at ${server.url}/\n`], ended.stderr)
    assert.match(
      ended.stderr,
      /^hullo: The session cannot be kept in .*: E\w+: [a-z ]+\. It ends with this command\.\n$/,
    )
    assert.equal((await machine.hullo(['login', name], { env })).code, 1)
  }
  assert.equal(await sessionsOf(name), 1)
})

test('without a home a token is enough, and nothing is written anywhere', async () => {
  using machine = machineOf(server)
  const { name, token } = await server.person()
  const home = machine.path('home')
  mkdirSync(home)
  const env = { HULLO_CONFIG: '', XDG_CONFIG_HOME: 'relative', HOME: home, HULLO_TOKEN: token }
  const ended = await machine.hullo(['whoami'], { env })
  assert.deepEqual(ended, { code: 0, stdout: `${name} at ${server.url}/\n`, stderr: '' })
  assert.deepEqual(readdirSync(home), [])
})

test('on a terminal the password is asked for and never shown', async () => {
  using machine = machineOf(server)
  const name = freshName()
  const env = { ...machine.env, HULLO_PASSWORD: '' }
  await using registering = startInTerminal(['bin/hullo.js', 'register', name], { env })
  await registering.until(`Password for ${name}: `)
  registering.type('s3cret\r')
  await registering.until('The same again: ')
  registering.type('s3cret\r')
  await registering.until('Registered')
  assert.equal((await registering.ended).exitCode, 0)
  await machine.hullo(['logout'])
  await using signing = startInTerminal(['bin/hullo.js', 'login'], { env })
  await signing.until('Name: ')
  signing.type(`${name}\r`)
  await signing.until(`Password for ${name}: `)
  signing.type('s3cret\r')
  await signing.until('Signed in as')
  assert.doesNotMatch(registering.shown() + signing.shown(), /s3cret/)
  await using leaving = startInTerminal(['bin/hullo.js', 'login', name], { env })
  await leaving.until('Password for')
  leaving.type('\x03')
  assert.equal((await leaving.ended).exitCode, 130)
})

test('signing out without a network forgets the session here, and says that it lives on there', async () => {
  await using gone = await startV1()
  const name = freshName()
  using machine = await machineWith(gone, name)
  await gone.stop()
  const ended = await machine.hullo(['logout'])
  assert.equal(ended.code, 3)
  assert.match(ended.stderr, new RegExp(`${name} is signed out here, but not at .*Nothing listens there`))
  assert.deepEqual(readdirSync(join(machine.env['HULLO_CONFIG'] ?? '', 'sessions')), [])
})
