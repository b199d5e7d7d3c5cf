// What the sockets lab asks of its four servers as far as a client can see it, as data. The console is judged in
// console.ts. happy, echo1, echo2 and echo3 are told apart by their steps, not by four lists.
import { once } from 'node:events'
import { hold, type Target } from '../connection.ts'
import { endingText } from '../program.ts'
import { met, notRun, type Outcome, type Requirement, unmet, unseen } from '../requirement.ts'
import { visible } from '../visible.ts'
import { failureOf, trimEnd, unanswered, wanted } from './judge.ts'
import type { SocketLab, SocketSteps } from './steps.ts'

const parts: Readonly<Record<SocketLab, string>> = {
  happy: 'sockets lab, Sending the response message',
  echo1: 'sockets lab, Exercise 1',
  echo2: 'sockets lab, Exercise 2 (from Exercise 1)',
  echo3: 'sockets lab, Exercise 3 (from Exercises 1 and 2)',
}

/** Over the network, for each of the four. */
export function networkRequirements(lab: SocketLab): readonly Requirement<SocketSteps>[] {
  const reply = lab === 'happy' ? 'HELLO. I am the Happy Server :-)' : '"ECHO: " and the message'
  const five = lab === 'echo3'
  return [
    {
      id: 'answers',
      says: 'a client that connects and sends a message gets an answer, without closing first',
      level: 'required',
      source: 'sockets lab, Sending the response message',
      judge: async steps => {
        const talk = await steps.client(0)
        if (talk.came.length > 0) return met
        const likely = await likelyByNext(steps)
        return unanswered(talk, 'an answer', { program: steps.program, likely })
      },
    },
    {
      id: 'reply',
      says: `the answer is ${reply}`,
      level: 'required',
      source: parts[lab],
      needs: ['answers'],
      judge: async steps => judgeReply(steps, 0),
    },
    {
      id: 'closes',
      says: 'the server closes the connection after its answer',
      level: 'required',
      source: "sockets lab, Server's main loop (close the data socket)",
      needs: ['answers'],
      judge: async steps => {
        const talk = await steps.client(0)
        if (talk.ended === 'closed' || talk.ended === 'reset') return met
        return unmet(
          failureOf(talk, 'the answer, and then the connection closed', 'cs.close() is missing, or not reached'),
        )
      },
    },
    {
      id: 'next-clients',
      says: five ? 'five clients are answered, one after the other' : 'the next clients are answered too',
      level: 'required',
      source: five ? 'sockets lab, Exercise 3 (after 5 clients)' : "sockets lab, Server's main loop",
      needs: ['answers'],
      judge: async steps => {
        const talks = await steps.all()
        const failed = talks.findIndex(talk => talk.came.length === 0)
        const talk = talks[failed]
        if (talk === undefined) return met
        const likely = five && talk.ended === 'refused' ? endedEarly : undefined
        const { program } = steps
        return unanswered(talk, `an answer to client number ${failed + 1} of ${steps.count}`, { program, likely })
      },
    },
    {
      id: 'reply-each',
      says: lab === 'happy' ? 'every client gets the same answer' : 'each client gets its own message back',
      level: 'required',
      source: parts[lab],
      needs: ['reply', 'next-clients'],
      judge: async steps => {
        for (let number = 1; number < steps.count; number += 1) {
          const outcome = await judgeReply(steps, number)
          if (outcome.is !== 'met') return outcome
        }
        return met
      },
    },
    ...(five ? endRequirements : []),
  ]
}

const endedEarly =
  'it ends before its fifth client: it counts from 1 and stops at 4, or had clients before this check (start it anew for each)'

async function judgeReply(steps: SocketSteps, number: number): Promise<Outcome> {
  const talk = await steps.client(number)
  const message = talk.sent.toString()
  const [came, expected] = [trimEnd(talk.came), wanted(steps.lab, message)]
  if (came === expected) return met
  const byNext = number === 0 ? await likelyByNext(steps) : undefined
  return unmet(failureOf(talk, visible(expected), byNext ?? likelyReply(steps.lab, came, message)))
}

/** What the second answer says where the first is odd or missing; undefined where it says nothing more. */
async function likelyByNext(steps: SocketSteps): Promise<string | undefined> {
  const first = await steps.client(0)
  if (first.ended === 'open') return undefined // a server that hangs is not made to wait for a second client
  const second = await steps.client(1)
  const came = trimEnd(second.came)
  if (came === '') return undefined
  if (came === wanted(steps.lab, second.sent.toString())) {
    return 'only the first answer is wrong, the second is right: look at what the program does before its loop, and at what it keeps from one client to the next'
  }
  if (steps.lab !== 'happy' && came.includes(first.sent.toString())) {
    return 'each client gets the message of the client before it: the answer is made before recv, or from what was kept'
  }
  return undefined
}

