// `hullo send` and `hullo inbox` over v1, in pipes and on terminals: what goes to which stream, what is stored, and the
// exit codes.
import assert from 'node:assert/strict'
import { createServer, type Socket } from 'node:net'
import { once } from 'node:events'
import { after, before, test } from 'node:test'
import { startInTerminal } from '../lab-client/terminal.ts'
import { run } from '../support/program.ts'
import { blocking, Proxy } from '../support/proxy.ts'
import { freshName, startV1, temporaryFolder, type V1Server } from '../v1/support.ts'
import { jsonLines, machineOf, machineWith } from './support.ts'

let server: V1Server
before(async () => {
  server = await startV1()
})
after(() => server[Symbol.asyncDispose]())

interface Line {
  readonly seq: number
  readonly text: string
  readonly sender: string
  readonly to: string
  readonly cursor: string
}

/** Everything that `name` has written or got, as the server keeps it. */
async function kept(name: string): Promise<readonly Line[]> {
  const { token } = await server.signIn(name, 'a good password')
  const { json } = await server.call('GET', '/v1/entries?limit=256', { token })
  return (json as { entries: Line[] }).entries
}

test('what is printed is the number of the message, bare in a pipe and in a sentence on a terminal', async () => {
  const [ann, ben] = [freshName(), freshName()]
  using machine = await machineWith(server, ann)
  await server.person(ben)
  const { stdout, code } = await machine.hullo(['send', ben, 'Dinner', 'is', 'ready'])
  assert.equal(code, 0)
  assert.match(stdout, /^\d+\n$/)
  const [first] = await kept(ben)
  assert.deepEqual([first?.seq, first?.text], [Number(stdout), 'Dinner is ready'])
  const json = await machine.hullo(['send', `@${ben}`, 'and again', '--json', '--id', 'mine'])
  const { seq, ...more } = JSON.parse(json.stdout) as Record<string, unknown>
  assert.equal(seq, Number(stdout) + 1)
  assert.deepEqual([more['clientId'], more['repeated']], ['mine', false])
  await using terminal = startInTerminal(['bin/hullo.js', 'send', ben, 'hi'], { env: machine.env })
  await terminal.until(`Sent to @${ben}, number ${Number(stdout) + 2}.`)
})

test('standard input is the text where none is given, or -; it is stored as it is', async () => {
  const [ann, ben] = [freshName(), freshName()]
  using machine = await machineWith(server, ann)
  await server.person(ben)
  const text = ' first\n\n\t\x1b[31mlast 👋 \\ '
  for (const args of [
    ['send', ben],
    ['send', ben, '-'],
  ]) {
    assert.equal((await machine.hullo(args, { input: `${text}\n` })).code, 0)
  }
  assert.deepEqual(
    (await kept(ben)).map(one => one.text),
    [text, text],
  )
  for (const input of ['', '\n', Buffer.from([0x68, 0xff]), 'x'.repeat(70_000)]) {
    const ended = await machine.hullo(['send', ben], { input })
    assert.equal(ended.code, 2, ended.stderr)
    assert.match(ended.stderr, /Nothing was sent\.\n$/)
  }
  assert.equal((await kept(ben)).length, 2)
})

test('on a terminal the text is typed, and Ctrl-D sends it', async () => {
  const ann = freshName()
  using machine = await machineWith(server, ann)
  await using terminal = startInTerminal(['bin/hullo.js', 'send', ann], { env: machine.env })
  await terminal.until('Ctrl-D on a line of its own sends it.')
  terminal.type('typed by hand\r')
  terminal.type('\x04')
  await terminal.until('Sent to')
  assert.equal((await terminal.ended).exitCode, 0)
  assert.equal((await kept(ann))[0]?.text, 'typed by hand')
})

test('the same id stores the same message once, and refuses another one', async () => {
  const ann = freshName()
  using machine = await machineWith(server, ann)
  const first = await machine.hullo(['send', ann, 'deployed', '--id', 'd-1'])
  const twice = await machine.hullo(['send', ann, 'deployed', '--id', 'd-1'])
  assert.equal(twice.stdout, first.stdout)
  const other = await machine.hullo(['send', ann, 'else', '--id', 'd-1', '--json'])
  assert.equal(other.code, 4)
  assert.equal(jsonLines(other.stderr)[0]?.['code'], 'client-id-reused')
  assert.equal((await kept(ann)).length, 1)
})

