// `hullo register`, `send` and `inbox` with --lab, as scripts use them: exit codes, what goes to which stream, where the password
// may come from; and against a real Hullo and a real Flask.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { startHullo } from '../lab-http/server.ts'
import { debianPython, missing } from '../support/debian.ts'
import { root, run, start } from '../support/program.ts'
import { answering, flaskLike, onBareConnection, serve } from './servers.ts'
import { startInTerminal } from './terminal.ts'

interface More {
  readonly env?: Record<string, string>
  readonly input?: string | Buffer
}

async function hullo(args: readonly string[], { env = {}, input = '' }: More = {}) {
  const { HULLO_PASSWORD: _p, HULLO_USER: _u, HULLO_SERVER: _s, ...clean } = process.env
  await using program = start(process.execPath, ['bin/hullo.js', ...args, '--lab'], { env: { ...clean, ...env } })
  program.child.stdin?.end(input)
  const { code } = await program.ended
  return { code, stdout: program.stdout(), stderr: program.stderr() }
}

function as(user: string, password: string, address: string): Record<string, string> {
  return { HULLO_USER: user, HULLO_PASSWORD: password, HULLO_SERVER: address }
}

test('a message goes from one to another, said on standard output, with exit code 0', async () => {
  await using server = await startHullo()
  const bob = { env: as('bob', 'b', `127.0.0.1:${server.port}`) }
  const will = { env: as('will', 'w', `http://127.0.0.1:${server.port}/`) }
  assert.deepEqual(await hullo(['register', 'bob'], bob), { code: 0, stdout: 'Registered bob.\n', stderr: '' })
  assert.equal((await hullo(['register', 'will'], will)).code, 0)
  assert.deepEqual(await hullo(['send', 'will', 'hello', '-', 'you'], bob), {
    code: 0,
    stdout: 'Sent to will.\n',
    stderr: '',
  })
  const input = 'first line\n\n  last line 👋\n'
  assert.equal((await hullo(['send', 'will', '-'], { ...bob, input })).code, 0)
  const inbox = await hullo(['inbox'], will)
  assert.equal(inbox.code, 0)
  assert.equal(inbox.stderr, '')
  assert.match(
    inbox.stdout,
    /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d, from bob:\n    hello - you\n.*, from bob:\n    first line/,
  )
  const lines = (await hullo(['inbox', '--json'], will)).stdout.trimEnd().split('\n')
  const messages = lines.map(line => JSON.parse(line) as Record<string, unknown>)
  assert.deepEqual(
    messages.map(({ id, sender, recipient, message }) => [id, sender, recipient, message]),
    [
      [1, 'bob', 'will', 'hello - you'],
      [2, 'bob', 'will', 'first line\n\n  last line 👋'],
    ],
  )
  assert.deepEqual(await hullo(['inbox'], bob), { code: 0, stdout: 'There are no messages for bob.\n', stderr: '' })
  assert.deepEqual(await hullo(['inbox', '--json'], bob), { code: 0, stdout: '', stderr: '' })
})

test("the server's no is exit code 4, on standard error, as a sentence or as JSON", async () => {
  await using server = await startHullo()
  const env = as('bob', 'b', `127.0.0.1:${server.port}`)
  await hullo(['register', 'bob', '--json'], { env })
  const wrong = { ...env, HULLO_PASSWORD: 's3cret' }
  for (const [args, more, pattern] of [
    [['register', 'bob'], { env }, /^hullo: There is a user bob already \(code 10\)\.\n$/],
    [['send', 'nobody', 'hi'], { env }, /^hullo: There is no user nobody \(code 11\)\.\n$/],
    [['send', 'bob', 'hi'], { env: wrong }, /^hullo: The password does not match \(code 12\)\.\n$/],
    [['inbox', '--user', 'nobody'], { env }, /^hullo: There is no user nobody \(code 11\)\.\n$/],
    [['inbox', '--json'], { env: wrong }, /^\{"error":"wrong-password","message":"The password .*"\}\n$/],
    [['register', '!'], { env }, /^hullo: The server refused: username .* \(400\)\.\n$/],
    [['send', 'bob', 'x'.repeat(20_000)], { env }, /^hullo: The server refused: message .*16,384/],
  ] as const) {
    const ended = await hullo(args, more)
    assert.match(ended.stderr, pattern)
    assert.equal(ended.code, 4, ended.stderr)
    assert.equal(ended.stdout, '')
    assert.doesNotMatch(ended.stderr, /s3cret/)
  }
})

