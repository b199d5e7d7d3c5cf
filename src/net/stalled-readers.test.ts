// Readers that do not read, through real sockets on a clock of the test's own.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { test } from 'node:test'
import { StalledReaders } from './stalled-readers.ts'

const stallMs = 30_000
/** More than the buffers of both systems hold. */
const block = Buffer.alloc(1_048_576, 'x')
const blocks = 64

async function start() {
  let now = 0
  const stalled = new StalledReaders({ stallMs, clock: () => now })
  const server = createServer()
  stalled.watch(server, false)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    async pair(): Promise<{ near: Socket; far: Socket }> {
      const accepted = once(server, 'connection') as Promise<[Socket]>
      const far = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' })
      far.on('error', () => {})
      const [near] = await accepted
      near.on('error', () => {})
      return { near, far }
    },
    /** Lets time pass in the steps in which the server looks. */
    pass: (ms: number) => {
      for (let passed = 0; passed < ms; passed += 5_000) {
        now += 5_000
        stalled.look()
      }
    },
    [Symbol.asyncDispose]: async () => {
      server.close()
    },
  }
}

function stuff(near: Socket): void {
  for (let count = 0; count < blocks; count += 1) near.write(block)
}

function queued(socket: Socket): number {
  const { _handle } = socket as unknown as { _handle?: { writeQueueSize: number } | null }
  return (_handle?.writeQueueSize ?? 0) + socket.writableLength
}

/** Time passes until the reader is cut; how long that took in all. */
async function untilCut({ pass }: { readonly pass: (ms: number) => void }, near: Socket): Promise<number> {
  for (let passedMs = 0; ; passedMs += 5_000) {
    if (near.destroyed) return passedMs
    assert.ok(passedMs < 600_000, 'it is never cut')
    pass(5_000)
    // The systems may still take some of it.
    await new Promise(resolve => setImmediate(resolve))
  }
}

test('a reader that takes nothing is cut after the time, also where more is queued and where it keeps sending', async () => {
  await using server = await start()
  const { near, far } = await server.pair()
  // It is heard, and it reads nothing.
  near.on('data', () => {})
  stuff(near)
  server.pass(20_000)
  near.write('more')
  far.write('still here')
  await once(near, 'data')
  assert.equal(near.destroyed, false)
  assert.ok((await untilCut(server, near)) >= 10_000)
  far.destroy()
})

test('a slow reader is never cut: each step that it takes begins the time anew', async () => {
  await using server = await start()
  const { near, far } = await server.pair()
  stuff(near)
  far.pause()
  for (let round = 0; round < 8; round += 1) {
    server.pass(25_000)
    assert.equal(near.destroyed, false, `cut in round ${round}`)
    // It reads until the server's system has taken something, and then nothing for a while again.
    const before = queued(near)
    far.resume()
    while (queued(near) === before) await new Promise(resolve => setImmediate(resolve))
    far.pause()
  }
  assert.ok((await untilCut(server, near)) >= 30_000)
  far.destroy()
})

test('a connection for which nothing waits is left alone, however long it is silent', async () => {
  await using server = await start()
  const { near, far } = await server.pair()
  near.write('hello')
  await once(far, 'data')
  while (near.writableLength > 0) await new Promise(resolve => setImmediate(resolve))
  server.pass(300_000)
  assert.equal(near.destroyed, false)
  far.destroy()
})
