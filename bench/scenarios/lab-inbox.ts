// The lab's GET /get_messages: an inbox of a class's afternoon beside the lab in Flask, and one of a million messages.
import type { Bench, Contender, Sample, Scenario, Subject } from '../contract.ts'
import { fill } from '../fill.ts'
import { flask, startFlask } from '../peers/flask.ts'
import { namesOf, prove, startHullo } from '../peers/hullo.ts'
import { missing } from '../peers/peer.ts'
import { residentBytes } from '../process.ts'
import { plain, ratio } from '../stats.ts'
import { asked } from '../subjects/http.ts'
import { textOf } from '../load/texts.ts'

const small = 1_500
const large = 1_000_000
const largeQuick = 100_000

/** The owner of the inbox, and ten who wrote to it. */
const names = namesOf(11)
const owner = names[0] ?? ''
const paths = [`/get_messages?username=${owner}`]

/** How often the server's memory is looked at while it answers. */
const lookMs = 20

function hulloInbox(name: string, messages: number, connections: number): Contender {
  return {
    name,
    async start(bench) {
      const dir = bench.folder()
      await fill(dir, { names, messages, isIndexed: true })
      const server = await startHullo(dir, { profileDir: bench.profileDir })
      await prove(server.port, [owner])
      const subject = await asked(bench, server, { kind: 'get', names, paths, textsEach: messages }, { connections })
      return withPeak(server.pid, subject)
    },
  }
}

/** Adds by how much the server's memory grew while it answered, at most. */
function withPeak(pid: number, subject: Subject): Subject {
  return {
    ...subject,
    async round(): Promise<Sample> {
      const before = residentBytes(pid)
      let peak = before
      const looks = setInterval(() => {
        peak = Math.max(peak, residentBytes(pid))
      }, lookMs)
      try {
        return { ...(await subject.round()), grownBytes: peak - before }
      } finally {
        clearInterval(looks)
      }
    },
  }
}

const flaskInbox: Contender = {
  name: flask.name,
  missing: () => missing(flask),
  async start(bench) {
    const messages = Array.from({ length: small }, (_, number) => {
      const sender = 1 + (number % (names.length - 1))
      return { sender, recipient: 0, text: textOf(sender, number) }
    })
    const server = await startFlask(bench, { names, messages })
    return asked(bench, server, { kind: 'get', names, paths, textsEach: small }, { connections: 8 })
  },
}

function largeOf({ isQuick }: Bench): Contender {
  return hulloInbox('Hullo, a million', isQuick ? largeQuick : large, 1)
}

export const labInbox: Scenario = {
  name: 'lab-inbox',
  title: 'Lab: GET /get_messages',
  work:
    'An inbox of 1,500 messages by ten senders, asked for over 8 connections; and one of a million (a quick run: ' +
    '100,000) over one connection. Every answer is to hold every message.',
  contenders: bench => [hulloInbox('Hullo', small, 8), flaskInbox, largeOf(bench)],
  figures: [
    { key: 'perSecond', label: 'requests', unit: 'perSecond' },
    { key: 'textsPerSecond', label: 'messages', unit: 'perSecond' },
    { key: 'grownBytes', label: 'memory grew by', unit: 'bytes' },
    { key: 'serverCores', label: 'server', unit: 'cores' },
    { key: 'loadCores', label: 'generator', unit: 'cores' },
  ],
  lines: [
    {
      id: 'lab-inbox/flask',
      says: 'Lab `GET /get_messages` of 1,500 messages, beside the Flask server',
      unit: 'times',
      better: 'higher',
      values: ratio('perSecond', 'Hullo', 'Flask'),
    },
    {
      id: 'lab-inbox/million',
      says: 'Lab inbox of a million messages',
      unit: 'perSecond',
      better: 'higher',
      must: 200_000,
      values: plain('Hullo, a million', 'textsPerSecond'),
    },
    {
      id: 'lab-inbox/memory',
      says: 'Memory that the server takes on while it sends that inbox (of 130 MB)',
      unit: 'bytes',
      better: 'lower',
      // A few pages and chunks, and what the collector leaves lying for a while.
      must: 64 * 1_048_576,
      values: plain('Hullo, a million', 'grownBytes'),
    },
  ],
  plot: { kind: 'bars', figures: ['textsPerSecond'] },
}