test('no usable answer is exit code 3', async () => {
  await using page = await answering(200, '<html>', { 'Content-Type': 'text/html' })
  await using airplay = await answering(403, '', { Server: 'AirTunes/1' })
  await using closing = await onBareConnection(socket => socket.destroy())
  for (const [address, pattern] of [
    ['127.0.0.1:1', /Nothing is listening/],
    [page.address, /web page/],
    [airplay.address, /AirPlay/],
    [closing.address, /closed the connection/],
  ] as const) {
    const ended = await hullo(['register', 'bob'], { env: as('', 'b', address) })
    assert.match(ended.stderr, pattern)
    assert.equal(ended.code, 3)
  }
})

test('wrong usage is exit code 2, and no server is asked', async () => {
  await using server = await flaskLike()
  const env = as('bob', 'b', server.address)
  const { HULLO_USER: _u, ...nobody } = env
  const { HULLO_PASSWORD: _p, ...open } = env
  for (const [args, more] of [
    [['send'], { env }],
    [['inbox', '--password', 'b'], { env }],
    [['inbox', '--server', 'http://bob:b@127.0.0.1'], { env }],
    [['inbox'], { env: nobody }],
    [['inbox'], { env: open }],
    [['send', 'will', '-'], { env: open, input: 'not a password\n' }],
    [['inbox', '--password-file', '/does/not/exist'], { env }],
    [['inbox', '--password-file', '/dev/zero'], { env }],
  ] as const) {
    const ended = await hullo(args, more)
    assert.equal(ended.code, 2, args.join(' '))
    assert.notEqual(ended.stderr, '')
    assert.equal(ended.stdout, '')
  }
  assert.equal(server.seen.length, 0)
})

test('text that is no message is not sent', async () => {
  await using server = await flaskLike()
  const env = as('bob', 'b', server.address)
  await hullo(['register', 'bob'], { env })
  for (const input of ['', Buffer.from([0x68, 0xff]), 'x'.repeat(70_000)]) {
    const ended = await hullo(['send', 'bob', '-'], { env, input })
    assert.match(ended.stderr, /Nothing was sent\.\n$/)
    assert.equal(ended.code, 2)
  }
  assert.ok(server.seen.every(({ line }) => line !== 'POST /'))
})