test('each line is a message: in order, each acknowledged in its order, and repeated they are stored once', async () => {
  const [ann, ben] = [freshName(), freshName()]
  using machine = await machineWith(server, ann)
  await server.person(ben)
  const lines = Array.from({ length: 5_000 }, (_, index) => `line ${index}`)
  const input = lines.join('\n') // the last without its end
  const first = await machine.hullo(['send', ben, '--lines', '--id', 'run'], { input })
  assert.equal(first.code, 0, first.stderr)
  const seqs = first.stdout.trimEnd().split('\n').map(Number)
  assert.deepEqual(
    seqs,
    seqs.toSorted((a, b) => a - b),
  )
  const again = await machine.hullo(['send', ben, '--lines', '--id', 'run', '--json'], { input })
  const results = jsonLines<{ line: number; seq: number; repeated: boolean }>(again.stdout)
  assert.deepEqual(
    results.map(({ seq }) => seq),
    seqs,
  )
  assert.deepEqual(
    results.map(({ line }) => line),
    lines.map((_, index) => index + 1),
  )
  assert.ok(results.every(({ repeated }) => repeated))
  const inbox = jsonLines<Line>(
    (await machine.hullo(['inbox', '--as', ann, '--after', 'start', '--own', '--json'])).stdout,
  )
  assert.deepEqual(
    inbox.map(({ text }) => text),
    lines,
  )
})

test('lines are acknowledged while the input is still open', async () => {
  const ann = freshName()
  using machine = await machineWith(server, ann)
  await using sending = machine.start(['send', ann, '--lines'])
  sending.type('one\n')
  const [, seq] = await sending.printed(/^(\d+)\n/)
  sending.type('two\r\n\n')
  await sending.printed(new RegExp(`^${seq}\n${Number(seq) + 1}\n$`))
  sending.child.stdin?.end()
  assert.equal((await sending.ended).code, 0)
  assert.deepEqual(
    (await kept(ann)).map(({ text }) => text),
    ['one', 'two'],
  )
})

test('a line that is refused stops none of the others, and is named', async () => {
  const ann = freshName()
  using machine = await machineWith(server, ann)
  const input = Buffer.concat([
    Buffer.from(`fine\n${'x'.repeat(200_000)}\n`),
    Buffer.from([0xff, 0x0a]),
    Buffer.from('nul \0\n\n'),
    Buffer.from(`${'y'.repeat(16_384)}\r\nlast`),
  ])
  const ended = await machine.hullo(['send', ann, '--lines', '--json'], { input })
  assert.equal(ended.code, 4)
  assert.deepEqual(
    jsonLines(ended.stdout).map(({ line }) => line),
    [1, 6, 7],
  )
  assert.deepEqual(
    jsonLines(ended.stderr).map(({ line, error }) => [line, error]),
    [
      [2, 'refused'],
      [3, 'refused'],
      [4, 'refused'],
    ],
  )
  assert.equal((await kept(ann)).length, 3)
})

test('a line that a proxy blocks stops none of the others, and is named with the status', async () => {
  const ann = freshName()
  await using proxy = await Proxy.start(server.url)
  proxy.rule = blocking(413, 'evil')
  using machine = await machineWith(proxy, ann)
  const ended = await machine.hullo(['send', ann, '--lines', '--json'], { input: 'one\nevil\ntwo\n' })
  assert.equal(ended.code, 3)
  assert.deepEqual(
    jsonLines(ended.stdout).map(({ line }) => line),
    [1, 3],
  )
  assert.deepEqual(
    jsonLines(ended.stderr).map(({ line, error, status }) => [line, error, status]),
    [[2, 'no-answer', 413]],
  )
  const single = await machine.hullo(['send', ann, 'evil'])
  assert.equal(single.code, 3)
  assert.match(single.stderr, /blocked this message \(HTTP 413\)/)
})

