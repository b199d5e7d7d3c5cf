// What the tests of the bench share: a bench whose rounds are short, in folders that go with it.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Bench, Machine, Measured, Rounds } from '../../bench/contract.ts'

export function smallBench(): Bench & Disposable & { readonly dir: string } {
  const dir = mkdtempSync(join(tmpdir(), 'hullo-test-bench-'))
  return {
    dir,
    isQuick: true,
    roundMs: 150,
    profileDir: undefined,
    folder: () => mkdtempSync(join(dir, 'd-')),
    [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true }),
  }
}

const machine: Machine = {
  cpu: 'a processor',
  cores: 2,
  memoryBytes: 2 ** 30,
  system: 'Linux',
  disk: 'ext4',
  node: process.version,
  commit: 'abc',
  peers: { ngircd: '26.1' },
}

/** A run's data as if it had been measured. */
export function measuredOf(scenario: string, rounds: Rounds, more: Partial<Measured> = {}): Measured {
  const at = '2026-11-22T00:00:00.000Z'
  return { scenario, at, machine, roundMs: 1_000, isQuick: false, rounds, missing: {}, checks: [], ...more }
}
