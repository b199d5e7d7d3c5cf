// The riddle server as a process, asked over HTTP in every way that a learner's client may ask, and its client.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import * as http from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, test } from 'node:test'
import { exits } from '../../src/cli/exit-codes.ts'
import { type Program, run, startScript } from '../support/program.ts'

const folder = mkdtempSync(join(tmpdir(), 'hullo-riddles-'))
after(() => rmSync(folder, { recursive: true, force: true }))
let folders = 0

interface Server extends AsyncDisposable {
  readonly program: Program
  readonly port: number
  readonly data: string
}

async function startRiddles(data = join(folder, String(folders++)), flags = ['--empty']): Promise<Server> {
  const program = startScript('bin/hullo.js', ['riddles', '--port', '0', '--data', data, ...flags])
  const [, port] = await program.printed(/listening on http:\/\/127\.0\.0\.1:(\d+)/)
  return { program, port: Number(port), data, [Symbol.asyncDispose]: () => program[Symbol.asyncDispose]() }
}

interface More {
  readonly body?: string | Buffer
  readonly headers?: http.OutgoingHttpHeaders
}

async function ask({ port }: Server, method: string, path: string, { body = '', headers = {} }: More = {}) {
  const framing = { 'Content-Length': Buffer.byteLength(body), ...headers }
  const request = http.request({ host: '127.0.0.1', port, method, path, agent: false, headers: framing })
  const { promise, resolve, reject } = Promise.withResolvers<http.IncomingMessage>()
  request.on('response', resolve).on('error', reject).end(body)
  const response = await promise
  return { status: response.statusCode, headers: response.headers, body: await text(response) }
}

async function json(server: Server, method: string, path: string, fields: object = {}) {
  const headers = { 'Content-Type': 'application/json' }
  const { status, body } = await ask(server, method, path, { body: JSON.stringify(fields), headers })
  return [status, JSON.parse(body)] as const
}

const towel = { question: 'What gets wetter the more it dries?', answer: 'A towel' }
const seen = (id: number, guesses = 0, correct = 0) => ({ id, question: towel.question, guesses, correct })

test('riddles are added, listed, shown and guessed, and no answer ever comes out', async () => {
  await using server = await startRiddles()
  assert.deepEqual(await json(server, 'GET', '/riddles/all'), [200, { riddles: [] }])
  assert.deepEqual(await json(server, 'POST', '/riddles/new', towel), [200, seen(1)])
  assert.deepEqual(await json(server, 'GET', '/riddles/one', { id: 1 }), [200, seen(1)])
  const guess = (said: string, id: unknown = 1) => json(server, 'POST', '/riddles/guess', { id, guess: said })
  assert.deepEqual(await guess('a sponge'), [200, { guess: 'a sponge', correct: false, riddle: seen(1, 1, 0) }])
  assert.deepEqual(await guess('  a TOWEL\t', '1'), [
    200,
    { guess: '  a TOWEL\t', correct: true, riddle: seen(1, 2, 1) },
  ])
  assert.deepEqual(await json(server, 'GET', '/riddles/all'), [200, { riddles: [seen(1, 2, 1)] }])
  const whole = await ask(server, 'GET', '/riddles/all')
  assert.doesNotMatch(whole.body, /towel/i)
  assert.equal(whole.headers['content-type'], 'application/json')
})

test('a new folder begins with a few riddles, once', async () => {
  const data = join(folder, 'begun')
  const questions = async (server: Server) => {
    const [, { riddles }] = await json(server, 'GET', '/riddles/all')
    return (riddles as readonly { readonly question: string }[]).map(({ question }) => question)
  }
  let begun: readonly string[]
  {
    await using server = await startRiddles(data, [])
    begun = await questions(server)
    assert.ok(begun.length >= 3)
    const towelId = begun.indexOf(towel.question) + 1
    const [, guessed] = await json(server, 'POST', '/riddles/guess', { id: towelId, guess: towel.answer })
    assert.equal(guessed.correct, true)
  }
  await using again = await startRiddles(data, [])
  assert.deepEqual(await questions(again), begun)
})

