// The lab's terminal client as a person and as a script meet it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stripVTControlCharacters } from 'node:util'
import { startScript } from '../support/program.ts'
import { answering, flaskLike, onBareConnection } from './servers.ts'
import { startInTerminal } from './terminal.ts'

const choice = 'Your choice: '

async function runInPipe(args: readonly string[], input: string) {
  await using program = startScript('labs/client.ts', args)
  program.child.stdin?.end(input)
  const ending = await program.ended
  return { ...ending, stdout: program.stdout(), stderr: program.stderr() }
}

test('a person registers, signs in, sends and reads, and no password is ever shown', async () => {
  await using server = await flaskLike()
  await using terminal = startInTerminal(['bin/hullo.js', 'client'])
  const answer = async (question: string, keys: string) => {
    await terminal.until(question)
    terminal.type(keys)
  }
  await answer('(Enter for 127.0.0.1:5000) ', `${server.address}\r`)
  for (const name of ['bob', 'will']) {
    await answer(choice, '0\r')
    await answer('User name: ', `${name}\r`)
    await answer('Password: ', `s3cretX\x7f of ${name}\r`) // with a slip, taken back
    await answer('Password again: ', `s3cret of ${name}\r`)
    await terminal.until(`Registered ${name}.`)
  }
  await answer(choice, '1\r')
  await answer('User name: ', 'bob\r')
  await answer('Password: ', 's3cret of bob\r')
  await answer('To whom: ', 'will\r')
  await answer('Message: ', 'grüße von bob 👋\r')
  await terminal.until('Sent to will.')
  await answer(choice, '2\r')
  await answer('User name: ', 'will\r')
  await answer('Password: ', 's3cret of will\r')
  await terminal.until(', from bob:')
  await terminal.until('    grüße von bob 👋')
  await answer(choice, '2\r')
  await answer('User name: ', 'bob\r')
  await answer('Password: ', 's3cret of bob\r')
  await terminal.until('There are no messages for you.')
  await answer(choice, '3\r')
  assert.equal((await terminal.ended).exitCode, 0)
  assert.doesNotMatch(terminal.shown(), /s3cret/)
})

test('what is typed or pasted ahead of a password is not shown, and not lost', async () => {
  await using server = await flaskLike()
  await using terminal = startInTerminal(['labs/client.ts', server.address])
  await terminal.until(choice)
  terminal.type('0\r')
  await terminal.until('User name: ')
  terminal.type('bob\r')
  await terminal.until('Password: ')
  terminal.type('s3cret\rs3cret\r2\rbob\rs3c')
  await terminal.until('Registered bob.')
  await terminal.until('Password: ')
  terminal.type('ret\r')
  await terminal.until('There are no messages for you.')
  assert.doesNotMatch(terminal.shown(), /s3c/)
})

test('a password that was cut is not there to be pasted at the next question', async () => {
  await using server = await flaskLike()
  await using terminal = startInTerminal(['labs/client.ts', server.address])
  await terminal.until(choice)
  terminal.type('2\r')
  await terminal.until('User name: ')
  terminal.type('bob\r')
  await terminal.until('Password: ')
  terminal.type('s3cret\x15x\r') // Ctrl-U cuts
  await terminal.until('There is no user bob (code 11).')
  await terminal.until(choice)
  terminal.type('\x19\x1b[A\x1f\r') // Ctrl-Y pastes, the arrow recalls, Ctrl-_ undoes
  await terminal.until('Please type 0, 1, 2 or 3.')
  assert.doesNotMatch(terminal.shown(), /s3cret/)
})

for (const [name, keys] of [
  ['Ctrl-C', '\x03'],
  ['Ctrl-D', '\x04'],
] as const) {
  for (const question of ['(Enter for 127.0.0.1:5000) ', choice, 'User name: ', 'Password: ']) {
    test(`${name} at "${question}" ends cleanly`, async () => {
      await using terminal = startInTerminal(['labs/client.ts'])
      for (const [at, answer] of [
        ['(Enter for 127.0.0.1:5000) ', '127.0.0.1:1\r'],
        [choice, '0\r'],
        ['User name: ', 'bob\r'],
        ['Password: ', ''],
      ] as const) {
        await terminal.until(at)
        if (at === question) break
        terminal.type(answer)
      }
      terminal.type(keys)
      assert.deepEqual(await terminal.ended, { exitCode: 0, signal: 0 })
      assert.match(terminal.shown(), /\r\n$/)
      assert.doesNotMatch(terminal.shown(), /Error|at .*\.ts/)
    })
  }
}

