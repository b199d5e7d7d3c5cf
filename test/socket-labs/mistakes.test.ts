// What people get wrong when they start a program: each time a sentence on standard error, no stack trace, and
// exit code 1; wrong usage of `hullo` is 2, as for all its commands.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exits } from '../../src/cli/exit-codes.ts'
import { run } from '../support/program.ts'
import { freePort, servers, startLab } from './support.ts'

const usage = exits.usage.code
const labs = (name: string, ...args: readonly string[]) => run(process.execPath, [`labs/${name}.ts`, ...args])
const hullo = (...args: readonly string[]) => run(process.execPath, ['bin/hullo.js', ...args])

function assertSentence(result: Awaited<ReturnType<typeof run>>, pattern: RegExp, code = 1): void {
  assert.match(result.stderr, pattern)
  assert.doesNotMatch(result.stderr, /^\s+at /m)
  assert.equal(result.code, code)
}

test('a port that is taken: the words of the lab, and what to do', async () => {
  await using lab = await startLab('happy-server')
  for (const name of servers) {
    const second = await labs(name, '--port', String(lab.port))
    assertSentence(
      second,
      /^Address already in use: another program listens on 127\.0\.0\.1 port \d+\. .*--port 8081\.\n$/,
    )
    assert.equal(second.stdout, '')
  }
  assertSentence(await hullo('echo2', '--port', String(lab.port)), /^Address already in use: .*--port 8081\.\n$/)
})

test('an address that is not this machine’s, or no address', async () => {
  const elsewhere = await labs('echo-server1', '--host', '192.0.2.1')
  assertSentence(elsewhere, /^192\.0\.2\.1 is not an address of this machine\. .*--host 127\.0\.0\.1.*\n$/)
  assert.equal(elsewhere.stdout, '')
  for (const host of ['', 'a b', 'http://127.0.0.1']) {
    assertSentence(await hullo('happy', '--host', host), /--host <address>.*It must be an address or a name/, usage)
  }
})

test('nobody listens where the client calls', async () => {
  const port = String(await freePort())
  const refused =
    /^Nothing listens on 127\.0\.0\.1 port \d+: the connection was refused\. Start a server there first.*\n$/
  const client = await labs('client-test', '--port', port)
  assertSentence(client, refused)
  assert.equal(client.stdout, 'To Server: Message 0\n')
  assertSentence(await hullo('talk', '--port', port, 'x'), refused)
})

test('options that are none', async () => {
  for (const port of ['abc', '-1', '65536', '80.5', '', '1e3', ' 80']) {
    assertSentence(await hullo('echo1', `--port=${port}`), /It must be a port: a whole number from 0 to 65535/, usage)
  }
  assertSentence(
    await hullo('talk', '--port', '0', 'x'),
    /It must be a port to call: a whole number from 1 to 65535/,
    usage,
  )
  for (const wait of ['0', '-5', 'soon', '86401', 'Infinity']) {
    assertSentence(await labs('happy-server', `--wait=${wait}`), /It must be a time in seconds: more than 0/)
  }
  for (const limit of ['0', '2.5', 'five', '10001']) {
    assertSentence(
      await labs('echo-server3', `--limit=${limit}`),
      /It must be a number of clients: a whole number from 1/,
    )
  }
  assertSentence(await labs('echo-server1', '--limit', '5'), /unknown option '--limit'/)
  assertSentence(await hullo('talk'), /missing required argument 'message'/, usage)
  assertSentence(await hullo('talk', ''), /An empty message sends nothing/, usage)
})
