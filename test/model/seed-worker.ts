// A thread that runs seeds: `first`, and every `step`th after it, `count` in all. It says what was wrong with each.
import { parentPort, workerData } from 'node:worker_threads'
import { Workshop } from './disk.ts'
import { type Planted, runSeed } from './run.ts'

export interface Share {
  readonly first: number
  readonly step: number
  readonly count: number
  readonly planted: Planted
}

export interface Verdict {
  readonly seed: number
  readonly findings: readonly string[]
}

const { first, step, count, planted } = workerData as Share
using workshop = new Workshop()
for (let at = 0; at < count; at += 1) {
  const seed = first + at * step
  parentPort?.postMessage({ seed, findings: await runSeed(workshop, seed, planted) } satisfies Verdict)
}