test('the password comes from a file, the environment or a pipe, the file first', async () => {
  await using server = await flaskLike()
  const folder = mkdtempSync(join(tmpdir(), 'hullo-client-'))
  try {
    const file = join(folder, 'password')
    writeFileSync(file, ' two words \r\n')
    const env = { HULLO_SERVER: server.address, HULLO_PASSWORD: 'other' }
    assert.equal((await hullo(['register', 'bob', '--password-file', file], { env })).code, 0)
    assert.deepEqual(server.seen.at(-1)?.body, { username: 'bob', password: ' two words ' })
    const piped = await hullo(['inbox', '--user', 'bob', '--server', server.address], { input: ' two words \n' })
    assert.equal(piped.code, 0)
    assert.equal(piped.stdout, 'There are no messages for bob.\n')
    assert.match(piped.stderr, /^Password for bob: \n$/)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test('on a terminal the password is asked for and not shown; register asks twice', async () => {
  await using server = await flaskLike()
  const env = { HULLO_SERVER: server.address, HULLO_PASSWORD: '' }
  await using registering = startInTerminal(['bin/hullo.js', 'register', 'bob', '--lab'], { env })
  await registering.until('Password for bob: ')
  registering.type('s3cret\r')
  await registering.until('The same again: ')
  registering.type('s3cret\r')
  await registering.until('Registered bob.')
  assert.equal((await registering.ended).exitCode, 0)
  await using sending = startInTerminal(['bin/hullo.js', 'send', 'bob', '-', '--user', 'bob', '--lab'], { env })
  await sending.until('Password for bob: ')
  sending.type('s3cret\r')
  while (!server.seen.some(({ line }) => line === 'GET /auth')) await new Promise(done => setImmediate(done))
  sending.type('typed by hand\n\x04')
  await sending.until('Sent to bob.')
  assert.equal((await sending.ended).exitCode, 0)
  assert.doesNotMatch(registering.shown() + sending.shown(), /s3cret/)
  await using leaving = startInTerminal(['bin/hullo.js', 'inbox', '--user', 'bob', '--lab'], { env })
  await leaving.until('Password for bob: ')
  leaving.type('\x03')
  assert.equal((await leaving.ended).exitCode, 130)
})

test('Ctrl-C while the server is silent says what is not known, with exit code 130', async () => {
  await using server = await serve(({ line }, response) => {
    if (line === 'GET /auth') response.end('1')
    else process.nextTick(() => sending.child.kill('SIGINT'))
  })
  const env = { ...process.env, ...as('bob', 'b', server.address) }
  await using sending = start(process.execPath, ['bin/hullo.js', 'send', 'will', 'hi', '--lab'], { env })
  assert.deepEqual(await sending.ended, { code: 130, signal: null })
  assert.match(sending.stderr(), /It is not known whether the message was saved\.\n$/)
})

test('a reader that has seen enough ends the inbox without a word', async () => {
  const message = JSON.stringify({ sender: 'a', message: 'x'.repeat(1_000), timestamp: 1 })
  const messages = Array.from({ length: 20_000 }, () => message).join(',')
  await using server = await serve(({ line }, response) => {
    response.end(line === 'GET /auth' ? '1' : `{"messages":[${messages}]}`)
  })
  const env = { ...process.env, ...as('bob', 'b', server.address) }
  const script = '"$0" bin/hullo.js inbox --lab | head -n 2; echo "${PIPESTATUS[0]}"'
  const { stdout, stderr } = await run('bash', ['-c', script, process.execPath], { env, cwd: root })
  assert.equal(stderr, '')
  assert.match(stdout, /, from a:\n    x{1000}\n141\n$/)
})

test("a student's server in Flask is served by all of them", { skip: missing('python3', 'flask') }, async () => {
  const program = `
from flask import Flask, jsonify, request
app = Flask(__name__)
users, messages = {}, []
@app.route('/', methods=['GET'])
def hello(): return 'hello'
@app.route('/register/', methods=['POST'])
def register():
    data = request.get_json()
    if data['username'] in users: return jsonify(10)
    users[data['username']] = data['password']
    return jsonify(1)
@app.route('/auth', methods=['GET'])
def authenticate():
    data = request.get_json()
    return '1' if users.get(data['username']) == data['password'] else '12'
@app.route('/', methods=['POST'])
def send_message():
    messages.append(dict(request.get_json(), timestamp=float('nan')))
    return jsonify({'saved': True})
@app.route('/get_messages', methods=['GET'])
def get_messages():
    name = request.get_json()['username']
    return {'messages': [m for m in messages if m['recipient'] == name]}
from werkzeug.serving import make_server
server = make_server('127.0.0.1', 0, app)
print('port', server.server_port, flush=True)
server.serve_forever()
`
  await using server = start(debianPython, ['-c', program])
  const [, port] = await server.printed(/port (\d+)/)
  const env = as('bob', 'b', `localhost:${port}`)
  for (const [args, code, pattern] of [
    [['register', 'bob'], 0, /^Registered bob\.\n$/],
    [['register', 'bob'], 4, /code 10/],
    [['send', 'bob', 'from', 'Flask'], 0, /^Sent to bob\.\n$/],
    [['inbox'], 0, /^at an unknown time, from bob:\n    from Flask\n$/],
    [['inbox', '--user', 'nobody'], 4, /code 12/],
  ] as const) {
    const ended = await hullo(args, { env })
    assert.match(ended.stdout + ended.stderr, pattern)
    assert.equal(ended.code, code)
  }
})
