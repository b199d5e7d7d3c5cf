// Numbers as people read them.
import type { Unit } from '../contract.ts'

export function format(value: number, unit: Unit): string {
  if (unit === 'bytes') return bytes(value)
  if (unit === 'ms') return `${rounded(value)} ms`
  if (unit === 'seconds') return `${rounded(value)} s`
  if (unit === 'times') return `${rounded(value)} x`
  if (unit === 'perSecond') return `${rounded(value)}/s`
  return rounded(value)
}

/** Three digits that count, and all of a number's whole part, in groups of three. */
function rounded(value: number): string {
  const size = Math.abs(value)
  const digits = size >= 100 || value === 0 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}

function bytes(value: number): string {
  if (value >= 1_048_576) return `${rounded(value / 1_048_576)} MiB`
  return value >= 1_024 ? `${rounded(value / 1_024)} KiB` : `${rounded(value)} B`
}
