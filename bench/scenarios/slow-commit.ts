// A disk that takes 50 ms for each sync: answers come late, and nobody else is to notice. The delay is put into the system
// call itself, in the writer's thread; the event loop is watched by requests that store nothing.
import { checkAcknowledged } from '../checks/requests.ts'
import type { Bench, Contender, Sample, Scenario } from '../contract.ts'
import { Void } from '../contract.ts'
import type { HttpLedger } from '../load/http.ts'
import { startLoad } from '../load/process.ts'
import type { RequestSetup } from '../load/requests.ts'
import { settledFolder, startHullo } from '../peers/hullo.ts'
import { plain, ratio } from '../stats.ts'
import { names, recipients } from '../subjects/http.ts'
import { missingStrace, slowed } from '../subjects/traced.ts'

const delayMs = 50

/** Requests a second that only read: enough for a p99, too few to be a load. */
const pingsPerSecond = 200
const pingConnections = 8
const sendConnections = 16

function under(name: string, wrap: readonly string[]): Contender {
  return {
    name,
    missing: missingStrace,
    async start(bench) {
      const { dir, tokens } = await settledFolder(bench, [...names, ...recipients])
      const server = await startHullo(dir, { wrap })
      const sends = startLoad('http')
      const pings = startLoad('http')
      const send: RequestSetup = { kind: 'v1-send', port: server.port, names, recipients, tokens }
      const ping: RequestSetup = { kind: 'get', port: server.port, names, tokens, paths: ['/v1/me'] }
      await sends.ask('setUp', send)
      await pings.ask('setUp', ping)
      return {
        round: () => round(bench, sends, pings, wrap.length > 0),
        async finish() {
          const ledger = await sends.ask<HttpLedger>('ledger')
          await server.end('SIGTERM')
          return checkAcknowledged(dir, ledger)
        },
        async [Symbol.asyncDispose]() {
          await sends[Symbol.asyncDispose]()
          await pings[Symbol.asyncDispose]()
          await server[Symbol.asyncDispose]()
        },
      }
    },
  }
}

type Load = ReturnType<typeof startLoad>

async function round({ roundMs }: Bench, sends: Load, pings: Load, isSlow: boolean): Promise<Sample> {
  const sending = sends.ask<Sample>('round', { ms: roundMs, connections: sendConnections })
  const ping = { ms: roundMs, connections: pingConnections, perSecond: pingsPerSecond }
  const pinged = await pings.ask<Sample>('round', ping)
  const sent = await sending
  const sendP50Ms = sent['p50Ms'] ?? 0
  if (isSlow && sendP50Ms < delayMs)
    throw new Void(`a send took ${sendP50Ms} ms, although each sync takes ${delayMs} ms`)
  return {
    sendP50Ms,
    pingP50Ms: pinged['p50Ms'] ?? 0,
    pingP99Ms: pinged['p99Ms'] ?? 0,
    pingMaxMs: pinged['maxMs'] ?? 0,
  }
}

export const slowCommit: Scenario = {
  name: 'slow-commit',
  title: 'A commit that takes 50 ms',
  work:
    'strace delays each sync of the server by 50 ms. 16 connections send, one message a request; 200 times a second ' +
    'somebody asks for GET /v1/me, which stores nothing: were the event loop held by a commit, those would wait as long.',
  contenders: () => [under('slow sync', slowed(['fsync', 'fdatasync'], delayMs)), under('as it is', [])],
  figures: [
    { key: 'sendP50Ms', label: 'send, p50', unit: 'ms' },
    { key: 'pingP50Ms', label: 'other request, p50', unit: 'ms' },
    { key: 'pingP99Ms', label: 'other request, p99', unit: 'ms' },
    { key: 'pingMaxMs', label: 'other request, longest', unit: 'ms' },
  ],
  lines: [
    {
      id: 'slow-commit/others',
      says: 'p99 of requests that store nothing, while each commit takes 50 ms',
      unit: 'ms',
      better: 'lower',
      // A fifth of the commit: who waited for one would wait 25 ms on average.
      must: delayMs / 5,
      values: plain('slow sync', 'pingP99Ms'),
    },
    {
      id: 'slow-commit/beside',
      says: 'The same beside what they take otherwise',
      unit: 'times',
      better: 'lower',
      values: ratio('pingP99Ms', 'slow sync', 'as it is'),
    },
  ],
}
