// How many messages go out with one write to a socket: what a server spends least on when it has much to say.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { socketWrites } from '../checks/order.ts'
import type { Bench, Contender, Sample, Scenario } from '../contract.ts'
import type { Ledger, PairsSetup, Saturate } from '../load/pairs.ts'
import { startLoad } from '../load/process.ts'
import { ejabberd } from '../peers/ejabberd.ts'
import { namesOf, settledFolder, startHullo } from '../peers/hullo.ts'
import { inspircd } from '../peers/inspircd.ts'
import { ngircd } from '../peers/ngircd.ts'
import { missing, type Peer } from '../peers/peer.ts'
import { prosody } from '../peers/prosody.ts'
import type { Running } from '../process.ts'
import { pairs } from '../subjects/live.ts'
import { missingStrace, traced } from '../subjects/traced.ts'

const calls = ['write', 'writev', 'sendto', 'sendmsg']
const targets = pairs(8)
const names = namesOf(targets.length)
const window = 500

interface Served {
  readonly server: Running
  readonly wire: PairsSetup['wire']
  readonly tokens: readonly string[]
}

type Start = (bench: Bench, wrap: readonly string[]) => Promise<Served>

/** A server of its own for each round, which ends so that the trace is whole. */
async function count(bench: Bench, start: Start): Promise<Sample> {
  const file = join(bench.folder(), 'trace')
  const { server, wire, tokens } = await start(bench, traced(calls, { file, stringBytes: 0 }))
  await using ends = new AsyncDisposableStack()
  ends.use(server)
  await using load = startLoad('pairs')
  const setup: PairsSetup = { wire, port: server.port, names, tokens, targets }
  await load.ask('setUp', setup)
  const asks: Saturate = { kind: 'saturate', ms: bench.roundMs, window }
  await load.ask('saturate', asks)
  const { delivered } = await load.ask<Ledger>('ledger')
  await server.end('SIGTERM')
  const { writes, bytes } = socketWrites(readFileSync(file, 'utf8'))
  const messages = delivered.flat().reduce((all, one) => all + one, 0)
  return { perWrite: messages / writes, bytesPerWrite: bytes / writes, messages }
}

function counted(name: string, reason: () => string | undefined, start: Start): Contender {
  return {
    name,
    missing: () => missingStrace() ?? reason(),
    start: async bench => ({
      round: () => count(bench, start),
      async [Symbol.asyncDispose]() {},
    }),
  }
}

function peer(one: Peer, wire: PairsSetup['wire']): Contender {
  return counted(
    one.name,
    () => missing(one),
    async (bench, wrap) => ({ server: await one.start(bench, wrap), wire, tokens: [] }),
  )
}

export const writes: Scenario = {
  name: 'writes',
  title: 'Messages a write',
  work:
    'The 8 pairs under strace, which counts writes to sockets: delivered messages beside all of these, greetings and ' +
    "acknowledgements too; Hullo's senders are also told their own messages, for their other devices. Being watched, " +
    'servers are slower here, and batches may be larger.',
  contenders: () => [
    counted(
      'Hullo',
      () => undefined,
      async (bench, wrap) => {
        const { dir, tokens } = await settledFolder(bench, names)
        return { server: await startHullo(dir, { wrap }), wire: 'hullo', tokens }
      },
    ),
    peer(inspircd, 'irc'),
    peer(ngircd, 'irc'),
    peer(ejabberd, 'xmpp'),
    peer(prosody, 'xmpp'),
  ],
  figures: [
    { key: 'perWrite', label: 'messages a write', unit: 'count' },
    { key: 'bytesPerWrite', label: 'bytes a write', unit: 'bytes' },
    { key: 'messages', label: 'messages', unit: 'count' },
  ],
  lines: [],
  plot: { kind: 'bars', figures: ['perWrite'] },
  rounds: 1,
}
