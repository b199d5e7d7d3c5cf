// The run's data on disk: one JSON file a scenario. The report and the comparison read nothing else.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Measured, Scenario } from './contract.ts'

export function writeMeasured(dir: string, measured: Measured): void {
  mkdirSync(join(dir, 'data'), { recursive: true })
  writeFileSync(fileOf(dir, measured.scenario), `${JSON.stringify(measured, undefined, 1)}\n`)
}

/** What a folder holds of these scenarios; those that were not run are left out. */
export function readMeasured(dir: string, scenarios: readonly Scenario[]): ReadonlyMap<string, Measured> {
  const found = new Map<string, Measured>()
  for (const { name } of scenarios) {
    const file = fileOf(dir, name)
    // Our own file: what it holds was a Measured when it was written.
    if (existsSync(file)) found.set(name, JSON.parse(readFileSync(file, 'utf8')) as Measured)
  }
  return found
}

function fileOf(dir: string, scenario: string): string {
  return join(dir, 'data', `${scenario}.json`)
}
