// The checker on messaging servers: right ones of several makes pass, and each broken one fails on exactly its fault.
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { debianPython, missing } from '../support/debian.ts'
import { start } from '../support/program.ts'
import { startMessaging } from './servers/messaging.ts'
import { briefMs, check, failed, finding, freePort, told, verdictOf } from './support.ts'

const flaskServer = fileURLToPath(new URL('servers/flask_server.py', import.meta.url))

for (const flags of [[], ['--jsonify', '--newest-first']]) {
  const name = `a Flask and Flask-SQLAlchemy server passes ${flags.join(' ')}`
  test(name, { skip: missing('python3', 'flask') }, async context => {
    const folder = await mkdtemp(join(tmpdir(), 'hullo-check-'))
    context.after(() => rm(folder, { recursive: true }))
    const port = await freePort()
    await using server = start(debianPython, [flaskServer, String(port), folder, ...flags])
    await server.printed(/Running on/)

    const report = await check('messaging', `http://127.0.0.1:${port}`)

    assert.equal(report.result, 'pass', told(report))
    assert.equal(verdictOf(report, 'oldest-first'), flags.includes('--newest-first') ? 'advice' : 'pass')
    assert.equal(verdictOf(report, 'code-alone'), flags.includes('--jsonify') ? 'advice' : 'pass')
    // Again, on the data of the first: names and timestamps are new in each run.
    assert.equal((await check('messaging', `127.0.0.1:${port}`)).result, 'pass')
    // What the lab does not speak of is advice, also where the server answers it with a page of its framework.
    const beyond = await check('messaging', `127.0.0.1:${port}`, { beyond: true })
    assert.equal(beyond.result, 'pass', told(beyond))
    assert.equal(verdictOf(beyond, 'beyond-missing-field'), 'advice')
    assert.equal(verdictOf(beyond, 'beyond-same-timestamp'), 'advice')
    assert.equal(verdictOf(beyond, 'beyond-unicode'), 'pass', told(beyond))
  })
}

test('a Flask server is started, judged and stopped with --run', {
  skip: missing('python3', 'flask'),
}, async context => {
  const folder = await mkdtemp(join(tmpdir(), 'hullo-check-'))
  context.after(() => rm(folder, { recursive: true }))
  const port = await freePort()
  const run = `${debianPython} ${flaskServer} ${port} ${folder}`
  const report = await check('messaging', `127.0.0.1:${port}`, { run })
  assert.equal(report.result, 'pass', told(report))
  const gone = await check('messaging', `127.0.0.1:${port}`)
  assert.equal(gone.result, 'nothing checked')
})

test('a server in memory passes, newest first too', async () => {
  for (const variant of ['none', 'newest-first']) {
    await using server = await startMessaging(variant)
    const report = await check('messaging', server.address)
    assert.equal(report.result, 'pass', told(report))
  }
})

/** Each fault, the one requirement that finds it, and a word of the explanation. */
const faults: readonly (readonly [fault: string, id: string, likely: RegExp])[] = [
  ['quoted', 'codes-are-numbers', /jsonify/],
  ['code-in-object', 'register', /the whole body/],
  ['register-unchecked', 'register-existing', /find_user_from_db/],
  ['password-replaced', 'register-keeps-password', /replaced/],
  ['auth-always-fails', 'auth', /compared/],
  ['auth-by-post', 'auth', /methods=/],
  ['password-unchecked', 'auth-wrong-password', /not compared/],
  ['password-of-anybody', 'auth-wrong-password', /not compared/],
  ['unknown-let-in', 'auth-unknown-user', /gets in/],
  ['error-page', 'auth-unknown-user', /None/],
  ['send-hangs', 'send', /waits/],
  ['send-empty', 'send', /nothing/],
  ['bare-list', 'inbox', /"messages"/],
  ['unended', 'inbox', /Content-Length/],
  ['no-sender', 'inbox-fields', /no "sender"/],
  ['no-message', 'inbox-fields', /no "message"/],
  ['timestamp-text', 'inbox-timestamps', /time\.ctime/],
  ['milliseconds', 'inbox-timestamps', /milliseconds/],
  ['swapped', 'inbox-messages', /sender and recipient are swapped/],
  ['text-as-sender', 'inbox-messages', /fields are swapped/],
  ['by-sender', 'inbox-messages', /chosen by their sender/],
  ['keeps-last', 'inbox-messages', /lost/],
  ['twice', 'inbox-messages', /more than once/],
  ['cut', 'inbox-messages', /changed/],
  ['own-clock', 'timestamps-kept', /clock/],
  ['everybody', 'inbox-own', /recipient/],
  ['empty-is-11', 'inbox-empty', /code/],
]

// Most of their time is waiting.
suite('faults', { concurrency: 4 }, () => {
  for (const [fault, id, likely] of faults) {
    test(`a server with the fault "${fault}" fails on ${id} and on nothing else`, async () => {
      await using server = await startMessaging(fault)
      const slow = ['send-hangs', 'unended'].includes(fault)
      const report = await check('messaging', server.address, slow ? { timeoutMs: briefMs } : {})
      assert.deepEqual(failed(report), [id], told(report))
      assert.equal(report.result, 'fail')
      assert.match(finding(report, id)?.failure?.likely ?? '', likely)
    })
  }
})

test('a program that crashes in the middle is said to have crashed, with its last line', async () => {
  const port = await freePort()
  const answer = "response.end('1'); if (request.url === '/auth') throw new Error('no such table: users')"
  const program = `require('http').createServer((request, response) => { ${answer} }).listen(${port}, '127.0.0.1')`
  const report = await check('messaging', `127.0.0.1:${port}`, { run: `'${process.execPath}' -e "${program}"` })
  assert.equal(report.result, 'fail')
  const crashes = report.findings.filter(({ failure }) => failure?.likely.startsWith('it crashed'))
  assert.equal(crashes.length, 1, told(report))
  assert.match(crashes[0]?.failure?.came ?? '', /exit code 1; the last line of its console is /)
})

test('what depends on a failure is not run, and says so', async () => {
  await using server = await startMessaging('code-in-object')
  const report = await check('messaging', server.address)
  assert.equal(verdictOf(report, 'auth'), 'not run')
  assert.match(finding(report, 'auth')?.because ?? '', /POST \/register of a new name answers 1/)
})
