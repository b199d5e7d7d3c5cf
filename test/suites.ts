// What `npm test` runs, in this order: the quick ones first.

export interface Suite {
  readonly name: string
  /** Globs of test files, from the package's root. */
  readonly files: readonly string[]
}

export const suites: readonly Suite[] = [
  { name: 'unit', files: ['src/**/*.test.ts', 'bin/**/*.test.ts'] },
  { name: 'architecture', files: ['test/architecture/*.test.ts'] },
  { name: 'store', files: ['test/store/*.test.ts'] },
  { name: 'v1', files: ['test/v1/*.test.ts'] },
  { name: 'process', files: ['test/process/*.test.ts'] },
  { name: 'lab-http', files: ['test/lab-http/*.test.ts'] },
  { name: 'lab-client', files: ['test/lab-client/*.test.ts'] },
  { name: 'commands', files: ['test/commands/*.test.ts'] },
  { name: 'labs', files: ['test/labs/*.test.ts', 'test/riddles/*.test.ts'] },
  { name: 'socket-labs', files: ['test/socket-labs/*.test.ts'] },
  { name: 'check', files: ['test/check/*.test.ts'] },
  { name: 'tutorial', files: ['test/tutorial/*.test.ts'] },
  { name: 'sdk', files: ['test/sdk/*.test.ts'] },
  { name: 'page', files: ['test/page/*.test.ts'] },
  { name: 'bench', files: ['test/bench/*.test.ts'] },
  { name: 'tui', files: ['test/tui/*.test.ts'] },
  { name: 'model', files: ['test/model/*.test.ts'] },
  { name: 'durability', files: ['test/durability/*.test.ts'] },
]

/** The checks of `npm run check`: each a program of node_modules/.bin with its arguments. */
export const checks: readonly (readonly [name: string, program: string, ...args: string[]])[] = [
  ['types', 'tsc', '--noEmit'],
  ['types of the page', 'tsc', '--noEmit', '-p', 'web'],
  ['types of its worker', 'tsc', '--noEmit', '-p', 'web/worker'],
  ['lint', 'oxlint', '--type-aware', '--deny-warnings'],
  ['format', 'biome', 'format', '.'],
  ['dead code', 'knip'],
]
