// One check of one server: `checkServer` picks the lab's requirements, makes its steps, has them judged in bounded time,
// and stops the program where it started one. What comes out is a report; nothing is printed here.
import { type Target, hold } from './connection.ts'
import { messagingAdvice } from './messaging/advice.ts'
import { messagingBeyond } from './messaging/beyond.ts'
import { messagingClient } from './messaging/client.ts'
import { cameText } from './messaging/judge.ts'
import { messagingRequirements } from './messaging/requirements.ts'
import { messagingSteps } from './messaging/steps.ts'
import { crashed, crashText, patiently, plain, type RunningProgram, runProgram, saysInUse } from './program.ts'
import { type Finding, judgeAll, type Requirement } from './requirement.ts'
import { beyondSockets } from './sockets/beyond.ts'
import { consoleAdvice, consoleRequirements } from './sockets/console.ts'
import { cameText as socketCameText } from './sockets/judge.ts'
import { networkAdvice, networkRequirements } from './sockets/requirements.ts'
import { type SocketLab, socketSteps } from './sockets/steps.ts'
import { type LabTarget, targetOfAddress } from './target.ts'
import { visible } from './visible.ts'

export interface CheckOptions {
  /** For one exchange, from connecting to the end of the answer. */
  readonly timeoutMs: number
  readonly beyond: boolean
  /** The command that starts the server, given to the platform's shell. */
  readonly run?: string | undefined
  /** Aborting it ends the check; what was judged until then is reported. */
  readonly signal?: AbortSignal | undefined
}

/** Exchanges of one check that may all use up their time; then the whole check ends. 5 s each make 90 s. */
const slowExchangesMax = 18

/** The last lines of a console: a trace of an error has no more. */
const consoleShownMax = 1500

export interface Report {
  readonly lab: LabTarget['lab']
  readonly target: string
  readonly run?: string
  /** `pass`: all that is required holds. `nothing checked`: see `unreachable`. */
  readonly result: 'pass' | 'fail' | 'nothing checked'
  readonly unreachable?: string
  readonly findings: readonly Finding[]
  /** The end of the console of a program that was started and did not pass, without its colours. */
  readonly console?: string
  /** There is more to check with --beyond. */
  readonly beyondLeftOut: boolean
}

/** What one lab's check needs: a first exchange that tells why there is no way to the server, and the rest. */
interface Part<Steps> {
  readonly requirements: readonly Requirement<Steps>[]
  readonly steps: Steps
  readonly unreachable: () => Promise<string | undefined>
}

interface Context extends CheckOptions {
  readonly signal: AbortSignal
  readonly program: RunningProgram | undefined
}

/** Checks one server. Never rejects for what a server does. */
export async function checkServer(target: LabTarget, options: CheckOptions): Promise<Report> {
  const limitMs = slowExchangesMax * options.timeoutMs
  using whole = timeLimit(limitMs, `the whole check has ${limitMs / 1000} s, and they are over`, options.signal)
  const { signal } = whole
  if (options.run !== undefined && (await isTaken(targetOfAddress(target), signal))) {
    const unreachable = `something listens on ${target.shown} already: stop it first, so that it is not taken for the program`
    return report(target, options, { unreachable })
  }
  await using program = options.run === undefined ? undefined : runProgram(options.run)
  const context = { ...options, signal, program }
  const outcome =
    target.lab === 'messaging'
      ? await judgePart(messagingPart(target.url, context), context)
      : await judgePart(socketsPart(target.lab, target, context), context)
  const judged = report(target, options, outcome)
  if (program === undefined || judged.result !== 'fail') return judged
  return { ...judged, console: plain(program.console()).slice(-consoleShownMax) }
}

function timeLimit(limitMs: number, reason: string, outer: AbortSignal | undefined) {
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(reason), limitMs)
  const signals = outer === undefined ? [controller.signal] : [controller.signal, outer]
  return { signal: AbortSignal.any(signals), [Symbol.dispose]: () => clearTimeout(timer) }
}

async function isTaken(target: Target, signal: AbortSignal): Promise<boolean> {
  const socket = await hold(target, { timeoutMs: 1000, signal })
  socket?.destroy()
  return socket !== undefined
}

