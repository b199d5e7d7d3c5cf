// Contenders without a server: a generator alone, as the yardstick of the disk or of the processor.
import { join } from 'node:path'
import type { Contender, Sample } from '../contract.ts'
import { startLoad } from '../load/process.ts'

/** Writes the texts of so many messages to a file, then fdatasync, over and over. */
export function rawFile(messages: number): Contender {
  return {
    name: 'raw file',
    async start(bench) {
      const load = startLoad('raw-file')
      await load.ask('setUp', { file: join(bench.folder(), 'raw') })
      return {
        round: () => load.ask<Sample>('saturate', { ms: bench.roundMs, messages }),
        [Symbol.asyncDispose]: () => load[Symbol.asyncDispose](),
      }
    },
  }
}

/** Hashes passwords as Hullo does, so many at a time, and does nothing else. */
export function hashesAlone(name: string, atOnce: number): Contender {
  return {
    name,
    async start(bench) {
      const load = startLoad('hashes')
      return {
        round: () => load.ask<Sample>('saturate', { ms: bench.roundMs, atOnce }),
        [Symbol.asyncDispose]: () => load[Symbol.asyncDispose](),
      }
    },
  }
}
