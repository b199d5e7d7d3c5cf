// The checker on the sockets lab's servers in Python: as the lab has them, as students vary them, and each with one
// fault, which alone is found.
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { SocketLab } from '../../src/check/sockets/steps.ts'
import { debianPython, missing } from '../support/debian.ts'
import { start } from '../support/program.ts'
import { briefMs, check, failed, finding, freePort, told, verdictOf } from './support.ts'

const script = fileURLToPath(new URL('servers/socket_server.py', import.meta.url))
const skip = missing('python3')
const labs = ['happy', 'echo1', 'echo2', 'echo3'] as const

async function checkRun(lab: SocketLab, flags = '', options = {}) {
  const port = await freePort()
  return check(lab, `127.0.0.1:${port}`, { run: `${debianPython} ${script} ${lab} ${port} ${flags}`, ...options })
}

for (const lab of labs) {
  test(`the lab's ${lab} server passes, with its console and exit code`, { skip }, async () => {
    const report = await checkRun(lab)
    assert.equal(report.result, 'pass', told(report))
    assert.deepEqual(
      report.findings.filter(({ verdict }) => verdict !== 'pass'),
      [],
    )
  })

  test(`a ${lab} server without a final newline and with another buffer passes, with advice`, { skip }, async () => {
    const report = await checkRun(lab, '--no-newline --buffer 1024 --fault no-interrupt')
    assert.equal(report.result, 'pass', told(report))
    assert.equal(verdictOf(report, 'newline'), 'advice')
    if (lab !== 'echo3') assert.equal(verdictOf(report, 'ctrl-c'), 'advice')
  })
}

test('without --run the console is said to be unseen, and that does not count', { skip }, async () => {
  const port = await freePort()
  await using server = start(debianPython, ['-u', script, 'echo3', String(port), '--fault', 'no-message'])
  await server.printed(/Waiting/)
  const report = await check('echo3', `127.0.0.1:${port}`)
  assert.equal(report.result, 'pass', told(report))
  for (const id of ['exit-code', 'console-messages', 'console-count', 'console-list']) {
    assert.equal(verdictOf(report, id), 'not run')
    assert.match(finding(report, id)?.because ?? '', /only with --run/)
  }
  // Its own probe included, it was given five connections: it counted five and went.
  assert.equal((await server.ended).code, 0)
  assert.match(server.stdout(), /Client 4: /)
  assert.doesNotMatch(server.stdout(), /Client 5: /)
})

/** Each fault, the one requirement that finds it; `brief` where the server lets the time run out. */
const faults: readonly (readonly [lab: SocketLab, fault: string, id: string, brief?: 'brief'])[] = [
  ['happy', 'no-hello', 'reply'],
  ['happy', 'no-answer', 'answers'],
  ['happy', 'no-close', 'closes', 'brief'],
  ['happy', 'once', 'next-clients'],
  ['happy', 'second-waits', 'next-clients', 'brief'],
  ['happy', 'waits-for-end', 'answers', 'brief'],
  ['happy', 'crash-after-first', 'next-clients'],
  ['happy', 'waiting-once', 'console-waiting-each'],
  ['happy', 'not-configured', 'console-configured'],
  ['happy', 'no-message', 'console-messages'],
  ['happy', 'crash', 'starts'],
  ['echo1', 'no-prefix', 'reply'],
  ['echo1', 'no-space', 'reply'],
  ['echo1', 'upper', 'reply'],
  ['echo1', 'bytes', 'reply'],
  ['echo1', 'first-again', 'reply-each'],
  ['echo1', 'previous', 'reply'],
  ['echo1', 'first-odd', 'reply'],
  ['echo1', 'second-waits', 'next-clients', 'brief'],
  ['echo1', 'no-message', 'console-messages'],
  ['echo2', 'always-one', 'console-count'],
  ['echo2', 'from-zero', 'console-count'],
  ['echo2', 'no-count', 'console-count'],
  ['echo2', 'no-address', 'console-addresses'],
  ['echo3', 'never-ends', 'gone', 'brief'],
  ['echo3', 'ends-early', 'next-clients'],
  ['echo3', 'no-list', 'console-list'],
  ['echo3', 'list-of-last', 'console-list'],
  ['echo3', 'exit-code', 'exit-code'],
]

