// docs/guides/hullo.py with Debian's own Python: against the server itself, and against faults.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { register } from '../../src/sdk/sdk.ts'
import { startHullo } from '../lab-http/server.ts'
import { debianPython, missing } from '../support/debian.ts'
import { root, run, start } from '../support/program.ts'
import { FakeServer } from './fake-server.ts'
import { texts } from './session.ts'

const skip = missing('python3')
const guides = join(root, 'docs/guides')
const env = { ...process.env, HULLO_PASSWORD: 'secret', PYTHONDONTWRITEBYTECODE: '1', no_proxy: '127.0.0.1' }

/** As a person calls it. */
function command(...args: string[]) {
  return run(debianPython, [join(guides, 'hullo.py'), ...args], { env })
}

test('sends, reads and streams', { skip }, async () => {
  await using hullo = await startHullo()
  const server = `http://127.0.0.1:${hullo.port}`
  await using bob = await register({ server, name: 'bob', password: 'secret' })
  await using alice = await register({ server, name: 'alice', password: 'secret' })
  const inbox = bob.messages()
  await bob.live()
  const sent = await command(server, 'alice', 'send', '@bob', 'héllo 👋')
  assert.deepEqual([sent.code, sent.stderr], [0, ''])
  assert.deepEqual(await texts(inbox, 1), ['héllo 👋'])

  await using streaming = start(debianPython, [join(guides, 'hullo.py'), server, 'bob', 'stream'], { env })
  // It begins with what comes from now on: said again until it is there.
  const saying = (async () => {
    while (streaming.stdout() === '') await alice.send('@bob', 'are you there?')
  })()
  await streaming.printed(/are you there/)
  await saying
  await alice.send('@bob', 'live')
  const [line] = await streaming.printed(/^.*"live".*$/m)
  assert.equal((JSON.parse(line) as { sender: string }).sender, 'alice')
  streaming.child.kill('SIGINT')
  assert.equal((await streaming.ended).code, 0)

  const read = await command(server, 'bob', 'read')
  const all = read.stdout.trim().split('\n')
  assert.equal((JSON.parse(all[0] ?? '') as { text: string }).text, 'héllo 👋')
  assert.equal((JSON.parse(all.at(-1) ?? '') as { text: string }).text, 'live')
})

test('signs out at its end, also when it is stopped', { skip }, async () => {
  await using hullo = await startHullo()
  const server = `http://127.0.0.1:${hullo.port}`
  await using alice = await register({ server, name: 'alice', password: 'secret' })
  for (let times = 0; times < 3; times += 1)
    assert.equal((await command(server, 'alice', 'send', '@alice', 'x')).code, 0)
  assert.equal((await command(server, 'alice', 'read')).code, 0)
  for (const [signal, code] of [
    ['SIGINT', 0],
    ['SIGTERM', 143],
  ] as const) {
    await using streaming = start(debianPython, [join(guides, 'hullo.py'), server, 'alice', 'stream'], { env })
    const saying = (async () => {
      while (streaming.stdout() === '') await alice.send('@alice', 'are you there?')
    })()
    await streaming.printed(/are you there/)
    await saying
    streaming.child.kill(signal)
    assert.equal((await streaming.ended).code, code)
  }
  assert.equal((await alice.own.sessions()).length, 1)
})

test('says in a sentence what is refused or out of reach', { skip }, async () => {
  await using server = await FakeServer.start('alice')
  const cases: [RegExp, ...string[]][] = [
    [/sign-in-failed/, server.url, 'nobody', 'read'],
    [/@nobody cannot be written to/, server.url, 'alice', 'send', '@nobody', 'hi'],
    [/cannot be reached/, 'http://127.0.0.1:1', 'alice', 'read'],
    [/^usage:/, server.url, 'alice', 'sing'],
    [/^usage:/],
  ]
  for (const [said, ...args] of cases) {
    const { code, stderr } = await command(...args)
    assert.equal(code, 1)
    assert.match(stderr, said)
    assert.doesNotMatch(stderr, /Traceback/)
  }
})

test('a lost acknowledgement leaves no double, a lost stream no gap', { skip }, async () => {
  await using server = await FakeServer.start('alice', 'bob')
  server.faults.loseAcks = 1
  const program = `
import json, random, sys
random.uniform = lambda low, high: low
from hullo import Hullo, Refused
me = Hullo.sign_in(${JSON.stringify(server.url)}, "alice", "x")
print(json.dumps(me.send("@bob", "once")), flush=True)
try:
    for entry, cursor in me.stream():
        print(entry["text"], cursor, flush=True)
except Refused as refused:
    print(refused.code, flush=True)
`
  await using python = start(debianPython, ['-c', program], { env: { ...env, PYTHONPATH: guides } })
  const [, sent] = await python.printed(/^(\{.*\})$/m)
  assert.equal((JSON.parse(sent ?? '') as { repeated: boolean }).repeated, true)
  for (let round = 0; round < 3; round += 1) {
    await server.until(() => server.followers === 1)
    server.say('bob', '@alice', `live${round}`)
    await python.printed(new RegExp(`^live${round} `, 'm'))
    server.cut()
    server.say('bob', '@alice', `away${round}`)
    await python.printed(new RegExp(`^away${round} `, 'm'))
  }
  const [last] = await python.printed(/^away2 (\S+)$/m).then(match => match.slice(1))
  assert.equal(last, server.log.cursor(7))
  await server.until(() => server.followers === 1)
  server.end('session-over')
  await python.printed(/^signed-out$/m)
  assert.deepEqual(
    python
      .stdout()
      .trim()
      .split('\n')
      .slice(1)
      .map(line => line.split(' ')[0]),
    ['live0', 'away0', 'live1', 'away1', 'live2', 'away2', 'signed-out'],
  )
})
