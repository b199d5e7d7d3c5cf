// Durable before delivered, as the kernel saw it: a few hundred messages to a server whose system calls are written down.
// Its figures mean nothing (the server is stopped at each of these calls); what counts is the check.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { orderCalls, orderOf } from '../checks/order.ts'
import { type Bench, type Sample, type Scenario, type Subject, Void } from '../contract.ts'
import type { Ledger, Paced, PairsSetup } from '../load/pairs.ts'
import { startLoad } from '../load/process.ts'
import { textOf } from '../load/texts.ts'
import { namesOf, settledFolder, startHullo } from '../peers/hullo.ts'
import { pairs } from '../subjects/live.ts'
import { missingStrace, traced } from '../subjects/traced.ts'

const perSecond = 400
const ms = 1_000

/** Bytes of a call's data that are written down: all of what so few messages bring at once. */
const stringBytes = 1_048_576

/** `script` in place of `hullo serve`: what is not durable is to be found. */
export async function startTraced(bench: Bench, script?: readonly string[]): Promise<Subject> {
  const targets = pairs(4)
  const { dir, names, tokens } = await settledFolder(bench, namesOf(targets.length))
  const file = join(bench.folder(), 'trace')
  const server = await startHullo(dir, { wrap: traced(orderCalls, { file, stringBytes }), ...(script && { script }) })
  const load = startLoad('pairs')
  const setup: PairsSetup = { wire: 'hullo', port: server.port, names, tokens, targets }
  await load.ask('setUp', setup)
  const asks: Paced = { kind: 'paced', ms, perSecond }
  return {
    round: () => load.ask<Sample>('paced', asks),
    async finish() {
      const { sent } = await load.ask<Ledger>('ledger')
      await server.end('SIGTERM')
      const texts = sent.flatMap((count, sender) =>
        Array.from({ length: count }, (_, number) => textOf(sender, number)),
      )
      const { delivered, faults } = orderOf(readFileSync(file, 'utf8'), texts)
      if (faults.length > 0)
        throw new Void(`${faults.length} texts went out too early: ${faults.slice(0, 5).join('; ')}`)
      if (delivered < texts.length) throw new Void(`only ${delivered} of ${texts.length} texts were seen to go out`)
      return [`each of ${delivered} texts was in the WAL, and the WAL synced, before the text went out on a socket`]
    },
    async [Symbol.asyncDispose]() {
      await load[Symbol.asyncDispose]()
      await server[Symbol.asyncDispose]()
    },
  }
}

export const durable: Scenario = {
  name: 'durable',
  title: 'Durable before delivered, as the kernel sees it',
  work: '4 pairs at 100 messages a second each, to a server under strace; no figure of it counts, only the check.',
  contenders: () => [{ name: 'Hullo', missing: missingStrace, start: bench => startTraced(bench) }],
  figures: [{ key: 'perSecond', label: 'delivered', unit: 'perSecond' }],
  lines: [],
  rounds: 1,
}
