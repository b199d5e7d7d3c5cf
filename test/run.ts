// `npm test`: the suites, one after the other, each by Node's own test runner, whose closing lines are printed as they
// are; then a line a suite with its time. `npm test -- store process` runs those suites, `npm run check` the checks,
// `npm test -- --all` both. `--seeds=N` gives the suite `model` so many seeds, `--seed=N` only that one. The exit code is
// 0 only if everything passed.
import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { checks, type Suite, suites } from './suites.ts'
import { root } from './support/program.ts'

interface Line {
  readonly name: string
  readonly passed: boolean
  readonly seconds: number
}

/** A test that hangs is ended: the longest takes half a minute on a busy machine. */
const testTimeoutMs = 120_000

const args = process.argv.slice(2)

// Programs that the tests start as `node` are to be the pinned one too.
const env = {
  ...process.env,
  PATH: [join(root, 'node_modules', '.bin'), process.env['PATH']].join(delimiter),
  NODE_NO_WARNINGS: '1',
  ...valueOf('--seed', 'HULLO_SEED'),
  ...valueOf('--seeds', 'HULLO_SEEDS'),
}

const names = args.filter(arg => !arg.startsWith('--'))
const unknown = names.filter(name => !suites.some(suite => suite.name === name))
if (unknown.length > 0) {
  process.stderr.write(`No suite ${unknown.join(', ')}. There are: ${suites.map(suite => suite.name).join(', ')}.\n`)
  process.exitCode = 2
} else {
  const lines: Line[] = []
  if (args.includes('--all') || args.includes('--checks-only')) lines.push(...checks.map(runCheck))
  if (!args.includes('--checks-only')) {
    const chosen = names.length === 0 ? suites : suites.filter(suite => names.includes(suite.name))
    lines.push(...chosen.filter(suite => filesOf(suite).length > 0).map(runSuite))
  }
  report(lines)
}

/** What stands behind `flag=`, as a variable of the environment. */
function valueOf(flag: string, variable: string): Record<string, string> {
  const value = args.find(arg => arg.startsWith(`${flag}=`))?.slice(flag.length + 1)
  return value === undefined ? {} : { [variable]: value }
}

function filesOf(suite: Suite): string[] {
  return globSync([...suite.files], { cwd: root })
}

function runSuite(suite: Suite): Line {
  process.stdout.write(`\n── ${suite.name} ──\n`)
  const options = ['--test', `--test-timeout=${testTimeoutMs}`, '--test-reporter=spec', '--test-concurrency=2']
  return timed(suite.name, process.execPath, [...options, ...filesOf(suite)])
}

function runCheck([name, program, ...rest]: (typeof checks)[number]): Line {
  process.stdout.write(`\n── ${name} ──\n`)
  return timed(name, join(root, 'node_modules', '.bin', program), rest)
}

function timed(name: string, command: string, rest: readonly string[]): Line {
  const from = performance.now()
  const { status, error } = spawnSync(command, rest, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] })
  if (error !== undefined) process.stderr.write(`${command} did not start: ${error.message}\n`)
  return { name, passed: status === 0, seconds: (performance.now() - from) / 1_000 }
}

function report(lines: readonly Line[]): void {
  process.stdout.write('\n')
  for (const { name, passed, seconds } of lines) {
    process.stdout.write(`${passed ? 'passed' : 'FAILED'}  ${name.padEnd(14)}${seconds.toFixed(1).padStart(7)} s\n`)
  }
  if (lines.length === 0 || lines.some(line => !line.passed)) process.exitCode = 1
}
