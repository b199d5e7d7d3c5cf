// `hullo watch` as a daemon: a command per message, at least once, over kills, restarts and failures.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync, readFileSync, watch, writeFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { startInTerminal } from '../lab-client/terminal.ts'
import { freshName, startV1, temporaryFolder, type V1Server } from '../v1/support.ts'
import { jsonLines, type Machine, machineWith } from './support.ts'

let server: V1Server
before(async () => {
  server = await startV1()
})
after(() => server[Symbol.asyncDispose]())

/** Waits until `file` is there and its text is as wanted. */
async function untilFile(dir: string, file: string, wanted: (text: string) => boolean): Promise<string> {
  const look = () => (existsSync(file) ? readFileSync(file, 'utf8') : '')
  const watcher = watch(dir, { recursive: true })
  try {
    for (;;) {
      const text = look()
      if (wanted(text)) return text
      await once(watcher, 'change')
    }
  } finally {
    watcher.close()
  }
}

async function send(machine: Machine, from: string, to: string, text: string): Promise<number> {
  const ended = await machine.hullo(['send', to, '--as', from], { input: text })
  assert.equal(ended.code, 0, ended.stderr)
  return Number(ended.stdout)
}

/** A program of the test's own, in JavaScript; each message becomes a line of JSON in `log`. */
function program(machine: Machine, body: string): string[] {
  const path = machine.path('command.mjs')
  writeFileSync(
    path,
    `import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
const log = ${JSON.stringify(machine.path('log'))}
const note = value => appendFileSync(log, JSON.stringify(value) + '\\n')
${body}`,
  )
  return ['--exec', process.execPath, '--', path]
}

test('a command gets each message as JSON and in its environment, never in its arguments, and no shell sees it', async () => {
  const [ann, ben] = [freshName(), freshName()]
  using machine = await machineWith(server, ann, ben)
  const text = `$(touch ${machine.path('owned')}); \`id\` "' --flag\n\x1b[31m 👋`
  const log = machine.path('log')
  const exec = program(
    machine,
    `note({ json: JSON.parse(readFileSync(0, 'utf8')), env: process.env, args: process.argv.slice(2) })`,
  )
  await using watching = machine.start(['watch', '--as', ann, '--after', 'start', ...exec, '--own', 'a b', '$HOME'])
  const seq = await send(machine, ben, ann, text)
  const written = await untilFile(machine.dir, log, now => now.endsWith('\n'))
  const [one] = jsonLines<{ json: Record<string, unknown>; env: Record<string, string>; args: string[] }>(written)
  assert.deepEqual(one?.args, ['--own', 'a b', '$HOME'])
  assert.deepEqual([one?.json['text'], one?.json['seq']], [text, seq])
  const { env } = one ?? { env: {} }
  assert.deepEqual(
    ['TEXT', 'SENDER', 'TO', 'REPLY_TO', 'SEQ', 'NAME', 'SERVER'].map(name => env[`HULLO_${name}`]),
    [text, ben, `@${ann}`, `@${ben}`, String(seq), ann, `${server.url}/`],
  )
  watching.child.kill('SIGTERM')
  assert.deepEqual(await watching.ended, { code: 0, signal: null })
  assert.equal(existsSync(machine.path('owned')), false)
})

test('killed between the command and the state, the message comes again, and only that one', async () => {
  const [ann, ben] = [freshName(), freshName()]
  using machine = await machineWith(server, ann, ben)
  const state = machine.path('state')
  const log = machine.path('log')
  // At the second message the command kills the watch, its parent, and then ends well: the state is never written.
  const exec = program(
    machine,
    `note(process.env.HULLO_TEXT)
if (process.env.HULLO_TEXT === 'two' && !existsSync(log + '.killed')) {
  writeFileSync(log + '.killed', '')
  process.kill(process.ppid, 'SIGKILL')
}`,
  )
  const args = ['watch', '--as', ann, '--after', 'start', '--state', state, ...exec]
  for (const text of ['one', 'two', 'three']) await send(machine, ben, ann, text)
  await using first = machine.start(args)
  await first.ended
  assert.deepEqual(jsonLines(readFileSync(log, 'utf8')), ['one', 'two'])
  await using second = machine.start(args)
  await untilFile(machine.dir, log, now => now.includes('three'))
  const seq = await send(machine, ben, ann, 'four')
  await untilFile(machine.dir, state, now => now.includes(`"seq":${seq}}`))
  second.child.kill('SIGTERM')
  assert.deepEqual(await second.ended, { code: 0, signal: null })
  await using third = machine.start(args)
  await send(machine, ben, ann, 'five')
  const whole = await untilFile(machine.dir, log, now => now.includes('five'))
  assert.deepEqual(jsonLines(whole), ['one', 'two', 'two', 'three', 'four', 'five'])
  assert.equal(third.stderr(), '')
})

