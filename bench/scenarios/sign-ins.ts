// Sign-ins, each of which costs a hash on purpose: how many a second, beside what the processor gives, and how those fare
// meanwhile who send messages.
import type { Bench, Contender, Sample, Scenario } from '../contract.ts'
import type { Ledger, Paced, PairsSetup, Saturate } from '../load/pairs.ts'
import { type Load, startLoad } from '../load/process.ts'
import type { RequestSetup } from '../load/requests.ts'
import { namesOf, password, settledFolder, startHullo } from '../peers/hullo.ts'
import type { Running } from '../process.ts'
import { plain, ratio } from '../stats.ts'
import { acquaint, checkLedger, pairs, withCpu } from '../subjects/live.ts'
import { hashesAlone } from '../subjects/plain.ts'

/** Hashes at once, as Hullo has it; and as many again that wait, so that none of its turns is empty. */
const atOnce = 2
const signingIn = 4

/** People of the 8 pairs; the others sign in, each once: who was right lately costs no hash. */
const talkers = 16
const signersASecond = 200

/** Messages a second while the latency is looked at: a busy class. */
const pace = 1_000

const window = 500

/** Half of a round as fast as it goes, half at a class's pace; meanwhile people sign in, or they do not. */
function sends(name: string, hasSignIns: boolean): Contender {
  return {
    name,
    async start(bench) {
      const signers = Math.ceil((signersASecond * bench.roundMs * 6) / 1_000)
      const { dir, names, tokens } = await settledFolder(bench, namesOf(talkers + signers))
      const targets = pairs(talkers / 2)
      const before = await acquaint(dir, targets)
      const server = await startHullo(dir, { profileDir: bench.profileDir })
      const live = startLoad('pairs')
      const own = { names: names.slice(0, talkers), tokens: tokens.slice(0, talkers), targets }
      const setup: PairsSetup = { wire: 'hullo', port: server.port, ...own }
      await live.ask('setUp', setup)
      const http = startLoad('http')
      const strangers: RequestSetup = { kind: 'sign-in', port: server.port, names: names.slice(talkers), password }
      await http.ask('setUp', strangers)
      return {
        round: () => withCpu(server, () => round(bench, live, hasSignIns ? http : undefined)),
        async finish() {
          const ledger = await live.ask<Ledger>('ledger')
          await server.end('SIGTERM')
          return checkLedger({ dir, targets, before }, ledger)
        },
        [Symbol.asyncDispose]: () => disposeAll(server, live, http),
      }
    },
  }
}

async function disposeAll(server: Running, ...loads: readonly Load[]): Promise<void> {
  for (const load of loads) await load[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
}

async function round({ roundMs }: Bench, live: Load, http: Load | undefined): Promise<Sample> {
  // Until the end of the last message: the sends' rounds are a little longer than they are asked to be.
  const signIns = http?.ask<Sample>('round', { ms: roundMs, connections: signingIn })
  const full: Saturate = { kind: 'saturate', ms: roundMs / 2, window }
  const { perSecond = 0 } = await live.ask<Sample>('saturate', full)
  const paced: Paced = { kind: 'paced', ms: roundMs / 2, perSecond: pace }
  const { p50Ms = 0, p99Ms = 0 } = await live.ask<Sample>('paced', paced)
  const done = await signIns
  return { perSecond, p50Ms, p99Ms, ...(done === undefined ? {} : { signInsPerSecond: done['perSecond'] ?? 0 }) }
}

export const signIns: Scenario = {
  name: 'sign-ins',
  title: 'Sign-ins, and those who send meanwhile',
  work:
    'Four strangers at a time sign in, each for the first time, while 8 pairs send, first as fast as it goes and then ' +
    '1,000 a second; beside the same without sign-ins, and beside argon2id alone, two hashes at a time.',
  contenders: () => [sends('with sign-ins', true), sends('without', false), hashesAlone('argon2id alone', atOnce)],
  figures: [
    { key: 'signInsPerSecond', label: 'sign-ins', unit: 'perSecond' },
    { key: 'perSecond', label: 'messages', unit: 'perSecond' },
    { key: 'p50Ms', label: 'p50 at 1,000/s', unit: 'ms' },
    { key: 'p99Ms', label: 'p99 at 1,000/s', unit: 'ms' },
  ],
  lines: [
    {
      id: 'sign-ins/hashes',
      says: 'Sign-ins a second beside argon2id alone, while others send',
      unit: 'times',
      better: 'higher',
      values: ratio('signInsPerSecond', 'with sign-ins', 'argon2id alone'),
    },
    {
      id: 'sign-ins/throughput',
      says: 'Messages a second while people sign in, beside without',
      unit: 'times',
      better: 'higher',
      // Two hashes at a time want both of two cores; an equal share of these is what is left for the rest.
      must: 0.4,
      values: ratio('perSecond', 'with sign-ins', 'without'),
    },
    {
      id: 'sign-ins/p99',
      says: 'p99 of 1,000 messages a second while people sign in',
      unit: 'ms',
      better: 'lower',
      values: plain('with sign-ins', 'p99Ms'),
    },
  ],
  plot: { kind: 'bars', figures: ['perSecond'] },
}