test('fields come as JSON, in the query or as a form, with GET and with POST', async () => {
  await using server = await startRiddles()
  await json(server, 'POST', '/riddles/new', towel)
  const form = { 'Content-Type': 'application/x-www-form-urlencoded' }
  for (const more of [
    { body: '{"id": 1}' },
    { body: ' {"id": "1"}\n', headers: form },
    { body: '{"id": " 1 "}', headers: { 'Content-Type': 'application/json; charset=utf-8' } },
    { body: 'id=1', headers: form },
    { body: 'id=1' },
  ] satisfies More[]) {
    for (const method of ['GET', 'POST']) {
      assert.deepEqual(JSON.parse((await ask(server, method, '/riddles/one', more)).body), seen(1))
    }
  }
  assert.equal((await ask(server, 'GET', '/riddles/one?id=1&id=1&other=%zz')).status, 200)
  assert.equal((await ask(server, 'POST', '/riddles/all')).status, 200)
  const head = await ask(server, 'HEAD', '/riddles/all')
  assert.deepEqual([head.status, head.body], [200, ''])
  assert.ok(Number(head.headers['content-length']) > 0)
  const typed = await ask(server, 'POST', '/riddles/new', { body: 'question=1%2B1%3F&answer=2', headers: form })
  assert.equal((JSON.parse(typed.body) as { question: string }).question, '1+1?')
  assert.deepEqual((await json(server, 'POST', '/riddles/guess', { id: 2, guess: 2 }))[1].correct, true)
})

test('every refusal is JSON with a name and a sentence, and never a 500', async () => {
  await using server = await startRiddles()
  const type = { 'Content-Type': 'application/json' }
  for (const [method, path, more, status, error] of [
    ['GET', '/', {}, 404, 'unknown-route'],
    ['GET', '/riddles', {}, 404, 'unknown-route'],
    ['GET', '/__proto__', {}, 404, 'unknown-route'],
    ['GET', '//[/riddles/all', {}, 404, 'unknown-route'],
    ['GET', '/riddles/new', {}, 405, 'method'],
    ['PUT', '/riddles/all', {}, 405, 'method'],
    ['DELETE', '/riddles/one?id=1', {}, 405, 'method'],
    ['GET', '/riddles/one', {}, 400, 'field-missing'],
    ['GET', '/riddles/one?id=x', {}, 400, 'field-type'],
    ['GET', '/riddles/one?id=1.5', {}, 400, 'field-type'],
    ['GET', '/riddles/one', { body: '{"id": {}}' }, 400, 'field-type'],
    ['GET', '/riddles/one', { body: '{"id": 1e300}' }, 400, 'field-type'],
    ['GET', '/riddles/one', { body: '{"id": -1}' }, 404, 'riddle-unknown'],
    ['GET', '/riddles/one?id=999999999999999', {}, 404, 'riddle-unknown'],
    ['POST', '/riddles/guess', { body: '{"id": 1, "guess": "x"}' }, 404, 'riddle-unknown'],
    ['POST', '/riddles/guess', { body: '{"id": 1, "guess": " "}' }, 400, 'field-invalid'],
    ['POST', '/riddles/new', { body: '{"question": "x"}' }, 400, 'field-missing'],
    ['POST', '/riddles/new', { body: '{"question": "x", "answer": null}' }, 400, 'field-missing'],
    ['POST', '/riddles/new', { body: '{"question": ["x"], "answer": "y"}' }, 400, 'field-type'],
    ['POST', '/riddles/new', { body: '{"question": "x\\u0000", "answer": "y"}' }, 400, 'field-invalid'],
    ['POST', '/riddles/new', { body: '{"question": "\\ud800", "answer": "y"}' }, 400, 'field-invalid'],
    ['POST', '/riddles/new', { body: `{"question": "${'x'.repeat(1001)}", "answer": "y"}` }, 400, 'field-invalid'],
    ['POST', '/riddles/new', { body: '{"question"' }, 400, 'malformed'],
    ['POST', '/riddles/new', { body: '[]', headers: type }, 400, 'malformed'],
    ['POST', '/riddles/new', { body: Buffer.from([0x7b, 0xff]) }, 400, 'malformed'],
    ['POST', '/riddles/new', { body: '<x/>', headers: { 'Content-Type': 'text/xml' } }, 415, 'media-type'],
    ['POST', '/riddles/new', { body: 'x'.repeat(300_000) }, 413, 'too-large'],
    ['GET', '/riddles/all', { headers: { Origin: 'http://evil.example' } }, 403, 'foreign-origin'],
    ['GET', '/riddles/all', { headers: { Origin: 'null' } }, 403, 'foreign-origin'],
    ['GET', '/riddles/all', { headers: { 'Sec-Fetch-Site': 'cross-site' } }, 403, 'foreign-origin'],
    ['GET', '/riddles/all', { headers: { Host: 'evil.example' } }, 421, 'foreign-host'],
  ] as const) {
    const answer = await ask(server, method, path, more)
    const said = JSON.parse(answer.body) as { error: string; message: string }
    assert.deepEqual([answer.status, said.error], [status, error], `${method} ${path} ${JSON.stringify(more)}`)
    assert.match(said.message, /\w.*\.$/)
    if (status === 405) assert.match(answer.headers.allow ?? '', /^(GET, HEAD, POST|POST)$/)
  }
  assert.deepEqual(await json(server, 'GET', '/riddles/all'), [200, { riddles: [] }])
  assert.equal(server.program.stderr(), '')
})

