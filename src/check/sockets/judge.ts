// How one exchange with a socket server is told and judged, for all requirements alike.
import type { Talk } from '../connection.ts'
import { crashed, crashText, type RunningProgram } from '../program.ts'
import { type Failure, type Outcome, unmet } from '../requirement.ts'
import { visible } from '../visible.ts'
import type { SocketLab } from './steps.ts'

const greeting = 'HELLO. I am the Happy Server :-)'

/** The answer that the lab wants to `message`, without the newline at its end. */
export const wanted = (lab: SocketLab, message: string): string => (lab === 'happy' ? greeting : `ECHO: ${message}`)

/** An answer as text, without the line ends after it: the lab's servers add one, and many students' none. */
export const trimEnd = (bytes: Buffer): string => bytes.toString().replace(/[\r\n]+$/, '')

const endings = {
  closed: 'the connection was closed',
  reset: 'the connection was reset',
  open: 'the connection stayed open until the time was up',
  'too much': 'there was no end of it',
  refused: 'the connection was refused: nothing listens there any more',
  unreachable: 'no connection could be made',
} as const

export function cameText({ came, ended }: Talk): string {
  if (ended === 'refused' || ended === 'unreachable') return endings[ended]
  return came.length === 0 ? `nothing, then ${endings[ended]}` : `${visible(came)}, then ${endings[ended]}`
}

export function failureOf(talk: Talk, expected: string, likely: string): Failure {
  const sent = talk.sent.length === 0 ? 'a connection without a message' : `${visible(talk.sent)} on one connection`
  return { sent, came: cameText(talk), expected, likely }
}

/**
 * Not answered at all. Where the program has ended meanwhile, that is the reason: its exit code and last line are told.
 */
export async function unanswered(
  talk: Talk,
  expected: string,
  { program, likely }: { readonly program?: RunningProgram | undefined; readonly likely?: string | undefined } = {},
): Promise<Outcome> {
  // A server that is still there is not waited for: only one that refused, reset or closed may be on its way out.
  const crash = talk.ended === 'open' ? undefined : await crashText(program)
  const failure = failureOf(talk, expected, likely ?? likelyUnanswered[talk.ended])
  if (crash === undefined) return unmet(failure)
  const ended = program?.ending()?.code === 0 ? (likely ?? onceOnly) : crashed
  return unmet({ ...failure, came: `${failure.came}; ${crash}`, likely: ended })
}

const onceOnly = 'it ends after one client: the loop around accept is missing, or left too early'

const hasEnded =
  "the server has ended, or closed its listening socket: the loop is around accept, and only the client's socket is closed in it"
const closedEarly =
  'the connection is closed before anything is sent, or the program stopped with an error (see its console)'

const likelyUnanswered = {
  open: 'the server waits for more (it must answer after one recv; the client does not close first), or it is still busy with an earlier client',
  refused: hasEnded,
  unreachable: hasEnded,
  closed: closedEarly,
  reset: closedEarly,
  'too much': closedEarly,
} as const
