// Contenders of the live scenarios: people on connections who write to one another, over Hullo or a peer. Hullo's run is
// checked: it ends with kill -9 in the middle of the load, and then the store has to hold what was promised.
import { statSync } from 'node:fs'
import { openSqlite } from '../../src/store/sqlite/sqlite.ts'
import type { Write } from '../../src/store/store.ts'
import { checkStored, upTo } from '../checks/stored.ts'
import { type Bench, type Contender, type Figure, type Sample, type Subject, Void } from '../contract.ts'
import type { Ledger, PairsSetup } from '../load/pairs.ts'
import { type Load, pause, startLoad } from '../load/process.ts'
import { fileIn, namesOf, settledFolder, startHullo } from '../peers/hullo.ts'
import { missing, type Peer } from '../peers/peer.ts'
import { cpuSeconds, type Running } from '../process.ts'

/** Writes at once where nobody waits for them. */
const fillBatch = 20_000

/** Of full load, before the server is killed in the middle of it. */
export const killAfterMs = 300

/** Who writes to whom: of each account, by index. */
export type Targets = readonly (readonly number[])[]

/** So many senders, each with a receiver of its own. */
export function pairs(count: number): Targets {
  return Array.from({ length: 2 * count }, (_, self) => (self % 2 === 0 ? [self + 1] : []))
}

/** As few people as can have so many conversations, everybody with everybody. */
export function circle(conversations: number): Targets {
  const people = Math.ceil((1 + Math.sqrt(1 + 8 * conversations)) / 2)
  const targets: number[][] = Array.from({ length: people }, () => [])
  let left = conversations
  for (let distance = 1; left > 0; distance += 1) {
    for (let one = 0; one < people && left > 0; one += 1) {
      const other = (one + distance) % people
      // In a circle of even size the last distance meets everybody twice.
      if (targets[other]?.includes(one) === true) continue
      targets[one]?.push(other)
      targets[other]?.push(one)
      left -= 1
    }
  }
  return targets
}

/** What a round of live messages shows. */
export const liveFigures: readonly Figure[] = [
  { key: 'perSecond', label: 'delivered', unit: 'perSecond' },
  { key: 'perFrame', label: 'a frame', unit: 'count' },
  { key: 'perRead', label: 'a read', unit: 'count' },
  { key: 'serverCores', label: 'server', unit: 'cores' },
  { key: 'loadCores', label: 'generator', unit: 'cores' },
]

/** One round of a generator, and how busy the server was meanwhile. */
export type LiveRound = (load: Load) => Promise<Sample>

export function hulloLive(name: string, targets: Targets, round: LiveRound): Contender {
  return { name, start: bench => startHulloLive(bench, targets, round) }
}

async function startHulloLive(bench: Bench, targets: Targets, round: LiveRound): Promise<Subject> {
  const { dir, names, tokens } = await settledFolder(bench, namesOf(targets.length))
  const before = await acquaint(dir, targets)
  const server = await startHullo(dir, { profileDir: bench.profileDir })
  const load = startLoad('pairs')
  const setup: PairsSetup = { wire: 'hullo', port: server.port, names, tokens, targets, witnessFile: fileIn(dir) }
  await load.ask('setUp', setup)
  return {
    round: () => withCpu(server, () => round(load)),
    finish: () => finishHullo(bench, { dir, targets, before, server, load }),
    async [Symbol.asyncDispose]() {
      await load[Symbol.asyncDispose]()
      await server[Symbol.asyncDispose]()
    },
  }
}

/** Where a run begins. */
interface Before {
  readonly head: number
  /** Bytes of the store's file. */
  readonly bytes: number
}

