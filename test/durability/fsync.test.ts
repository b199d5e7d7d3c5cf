// Durability as the kernel sees it: the system calls of a server under load are recorded, and every answer `1` must come
// after its message was written to the WAL and the WAL was synced. The same check on a server that does not sync fails.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { missing } from '../support/debian.ts'
import { client, folder, serve } from './server.ts'
import { parseTrace, provesDurable } from './trace.ts'

const syscalls = 'trace=pwrite64,pwritev,pwritev2,fsync,fdatasync,read,write,writev,sendto,sendmsg'

/** Sends through a server that strace watches, 8 at a time; the trace and what was sent. */
async function record(script: readonly string[], count: number) {
  using here = folder()
  const trace = join(here.path, 'trace')
  // -s: a page of the WAL whole, so that the token in it is seen; -y: which file a descriptor is.
  const wrap = ['strace', '-f', '-y', '--seccomp-bpf', '-s', '8192', '-e', syscalls, '-e', 'signal=none', '-o', trace]
  const tokens = Array.from({ length: count }, (_, index) => `token-${process.pid}-${index}-end`)
  await using server = await serve(join(here.path, 'data'), { script, wrap })
  using people = client(server.url, 8)
  assert.deepEqual([(await people.register('ann')).body, (await people.register('bob')).body], ['1', '1'])
  const answers = await Promise.all(tokens.map(token => people.send('ann', 'bob', token)))
  assert.deepEqual(new Set(answers.map(({ status, body }) => `${status} ${body}`)), new Set(['200 1']))
  // strace ends, and has written everything, when what it watches has ended.
  process.kill(Number(readFileSync(trace, 'utf8').split(' ', 1)[0]), 'SIGTERM')
  await server.program.ended
  return { calls: parseTrace(readFileSync(trace, 'utf8')), tokens }
}

test('every answer 1 leaves after its message was written and the WAL synced', {
  skip: missing('strace'),
}, async () => {
  const { calls, tokens } = await record(['bin/hullo.js', 'serve'], 200)
  assert.deepEqual(provesDurable(calls, tokens), { acknowledged: tokens.length, faults: [] })
})

test('the same check fails on a server that does not sync', { skip: missing('strace') }, async () => {
  const { calls, tokens } = await record(['test/durability/serve-unsafe.ts'], 50)
  const { acknowledged, faults } = provesDurable(calls, tokens)
  assert.equal(acknowledged, tokens.length)
  assert.equal(faults.length, tokens.length)
  assert.match(faults[0] ?? '', /was answered before it was synced$/)
})
