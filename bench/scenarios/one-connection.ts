// One connection that keeps 64 sends on the way, each acknowledged when it is durable: beside what the disk syncs a
// second, and beside JetStream's acknowledged publish, which does not sync each.
import type { Contender, Scenario } from '../contract.ts'
import type { Saturate } from '../load/pairs.ts'
import { startLoad } from '../load/process.ts'
import { jetstream } from '../peers/jetstream.ts'
import { missing } from '../peers/peer.ts'
import { ratio } from '../stats.ts'
import { hulloLive, pairs, withCpu } from '../subjects/live.ts'
import { rawFile } from '../subjects/plain.ts'

const window = 64

const jetstreamPublish: Contender = {
  name: jetstream.name,
  missing: () => missing(jetstream),
  async start(bench) {
    const server = await jetstream.start(bench)
    const load = startLoad('jetstream')
    await load.ask('setUp', { port: server.port })
    return {
      round: () => withCpu(server, () => load.ask('saturate', { ms: bench.roundMs, window })),
      async [Symbol.asyncDispose]() {
        await load[Symbol.asyncDispose]()
        await server[Symbol.asyncDispose]()
      },
    }
  },
}

export const oneConnection: Scenario = {
  name: 'one-connection',
  title: 'One connection, 64 sends in flight',
  work:
    'One WebSocket sends to one other, with 64 messages on the way, of which each acknowledgement (and its delivery) ' +
    'lets the next one go. The raw file gets the texts of 64 messages and an fdatasync, over and over: 64 times its ' +
    'syncs a second is what one could have. JetStream acknowledges what it has written, synced or not.',
  contenders: bench => {
    const asks: Saturate = { kind: 'saturate', ms: bench.roundMs, window, burst: 1 }
    return [hulloLive('Hullo', pairs(1), load => load.ask('saturate', asks)), rawFile(window), jetstreamPublish]
  },
  figures: [
    { key: 'perSecond', label: 'acknowledged', unit: 'perSecond' },
    { key: 'syncsPerSecond', label: 'syncs', unit: 'perSecond' },
    { key: 'perFrame', label: 'a frame', unit: 'count' },
    { key: 'serverCores', label: 'server', unit: 'cores' },
    { key: 'loadCores', label: 'generator', unit: 'cores' },
  ],
  lines: [
    {
      id: 'one-connection/syncs',
      says: 'Acknowledged durable sends of one connection, 64 in flight, beside 64 times the fdatasyncs a second',
      unit: 'times',
      better: 'higher',
      must: 0.7,
      tried:
        'This disk syncs some 9,000 times a second: 64 messages each time would be more than half a million a ' +
        'second, several times what parsing, checking and storing them costs two processors. The sync is a ' +
        'small part of a commit here.',
      values: ratio('perSecond', 'Hullo', 'raw file'),
    },
    {
      id: 'one-connection/jetstream',
      says: "The same beside JetStream's acknowledged publish",
      unit: 'times',
      better: 'higher',
      values: ratio('perSecond', 'Hullo', 'JetStream'),
    },
  ],
  profiled: 'Hullo',
  plot: { kind: 'bars', figures: ['perSecond'] },
}
