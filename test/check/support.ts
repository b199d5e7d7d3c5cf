// What the checker's suites share: a port that is free, a check through the functions, and what came of it.
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { type CheckOptions, checkServer, type Report } from '../../src/check/check.ts'
import { type Lab, parseTarget } from '../../src/check/target.ts'

// Below the ports that systems give to outgoing connections, so that none of those takes one before its server does.
let nextPort = randomInt(12_000, 30_000)

/** A port that was free a moment ago, and is given once. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = nextPort++
    const server = createServer()
    const free = await once(server.listen(port, '127.0.0.1'), 'listening').then(
      () => true,
      () => false,
    )
    if (!free) continue
    await new Promise(resolve => server.close(resolve))
    return port
  }
}

/** Long enough for a loaded machine; a server that never answers uses it up a few times. */
export const patientMs = 5000
/** For servers that are known to let the time run out. */
export const briefMs = 1200

export const check = (lab: Lab, address: string, options: Partial<CheckOptions> = {}): Promise<Report> =>
  checkServer(parseTarget(lab, address), { timeoutMs: patientMs, beyond: false, ...options })

/** The ids of all that failed. */
export const failed = ({ findings }: Report): string[] =>
  findings.filter(({ verdict }) => verdict === 'fail').map(({ id }) => id)

export const finding = ({ findings }: Report, id: string) => findings.find(each => each.id === id)

export const verdictOf = (report: Report, id: string): string | undefined => finding(report, id)?.verdict

/** For a message of an assertion: what did not pass. */
export const told = ({ findings, unreachable }: Report): string =>
  JSON.stringify({ unreachable, odd: findings.filter(({ verdict }) => verdict !== 'pass') }, null, 2)
