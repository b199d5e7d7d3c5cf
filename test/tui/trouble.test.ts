// What a person meets beside talking: the first start, a server that goes away, hostile text, no colours, a screen
// reader, pipes, a long history, a session that ends.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { register } from '../../src/sdk/sdk.ts'
import { freshName, startHullo, temporaryFolder } from '../lab-http/server.ts'
import { root, run } from '../support/program.ts'
import { newcomer, sitDown } from './people.ts'
import { configFolder, openScreen } from './screen.ts'

const hullo = await startHullo()
after(() => hullo[Symbol.asyncDispose]())
const server = `http://127.0.0.1:${hullo.port}`

test('the first start makes an account, the second needs no password; neither shows one', {
  skip: 'does not end since the chat decodes keys itself: to be mended',
}, async () => {
  using folder = configFolder()
  const env = { HULLO_CONFIG: folder.dir }
  const name = freshName('new')
  {
    await using screen = openScreen(['chat', '--server', server], { env })
    await screen.until('Sign in')
    screen.type(`${name}\rsecret-word\r`)
    await screen.until('not right')
    screen.type('\x0e') // Ctrl-N
    await screen.until('Make an account')
    screen.type('\rsecret-wort\r')
    await screen.until('not the same')
    screen.type('\x15secret-word\r')
    await screen.until('Nobody has written to you yet')
    assert.doesNotMatch(screen.written(), /secret/)
    screen.type('/quit\r')
    assert.equal(await screen.ended, 0)
    assert.equal(screen.isAlternate(), false)
  }
  const sessions = join(folder.dir, 'sessions')
  const [file = ''] = readdirSync(sessions)
  assert.equal(statSync(join(sessions, file)).mode & 0o777, 0o600)
  assert.doesNotMatch(readFileSync(join(sessions, file), 'utf8'), /secret-word/)
  await using again = openScreen(['chat'], { env })
  await again.until('Nobody has written to you yet')
  again.type('/sign-out\r')
  await again.until('Sign out')
  again.type('y')
  assert.equal(await again.ended, 0)
  assert.deepEqual(readdirSync(sessions), [])
})

test('a server that is stopped and started again costs nothing: what was written meanwhile is sent, once', async () => {
  using data = temporaryFolder()
  let own = await startHullo([], data.dir)
  const { port } = own
  const at = `http://127.0.0.1:${port}`
  const other = await register({ server: at, name: freshName('p'), password: 'secret' })
  await using seat = await sitDown(at)
  const { screen, name } = seat
  await screen.until('connected')
  screen.type(`/msg ${other.name} before\r`)
  await screen.until('before  ✓')
  await own.stop()
  await screen.until('offline')
  screen.type('meanwhile\r')
  await screen.until('meanwhile  sending')
  own = await startHullo(['--port', String(port)], data.dir)
  try {
    await screen.until('connected')
    await screen.until('meanwhile  ✓')
    await other.send(`@${name}`, 'welcome back')
    await screen.until('welcome back')
    const { entries } = await other.search('meanwhile')
    assert.equal(entries.length, 1)
  } finally {
    await other.close()
    await own[Symbol.asyncDispose]()
  }
})

test('a command that waits for a server that is away is given up with Ctrl-C, and then goes nowhere', {
  skip: 'does not end since the chat decodes keys itself: to be mended',
}, async () => {
  using data = temporaryFolder()
  const first = await startHullo([], data.dir)
  const { port } = first
  const at = `http://127.0.0.1:${port}`
  const other = await register({ server: at, name: freshName('p'), password: 'secret' })
  await using seat = await sitDown(at, {
    prepare: async me => {
      await me.rooms.create({ name: 'attic' })
      await other.send(`@${me.name}`, 'hi')
      await other.close()
      await first.stop()
    },
  })
  const { screen } = seat
  await screen.until('offline')
  screen.type('/open #attic\rfor the attic\r')
  await screen.until('Waiting for the server; Ctrl-C')
  screen.type('\x03')
  await screen.until(shown => !shown.includes('Waiting for'))
  screen.type('here')
  await screen.until('› here')
  screen.type('\r')
  await screen.until('Open a conversation first')
  screen.type('\x15')
  await using again = await startHullo(['--port', String(port)], data.dir)
  await screen.until(`Write to @${other.name}`)
  await screen.until('# attic')
  screen.type('to you\r')
  await screen.until('to you  ✓')
  assert.match(screen.text(), new RegExp(`▌○ ${other.name}`))
  assert.equal(again.port, port)
})