// Most of their time is waiting.
suite('faults', { concurrency: 4 }, () => {
  for (const [lab, fault, id, brief] of faults) {
    test(`a ${lab} server with the fault "${fault}" fails on ${id} and on nothing else`, { skip }, async () => {
      const report = await checkRun(lab, `--fault ${fault}`, brief === undefined ? {} : { timeoutMs: briefMs })
      assert.deepEqual(failed(report), [id], told(report))
      assert.equal(report.result, 'fail')
      const { sent, came, expected, likely } = finding(report, id)?.failure ?? assert.fail()
      for (const part of [sent, came, expected, likely]) assert.notEqual(part, '')
    })
  }
})

/** What the explanation of a fault must name. */
const explained: readonly (readonly [lab: SocketLab, fault: string, id: string, likely: RegExp, came: RegExp])[] = [
  [
    'happy',
    'crash',
    'starts',
    /it crashed/,
    /exit code 1; the last line of its console is .*RuntimeError: cannot start/,
  ],
  ['happy', 'crash-after-first', 'next-clients', /it crashed/, /exit code 1; .*RuntimeError: cannot go on/],
  ['happy', 'once', 'next-clients', /ends after one client/, /exit code 0/],
  ['happy', 'waiting-once', 'console-waiting-each', /before the loop/, /./],
  ['echo1', 'previous', 'reply', /message of the client before it/, /nothing yet/],
  ['echo1', 'first-odd', 'reply', /only the first answer is wrong/, /ready/],
]

suite('explanations', { concurrency: 4 }, () => {
  for (const [lab, fault, id, likely, came] of explained) {
    test(`the fault "${fault}" of a ${lab} server is explained`, { skip }, async () => {
      const failure = finding(await checkRun(lab, `--fault ${fault}`), id)?.failure
      assert.match(failure?.likely ?? '', likely)
      assert.match(failure?.came ?? '', came)
    })
  }
})

test('a second run that finds the address in use is told of SO_REUSEADDR', { skip }, async () => {
  const port = await freePort()
  const run = `${debianPython} ${script} happy ${port} --fault no-reuse`
  const first = await check('happy', `127.0.0.1:${port}`, { run })
  assert.equal(first.result, 'pass', told(first))
  // The server closed first, so its side of those connections waits for a minute, and the address with it.
  const second = await check('happy', `127.0.0.1:${port}`, { run })
  const failure = finding(second, 'starts')?.failure
  assert.match(failure?.likely ?? '', /SO_REUSEADDR/, told(second))
  assert.match(failure?.came ?? '', /Address already in use/)
})

test('a message without colour, and one waiting line for all clients, are advice for an echo server', {
  skip,
}, async () => {
  const colourless = await checkRun('echo1', '--fault no-colour')
  assert.equal(colourless.result, 'pass', told(colourless))
  assert.match(finding(colourless, 'console-green')?.failure?.likely ?? '', /FORCE_COLOR/)
  const once = await checkRun('echo1', '--fault waiting-once')
  assert.equal(once.result, 'pass', told(once))
  assert.equal(verdictOf(once, 'console-waiting-each'), 'advice')
})

test('an echo3 that never ends is found without --run too', { skip }, async () => {
  const port = await freePort()
  await using server = start(debianPython, ['-u', script, 'echo3', String(port), '--fault', 'never-ends'])
  await server.printed(/Waiting/)
  const report = await check('echo3', `127.0.0.1:${port}`, { timeoutMs: briefMs })
  assert.deepEqual(failed(report), ['gone'], told(report))
})

test('--beyond tries silence, resets and half characters, and their outcome is advice', { skip }, async () => {
  const report = await checkRun('echo1', '', { beyond: true, timeoutMs: 1000 })
  assert.equal(report.result, 'pass', told(report))
  // The lab's own server stops at half a character; what comes after that cannot be judged.
  assert.equal(verdictOf(report, 'beyond-unicode'), 'pass')
  assert.equal(verdictOf(report, 'beyond-half-close'), 'pass')
  assert.equal(verdictOf(report, 'beyond-ten-at-once'), 'pass')
  const odd = report.findings.find(({ id, verdict }) => id.startsWith('beyond-') && verdict !== 'pass')
  assert.equal(odd?.verdict, 'advice', told(report))
  assert.equal(verdictOf(report, 'beyond-silence'), 'not run')
})
