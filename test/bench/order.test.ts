// Durable before delivered: orders of system calls that must not pass, and servers with and without fsync.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { orderOf, socketWrites } from '../../bench/checks/order.ts'
import { Void } from '../../bench/contract.ts'
import { startTraced } from '../../bench/scenarios/durable.ts'
import { missing } from '../support/debian.ts'
import { smallBench } from './support.ts'

const row = '11 pwrite64(9</d/hullo.sqlite-wal>, "..tok-1..", 4096, 56) = 4096'
const sync = '11 fdatasync(9</d/hullo.sqlite-wal>) = 0'
const out = '10 writev(30<socket:[5]>, [{iov_base="..tok-1..", iov_len=9}], 1) = 9'

function faultsOf(...lines: readonly string[]): readonly string[] {
  const { delivered, faults } = orderOf(lines.join('\n'), ['tok-1'])
  assert.equal(delivered, 1)
  return faults
}

test('row, sync, delivery: the order that passes', () => assert.deepEqual(faultsOf(row, sync, out), []))

test('a delivery before the row, before its sync, or without one is found', () => {
  assert.deepEqual(faultsOf(out, row, sync), ['tok-1 went out before it was in the WAL'])
  assert.deepEqual(faultsOf(row, out, sync), ['tok-1 went out before it was synced'])
  assert.deepEqual(faultsOf(sync, row, out), ['tok-1 went out before it was synced'])
  assert.deepEqual(faultsOf(row, sync.replace('= 0', '= -1 EIO'), out), ['tok-1 went out before it was synced'])
  assert.deepEqual(faultsOf(row, sync.replace('-wal', ''), out), ['tok-1 went out before it was synced'])
})

test('what never went out on a socket is not counted, nor is a write to a file', () => {
  assert.equal(orderOf([row, sync].join('\n'), ['tok-1']).delivered, 0)
  assert.equal(orderOf([row, sync, out.replace('socket:[5]', '/d/log')].join('\n'), ['tok-1']).delivered, 0)
})

test('writes to sockets are counted with their bytes, others and failed ones are not', () => {
  const failed = '10 write(30<socket:[5]>, "x", 1) = -1 EAGAIN (Resource temporarily unavailable)'
  const other = '10 write(7<anon_inode:[eventfd]>, "x", 8) = 8'
  assert.deepEqual(socketWrites([out, out, failed, other].join('\n')), { writes: 2, bytes: 18 })
})

const skip = missing('strace')

test('Hullo syncs each text before it delivers it', { skip }, async () => {
  using bench = smallBench()
  await using subject = await startTraced(bench)
  await subject.round()
  const [sentence = ''] = (await subject.finish?.()) ?? []
  assert.match(sentence, /^each of [1-9]\d* texts was in the WAL, and the WAL synced/)
})

test('a server that does not sync makes the run void', { skip }, async () => {
  using bench = smallBench()
  await using subject = await startTraced(bench, ['test/durability/serve-unsafe.ts'])
  await subject.round()
  await assert.rejects(
    async () => subject.finish?.(),
    (error: unknown) => {
      return error instanceof Void && /texts went out too early: .* before it was synced/.test(error.message)
    },
  )
})