function likelyReply(lab: SocketLab, came: string, message: string): string {
  if (lab === 'happy')
    return came.includes(message) ? 'the happy server does not echo' : "the text of the answer differs from the lab's"
  if (came === message) return '"ECHO: " in front of the message is missing'
  if (came.includes(message)) return 'the answer is "ECHO: ", with one space, and the message; nothing else'
  if (/Message \d+ of check-/.test(came))
    return 'the message of another client comes back: read it anew for each client'
  if (came.includes(`b'`)) return 'the bytes are printed as Python shows them: decode() them'
  if (came.toLowerCase().includes(message.toLowerCase())) return 'the letters of the message are changed'
  return 'the answer is not made from the message that was received'
}

/** echo-server3 ends by itself. */
const endRequirements: readonly Requirement<SocketSteps>[] = [
  {
    id: 'gone',
    says: 'after five clients the server has ended',
    level: 'required',
    source: 'sockets lab, Exercise 3 ("and finish")',
    needs: ['next-clients'],
    judge: judgeGone,
  },
  {
    id: 'exit-code',
    says: 'it ends by itself, with exit code 0',
    level: 'required',
    source: 'sockets lab, Exercise 3',
    needs: ['gone'],
    judge: ({ program }) => {
      if (program === undefined) return unseen('the exit code is seen only with --run')
      const ending = program.ending()
      if (ending?.code === 0) return met
      if (ending === undefined) return notRun('it let go of its port and still runs')
      const likely = 'the program stops with an error after its last client (see its console)'
      return unmet({ sent: 'five clients', came: endingText(ending), expected: 'exit code 0', likely })
    },
  },
]

const goneLikely = 'nothing counts the clients and leaves the loop at five, or the program waits in accept once more'

async function judgeGone(steps: SocketSteps): Promise<Outcome> {
  await steps.all()
  const { program, context, target } = steps
  const expected = 'the program has ended and nothing listens there'
  if (program !== undefined && !(await program.until(() => program.ending() !== undefined, context.timeoutMs))) {
    return unmet({ sent: 'five clients', came: 'it still runs', expected, likely: goneLikely })
  }
  if (await isGone(target, steps)) return met
  return unmet({ sent: 'five clients', came: 'a sixth connection was accepted', expected, likely: goneLikely })
}

/**
 * Whether the target refuses connections, or does so soon: a server on its way out may still have one accepted for it by
 * the system. Such a connection says nothing and waits for its end.
 */
async function isGone(target: Target, { context }: SocketSteps): Promise<boolean> {
  const deadline = AbortSignal.any([AbortSignal.timeout(context.timeoutMs), context.signal])
  for (let attempt = 0; attempt < attemptsMax && !deadline.aborted; attempt += 1) {
    const socket = await hold(target, context)
    if (socket === undefined) return true
    socket.resume()
    await once(socket, 'close', { signal: deadline }).catch(() => socket.destroy())
  }
  return false
}

/** A server that accepts a sixth client and closes at once is asked no more often. */
const attemptsMax = 5

/** What only some servers do: told as advice. */
export function networkAdvice(lab: SocketLab): readonly Requirement<SocketSteps>[] {
  const advice: Requirement<SocketSteps>[] = [
    {
      id: 'newline',
      says: 'the answer ends in one newline',
      level: 'advice',
      source: "the lab's own servers send it, and `nc` shows the answer on a line of its own",
      needs: ['reply'],
      judge: async steps => {
        const talk = await steps.client(0)
        const expected = `${wanted(lab, talk.sent.toString())}\n`
        if (talk.came.toString() === expected) return met
        return unmet(failureOf(talk, visible(expected), 'the answer is put together without "\\n" at its end'))
      },
    },
  ]
  if (lab === 'happy' || lab === 'echo3') return advice
  return [
    ...advice,
    {
      id: 'as-received',
      says: 'a newline inside the message (echo Test | nc) comes back with it',
      level: 'advice',
      source: "the lab's server answers what it received, nothing trimmed",
      needs: ['reply-each'],
      judge: async steps => {
        const talk = await steps.extra('Test\n')
        if (talk.came.toString().startsWith('ECHO: Test\n')) return met
        return unmet(
          failureOf(talk, visible('ECHO: Test\n\n'), 'the message is trimmed (strip) before it is sent back'),
        )
      },
    },
  ]
}
