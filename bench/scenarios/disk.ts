// Bytes on disk a message: what the log takes, and what the search index adds; beside JetStream, which keeps an index of
// seqs and none of words.
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { openReader } from '../../src/store/sqlite/reader.ts'
import type { Bench, Contender, Sample, Scenario } from '../contract.ts'
import { fill, type Filling } from '../fill.ts'
import { pause, startLoad } from '../load/process.ts'
import { fileIn, namesOf, startHullo } from '../peers/hullo.ts'
import { jetstream } from '../peers/jetstream.ts'
import { missing } from '../peers/peer.ts'
import { ratio } from '../stats.ts'

/** Enough that what is there at first does not show, few enough that the index is done in seconds. */
const messages = 50_000
const messagesQuick = 5_000

/** A thousand conversations. */
const names = namesOf(1_001)

/** The index follows within this, or something is wrong. */
const indexMsMax = 120_000

function once(
  name: string,
  measureOnce: (bench: Bench) => Promise<Sample>,
  reason?: () => string | undefined,
): Contender {
  return {
    name,
    ...(reason === undefined ? {} : { missing: reason }),
    start: async bench => ({
      round: () => measureOnce(bench),
      async [Symbol.asyncDispose]() {},
    }),
  }
}

function countOf({ isQuick }: Bench): number {
  return isQuick ? messagesQuick : messages
}

async function log(bench: Bench, filling: Pick<Filling, 'hasClientIds'>): Promise<Sample> {
  const dir = bench.folder()
  await fill(dir, { names, messages: countOf(bench), isIndexed: true, ...filling })
  return { bytesEach: statSync(fileIn(dir)).size / countOf(bench) }
}

/** As a server leaves it that has had the time to index everything. */
async function indexed(bench: Bench): Promise<Sample> {
  const dir = bench.folder()
  const { head } = await fill(dir, { names, messages: countOf(bench), isIndexed: false, hasClientIds: true })
  await using server = await startHullo(dir)
  const reader = openReader(fileIn(dir))
  const latestMs = performance.now() + indexMsMax
  while ((await reader.reads.indexedUpTo()) < head) {
    if (performance.now() > latestMs) throw new Error('the index does not follow')
    await pause(100)
  }
  reader.close()
  await server.end('SIGTERM')
  return { bytesEach: statSync(fileIn(dir)).size / countOf(bench) }
}

async function published(bench: Bench): Promise<Sample> {
  const dir = bench.folder()
  await using server = await jetstream.start({ ...bench, folder: () => dir })
  await using load = startLoad('jetstream')
  await load.ask('setUp', { port: server.port })
  const count = await load.ask<number>('publish', { messages: countOf(bench) })
  await server.end('SIGTERM')
  const files = readdirSync(dir, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
  const bytes = files.reduce((all, file) => all + statSync(join(file.parentPath, file.name)).size, 0)
  return { bytesEach: bytes / count }
}

export const disk: Scenario = {
  name: 'disk',
  title: 'Bytes on disk a message',
  work: '50,000 messages of 47 bytes (a quick run: 5,000) over 1,000 conversations, in a store that was closed.',
  contenders: () => [
    once('lab, no client ids', bench => log(bench, {})),
    once('v1, client ids', bench => log(bench, { hasClientIds: true })),
    once('v1, and searchable', indexed),
    once('JetStream', published, () => missing(jetstream)),
  ],
  figures: [{ key: 'bytesEach', label: 'a message', unit: 'bytes' }],
  lines: [
    {
      id: 'disk/jetstream',
      says: 'Bytes on disk of a message with its client id, beside JetStream',
      unit: 'times',
      better: 'lower',
      values: ratio('bytesEach', 'v1, client ids', 'JetStream'),
    },
    {
      id: 'disk/search',
      says: 'The same with the search index, beside without',
      unit: 'times',
      better: 'lower',
      values: ratio('bytesEach', 'v1, and searchable', 'v1, client ids'),
    },
  ],
  plot: { kind: 'bars', figures: ['bytesEach'] },
  rounds: 1,
}
