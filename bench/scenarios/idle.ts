// What a live connection costs that says nothing: memory of the server, and the time in which it is opened.
import { readFileSync } from 'node:fs'
import type { Bench, Contender, Sample, Scenario } from '../contract.ts'
import type { Opening } from '../load/idle.ts'
import { pause, startLoad } from '../load/process.ts'
import { namesOf, settledFolder, startHullo } from '../peers/hullo.ts'
import { residentBytes } from '../process.ts'
import { plain } from '../stats.ts'

/** An account may have 200 live streams: so many people are needed for 10,000. */
const names = namesOf(100)

/** What the collector takes to settle after the rush of opening. */
const settleMs = 2_000
const settleQuickMs = 500

/** Files that a process may open beside its connections. */
const sparesMin = 200

function idle(kind: Opening['kind'], counts: readonly number[]): Contender {
  return {
    name: kind,
    missing: () => {
      const files = filesMax()
      const wanted = Math.max(...counts) + sparesMin
      return files < wanted ? `needs ulimit -n ${wanted}, and it is ${files}` : undefined
    },
    start: async bench => ({
      round: () => openAll(bench, kind, counts),
      async [Symbol.asyncDispose]() {},
    }),
  }
}

/** A new server each time: memory that was used once is not given back soon. */
async function openAll(bench: Bench, kind: Opening['kind'], counts: readonly number[]): Promise<Sample> {
  const { dir, tokens } = await settledFolder(bench, names)
  await using server = await startHullo(dir, { profileDir: bench.profileDir })
  await using load = startLoad('idle')
  const quietMs = bench.isQuick ? settleQuickMs : settleMs
  await pause(quietMs)
  const before = residentBytes(server.pid)
  const sample: Record<string, number> = {}
  for (const count of counts) {
    const opening: Opening = { kind, port: server.port, tokens, count }
    const { eachMs } = await load.ask<{ eachMs: number }>('openUp', opening)
    await pause(quietMs)
    sample[`bytes${count}`] = (residentBytes(server.pid) - before) / count
    sample[`eachMs${count}`] = eachMs
  }
  const there = await load.ask<number>('close')
  if (there !== counts.at(-1)) throw new Error(`${there} of ${counts.at(-1)} connections were still there`)
  return sample
}

function filesMax(): number {
  return Number(/^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1])
}

export const idleScenario: Scenario = {
  name: 'idle',
  title: 'Idle live connections',
  work:
    'Live streams that have begun and say nothing, 1,000 and then 10,000 of them (a quick run: 1,000), from several ' +
    'addresses of the loopback; by how much the resident memory of the server grew, two seconds later, for each.',
  contenders: bench => {
    const counts = bench.isQuick ? [1_000] : [1_000, 10_000]
    return [idle('WebSocket', counts), idle('SSE', counts)]
  },
  figures: [
    { key: 'bytes1000', label: 'memory each, 1,000', unit: 'bytes' },
    { key: 'bytes10000', label: 'memory each, 10,000', unit: 'bytes' },
    { key: 'eachMs1000', label: 'to open one, to 1,000', unit: 'ms' },
    { key: 'eachMs10000', label: 'to open one, to 10,000', unit: 'ms' },
  ],
  lines: [
    {
      id: 'idle/websocket',
      says: 'Resident memory of an idle WebSocket connection, at 10,000',
      unit: 'bytes',
      better: 'lower',
      must: 12 * 1_024,
      tried:
        "What is left is Node's socket with its two streams, the receiver and the sender of the WebSocket, " +
        'and what a reader of the log needs to know its place.',
      values: plain('WebSocket', 'bytes10000'),
    },
    {
      id: 'idle/sse',
      says: 'Resident memory of an idle SSE connection, at 10,000',
      unit: 'bytes',
      better: 'lower',
      values: plain('SSE', 'bytes10000'),
    },
  ],
  plot: { kind: 'bars', figures: ['bytes1000', 'bytes10000'] },
}