test('Ctrl-C ends a call that waits for its answer', async () => {
  await using server = await onBareConnection(() => {})
  await using terminal = startInTerminal(['labs/client.ts', server.address])
  for (const [question, keys] of [
    [choice, '0\r'],
    ['User name: ', 'bob\r'],
    ['Password: ', 'b\r'],
    ['Password again: ', 'b\r\x03'],
  ] as const) {
    await terminal.until(question)
    terminal.type(keys)
  }
  assert.deepEqual(await terminal.ended, { exitCode: 0, signal: 0 })
})

test('nothing that a message holds reaches the terminal as a command, nor looks like another message', async () => {
  const forged = '2026-01-01 00:00:00, from teacher:'
  const messages = [`\x1b[2J\x1b]0;pwned\x07red\u009b31m`, `hi\n${forged}\nno homework`, `${' '.repeat(56)}${forged}`]
  await using server = await flaskLike()
  const fill = ['0', 'eve', 'e', 'e', '0', 'bob', 'b', 'b'].join('\n')
  assert.equal((await runInPipe([server.address], `${fill}\n`)).code, 0)
  for (const message of messages) {
    const body = JSON.stringify({ sender: 'e\x1b[1mve', recipient: 'bob', message, timestamp: 1.5 })
    await fetch(`http://${server.address}/`, { method: 'POST', body })
  }
  await using terminal = startInTerminal(['labs/client.ts', server.address], { columns: 60, env: { TZ: 'UTC' } })
  await terminal.until(choice)
  terminal.type('2\r')
  await terminal.until('User name: ')
  terminal.type('bob\r')
  await terminal.until('Password: ')
  terminal.type('b\r')
  await terminal.until('1970-01-01')
  await terminal.until(choice)
  const shown = terminal.shown()
  const inbox = shown.slice(shown.indexOf('1970-01-01'), shown.lastIndexOf('0  register'))
  assert.ok(inbox.includes('\\x1b[2J\\x1b]0;pwned\\x07red\\x9b31m'))
  assert.ok(inbox.includes('from e\\x1b[1mve:'))
  assert.ok(!inbox.includes('\x1b[2J') && !inbox.includes('\x07') && !inbox.includes('\u009b'))
  for (const line of stripVTControlCharacters(inbox).split('\r\n')) assert.doesNotMatch(line, /^2026-01-01/)
})

test('a script drives it through a pipe, and the end of the pipe ends it', async () => {
  await using server = await flaskLike()
  const lines = ['', '0', 'bob', 'b', 'b', '0', 'bob', 'b', 'c', '0', 'bob', 'b', 'b', '1', 'bob', 'x']
  const send = ['1', 'bob', 'b', 'nobody', 'hi', '1', 'bob', 'b', 'bob', 'to myself', '2', 'bob', 'b', 'nonsense']
  const { stdout, stderr, code } = await runInPipe([server.address], [...lines, ...send].join('\r\n'))
  assert.equal(stderr, '')
  assert.equal(code, 0)
  const expected = [
    'Please type 0, 1, 2 or 3.',
    'Registered bob.',
    'The two passwords differ. Nobody was registered.',
    'There is a user bob already (code 10).',
    'The password does not match (code 12).',
    'There is no user nobody (code 11).',
    'Sent to bob.',
    ', from bob:\n    to myself',
    'Please type 0, 1, 2 or 3.',
  ]
  let from = 0
  for (const sentence of expected) {
    const at = stdout.indexOf(sentence, from)
    assert.notEqual(at, -1, `${sentence} in\n${stdout.slice(from)}`)
    from = at + sentence.length
  }
})

test('an address that is none is asked for again', async () => {
  await using server = await flaskLike()
  const { stdout, code } = await runInPipe(['ftp://x'], `http://a b\n${server.address}\n0\nbob\nb\nb\n3\n`)
  assert.match(stdout, /The address begins with ftp:/)
  assert.match(stdout, /"http:\/\/a b" is not an address/)
  assert.match(stdout, /Registered bob\./)
  assert.equal(code, 0)
})

test('what went wrong is said, and the menu comes back', async () => {
  await using airplay = await answering(403, '', { Server: 'AirTunes/675.4.1' })
  await using page = await answering(404, '<!doctype html><title>404 Not Found</title>', {
    'Content-Type': 'text/html',
  })
  await using rude = await answering(400, JSON.stringify({ error: 'field-invalid', message: 'username \x1b[31mred' }))
  for (const [address, pattern] of [
    [airplay.address, /is AirPlay, which macOS keeps on port 5000/],
    [page.address, /has no POST \/register \(404 Not Found\)/],
    [rude.address, /The server refused: username \\x1b\[31mred \(400\)\./],
    ['127.0.0.1:1', /Nothing is listening at 127\.0\.0\.1 port 1\./],
  ] as const) {
    const { stdout, code } = await runInPipe([address], '0\nbob\nb\nb\n3\n')
    assert.match(stdout, pattern)
    assert.equal(stdout.split('3  quit').length, 3)
    assert.equal(code, 0)
  }
})