test('what is not HTTP gets a 400 in JSON, and a client that leaves in the middle harms nobody', async () => {
  await using server = await startRiddles()
  const raw = async (bytes: string) => {
    const socket = connect(server.port, '127.0.0.1')
    socket.write(bytes)
    return await text(socket)
  }
  assert.match(await raw('HELLO\r\n\r\n'), /^HTTP\/1\.1 400 .*\{"error":"malformed"/s)
  const leaving = connect(server.port, '127.0.0.1')
  await new Promise<void>(resolve => {
    leaving.write('POST /riddles/new HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50\r\n\r\n{"qu', () => resolve())
  })
  leaving.resetAndDestroy()
  assert.equal((await json(server, 'GET', '/riddles/all'))[0], 200)
  assert.equal(server.program.stderr(), '')
})

test('a hundred guesses at once are all counted, and all is there after a stop and a start', async () => {
  const data = join(folder, 'kept')
  {
    await using server = await startRiddles(data)
    await json(server, 'POST', '/riddles/new', { question: 'Wo?', answer: 'Straße' })
    const guesses = Array.from({ length: 100 }, (_, index) => (index % 2 === 0 ? 'STRASSE' : 'Haus'))
    await Promise.all(guesses.map(guess => json(server, 'POST', '/riddles/guess', { id: 1, guess })))
    server.program.child.kill('SIGTERM')
    assert.deepEqual(await server.program.ended, { code: 0, signal: null })
    assert.match(server.program.stdout(), /Server stopped by the user\n$/)
  }
  await using again = await startRiddles(data)
  const kept = { id: 1, question: 'Wo?', guesses: 100, correct: 50 }
  assert.deepEqual(await json(again, 'GET', '/riddles/all'), [200, { riddles: [kept] }])
})

test('a port in use, an address of another machine and a folder that is none get a sentence and their exit code', async () => {
  await using server = await startRiddles()
  for (const [args, wanted, pattern] of [
    [['--port', String(server.port)], exits.broken, /^hullo: Port \d+ is in use already\..*--port\.\n$/],
    [
      ['--port', '0', '--host', '192.0.2.1'],
      exits.broken,
      /^hullo: 192\.0\.2\.1 is not an address of this machine\.\n$/,
    ],
    [['--port', 'x'], exits.usage, /A port is a number from 0 to 65535/],
    [['--port', '0', '--data', '/dev/null/x'], exits.broken, /^hullo: .*\/dev\/null/],
  ] as const) {
    const options = ['bin/hullo.js', 'riddles', '--data', join(folder, 'unused'), ...args]
    const ended = await run(process.execPath, options)
    assert.match(ended.stderr, pattern)
    assert.equal(ended.code, wanted.code)
  }
})

test('the program of the lab is the same server, and says in a sentence why it cannot start', async () => {
  await using server = startScript('labs/riddle-server.ts', ['--port', '0', '--data', join(folder, 'lab')])
  const [, port] = await server.printed(/listening on http:\/\/127\.0\.0\.1:(\d+)/)
  const args = ['labs/riddle-server.ts', '--port', String(port), '--data', join(folder, 'lab')]
  const second = await run(process.execPath, args)
  assert.match(second.stderr, /^Port \d+ is in use already\..*\n$/)
  assert.equal(second.code, 1)
})

test('the client program shows, adds and guesses', async () => {
  await using server = await startRiddles()
  const lines = ['0', '', '1', towel.question, towel.answer, '0', '1', '0', '9', '2', '1', 'fish', '2', '1', 'a towel']
  const args = ['labs/riddle-client.ts', `127.0.0.1:${server.port}`]
  const { stdout, stderr, code } = await run(process.execPath, args, { input: [...lines, '0', '', '3', ''].join('\n') })
  const said = stdout.split('\n').filter(line => /^(There|Added|\d+: |No|Correct)/.test(line))
  assert.deepEqual(said, [
    'There are no riddles yet.',
    'Added as riddle 1.',
    `1: ${towel.question} (0 guesses, 0 correct)`,
    'There is no riddle with this id (404 Not Found).',
    'No, that is not it.',
    'Correct!',
    `1: ${towel.question} (2 guesses, 1 correct)`,
  ])
  assert.deepEqual([stderr, code], ['', 0])
})
