// What reading costs when more and more is stored: a page of a conversation's history, a page of everything of mine, the
// list of conversations, and a device that comes back.
import { cursorString } from '../../src/core/log/cursors.ts'
import type { Bench, Contender, Line, Sample, Scenario } from '../contract.ts'
import { fill } from '../fill.ts'
import { type Load, startLoad } from '../load/process.ts'
import type { RequestSetup } from '../load/requests.ts'
import type { Resumes } from '../load/resume.ts'
import { namesOf, startHullo } from '../peers/hullo.ts'
import { ratio } from '../stats.ts'

/** Somebody with a hundred conversations, all of them as long. */
const names = namesOf(101)

const sizes = [1_000, 10_000, 100_000, 1_000_000, 10_000_000]
const sizesQuick = sizes.slice(0, 3)

/** Messages of a page, and messages that a device has missed when it comes back. */
const pageMessages = 50
const missed = 100

/** What is not answered by then is broken. */
const longestMs = 30_000

/** Different places that are asked for in turns: not all of them are in the processor's cache. */
const placesAsked = 200

type Kind = 'historyMs' | 'pageMs' | 'listMs' | 'resumeMs'

function stored(messages: number): Contender {
  return {
    name: `${messages.toLocaleString('en-US')} messages`,
    async start(bench) {
      const { server, token, paths, resumes } = await prepare(bench, messages)
      const http = startLoad('http')
      const resume = startLoad('resume')
      const ms = bench.roundMs / 4
      return {
        async round() {
          const sample: Partial<Record<Kind, number>> = {}
          for (const kind of ['historyMs', 'pageMs', 'listMs'] as const) {
            sample[kind] = await asking(
              http,
              { kind: 'get', port: server.port, names, tokens: [token], paths: paths[kind] },
              ms,
            )
          }
          const { p50Ms = Number.NaN } = await resume.ask<Sample>('round', { ...resumes, ms })
          return { ...sample, resumeMs: p50Ms }
        },
        async [Symbol.asyncDispose]() {
          await http[Symbol.asyncDispose]()
          await resume[Symbol.asyncDispose]()
          await server[Symbol.asyncDispose]()
        },
      }
    },
  }
}

/**
 * The median time of these requests, one after the other on one connection; for longer than `ms` where not one of them
 * was answered in it.
 */
async function asking(load: Load, setup: RequestSetup, ms: number): Promise<number> {
  await load.ask('setUp', setup)
  for (let longerMs = ms; longerMs < longestMs; longerMs *= 2) {
    const { p50Ms = Number.NaN } = await load.ask<Sample>('round', { ms: longerMs, connections: 1 })
    if (!Number.isNaN(p50Ms)) return p50Ms
  }
  throw new Error(`no answer to ${setup.paths?.[0]} in ${longestMs} ms`)
}

async function prepare(bench: Bench, messages: number) {
  const dir = bench.folder()
  let cursorAt: (seq: number) => string = () => ''
  const { tokens, head } = await fill(dir, {
    names,
    messages,
    isIndexed: true,
    async finish(store) {
      const epoch = (await store.epochs()).at(-1)
      const places = [...placesIn(messages), messages - missed]
      const storedAtMs = new Map((await store.entriesAt(places)).map(entry => [entry.seq, entry.storedAtMs]))
      cursorAt = seq => (epoch === undefined ? '' : cursorString(epoch, seq, storedAtMs.get(seq) ?? 0))
    },
  })
  if (head !== messages) throw new Error(`the head is ${head}, not ${messages}`)
  const server = await startHullo(dir, { profileDir: bench.profileDir })
  const token = tokens[0] ?? ''
  const places = placesIn(messages)
  const paths = {
    historyMs: places.map(
      (seq, index) => `/v1/conversations/${1 + (index % 100)}/history?limit=${pageMessages}&before=${seq}`,
    ),
    pageMs: places.map(seq => `/v1/entries?limit=${pageMessages}&after=${cursorAt(seq)}`),
    listMs: [`/v1/conversations?limit=${pageMessages}`],
  }
  const resumes: Omit<Resumes, 'ms'> = { port: server.port, token, cursor: cursorAt(messages - missed), texts: missed }
  return { server, token, paths, resumes }
}

/** Seqs all over the log, in an order that jumps; ascending where they are looked up does not matter. */
function placesIn(messages: number): readonly number[] {
  // A step that has no factor in common with the sizes goes round all of them.
  const step = Math.floor(messages * 0.618) | 1
  return Array.from({ length: placesAsked }, (_, index) => 1 + ((index * step) % (messages - 1)))
}

function flat(kind: Kind, says: string): Line {
  return {
    id: `stored/${kind}`,
    says: `${says}: from 10,000 to 10,000,000 messages`,
    unit: 'times',
    better: 'lower',
    must: 1.3,
    tried:
      'Of a page of 50 messages each lies in another page of the database: with ten million those are read from the ' +
      "system's cache and searched one level deeper, some 3 us each; with ten thousand all are in the reader's own cache. " +
      'Tried: a larger cache of the reader (no change); mapping the file into memory (a fifth less, 1.4 times; not taken, ' +
      'since a disk that fails then ends the process instead of a request).',
    values: ratio(kind, '10,000,000 messages', '10,000 messages'),
  }
}

function nearlyFlat(kind: Kind, says: string): Line {
  return {
    id: `stored/${kind}-100k`,
    says: `${says}: from 10,000 to 100,000 messages`,
    unit: 'times',
    better: 'lower',
    values: ratio(kind, '100,000 messages', '10,000 messages'),
  }
}

const kinds = [
  ['historyMs', 'Cost of a history page'],
  ['pageMs', 'Cost of a page of everything of mine'],
  ['listMs', 'Cost of the list of conversations'],
  ['resumeMs', 'Cost of a resume'],
] as const

export const storedScenario: Scenario = {
  name: 'stored',
  title: 'Reading, with more and more stored',
  work:
    'Somebody with 100 conversations of equal length asks, one request after the other: for 50 messages of a ' +
    'conversation before some seq, for 50 of everything after some cursor, for the list of 50 conversations; and comes ' +
    'back with a WebSocket after 100 messages were missed. Medians. (A quick run stops at 100,000 messages.)',
  contenders: bench => (bench.isQuick ? sizesQuick : sizes).map(stored),
  figures: [
    { key: 'historyMs', label: 'history page', unit: 'ms' },
    { key: 'pageMs', label: 'page of everything', unit: 'ms' },
    { key: 'listMs', label: 'conversations', unit: 'ms' },
    { key: 'resumeMs', label: 'resume', unit: 'ms' },
  ],
  lines: [...kinds.map(([kind, says]) => flat(kind, says)), ...kinds.map(([kind, says]) => nearlyFlat(kind, says))],
  plot: { kind: 'curve', figures: ['historyMs', 'pageMs', 'listMs', 'resumeMs'] },
}
