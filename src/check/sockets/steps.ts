// What one check of a socket server does: a few clients, one after the other, each as the lab's client and `nc` are. A
// server that counts its clients sees these connections and no others.
import { randomBytes } from 'node:crypto'
import { type Talk, type Target, talk } from '../connection.ts'
import { patiently, type RunningProgram } from '../program.ts'

export type SocketLab = 'happy' | 'echo1' | 'echo2' | 'echo3'

/** echo-server3 ends after five; the others go on, and three clients show that. */
const clients = { happy: 3, echo1: 3, echo2: 3, echo3: 5 } as const

/** A slow machine's Python prints after its answer within this time. */
const consoleMs = 2000

export interface SocketContext {
  readonly timeoutMs: number
  readonly signal: AbortSignal
  readonly program?: RunningProgram | undefined
}

export type SocketSteps = ReturnType<typeof socketSteps>

export function socketSteps(lab: SocketLab, target: Target, context: SocketContext) {
  const { program, signal } = context
  const run = `check-${randomBytes(4).toString('hex')}`
  const talks: Promise<Talk>[] = []
  let settledAt: number | undefined
  let refusedExtra = false
  /** The length of the console before each client, to tell what was printed after it came. */
  const consoleBefore: number[] = []

  async function nextTalk(): Promise<Talk> {
    const number = talks.length
    const before = talks.at(-1)
    const message = `Message ${number} of ${run}`
    if (before === undefined) {
      const attempt = () => talk(target, message, context)
      return patiently(attempt, ({ ended }) => ended === 'refused', program, signal)
    }
    await before // one client at a time
    consoleBefore[number] = program?.console().length ?? 0
    return talk(target, message, context)
  }
  /** The client with that number, from 0. */
  function client(number: number): Promise<Talk> {
    while (talks.length <= number) talks.push(nextTalk())
    return talks[number] as Promise<Talk>
  }

  return {
    lab,
    target,
    context,
    program,
    run,
    count: clients[lab],
    client,
    /** All clients of the lab's exercise, in turn. */
    all: (): Promise<Talk[]> => {
      void client(clients[lab] - 1)
      return Promise.all(talks)
    },
    /** How long the console may still be waited for: what is printed reaches us a little after the answer did. */
    settlesInMs: (): number => Math.max(0, (settledAt ??= performance.now() + consoleMs) - performance.now()),
    consoleBefore: (number: number): number => consoleBefore[number] ?? 0,
    /** Another client, that comes after them. */
    extra: async (message: string | Buffer, halfClose?: true): Promise<Talk> => {
      const extra = await talk(target, message, { ...context, ...(halfClose && { halfClose }) })
      refusedExtra ||= extra.ended === 'refused'
      return extra
    },
    hasEnded: (): boolean => refusedExtra,
  }
}