function messagingPart(url: URL, context: Context): Part<ReturnType<typeof messagingSteps>> {
  const { program, signal } = context
  const steps = messagingSteps(messagingClient(url, context), signal, ask =>
    patiently(ask, ({ unreachable }) => unreachable === 'refused', program, signal),
  )
  return {
    requirements: [...messagingRequirements, ...messagingAdvice, ...messagingBeyond],
    steps,
    unreachable: async () => {
      const first = await steps.registerAnna()
      return first.unreachable === undefined ? undefined : cameText(first)
    },
  }
}

function socketsPart(lab: SocketLab, target: Target, context: Context): Part<ReturnType<typeof socketSteps>> {
  const steps = socketSteps(lab, target, context)
  const requirements = [
    ...networkRequirements(lab),
    ...consoleRequirements(lab),
    ...networkAdvice(lab),
    ...beyondSockets(lab),
    // Its last one ends the program.
    ...consoleAdvice(lab),
  ]
  return {
    requirements,
    steps,
    unreachable: async () => {
      const first = await steps.client(0)
      return first.ended === 'refused' || first.ended === 'unreachable' ? socketCameText(first) : undefined
    },
  }
}

type Judged = { readonly unreachable: string } | { readonly findings: readonly Finding[] }

async function judgePart<Steps>({ requirements, steps, unreachable }: Part<Steps>, context: Context): Promise<Judged> {
  const why = await unreachable()
  if (why === undefined) {
    const findings = await judgeAll(requirements, steps, context)
    return { findings: await withCrash(findings, context.program) }
  }
  if (context.program === undefined) return { unreachable: why }
  const rest = requirements.filter(({ beyond }) => !beyond)
  return { findings: [await didNotStart(context.program, why), ...rest.map(notStarted)] }
}

/** The findings; the first failure for want of an answer tells that the program crashed, where it did. */
async function withCrash(
  findings: readonly Finding[],
  program: RunningProgram | undefined,
): Promise<readonly Finding[]> {
  const at = findings.findIndex(
    ({ verdict, failure }) => verdict === 'fail' && /refused|closed/.test(failure?.came ?? ''),
  )
  const failure = findings[at]?.failure
  if (failure === undefined || failure.likely === crashed) return findings
  const crash = await crashText(program)
  if (crash === undefined || program?.ending()?.code === 0) return findings
  const told = { ...failure, came: `${failure.came}; ${crash}`, likely: crashed }
  return findings.map((finding, index) => (index === at ? { ...finding, failure: told } : finding))
}

async function didNotStart(program: RunningProgram, why: string): Promise<Finding> {
  const crash = await crashText(program)
  return {
    id: 'starts',
    says: 'the program starts and listens at the target',
    level: 'required',
    source: 'sockets lab, Initial configuration; messaging lab, C.2',
    verdict: 'fail',
    failure: {
      sent: `the command ${visible(program.command)}, then a connection`,
      came: `${why}; ${crash ?? 'the program still runs'}`,
      expected: 'a program that listens at the target until it is stopped',
      likely: likelyNotStarted(program, crash),
    },
  }
}

function likelyNotStarted(program: RunningProgram, crash: string | undefined): string {
  if (saysInUse(program)) {
    return (
      'an earlier run still holds the address, perhaps for a minute after its end: set SO_REUSEADDR on the listening ' +
      'socket before bind (ls.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)), or stop what uses the port'
    )
  }
  if (crash === undefined) return 'it listens at another IP or port than the target'
  return program.ending()?.code === 0 ? 'it ends before a client comes: the loop around accept is missing' : crashed
}

function notStarted<Steps>({ id, says, level, source }: Requirement<Steps>): Finding {
  return { id, says, level, source, verdict: 'not run', because: 'the program does not listen' }
}

function report(target: LabTarget, options: CheckOptions, judged: Judged): Report {
  const findings = 'findings' in judged ? judged.findings : []
  const holds = findings.every(({ level, verdict, unseen }) => level === 'advice' || verdict === 'pass' || unseen)
  return {
    lab: target.lab,
    target: target.shown,
    ...(options.run !== undefined && { run: options.run }),
    result: 'unreachable' in judged ? 'nothing checked' : holds ? 'pass' : 'fail',
    ...('unreachable' in judged && { unreachable: judged.unreachable }),
    findings,
    beyondLeftOut: !options.beyond && target.lab !== 'echo3',
  }
}
