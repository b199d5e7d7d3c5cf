// What the server's console shows, judged only where the checker started the program (--run): echo-server1, 2 and 3
// differ nowhere else. Wording, colour and the form of an address are advice; that the lab's facts are there is required.
import type { Talk } from '../connection.ts'
import { endingText, plain } from '../program.ts'
import { met, type Outcome, type Requirement, unmet, unseen } from '../requirement.ts'
import { visible } from '../visible.ts'
import type { SocketLab, SocketSteps } from './steps.ts'

const inPipe = 'the console is seen only with --run'
const green = /\u001B\[(?:\d+;)*(?:32|92)(?:;\d+)*m[^\u001B]*Message \d+ of check-/ // oxlint-disable-line no-control-regex

const lines = {
  configured: 'The server is configured!',
  waiting: 'Waiting for Clients to connect',
  connected: 'A client has connected to the server!',
} as const

const part = {
  happy: "sockets lab, Server's main loop",
  echo1: 'sockets lab, Exercise 1',
  echo2: 'sockets lab, Exercise 2',
  echo3: 'sockets lab, Exercise 3',
} as const

export function consoleRequirements(lab: SocketLab): readonly Requirement<SocketSteps>[] {
  const base = { level: 'required', source: part[lab], needs: ['next-clients'] } as const
  const messages: Requirement<SocketSteps> = {
    ...base,
    id: 'console-messages',
    says: lab === 'happy' ? 'the console shows "Message received: " and the message' : 'the console shows each message',
    judge: async steps => judgeMessages(steps, await steps.all()),
  }
  const spoken = Object.entries(lines).map(([name, line]) => lineRequirement({ ...base, name, line }))
  return {
    happy: [...spoken, waitingRequirement(base), messages],
    echo1: [messages],
    echo2: [messages, ...countRequirements(base)],
    echo3: [messages, ...countRequirements(base), listRequirement(base)],
  }[lab]
}

type Base = Pick<Requirement<SocketSteps>, 'level' | 'source' | 'needs'>

function lineRequirement({ name, line, ...base }: Base & { name: string; line: string }): Requirement<SocketSteps> {
  return {
    ...base,
    id: `console-${name}`,
    says: `the console shows "${line}"`,
    judge: steps =>
      judgeConsole(steps, text => simple(text).includes(simple(line)), {
        expected: visible(line),
        likely: `print("${line}") is missing at its place`,
      }),
  }
}

/** A line for each client: it is printed in the loop, before accept, and not once before the loop. */
function waitingRequirement(base: Base): Requirement<SocketSteps> {
  return {
    ...base,
    id: 'console-waiting-each',
    ...(base.level === 'required' && { needs: ['console-waiting'] }),
    says: `the console shows "${lines.waiting}" once for each client`,
    judge: steps =>
      judgeConsole(steps, text => timesIn(simple(text), simple(lines.waiting)) >= steps.count, {
        expected: `${visible(lines.waiting)} at least ${steps.count} times, as many as there were clients`,
        likely: `print("${lines.waiting}") stands before the loop, not in it`,
      }),
  }
}

const timesIn = (text: string, words: string): number => text.split(words).length - 1

/** Letters, digits and single spaces: a missing exclamation mark or another capital is no fault. */
const simple = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()

/** Waits until the console fulfils `seen`; otherwise tells what it shows. */
async function judgeConsole(
  { program, settlesInMs, count }: SocketSteps,
  seen: (text: string) => boolean,
  { expected, likely }: { expected: string; likely: string },
): Promise<Outcome> {
  if (program === undefined) return unseen(inPipe)
  if (await program.until(() => seen(plain(program.console())), settlesInMs())) return met
  const shown = plain(program.console())
  const came = shown === '' ? 'nothing on the console' : `on the console, at its end: ${visible(shown.slice(-300))}`
  return unmet({ sent: `${count} clients, one after the other`, came, expected, likely })
}

function judgeMessages(steps: SocketSteps, talks: readonly Talk[]): Promise<Outcome> {
  const messages = talks.map(talk => talk.sent.toString())
  const before = steps.lab === 'happy' ? /(?:message received|received message)\W*$/i : /$/
  return judgeConsole(steps, text => messages.every(message => hasAfter(text, message, before)), {
    expected: messages.map(message => visible(`Message received: ${message}`)).join(', '),
    likely: 'what recv gave is not printed, or before it is decoded',
  })
}

function hasAfter(text: string, message: string, before: RegExp): boolean {
  const at = text.indexOf(message)
  return at >= 0 && before.test(text.slice(Math.max(0, at - 40), at))
}

/** A line of the console that has the port as a number of its own. */
const hasPort = (line: string, { client }: Talk): boolean =>
  client !== undefined && new RegExp(`(?<!\\d)${client.port}(?!\\d)`).test(line)

function countRequirements(base: Base): readonly Requirement<SocketSteps>[] {
  return [
    {
      ...base,
      id: 'console-count',
      says: 'the console counts the connections: 1, 2, 3, ...',
      judge: async steps => {
        const talks = await steps.all()
        return judgeConsole(
          steps,
          text =>
            isSubsequence(
              talks.map((_, index) => index + 1),
              counts(text, talks),
            ),
          {
            expected: `for each client a line like ${visible("CONNECTION 1. Client IP,PORT: ('127.0.0.1', 57848)")}, counting from 1`,
            likely: 'the counter is set to its start inside the loop, starts at 0, or is not printed',
          },
        )
      },
    },
    {
      ...base,
      id: 'console-addresses',
      says: 'the console shows the IP and the port of each client',
      judge: async steps => {
        const talks = await steps.all()
        return judgeConsole(steps, text => talks.every(talk => showsAddress(text, talk)), {
          expected: `for each client its IP and port: ${talks.map(tupleOf).join(', ')}`,
          likely: "accept() returns a pair: the client's socket, and its (IP, port)",
        })
      },
    },
  ]
}

/** The first number of each line about a connection (also a conexión), apart from its address and the message. */
function counts(text: string, talks: readonly Talk[]): readonly number[] {
  return text.split('\n').flatMap(line => {
    if (!/con+e|client/i.test(line) && !talks.some(talk => hasPort(line, talk))) return []
    const bare = talks.reduce((rest, { sent, client }) => {
      return rest
        .replaceAll(sent.toString(), '')
        .replaceAll(client?.host ?? '-', '')
        .replaceAll(String(client?.port), '')
    }, line)
    const number = /\d+/.exec(bare)?.[0]
    return number === undefined ? [] : [Number(number)]
  })
}

function isSubsequence(wanted: readonly number[], seen: readonly number[]): boolean {
  let at = 0
  for (const number of seen) if (number === wanted[at]) at += 1
  return at === wanted.length
}

const showsAddress = (text: string, talk: Talk): boolean =>
  text.split('\n').some(line => hasPort(line, talk) && line.includes(talk.client?.host ?? ''))

const tupleOf = ({ client }: Talk): string => `('${client?.host}', ${client?.port})`

function listRequirement(base: Base): Requirement<SocketSteps> {
  return {
    ...base,
    id: 'console-list',
    needs: ['gone'],
    says: 'after the fifth client the console lists all five, with IP and port',
    judge: async steps => {
      const talks = await steps.all()
      const { program } = steps
      const listed = () => {
        // Only what was printed once the last client came: the lines at each connection are not the list.
        const tail = plain(program?.console().slice(steps.consoleBefore(steps.count - 1)) ?? '')
        return new RegExp(talks.map(({ client }) => `(?<!\\d)${client?.port}(?!\\d)`).join('[^]*?')).test(tail)
      }
      return judgeConsole(steps, listed, {
        expected: `${talks.map((talk, index) => `Client ${index}: ${tupleOf(talk)}`).join(', ')}, in that order`,
        likely: 'the addresses are not kept in a list (append), or it is not printed after the last client',
      })
    },
  }
}

/** How the lab's pictures have it. */
export function consoleAdvice(lab: SocketLab): readonly Requirement<SocketSteps>[] {
  const base = { level: 'advice', source: `${part[lab]}, the console`, needs: ['console-messages'] } as const
  const numbers = lab === 'echo2' || lab === 'echo3'
  const shown = [
    lines.configured,
    lines.waiting,
    ...(numbers ? ['CONNECTION 1. Client IP,PORT: ('] : [lines.connected]),
    'Message received: Message 0 of ',
    ...(lab === 'echo3' ? ['The following clients has connected to the server: ', 'Client 0: ('] : []),
  ]
  const wording: Requirement<SocketSteps> = {
    ...base,
    id: 'console-wording',
    says: 'the lines on the console read as in the lab',
    judge: steps => {
      const missing = shown.find(line => !plain(steps.program?.console() ?? '').includes(line))
      const expected = visible(missing ?? '')
      return judgeConsole(steps, text => shown.every(line => text.includes(line)), { expected, likely: 'other words' })
    },
  }
  if (lab === 'happy') return [wording, stopAdvice]
  const more = [waitingRequirement(base), { ...base, ...greenAdvice }]
  return [wording, ...more, ...(lab === 'echo3' ? [] : [stopAdvice])]
}

const greenAdvice: Pick<Requirement<SocketSteps>, 'id' | 'says' | 'judge'> = {
  id: 'console-green',
  says: 'the messages on the console are green',
  judge: ({ program, count }) => {
    if (program === undefined) return unseen(inPipe)
    if (green.test(program.console())) return met
    const colourless = plain(program.console()) === program.console()
    return unmet({
      sent: `${count} clients, one after the other, with FORCE_COLOR=1 in the environment`,
      came: visible(program.console().slice(-200)),
      expected: 'the message in green',
      likely: colourless
        ? 'the message is not coloured; or the library leaves colours out in a pipe and does not know FORCE_COLOR'
        : 'another colour, or another part of the line: termcolor\'s colored(message, "green")',
    })
  },
}

/** Last of all, since it ends the program. */
const stopAdvice: Requirement<SocketSteps> = {
  id: 'ctrl-c',
  says: 'Ctrl-C ends the server with exit code 0 and no error message',
  level: 'advice',
  source: 'sockets lab, Manually stopping the server',
  needs: ['next-clients'],
  judge: async ({ program }) => {
    if (program === undefined) return unseen('that is seen only with --run')
    const before = program.console().length
    const ending = await program.stop()
    if (ending.code === 0) return met
    const came = `${endingText(ending)}; the console then showed ${visible(plain(program.console().slice(before)))}`
    const likely = 'KeyboardInterrupt is not caught around accept()'
    return unmet({ sent: 'Ctrl-C (SIGINT)', came, expected: '"Server stopped by the user" and exit code 0', likely })
  },
}