test('a first run begins now and is kept at once: what comes while it is away comes when it is back', async () => {
  const [ann, ben] = [freshName(), freshName()]
  using machine = await machineWith(server, ann, ben)
  await send(machine, ben, ann, 'before')
  const state = machine.path('state')
  const args = ['watch', '--as', ann, '--state', state, '--json']
  await using first = machine.start(args)
  await untilFile(machine.dir, state, now => now.endsWith('\n'))
  first.child.kill('SIGKILL')
  await first.ended
  await send(machine, ben, ann, 'meanwhile')
  await using second = machine.start(args)
  await second.printed(/meanwhile/)
  assert.deepEqual(
    jsonLines(second.stdout()).map(({ text }) => text),
    ['meanwhile'],
  )
})

test('a command that fails is tried again with the same message, in order; skip and stop do as they say', async () => {
  const [ann, ben] = [freshName(), freshName()]
  using machine = await machineWith(server, ann, ben)
  const log = machine.path('log')
  for (const text of ['one', 'two']) await send(machine, ben, ann, text)
  const exec = program(
    machine,
    `const again = existsSync(log) && readFileSync(log, 'utf8').includes('one')
note(process.env.HULLO_TEXT)
if (process.env.HULLO_TEXT === 'one' && !again) process.exitCode = 3`,
  )
  const args = ['watch', '--as', ann, '--after', 'start']
  await using retrying = machine.start([...args, ...exec])
  assert.deepEqual(jsonLines(await untilFile(machine.dir, log, now => now.includes('two'))), ['one', 'one', 'two'])
  assert.match(retrying.stderr(), /ended with exit code 3 for message \d+\. It is tried again in 1 second/)

  writeFileSync(log, '')
  await using skipping = machine.start([...args, '--json', '--on-failure', 'skip', ...exec])
  assert.deepEqual(jsonLines(await untilFile(machine.dir, log, now => now.includes('two'))), ['one', 'two'])
  assert.equal(jsonLines(skipping.stderr())[0]?.['event'], 'command-failed')

  writeFileSync(log, '')
  const state = machine.path('state')
  const stopped = await machine.hullo([...args, '--state', state, '--on-failure', 'stop', ...exec])
  assert.equal(stopped.code, 6, stopped.stderr)
  assert.deepEqual(jsonLines(readFileSync(log, 'utf8')), ['one'])
  const missing = await machine.hullo([...args, '--exec', machine.path('no-such-program')])
  assert.equal(missing.code, 6)
  assert.match(missing.stderr, /no-such-program cannot be started: /)
  const again = await machine.hullo([...args, '--state', state, '--on-failure', 'stop', '--exec', 'false'])
  assert.match(again.stderr, /false ended with exit code 1 for message/)
})

test('it goes on over a restart of the server, without gap or double, and says so', async () => {
  using folder = temporaryFolder()
  const first = await startV1([], folder.dir)
  const [ann, ben] = [freshName(), freshName()]
  using machine = await machineWith(first, ann, ben)
  await using watching = machine.start(['watch', '--as', ann, '--after', 'start', '--json'])
  await send(machine, ben, ann, 'one')
  await watching.printed(/"one"/)
  await first.stop()
  await watching.printed(/"event":"connection-lost"/)
  await using second = await startV1(['--port', String(first.port)], folder.dir)
  await send(machine, ben, ann, 'two')
  await watching.printed(/"two"/)
  assert.match(watching.stderr(), /"event":"connected"/)
  assert.deepEqual(
    jsonLines(watching.stdout()).map(({ text }) => text),
    ['one', 'two'],
  )
  assert.equal(second.port, first.port)
})

