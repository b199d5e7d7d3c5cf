// The generator of live messages against servers that do what none may: it has to notice each.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { type WebSocket, WebSocketServer } from 'ws'
import { startLoad } from '../../bench/load/process.ts'
import type { PairsSetup } from '../../bench/load/pairs.ts'
import { fileIn, settledFolder } from '../../bench/peers/hullo.ts'
import { smallBench } from './support.ts'

/** What a faulty server makes of the texts that one frame brought. */
interface Fault {
  readonly deliver?: (texts: readonly string[]) => readonly string[]
  readonly acknowledge?: (count: number) => number
}

/** A server that stores nothing; what the first connection sends goes to the second, with seqs of its own. */
async function startFaulty({ deliver = texts => texts, acknowledge = count => count }: Fault) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => 'hullo.v1' })
  await once(server, 'listening')
  const sockets: WebSocket[] = []
  let seq = 0
  server.on('connection', socket => {
    sockets.push(socket)
    socket.on('message', data => {
      const frame = JSON.parse((data as Buffer).toString()) as {
        type: string
        ref: number
        messages: { text: string }[]
      }
      if (frame.type === 'start') return socket.send('{"type":"hello"}')
      const entries = deliver(frame.messages.map(({ text }) => text)).map(text => ({ seq: (seq += 1), text }))
      sockets[1]?.send(JSON.stringify({ type: 'entries', cursor: '', entries }))
      const results = Array.from({ length: acknowledge(frame.messages.length) }, (_, index) => ({ seq: index + 1 }))
      return socket.send(JSON.stringify({ type: 'sent', ref: frame.ref, results }))
    })
  })
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.dispose]() {
      for (const socket of sockets) socket.terminate()
      server.close()
    },
  }
}

/** One pair, for a moment. */
async function run(fault: Fault, witnessFile?: string): Promise<unknown> {
  using server = await startFaulty(fault)
  await using load = startLoad('pairs')
  const setup: PairsSetup = {
    wire: 'hullo',
    port: server.port,
    names: ['a', 'b'],
    tokens: ['', ''],
    targets: [[1], []],
  }
  await load.ask('setUp', witnessFile === undefined ? setup : { ...setup, witnessFile })
  return await load.ask('saturate', { kind: 'saturate', ms: 50, window: 40 })
}

test('a server that delivers and acknowledges everything once passes', async () => {
  await run({})
})

test('a text that is left out is noticed', async () => {
  await assert.rejects(run({ deliver: texts => texts.slice(1) }), /got text 1 of 0 where 0 is next/)
})

test('a text that comes twice is noticed', async () => {
  await assert.rejects(
    run({ deliver: texts => texts.flatMap(text => [text, text]) }),
    /got text 0 of 0 where 1 is next/,
  )
})

test('texts in another order are noticed', async () => {
  await assert.rejects(run({ deliver: texts => texts.toReversed() }), /got text \d+ of 0 where 0 is next/)
})

test('an acknowledgement that is short is noticed', async () => {
  await assert.rejects(run({ acknowledge: count => count - 1 }), /Hullo acknowledged 39 of 40/)
})

test('a text that is delivered and not in the store is noticed', async () => {
  using bench = smallBench()
  const { dir } = await settledFolder(bench, ['a', 'b'])
  await assert.rejects(run({}, fileIn(dir)), /entry \d+ was delivered, but the store had nothing there/)
})