test("wrong usage is found before a server is asked, and the server's no has its code", async () => {
  const ann = freshName()
  using machine = await machineWith(server, ann)
  const nowhere = { env: { HULLO_SERVER: '127.0.0.1:1' } }
  for (const args of [
    ['send'],
    ['send', '#'],
    ['send', ann, ''],
    ['send', ann, 'text', '--lines'],
    ['send', ann, 'hi', '--timeout', 'soon'],
    ['send', ann, 'hi', '--server', 'http://me:secret@127.0.0.1'],
    ['inbox', '--after', 'yesterday'],
    ['inbox', '--limit', '0'],
    ['inbox', '--password', 'x'],
    ['watch', '--on-failure', 'stop'],
    ['watch', '--', 'arguments'],
  ]) {
    const ended = await machine.hullo(args, nowhere)
    assert.equal(ended.code, 2, `${args.join(' ')}: ${ended.stderr}`)
    assert.notEqual(ended.stderr, '')
    assert.equal(ended.stdout, '')
  }
  const refused = await machine.hullo(['send', 'nobody-here', 'hi', '--json'])
  assert.equal(refused.code, 4)
  assert.equal(jsonLines(refused.stderr)[0]?.['code'], 'unreachable')
  assert.equal((await machine.hullo(['send', '#no-room', 'hi'])).code, 4)
})

test('a server that is not there, or says nothing, is exit code 3, with the id that makes a repeat safe', async () => {
  using machine = machineOf(server)
  const { token, name } = await server.person()
  await using stopped = await startV1()
  await stopped.stop()
  const gone = { env: { HULLO_TOKEN: token, HULLO_SERVER: stopped.url } }
  const ended = await machine.hullo(['send', name, 'hi'], gone)
  assert.equal(ended.code, 3)
  assert.match(ended.stderr, /Nothing listens there/)
  // One that signs in and then never answers.
  const open = new Set<Socket>()
  const silent = createServer(socket => {
    open.add(socket)
    socket.once('data', head => {
      if (!head.toString().startsWith('GET /v1/me')) return
      const body = JSON.stringify({ id: 1, name, isAdmin: false, createdAt: 1 })
      socket.write(`HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`)
    })
  }).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  try {
    const { port } = silent.address() as { port: number }
    const env = { HULLO_TOKEN: token, HULLO_SERVER: `127.0.0.1:${port}` }
    const one = await machine.hullo(['send', name, 'hi', '--timeout', '0.2', '--id', 'x-1'], { env })
    assert.equal(one.code, 3)
    assert.match(one.stderr, /No answer came within 0\.2 seconds\..*not known.*--id x-1/)
    const many = await machine.hullo(['send', name, '--lines', '--timeout', '0.2', '--json'], { env, input: 'a\nb\n' })
    assert.equal(many.code, 3)
    const [said] = jsonLines(many.stderr)
    assert.deepEqual([said?.['error'], said?.['line']], ['no-answer', 1])
    assert.match(String(said?.['id']), /^[0-9a-f]{18}$/)
  } finally {
    for (const socket of open) socket.destroy()
    silent.close()
  }
})

test('sending goes on over a restart of the server: each line is stored once, in order', async () => {
  using folder = temporaryFolder()
  const first = await startV1([], folder.dir)
  const ann = freshName()
  using machine = await machineWith(first, ann)
  await using sending = machine.start(['send', ann, '--lines'])
  sending.type('one\n')
  await sending.printed(/^\d+\n$/)
  await first.stop()
  sending.type('two\nthree\n')
  await using second = await startV1(['--port', String(first.port)], folder.dir)
  await sending.printed(/^\d+\n\d+\n\d+\n$/)
  sending.child.stdin?.end()
  assert.equal((await sending.ended).code, 0)
  const inbox = await machine.hullo(['inbox', '--after', 'start', '--own', '--json'])
  assert.deepEqual(
    jsonLines<Line>(inbox.stdout).map(({ text }) => text),
    ['one', 'two', 'three'],
  )
  assert.equal(second.port, first.port)
})

