// Only with --beyond: clients that a server meets in the open and the lab does not speak of. Advice. echo-server3 has no
// connection to spare for them.
import { hold, sendAndReset, type Talk } from '../connection.ts'
import { met, notRun, type Outcome, type Requirement, unmet } from '../requirement.ts'
import { visible } from '../visible.ts'
import { failureOf, trimEnd, unanswered, wanted } from './judge.ts'
import type { SocketLab, SocketSteps } from './steps.ts'

const base = { level: 'advice', beyond: true, needs: ['reply-each'] } as const

const hardText = '¿Qué tal? 你好 👋🏽'

export function beyondSockets(lab: SocketLab): readonly Requirement<SocketSteps>[] {
  if (lab === 'echo3') return []
  return requirements(lab).map(requirement => ({
    ...requirement,
    judge: steps => (steps.hasEnded() ? notRun('the server has ended') : requirement.judge(steps)),
  }))
}

function requirements(lab: SocketLab): readonly Requirement<SocketSteps>[] {
  return [
    {
      ...base,
      id: 'beyond-unicode',
      says: 'a message that is not ASCII is answered like any other',
      source: 'people write in their own language',
      judge: async steps =>
        judgeAnswer(steps, await steps.extra(hardText), wanted(lab, hardText), 'encode() and decode() without "ascii"'),
    },
    {
      ...base,
      id: 'beyond-half-close',
      says: 'a client that ends its side after the message (nc -N) gets its answer',
      source: 'nc -N and nc -q 0 do',
      judge: async steps =>
        judgeAnswer(
          steps,
          await steps.extra('Test', true),
          wanted(lab, 'Test'),
          'the end of the stream is taken for the end of the client',
        ),
    },
    {
      ...base,
      id: 'beyond-empty',
      says: 'a client that ends its side without a message (nc -N </dev/null) gets an answer',
      source: "the lab's server answers the empty message",
      judge: async steps => {
        const talk = await steps.extra('', true)
        return talk.came.length > 0 ? met : unanswered(talk, visible(wanted(lab, '')), steps)
      },
    },
    {
      ...base,
      id: 'beyond-long',
      says: 'a message of 3,000 bytes gets an answer',
      source: "the lab's server reads 2,048, answers these and closes; what is left unread can reset the answer away",
      judge: async steps => {
        const talk = await steps.extra('long '.repeat(600))
        return talk.came.length > 0 ? met : unanswered(talk, 'an answer to its beginning at least', steps)
      },
    },
    {
      ...base,
      id: 'beyond-ten-at-once',
      says: 'ten clients that come at once are all answered',
      source: 'sockets lab, Connection of many clients to the server (the queue)',
      judge: judgeTen,
    },
    {
      ...base,
      id: 'beyond-leaves',
      says: 'a client that connects and leaves does not stop the server',
      source: 'port scanners do that all day',
      judge: async steps => {
        const socket = await hold(steps.target, steps.context)
        socket?.destroy()
        return judgeNext(
          steps,
          'what recv gives is empty, or sending to a client that has gone fails: neither may end the loop',
        )
      },
    },
    {
      ...base,
      id: 'beyond-reset',
      says: 'a client that resets its connection does not stop the server',
      source: 'a closed laptop does that',
      judge: async steps => {
        await sendAndReset(steps.target, Buffer.from('Test'), steps.context)
        return judgeNext(steps, 'recv or send raised ConnectionResetError, and nothing catches it')
      },
    },
    {
      ...base,
      id: 'beyond-half-character',
      says: 'half a UTF-8 character does not stop the server',
      source: 'a message longer than the buffer may be cut there',
      judge: async steps => {
        await steps.extra(Buffer.from([0x54, 0xc3]))
        return judgeNext(steps, 'decode() raised UnicodeDecodeError, and nothing catches it')
      },
    },
    {
      ...base,
      id: 'beyond-silence',
      says: 'a client that says nothing does not stop the others for ever',
      source: 'a server that attends one at a time waits for it, unless recv has a timeout (settimeout)',
      judge: judgeSilence,
    },
  ]
}

async function judgeAnswer(steps: SocketSteps, talk: Talk, expected: string, likely: string): Promise<Outcome> {
  if (talk.came.length === 0) return unanswered(talk, visible(expected), steps)
  return trimEnd(talk.came) === expected ? met : unmet(failureOf(talk, visible(expected), likely))
}

/** Whether a next client, an ordinary one, is answered. */
async function judgeNext(steps: SocketSteps, likely: string): Promise<Outcome> {
  const next = await steps.extra('Test')
  return next.came.length > 0 ? met : unmet(failureOf(next, 'an answer to the next client', likely))
}

async function judgeTen(steps: SocketSteps): Promise<Outcome> {
  const talks = await Promise.all(Array.from({ length: 10 }, (_, number) => steps.extra(`Client ${number}`)))
  const odd = talks.find(talk => trimEnd(talk.came) !== wanted(steps.lab, talk.sent.toString()))
  if (odd === undefined) return met
  return unmet(
    failureOf(
      odd,
      `${visible(wanted(steps.lab, odd.sent.toString()))} for each of ten at once`,
      'listen() has too short a queue',
    ),
  )
}

async function judgeSilence(steps: SocketSteps): Promise<Outcome> {
  const held = await hold(steps.target, steps.context)
  if (held === undefined) return notRun('no connection could be made any more')
  const meanwhile = await steps.extra('Test')
  held.destroy()
  if (meanwhile.came.length > 0) return met
  const likely = "recv waits for the silent client; the lab's own server does so too"
  return unmet(
    failureOf(
      meanwhile,
      `an answer within ${steps.context.timeoutMs / 1000} s although another client is silent`,
      likely,
    ),
  )
}
