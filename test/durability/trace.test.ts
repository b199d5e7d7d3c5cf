// The judge itself: lines as strace writes them, and orders of calls that must not pass.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseTrace, provesDurable } from './trace.ts'

const request = '10 read(30<socket:[5]>, "POST / ... \\"message\\":\\"tok-1\\"", 65536) = 99'
const row = '11 pwrite64(9</d/hullo.sqlite-wal>, "..tok-1..", 4096, 56) = 4096'
const sync = '11 fsync(9</d/hullo.sqlite-wal>) = 0'
const answer = '10 write(30<socket:[5]>, "HTTP/1.1 200 OK\\r\\nx: y\\r\\n\\r\\n1", 99) = 99'

function faultsOf(...lines: string[]): string[] {
  const { acknowledged: count, faults } = provesDurable(parseTrace(lines.join('\n')), ['tok-1'])
  assert.equal(count, 1)
  return faults.map(fault => fault.replace('tok-1 was answered before it was ', ''))
}

/** How many acknowledgements are seen where `line` follows a message that was stored and synced. */
function acknowledged(line: string): number {
  return provesDurable(parseTrace([request, row, sync, line].join('\n')), ['tok-1']).acknowledged
}

test('the right order passes', () => assert.deepEqual(faultsOf(request, row, sync, answer), []))

test('an answer before the row, or before the sync, is found', () => {
  assert.deepEqual(faultsOf(request, answer, row, sync), ['in the WAL'])
  assert.deepEqual(faultsOf(request, row, answer, sync), ['synced'])
  assert.deepEqual(faultsOf(request, row, answer), ['synced'])
})

test('a sync that failed, was of another file, or was of an earlier state does not count', () => {
  const failed = '11 fsync(9</d/hullo.sqlite-wal>) = -1 EIO (Input/output error) (INJECTED)'
  assert.deepEqual(faultsOf(request, row, failed, answer), ['synced'])
  assert.deepEqual(faultsOf(request, row, sync.replace('-wal', ''), answer), ['synced'])
  assert.deepEqual(faultsOf(request, sync, row, answer), ['synced'])
})

test('a sync counts from its beginning to its end, also where other threads come in between', () => {
  const begins = '11 fsync(9</d/hullo.sqlite-wal> <unfinished ...>'
  const ends = '11 <... fsync resumed>) = 0'
  assert.deepEqual(faultsOf(request, row, begins, ends, answer), [])
  assert.deepEqual(faultsOf(request, row, begins, answer, ends), ['synced'])
  const rowBegins = '12 pwrite64(9</d/hullo.sqlite-wal>, "..tok-1..", 4096, 56 <unfinished ...>'
  const rowEnds = '12 <... pwrite64 resumed>) = 4096'
  assert.deepEqual(faultsOf(request, begins, row, ends, answer), ['synced'])
  assert.deepEqual(faultsOf(request, rowBegins, sync, rowEnds, answer), ['synced'])
  const answerBegins = answer.replace(/\) = 99$/, ' <unfinished ...>')
  assert.deepEqual(faultsOf(request, row, begins, answerBegins, ends, '10 <... write resumed>) = 99'), ['synced'])
})

test('an answer that is not 1, or is on another socket, is none', () => {
  assert.equal(acknowledged(answer), 1)
  assert.equal(acknowledged(answer.replace('n1"', 'n11"')), 0)
  assert.equal(acknowledged(answer.replace('200 OK', '404 Not Found')), 0)
  assert.equal(acknowledged(answer.replace('30<socket:[5]>', '31<socket:[6]>')), 0)
})