test('the inbox is what is unread, over all conversations in the order of the log, until it is marked', async () => {
  const [ann, ben, cora] = [freshName(), freshName(), freshName()]
  using machine = await machineWith(server, ann, ben, cora)
  const { token } = await server.signIn(cora, 'a good password')
  const room = await server.call('POST', '/v1/rooms', { token, json: { name: `r-${cora}` } })
  await server.call('PUT', `/v1/rooms/${(room.json as { id: number }).id}/members/${ann}`, { token })
  for (const [from, to, text] of [
    [ben, ann, 'one'],
    [cora, `#r-${cora}`, 'two'],
    [ann, ben, 'mine'],
    [cora, ann, 'three'],
    [ben, ann, 'four'],
  ] as const) {
    assert.equal((await machine.hullo(['send', to, text, '--as', from])).code, 0)
  }
  const inbox = async (...args: string[]) => {
    const ended = await machine.hullo(['inbox', '--as', ann, '--json', ...args])
    assert.equal(ended.code, 0, ended.stderr)
    return jsonLines<Line>(ended.stdout).map(({ text }) => text)
  }
  assert.deepEqual(await inbox(), ['one', 'two', 'three', 'four'])
  assert.deepEqual(await inbox('--from', ben.toUpperCase()), ['one', 'four'])
  assert.deepEqual(await inbox('--room', `#r-${cora}`), ['two'])
  assert.deepEqual(await inbox('--limit', '2', '--mark-read'), ['one', 'two'])
  assert.deepEqual(await inbox('--mark-read'), ['three', 'four'])
  assert.deepEqual(await inbox(), [])
  assert.deepEqual(await inbox('--after', 'start', '--own'), ['one', 'two', 'mine', 'three', 'four'])
  const plain = await machine.hullo(['inbox', '--as', ann])
  assert.deepEqual(plain, { code: 0, stdout: '', stderr: '' })
  await using terminal = startInTerminal(['bin/hullo.js', 'inbox', '--as', ann], { env: machine.env })
  await terminal.until(`There are no new messages for ${ann}.`)
})

test('paging by cursor gives each message once, whatever the size of the page', async () => {
  const [ann, ben] = [freshName(), freshName()]
  using machine = await machineWith(server, ann, ben)
  const input = Array.from({ length: 600 }, (_, index) => `m${index}\n`).join('')
  assert.equal((await machine.hullo(['send', ann, '--lines', '--as', ben], { input })).code, 0)
  const texts: string[] = []
  for (let cursor = 'start'; ; ) {
    const args = ['inbox', '--as', ann, '--json', '--after', cursor, '--limit', '290']
    const page = jsonLines<Line>((await machine.hullo(args)).stdout)
    texts.push(...page.map(({ text }) => text))
    if (page.length === 0) break
    cursor = page.at(-1)?.cursor ?? ''
  }
  assert.deepEqual(texts, input.trimEnd().split('\n'))
})

test('a reader that has seen enough ends it without a word', async () => {
  const ann = freshName()
  using machine = await machineWith(server, ann)
  const input = `${'x'.repeat(15_000)}\n`.repeat(400)
  assert.equal((await machine.hullo(['send', ann, '--lines'], { input })).code, 0)
  for (const command of ['inbox --after start --own', 'watch --after start --own']) {
    const script = `"$0" bin/hullo.js ${command} | head -n 1; echo "\${PIPESTATUS[0]}"`
    const { stdout, stderr } = await run('bash', ['-c', script, process.execPath], { env: machine.env })
    assert.equal(stderr, '')
    assert.match(stdout, /^\S+\t.*x\n141\n$/)
  }
})

test('received text controls no terminal, is one line in a pipe, and is exact in JSON', async () => {
  const [ann, ben] = [freshName(), freshName()]
  using machine = await machineWith(server, ann, ben)
  const text = 'a\x1b[2J\x1b]0;owned\x07\r\nb\tc\\n\u202eevil\x9b31m\u2028end\x7f'
  assert.equal((await machine.hullo(['send', ann, '--as', ben], { input: text })).code, 0)
  const harmful = /[\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]|(?![\n\t])\p{Cc}/u
  for (const command of ['inbox', 'watch']) {
    const args = [command, '--as', ann, ...(command === 'watch' ? ['--after', 'start'] : [])]
    await using plain = machine.start(args)
    await plain.printed(/end\\x7f\n/)
    assert.equal(plain.stdout().split('\n').length, 2, 'one line')
    assert.match(plain.stdout(), /a\\x1b\[2J.*\\r\\nb\\tc\\\\n\\u202eevil/)
    assert.doesNotMatch(plain.stdout(), harmful)
    await using json = machine.start([...args, '--json'])
    const [line] = await json.printed(/^\{.*\}\n/)
    assert.equal((JSON.parse(line) as Line).text, text)
    assert.doesNotMatch(line, harmful)
    await using terminal = startInTerminal(['bin/hullo.js', ...args], { env: machine.env })
    await terminal.until('end\\x7f')
    // But for our own bold, and the terminal's line ends.
    const ours = ['\x1b[1m', '\x1b[22m', '\x1b[0m', '\r\n']
    const shown = ours.reduce((left, one) => left.replaceAll(one, ''), terminal.shown())
    assert.doesNotMatch(shown, harmful)
  }
})
