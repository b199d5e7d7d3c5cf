// How long a message takes from its sender to its receiver when the server has half as much to do as it can, beside what
// the disk takes for one fdatasync.
import type { Bench, Sample, Scenario } from '../contract.ts'
import type { Paced, Saturate } from '../load/pairs.ts'
import type { Load } from '../load/process.ts'
import { plain, valuesOf } from '../stats.ts'
import { hulloLive, pairs } from '../subjects/live.ts'
import { rawFile } from '../subjects/plain.ts'

const window = 500

/** Messages a sync of the raw file: about what is in a batch at half load. */
const rawBatch = 64

/** What may come on top of two syncs: the message's own, and the one before it that it has to wait for. */
const loopbackMs = 3

/** First how much it can, then half of that. */
async function halfLoad(load: Load, { roundMs }: Bench): Promise<Sample> {
  const full: Saturate = { kind: 'saturate', ms: roundMs / 2, window }
  const { perSecond = 0 } = await load.ask<Sample>('saturate', full)
  const half: Paced = { kind: 'paced', ms: roundMs, perSecond: Math.max(1, perSecond / 2) }
  return { ...(await load.ask<Sample>('paced', half)), fullPerSecond: perSecond }
}

export const halfLoadScenario: Scenario = {
  name: 'half-load',
  title: 'Live messages at half load',
  work:
    'The 8 pairs again: first as fast as it goes, then at half that rate, in turns of a millisecond. The time runs from ' +
    'when a message was due to when its receiver has it. The raw file gets 64 texts and an fdatasync, over and over.',
  contenders: bench => [hulloLive('Hullo', pairs(8), load => halfLoad(load, bench)), rawFile(rawBatch)],
  figures: [
    { key: 'fullPerSecond', label: 'full load', unit: 'perSecond' },
    { key: 'perSecond', label: 'delivered', unit: 'perSecond' },
    { key: 'p50Ms', label: 'p50', unit: 'ms' },
    { key: 'p99Ms', label: 'p99', unit: 'ms' },
    { key: 'p999Ms', label: 'p99.9', unit: 'ms' },
    { key: 'maxMs', label: 'longest', unit: 'ms' },
    { key: 'serverCores', label: 'server', unit: 'cores' },
  ],
  lines: [
    {
      id: 'half-load/p99',
      says: 'p99 from send to receipt at half load, beside 3 ms and twice the p99 of fdatasync',
      unit: 'times',
      better: 'lower',
      must: 1,
      tried:
        'A message waits for the batch under way and for its own, each some 1.5 ms of the writer, and for the event loop ' +
        'in between: that is the median. The slowest hundredth may be TCP on the loopback to a good part: the counters of ' +
        'the kernel showed delayed acknowledgements and 14 loss probes in two rounds, and the longest is always near the ' +
        '40 ms of the former; not proved. The writer itself had few turns above 6 ms when it was timed. Tried: that ' +
        'connections do not wait for their own last commit, which took a third off the median and is kept; collecting on ' +
        'one thread (no clear change); no checkpoints at all (worse: a WAL that grows takes longer to sync). Not tried: ' +
        'checkpoints in a thread of their own, which would cost every idle server some 7 MB.',
      values: rounds => {
        const syncs = valuesOf(rounds, 'raw file', 'p99Ms')
        return valuesOf(rounds, 'Hullo', 'p99Ms').map((ms, round) => ms / (loopbackMs + 2 * (syncs[round] ?? 0)))
      },
    },
    {
      id: 'half-load/p999',
      says: 'p99.9 from send to receipt at half load',
      unit: 'ms',
      better: 'lower',
      values: plain('Hullo', 'p999Ms'),
    },
  ],
  profiled: 'Hullo',
  plot: { kind: 'bars', figures: ['p99Ms'] },
}