test('hostile text and topics are shown as what they are, and control nothing', async () => {
  await using other = await newcomer(server)
  await using seat = await sitDown(server)
  const { screen, name } = seat
  await screen.until('connected')
  const room = await other.rooms.create({ name: `evil-${name}`, topic: 'a\x1b]2;taken\x07\u202eb' })
  await other.rooms.invite(room.id, name)
  await screen.until(`# evil-${name}`)
  screen.type(`/open #evil-${name}\r`)
  await screen.until('\\u202e')
  const before = screen.written().length
  const attacks = [
    '\x1b[2J\x1b[H\x1b[31mred',
    '\x1b]2;taken\x07',
    '\x9b2J',
    '\u202eevil\u2066',
    '\x1bP1$r\x1b\\',
    '\x08\x08\r',
  ]
  for (const attack of attacks) await other.send(`#evil-${name}`, `${attack}${name}  12:00\n   forged`)
  await other.send(`#evil-${name}`, 'y'.repeat(16_000))
  await other.send(`#evil-${name}`, 'over')
  await screen.until(/ over$/m)
  screen.type('\x1b[5~'.repeat(40))
  await screen.until('\\x1b[2J')
  assert.doesNotMatch(screen.text(), /[\u202a-\u202e\u2066-\u2069]/u)
  // The program's own sequences have no place for received text: none of the received ones is among what it wrote.
  for (const attack of ['\x1b[2J\x1b[H\x1b[31m', '\x1b]2;taken', '\x9b', '\x1bP', '\u202e']) {
    assert.ok(!screen.written().slice(before).includes(attack), JSON.stringify(attack))
  }
  // What came while one looks back may be unread still.
  assert.match(screen.title(), /^(\(\d+\) )?#evil-\S+ · Hullo$/)
  assert.equal(new Set(screen.rows().map(row => row.search(/[│├┼]/))).size, 1, screen.text())
})

test('NO_COLOR and --no-color leave out colours; without them there are some', async () => {
  await using plain = await sitDown(server, { env: { NO_COLOR: '1' } })
  await using flagged = await sitDown(server, { flags: ['--no-color'] })
  await using coloured = await sitDown(server)
  for (const { screen } of [plain, flagged, coloured]) await screen.until('connected')
  assert.equal(plain.screen.hasColours(), false)
  assert.equal(flagged.screen.hasColours(), false)
  assert.equal(coloured.screen.hasColours(), true)
})

test('for a screen reader there are lines one after the other, and not one sequence', async () => {
  await using other = await newcomer(server)
  const inbox = other.messages()
  await other.live()
  await using seat = await sitDown(server, { flags: ['--screen-reader'], columns: 200, rows: 60 })
  const { screen, name } = seat
  await screen.until('connected')
  screen.type(`/msg ${other.name}\r`)
  await screen.until(`Now in @${other.name}`)
  screen.type('Hello by ear\r')
  assert.equal((await inbox.next()).value?.text, 'Hello by ear')
  await other.send(`@${name}`, `one\ntwo \x1b[2J${name}: forged`)
  await screen.until(`${other.name}: one\n  two \\x1b[2J`)
  screen.type('/people\r')
  await screen.until(/1\. /)
  screen.type('/quit\r')
  assert.equal(await screen.ended, 0)
  assert.ok(!screen.written().includes('\x1b'))
})

test('for a screen reader what is commanded at once waits for the list, and a changed message is read as it is', async () => {
  await using other = await newcomer(server)
  const room = `den-${other.name}`
  await using seat = await sitDown(server, {
    flags: ['--screen-reader'],
    columns: 120,
    prepare: async me => {
      await other.rooms.create({ name: room, history: 'all' })
      const { seq } = await other.send(`#${room}`, 'mistake')
      await other.edit(seq, 'right')
      await other.rooms.invite((await other.conversations.list()).conversations[0]?.id ?? 0, me.name)
      await other.send(`@${me.name}`, 'hi')
    },
  })
  seat.screen.type(`/open #${room}\r`)
  await seat.screen.until(`${other.name}: right`)
  assert.doesNotMatch(seat.screen.text(), /mistake|You are not in|edited a message/)
})

test('the variable for screen readers is a yes or a no', async () => {
  for (const [answer, isPlain] of [
    ['true', true],
    ['1', true],
    ['false', false],
    ['', false],
  ] as const) {
    await using seat = await sitDown(server, { env: { HULLO_SCREEN_READER: answer } })
    await seat.screen.until('connected')
    assert.equal(seat.screen.isAlternate(), !isPlain, answer)
  }
})

test('in a pipe it says what to use there, and ends with 2', async () => {
  const { code, stderr, stdout } = await run(process.execPath, ['bin/hullo.js', 'chat'])
  assert.equal(code, 2)
  assert.equal(stdout, '')
  assert.match(stderr, /hullo watch, hullo send/)
})

test('a history of 5,000 messages is there page by page, and new ones do not move what one reads', {
  skip: 'does not end since the chat decodes keys itself: to be mended',
}, async () => {
  await using other = await newcomer(server)
  await using seat = await sitDown(server, {
    prepare: async me => {
      const sends = Array.from({ length: 5_000 }, (_, index) => other.send(`@${me.name}`, `message ${index}`))
      await Promise.all(sends)
    },
  })
  const { screen, name } = seat
  await screen.until('message 4999')
  screen.type('\x1b[5~')
  await screen.until(shown => shown.includes('more below') && !shown.includes('message 4999'))
  const before = screen.rows().slice(2, 20)
  await other.send(`@${name}`, 'one more')
  await screen.until('1 new message below')
  assert.deepEqual(
    screen
      .rows()
      .slice(2, 20)
      .map(row => row.slice(22)),
    before.map(row => row.slice(22)),
  )
  for (let page = 0; page < 400 && !/message 0$/m.test(screen.text()); page += 1) {
    const seen = screen.text()
    screen.type('\x1b[5~'.repeat(4))
    await screen.until(shown => shown !== seen)
  }
  await screen.until(/This is where it begins[^]*message 0$/m)
  screen.type('\x1b[F')
  await screen.until('one more')
})

test('a session that is ended elsewhere says so, and is kept no longer', async () => {
  using folder = configFolder()
  const name = freshName('p')
  await using me = await register({ server, name, password: 'secret' })
  await using screen = openScreen(['chat', '--server', server, '--as', name], {
    env: { HULLO_CONFIG: folder.dir, HULLO_PASSWORD: 'secret' },
  })
  await screen.until('Nobody has written to you yet')
  for (const { id, current } of await me.own.sessions()) if (!current) await me.own.endSession(id)
  await screen.until('The session is over')
  screen.type('\x03\x03')
  assert.equal(await screen.ended, 0)
  assert.deepEqual(readdirSync(join(folder.dir, 'sessions')), [])
})

test('SIGTERM leaves the terminal as it was', async () => {
  await using seat = await sitDown(server)
  const { screen } = seat
  await screen.until('connected')
  assert.equal(screen.isAlternate(), true)
  screen.signal('SIGTERM')
  await screen.ended
  assert.equal(screen.isAlternate(), false)
  for (const restored of ['\x1b[?7h', '\x1b[?25h', '\x1b[?2004l']) {
    assert.ok(screen.written().includes(restored), JSON.stringify(restored))
  }
})

test('no other command loads the screen, not even for the help', async () => {
  const watched = ['--import', join(root, 'test/tui/loaded.ts')]
  const { stdout: chat } = await run(process.execPath, [...watched, '-e', "import('./src/tui/view/screen.ts')"])
  assert.match(chat, /^loaded \S+\/ink\//m)
  for (const args of [['whoami'], ['serve', '--help'], ['--help']]) {
    const { stdout } = await run(process.execPath, [...watched, 'src/main.ts', ...args])
    assert.doesNotMatch(stdout, /^loaded/m)
  }
})

test('the screen is drawn by the React that is for use, whatever NODE_ENV says', async () => {
  const env = { NODE_OPTIONS: `--import ${join(root, 'test/tui/loaded.ts')}`, NODE_ENV: 'development' }
  await using seat = await sitDown(server, { env })
  await seat.screen.until('connected')
  // Node reads the other one too, for the names that it exports, and runs only this.
  for (const part of ['react', 'react-reconciler']) {
    assert.match(seat.screen.written(), new RegExp(`loaded \\S+/${part}\\.production\\.js`))
  }
})
