// Contenders of the HTTP scenarios: a server, and the generator that asks it. Where Hullo is sent messages, its run ends
// with kill -9 in the middle of the load, and then the store has to hold what was acknowledged.
import { checkAcknowledged } from '../checks/requests.ts'
import type { Bench, Contender, Sample, Subject } from '../contract.ts'
import type { HttpLedger, HttpRound } from '../load/http.ts'
import { pause, startLoad } from '../load/process.ts'
import type { RequestSetup } from '../load/requests.ts'
import { prove, settledFolder, startHullo } from '../peers/hullo.ts'
import type { Running } from '../process.ts'
import { killAfterMs, withCpu } from './live.ts'

/** Connections at once: what wrk takes by habit, and a class with a program each. */
export const connections = 64

const senders = 8

/** Names of senders and recipients: sender n writes to recipient n. */
export const names = Array.from({ length: senders }, (_, index) => `s${index}`)
export const recipients = Array.from({ length: senders }, (_, index) => `r${index}`)

export type Asking = Omit<RequestSetup, 'port'>

/** A server that was started, asked in rounds. `finish` gets the generator's books after kill -9 under load. */
export async function asked(
  bench: Bench,
  server: Running,
  asking: Asking,
  round: Partial<HttpRound> = {},
  finish?: (ledger: HttpLedger) => Promise<readonly string[]>,
): Promise<Subject> {
  const load = startLoad('http')
  const setup: RequestSetup = { ...asking, port: server.port }
  await load.ask('setUp', setup)
  return {
    round: () =>
      withCpu(server, () => {
        const asks: HttpRound = { ms: bench.roundMs, connections, ...round }
        return load.ask<Sample>('round', asks)
      }),
    ...(finish === undefined
      ? {}
      : {
          async finish() {
            if (bench.profileDir === undefined) {
              await load.ask('untilLost', { connections, ...round })
              await pause(killAfterMs)
              await server.end('SIGKILL')
            }
            const ledger = await load.ask<HttpLedger>('ledger')
            await server.end('SIGTERM')
            return finish(ledger)
          },
        }),
    async [Symbol.asyncDispose]() {
      await load[Symbol.asyncDispose]()
      await server[Symbol.asyncDispose]()
    },
  }
}

/** Hullo, to which messages are sent; those who send on the lab's routes have shown their passwords first. */
export function hulloSends(
  name: string,
  asking: Pick<Asking, 'kind' | 'batch'>,
  round: Partial<HttpRound> = {},
): Contender {
  return {
    name,
    async start(bench) {
      const { dir, tokens } = await settledFolder(bench, [...names, ...recipients])
      const server = await startHullo(dir, { profileDir: bench.profileDir })
      if (asking.kind === 'lab-post') await prove(server.port, names)
      return asked(bench, server, { ...asking, names, recipients, tokens }, round, ledger =>
        checkAcknowledged(dir, ledger),
      )
    },
  }
}
