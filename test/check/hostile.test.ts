// The checker against servers that hang, trickle, pour or reset: its time and memory are bounded, its words are clean.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { textReport } from '../../src/check/report.ts'
import { type Hostile, startHostile } from './servers/hostile.ts'
import { briefMs, check, failed, told } from './support.ts'

const asMessaging: readonly (readonly [Hostile, RegExp])[] = [
  ['hangs', /no answer came in 1\.2 s/],
  ['resets', /closed before a whole answer/],
  ['closes', /closed before a whole answer/],
  ['trickles', /not HTTP/],
  ['endless', /not HTTP/],
  ['endless-body', /more than 4194304 bytes|not ended/],
  ['endless-headers', /not HTTP|no answer/],
  ['redirects', /redirected more than 5 times/],
  ['control-characters', /status 200/],
]

for (const [how, came] of asMessaging) {
  test(`a messaging server that ${how} fails the first requirement in bounded time`, async () => {
    await using server = await startHostile(how)
    const report = await check('messaging', server.address, { timeoutMs: briefMs })
    assert.deepEqual(failed(report), ['register'], told(report))
    assert.match(report.findings[0]?.failure?.came ?? '', came)
  })
}

const asSockets: readonly (readonly [Hostile, readonly string[]])[] = [
  ['hangs', ['answers']],
  ['resets', ['answers']],
  ['closes', ['answers']],
  ['trickles', ['reply', 'closes']],
  ['endless', ['reply', 'closes']],
]

for (const [how, expected] of asSockets) {
  test(`an echo server that ${how} fails in bounded time and bytes`, async () => {
    await using server = await startHostile(how)
    const report = await check('echo1', server.address, { timeoutMs: briefMs })
    assert.deepEqual(failed(report), expected, told(report))
  })
}

test('a server that hangs is asked no more often than its requirements need', async () => {
  await using server = await startHostile('hangs')
  await check('echo3', server.address, { timeoutMs: briefMs })
  assert.equal(server.connections(), 1)
})

test('no control character of a server reaches the report', async () => {
  await using server = await startHostile('control-characters')
  const report = await check('messaging', server.address, { timeoutMs: briefMs })
  const text = textReport(report, (_, plain) => plain)
  // oxlint-disable-next-line no-control-regex -- that is the point
  assert.doesNotMatch(text.replaceAll('\n', ''), /[\u0000-\u001F\u007F-\u009F\u202E]/)
  assert.match(text, /\\x1b\[2J/)
})

test('a check that is stopped reports what it saw and judges no more', async () => {
  await using server = await startHostile('hangs')
  const controller = new AbortController()
  const checking = check('messaging', server.address, { signal: controller.signal })
  controller.abort('the check was stopped')
  const report = await checking
  assert.ok(
    report.findings.every(({ verdict }) => verdict === 'not run'),
    told(report),
  )
  assert.equal(report.result, 'fail')
})
