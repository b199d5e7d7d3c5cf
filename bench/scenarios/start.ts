// How long a start takes, from spawning node to the first answer, and how much memory a server holds that does nothing.
import type { Bench, Contender, Sample, Scenario } from '../contract.ts'
import { pause } from '../load/process.ts'
import { startBare } from '../peers/bare.ts'
import { startHullo } from '../peers/hullo.ts'
import { residentBytes, type Running } from '../process.ts'
import { plain, ratio } from '../stats.ts'

/** A server is looked at when it has had this long to settle. */
const settleMs = 1_000
const settleQuickMs = 300

function starts(name: string, start: (bench: Bench) => Promise<Running>): Contender {
  return {
    name,
    start: async bench => ({
      round: () => startOnce(() => start(bench), bench.isQuick ? settleQuickMs : settleMs),
      async [Symbol.asyncDispose]() {},
    }),
  }
}

async function startOnce(start: () => Promise<Running>, quietMs: number): Promise<Sample> {
  const beganMs = performance.now()
  await using server = await start()
  const answer = await fetch(`http://127.0.0.1:${server.port}/`, { headers: { Connection: 'close' } })
  await answer.text()
  const firstAnswerMs = performance.now() - beganMs
  await pause(quietMs)
  return { firstAnswerMs, idleBytes: residentBytes(server.pid), fileBytes: residentBytes(server.pid, 'RssFile') }
}

export const start: Scenario = {
  name: 'start',
  title: 'Start, and idle memory',
  work:
    'From spawning node (without npm) to the first answer to a GET, in a new folder; and the resident memory of the ' +
    'whole process a second later.',
  contenders: () => [
    starts('Hullo', bench => startHullo(bench.folder())),
    starts('fastify', () => startBare('fastify')),
    starts('node:http', () => startBare('node')),
  ],
  figures: [
    { key: 'firstAnswerMs', label: 'first answer', unit: 'ms' },
    { key: 'idleBytes', label: 'idle memory', unit: 'bytes' },
    { key: 'fileBytes', label: 'of it mapped from files', unit: 'bytes' },
  ],
  lines: [
    {
      id: 'start/first-answer',
      says: 'Start to first answer',
      unit: 'ms',
      better: 'lower',
      must: 400,
      values: plain('Hullo', 'firstAnswerMs'),
    },
    {
      id: 'start/idle',
      says: 'Resident memory of an idle server',
      unit: 'bytes',
      better: 'lower',
      must: 90 * 1_048_576,
      tried:
        'More than half is the program itself, mapped from its file (the column says how much), which all ' +
        'processes of that Node share, and which a server of node:http alone has too. The rest are two ' +
        "isolates, the event loop's and the writer's, with the modules that are loaded at start; the API's " +
        'description, the page, the terminal and the labs are loaded later already. Tried: a single arena for ' +
        'malloc (2 MB less); a young generation bounded to 1 MB (7 MB less; not taken, since a busy server ' +
        'then collects more often).',
      values: plain('Hullo', 'idleBytes'),
    },
    {
      id: 'start/fastify',
      says: 'Start to first answer, beside bare fastify',
      unit: 'times',
      better: 'lower',
      values: ratio('firstAnswerMs', 'Hullo', 'fastify'),
    },
  ],
  plot: { kind: 'bars', figures: ['firstAnswerMs', 'idleBytes'] },
}
