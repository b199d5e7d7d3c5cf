// `--compare`: the medians of a new run's ratios beside the committed ones. Only ratios are compared, since both of their
// sides ran on the same machine in the same minutes; a figure alone says as much about the machine as about Hullo.
import type { Line, Measured, Scenario } from './contract.ts'
import { spreadOf } from './stats.ts'

/** A ratio that is worse by more than this share has become worse; below it, it is the machine's noise. */
const worseShareMax = 0.25

export interface Comparison {
  readonly id: string
  readonly says: string
  readonly before: number
  readonly now: number
  /** By what share it is worse; negative where it is better. */
  readonly worseBy: number
  readonly isWorse: boolean
}

type Run = ReadonlyMap<string, Measured>

/** Lines that both runs have. A void run has none. */
export function compare(scenarios: readonly Scenario[], before: Run, now: Run): readonly Comparison[] {
  return scenarios.flatMap(({ name, lines }) =>
    lines
      .filter(({ unit }) => unit === 'times')
      .flatMap(line => comparisonOf(line, medianOf(line, before.get(name)), medianOf(line, now.get(name)))),
  )
}

function comparisonOf({ id, says, better }: Line, before: number | undefined, now: number | undefined): Comparison[] {
  if (before === undefined || now === undefined) return []
  const worseBy = better === 'higher' ? 1 - now / before : now / before - 1
  return [{ id, says, before, now, worseBy, isWorse: worseBy > worseShareMax }]
}

function medianOf(line: Line, measured: Measured | undefined): number | undefined {
  if (measured === undefined || measured.void !== undefined) return undefined
  return spreadOf(line.values(measured.rounds))?.median
}

/** The comparison as people read it. */
export function tableOf(comparisons: readonly Comparison[]): string {
  const rows = comparisons.map(({ id, before, now, worseBy, isWorse }) => {
    const change = worseBy > 0 ? `${(100 * worseBy).toFixed(0)} % worse` : `${(-100 * worseBy).toFixed(0)} % better`
    return `${isWorse ? 'WORSE ' : '      '}${id.padEnd(32)}${before.toPrecision(3).padStart(9)} -> ${now.toPrecision(3).padEnd(9)}${change}`
  })
  return rows.join('\n')
}
