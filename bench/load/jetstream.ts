// Acknowledged publishes to JetStream from one connection, with a window; each with a message id, by which the server
// drops repeats as Hullo does by the client id.
import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import { latencies } from '../stats.ts'
import { coresUsed, pause, serveLoad } from './process.ts'
import { clientIdOf, textOf } from './texts.ts'

const timesMax = 2_000_000

/** On the way at once where nothing is measured. */
const window = 500

let publishOne: (number: number) => Promise<unknown> = () => Promise.reject(new Error('not set up'))
let next = 0

serveLoad({ setUp, saturate, publish: publishAll })

async function setUp({ port }: { port: number }): Promise<void> {
  const connection = await connect({ servers: `127.0.0.1:${port}` })
  const manager = await jetstreamManager(connection)
  await manager.streams.add({ name: 'bench', subjects: ['bench.>'], storage: 'file' })
  const stream = jetstream(connection)
  const text = new TextEncoder()
  publishOne = number => stream.publish('bench.p1', text.encode(textOf(0, number)), { msgID: clientIdOf('b', number) })
}

async function saturate({ ms, window: lanesAtOnce }: { ms: number; window: number }): Promise<Record<string, number>> {
  const times = new Float64Array(timesMax)
  const cpu = process.cpuUsage()
  const beganMs = performance.now()
  let done = 0
  const over = new AbortController()
  const lane = async () => {
    while (!over.signal.aborted) {
      const sentAtMs = performance.now()
      next += 1
      await publishOne(next)
      if (over.signal.aborted) return
      times[done] = performance.now() - sentAtMs
      done += 1
    }
  }
  const lanes = Array.from({ length: lanesAtOnce }, lane)
  await pause(ms)
  over.abort()
  const elapsedMs = performance.now() - beganMs
  const loadCores = coresUsed(cpu, elapsedMs)
  await Promise.all(lanes)
  return { perSecond: (done * 1_000) / elapsedMs, ...latencies(times.subarray(0, Math.min(done, timesMax))), loadCores }
}

/** So many messages, a window of them at a time; resolves with their number when all are acknowledged. */
async function publishAll({ messages }: { messages: number }): Promise<number> {
  for (let first = 1; first <= messages; first += window) {
    const numbers = Array.from({ length: Math.min(window, messages - first + 1) }, (_, index) => first + index)
    await Promise.all(numbers.map(publishOne))
  }
  return messages
}