/** Each conversation has begun before it is measured: the first message of one costs more. */
export async function acquaint(dir: string, targets: Targets): Promise<Before> {
  const sentAtS = Date.now() / 1_000
  const greetings = targets.flatMap((own, self) =>
    own.map((to): Write => ({ kind: 'send-direct', sender: self + 1, recipient: to + 1, text: 'hello', sentAtS })),
  )
  const store = openSqlite(dir, { synchronous: 'OFF' })
  while (greetings.length > 0) await store.write(greetings.splice(0, fillBatch), Date.now())
  const head = await store.head()
  await store[Symbol.asyncDispose]()
  return { head, bytes: statSync(fileIn(dir)).size }
}

/** A folder, and what is known about it beside the generator's books. */
interface Books {
  readonly dir: string
  readonly targets: Targets
  readonly before: Before
}

interface Ending extends Books {
  readonly server: Running
  readonly load: Load
}

/** Kills the server under load (where profiles are wanted it ends by itself), and compares books and store. */
async function finishHullo(bench: Bench, { server, load, ...books }: Ending): Promise<readonly string[]> {
  const isKilled = bench.profileDir === undefined
  if (isKilled) {
    await load.ask('untilLost', { window: 500 })
    await pause(killAfterMs)
    await server.end('SIGKILL')
  }
  const ledger = await load.ask<Ledger>('ledger')
  await server.end('SIGTERM')
  const sentences = await checkLedger(books, ledger, isKilled ? ', after kill -9 under load' : '')
  if (ledger.witnessed === 0) throw new Void('no delivered message was looked up in the store as it arrived')
  const looked = `${ledger.witnessed} messages were looked up in the store as they were delivered, and were committed`
  return [...sentences, looked]
}

/** Compares a generator's books with the folder of a server that is gone: what was found, in sentences; throws Void. */
export async function checkLedger({ dir, targets, before }: Books, ledger: Ledger, when = ''): Promise<string[]> {
  const stored = await checkStored(dir, {
    after: before.head,
    sent: ledger.sent,
    acknowledged: sender => upTo(ledger.acknowledged[sender] ?? 0),
    delivered: sender => deliveredOf(ledger, targets, sender),
  })
  const bytes = statSync(fileIn(dir)).size - before.bytes
  return [
    `${stored.messages} messages are stored; ${sum(ledger.acknowledged)} were acknowledged and ${sum(ledger.delivered.flat())} ` +
      `delivered, and each of these is there exactly once with its text${when}`,
    `${(bytes / stored.messages).toFixed(1)} bytes on disk a message, of ${stored.textBytes / stored.messages} bytes of text`,
  ]
}

/** The numbers of a sender's texts that were received: it takes its targets in turns. */
function* deliveredOf(ledger: Ledger, targets: Targets, sender: number): Generator<number> {
  const own = targets[sender]?.length ?? 0
  for (const [place, count] of (ledger.delivered[sender] ?? []).entries()) {
    for (const turn of upTo(count)) yield place + turn * own
  }
}

export function peerLive(peer: Peer, wire: PairsSetup['wire'], targets: Targets, round: LiveRound): Contender {
  return {
    name: peer.name,
    missing: () => missing(peer),
    async start(bench) {
      const server = await peer.start(bench)
      const load = startLoad('pairs')
      const setup: PairsSetup = { wire, port: server.port, names: namesOf(targets.length), tokens: [], targets }
      await load.ask('setUp', setup)
      return {
        round: () => withCpu(server, () => round(load)),
        async [Symbol.asyncDispose]() {
          await load[Symbol.asyncDispose]()
          await server[Symbol.asyncDispose]()
        },
      }
    },
  }
}

/** Adds the cores that a server kept busy during a round. */
export async function withCpu({ pid }: Pick<Running, 'pid'>, round: () => Promise<Sample>): Promise<Sample> {
  const cpuBefore = cpuSeconds(pid)
  const beganMs = performance.now()
  const sample = await round()
  return { ...sample, serverCores: ((cpuSeconds(pid) - cpuBefore) * 1_000) / (performance.now() - beganMs) }
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0)
}
