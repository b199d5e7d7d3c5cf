// Arithmetic on rounds. Nothing here knows what is measured.
import type { Rounds } from './contract.ts'

export interface Spread {
  readonly min: number
  readonly median: number
  readonly max: number
}

/** Undefined where there are no values. */
export function spreadOf(values: readonly number[]): Spread | undefined {
  const sorted = values.toSorted((a, b) => a - b)
  const [min] = sorted
  const max = sorted.at(-1)
  if (min === undefined || max === undefined) return undefined
  const upper = sorted[sorted.length >> 1] ?? max
  const lower = sorted[(sorted.length - 1) >> 1] ?? max
  return { min, median: (lower + upper) / 2, max }
}

/** The value below which `share` of the values lie; `sorted` ascending, NaN where it is empty. */
function percentile(sorted: Float64Array, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

/** p50, p99, p99.9 and the longest of some times, in milliseconds. Sorts `times` in place. */
export function latencies(times: Float64Array): { p50Ms: number; p99Ms: number; p999Ms: number; maxMs: number } {
  times.sort()
  return {
    p50Ms: percentile(times, 0.5),
    p99Ms: percentile(times, 0.99),
    p999Ms: percentile(times, 0.999),
    maxMs: percentile(times, 1),
  }
}

/** A figure of each round of a contender; rounds that lack it are left out. */
export function valuesOf(rounds: Rounds, contender: string, figure: string): readonly number[] {
  return (rounds[contender] ?? []).flatMap(sample => sample[figure] ?? [])
}

/** One contender's figure over another's, round by round. None where either is missing. */
export function ratio(figure: string, of: string, to: string): (rounds: Rounds) => readonly number[] {
  return rounds => {
    const below = valuesOf(rounds, to, figure)
    return valuesOf(rounds, of, figure).flatMap((value, round) => {
      const other = below[round]
      return other === undefined || other === 0 ? [] : [value / other]
    })
  }
}

/** One contender's figure as it is, round by round. */
export function plain(contender: string, figure: string): (rounds: Rounds) => readonly number[] {
  return rounds => valuesOf(rounds, contender, figure)
}
