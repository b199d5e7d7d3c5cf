// Which seeds are to be run: as many as are usual, or as `npm test -- model --seeds=N` and `--seed=N` say.
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { Planted } from './run.ts'
import type { Share, Verdict } from './seed-worker.ts'

export interface Seeds {
  readonly first: number
  readonly count: number
}

/** `--seed=N` runs only that one; `--seeds=N` runs so many in place of `usual`. */
export function seedsOf(usual: number, all = process.env['HULLO_SEEDS']): Seeds {
  const one = process.env['HULLO_SEED']
  if (one !== undefined) return { first: Number(one), count: 1 }
  return { first: 1, count: all === undefined ? usual : Number(all) }
}

export function replayOf(seed: number): string {
  return `npm test -- model --seed=${seed}`
}

/** Runs seeds in threads, and gives those with which something was wrong. */
export async function runSeeds(
  { first, count }: Seeds,
  planted: Planted = 'none',
): Promise<{ readonly ran: number; readonly wrong: readonly Verdict[] }> {
  const threads = Math.min(count, availableParallelism(), 8)
  const wrong: Verdict[] = []
  let ran = 0
  await Promise.all(
    Array.from({ length: threads }, (_, at) => {
      const share: Share = { first: first + at, step: threads, count: Math.ceil((count - at) / threads), planted }
      return work(share, verdict => {
        ran += 1
        if (verdict.findings.length > 0) wrong.push(verdict)
      })
    }),
  )
  return { ran, wrong: wrong.toSorted((a, b) => a.seed - b.seed) }
}

function work(share: Share, take: (verdict: Verdict) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./seed-worker.ts', import.meta.url), { workerData: share })
    worker.on('message', take)
    worker.once('error', reject)
    worker.once('exit', () => resolve())
  })
}
