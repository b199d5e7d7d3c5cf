// The lab's POST / again, asked by wrk: a generator that is not ours, to see that ours tells the truth.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { openSqlite } from '../../src/store/sqlite/sqlite.ts'
import { type Bench, type Contender, type Sample, type Scenario, Void } from '../contract.ts'
import { startBare } from '../peers/bare.ts'
import { prove, settledFolder, startHullo } from '../peers/hullo.ts'
import type { Running } from '../process.ts'
import { ratio } from '../stats.ts'
import { connections } from '../subjects/http.ts'
import { withCpu } from '../subjects/live.ts'

const path = '/usr/bin/wrk'
const names = ['alice', 'bob']
const message = 'hello there, this is a message of 47 characters'

function missingWrk(): string | undefined {
  return existsSync(path) ? undefined : 'not installed: wrk (bench/install-peers.sh)'
}

/** Requests that were answered, in all and a second; throws where one was not answered with 2xx. */
async function wrk(bench: Bench, server: Running): Promise<Sample> {
  const script = join(bench.folder(), 'post.lua')
  const body = JSON.stringify({ sender: names[0], recipient: names[1], message, timestamp: 1_700_000_000.25 })
  writeFileSync(script, `wrk.method = 'POST'\nwrk.body = '${body}'\nwrk.headers['Content-Type'] = 'application/json'\n`)
  // wrk knows whole seconds only.
  const duration = `${Math.max(1, Math.round(bench.roundMs / 1_000))}s`
  const args = ['--threads', '1', '--connections', String(connections), '--duration', duration, '--script', script]
  const child = spawn(path, [...args, `http://127.0.0.1:${server.port}/`], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [said] = await Promise.all([text(child.stdout), once(child, 'close')])
  const perSecond = Number(/Requests\/sec: +([\d.]+)/.exec(said)?.[1])
  const requests = Number(/(\d+) requests in/.exec(said)?.[1])
  if (!(requests > 0) || /Non-2xx|Socket errors/.test(said)) throw new Error(`wrk says: ${said}`)
  return { perSecond, requests }
}

const hullo: Contender = {
  name: 'Hullo',
  missing: missingWrk,
  async start(bench) {
    const { dir } = await settledFolder(bench, names)
    const server = await startHullo(dir, { profileDir: bench.profileDir })
    await prove(server.port, names.slice(0, 1))
    let answered = 0
    return {
      async round() {
        const sample = await withCpu(server, () => wrk(bench, server))
        answered += sample['requests'] ?? 0
        return sample
      },
      async finish() {
        await server.end('SIGTERM')
        await using store = openSqlite(dir)
        const stored = await store.head()
        if (stored < answered) throw new Void(`wrk had ${answered} answers, and ${stored} messages are stored`)
        return [
          `wrk had ${answered} answers, and ${stored} messages are stored (the last of each round came too late to count)`,
        ]
      },
      [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    }
  },
}

function bare(kind: 'node' | 'fastify', name: string): Contender {
  return {
    name,
    missing: missingWrk,
    async start(bench) {
      const server = await startBare(kind)
      return {
        round: () => withCpu(server, () => wrk(bench, server)),
        [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
      }
    },
  }
}

export const wrkScenario: Scenario = {
  name: 'wrk',
  title: 'Lab: POST /, asked by wrk',
  work: 'As `lab-post`, but by wrk with 64 connections, always with the same message of one sender.',
  contenders: () => [hullo, bare('fastify', 'fastify'), bare('node', 'node:http')],
  figures: [
    { key: 'perSecond', label: 'requests', unit: 'perSecond' },
    { key: 'serverCores', label: 'server', unit: 'cores' },
  ],
  lines: [
    {
      id: 'wrk/fastify',
      says: 'Lab `POST /` beside the bare fastify handler, as wrk sees it',
      unit: 'times',
      better: 'higher',
      values: ratio('perSecond', 'Hullo', 'fastify'),
    },
  ],
  // It only looks whether our own generator tells the truth.
  rounds: 3,
}