test('its own messages are left out, and rooms and senders can be chosen', async () => {
  const [ann, ben] = [freshName(), freshName()]
  using machine = await machineWith(server, ann, ben)
  await send(machine, ann, ben, 'mine')
  await send(machine, ben, ann, 'theirs')
  for (const [flags, wanted] of [
    [[], ['theirs', 'last']],
    [['--own'], ['mine', 'theirs', 'last']],
    [['--from', ann, '--own'], ['mine']],
    [['--room', 'none'], []],
  ] as const) {
    await using watching = machine.start(['watch', '--as', ann, '--after', 'start', '--json', ...flags])
    if (wanted.at(-1) === 'last') {
      if (flags.length === 0) await send(machine, ben, ann, 'last')
      await watching.printed(/"last"/)
    } else if (wanted.length > 0) await watching.printed(/"mine"/)
    assert.deepEqual(
      jsonLines(watching.stdout()).map(({ text }) => text),
      wanted,
    )
  }
})

test('a state file that is not its own, or cannot be written, is refused before anything is done', async () => {
  const [ann, ben] = [freshName(), freshName()]
  using machine = await machineWith(server, ann, ben)
  const state = machine.path('state')
  await send(machine, ben, ann, 'hi')
  const args = (name: string, file: string) => {
    return ['watch', '--as', name, '--after', 'start', '--state', file, '--on-failure', 'stop', '--exec', 'false']
  }
  assert.equal((await machine.hullo(args(ann, state))).code, 6)
  const other = await machine.hullo(args(ben, state))
  assert.equal(other.code, 2)
  assert.match(other.stderr, new RegExp(`keeps the place of ${ann} at`))
  const foreign = machine.path('notes.txt')
  writeFileSync(foreign, 'do not lose this')
  assert.equal((await machine.hullo(args(ann, foreign))).code, 2)
  assert.equal(readFileSync(foreign, 'utf8'), 'do not lose this')
  assert.equal(existsSync(`${foreign}.lock`), false)
  for (const path of ['/proc/hullo.state', machine.path('no/such/folder/state')]) {
    const ended = await machine.hullo(args(ann, path))
    assert.equal(ended.code, 1)
    assert.match(ended.stderr, /cannot be written: E/)
  }
})

test('a state file has one watch at a time; what a killed one leaves behind keeps nobody out', async () => {
  const [ann, ben] = [freshName(), freshName()]
  using machine = await machineWith(server, ann, ben)
  const state = machine.path('state')
  const args = ['watch', '--as', ann, '--state', state, '--json']
  await using first = machine.start(args)
  await untilFile(machine.dir, state, now => now.endsWith('\n'))
  await using second = machine.start(args)
  const message = `Another hullo watch has the state file ${state}. Stop that one, or name another file.`
  await second.printed(/Another hullo watch/)
  assert.deepEqual(jsonLines(second.stderr()), [{ error: 'usage', message }])
  assert.deepEqual(await second.ended, { code: 2, signal: null })
  // One of its own is not in the way.
  await using other = machine.start(['watch', '--as', ann, '--state', machine.path('other'), '--json'])
  await untilFile(machine.dir, machine.path('other'), now => now.endsWith('\n'))
  await send(machine, ben, ann, 'to the first')
  await Promise.all([first.printed(/to the first/), other.printed(/to the first/)])
  first.child.kill('SIGKILL')
  await first.ended
  assert.ok(existsSync(`${state}.lock`))
  await using third = machine.start(args)
  await send(machine, ben, ann, 'to the third')
  await third.printed(/to the third/)
})

test('the end of its session ends it, with the code for that', async () => {
  const ann = freshName()
  using machine = await machineWith(server, ann)
  await using watching = machine.start(['watch', '--state', machine.path('state')])
  await untilFile(machine.dir, machine.path('state'), now => now.endsWith('\n'))
  assert.equal((await machine.hullo(['logout'])).code, 0)
  assert.deepEqual(await watching.ended, { code: 5, signal: null })
  assert.match(watching.stderr(), /Sign in with hullo login\.\n$/)
})

test('Ctrl-C on a terminal ends it with 130, and a message is set out for people', async () => {
  const [ann, ben] = [freshName(), freshName()]
  using machine = await machineWith(server, ann, ben)
  await using terminal = startInTerminal(['bin/hullo.js', 'watch', '--as', ann, '--after', 'start'], {
    env: machine.env,
  })
  await send(machine, ben, ann, 'one\ntwo')
  await terminal.until(`, from ${ben}:`)
  await terminal.until('    one\r\n    two')
  terminal.type('\x03')
  assert.equal((await terminal.ended).exitCode, 130)
})
