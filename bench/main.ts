// START HERE: `npm run bench`. Runs scenarios, keeps their data, makes the report, compares. Nothing it starts outlives
// it, and nothing is written outside of its output folder and a temporary one that goes with it.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Command, InvalidArgumentError } from 'commander'
import { followLauncher } from '../src/cli/launcher.ts'
import { compare, tableOf } from './compare.ts'
import type { Bench, Scenario } from './contract.ts'
import { readMeasured, writeMeasured } from './data.ts'
import { measure, profiled } from './measure.ts'
import { profileSummary } from './profile.ts'
import { writeReport } from './report/report.ts'
import { scenarios } from './scenarios/all.ts'

const home = fileURLToPath(new URL('.', import.meta.url))

interface Options {
  readonly quick?: true
  readonly only?: readonly Scenario[]
  readonly rounds?: number
  readonly seconds?: number
  readonly out?: string
  readonly dir: string
  readonly profile?: true
  readonly compare?: true
  readonly base: string
  readonly report?: true
}

const command = new Command('npm run bench --')
  .description('Measures Hullo beside its peers, and writes what it found.')
  .option('--quick', 'rounds of a fraction of a second: two minutes in all')
  .option('--only <names>', `some scenarios: ${scenarios.map(({ name }) => name).join(', ')}`, named)
  .option('--rounds <number>', 'rounds a contender (5; quick: 3)', positive)
  .option('--seconds <number>', 'how long a round measures (4; quick: 0.25)', positive)
  .option('--out <folder>', 'where data, plots and report go (a full run: bench/; any other: bench/out/)')
  .option('--dir <folder>', 'where the servers keep their data: on the disk that is to be measured', tmpdir())
  .option('--profile', 'leave CPU profiles of Hullo in the output folder, and say what is in them')
  .option('--compare', 'compare the ratios with committed ones; exit code 1 where one is worse by more than 25 %')
  .option('--base <folder>', 'the run to compare with', home)
  .option('--report', 'run nothing: make the report from the data again')
  .action(run)

followLauncher()
// The exit handlers end what was started.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1))
await command.parseAsync()

async function run(options: Options): Promise<void> {
  const isWhole = [
    options.quick,
    options.only,
    options.rounds,
    options.seconds,
    options.profile,
    options.compare,
  ].every(one => one === undefined)
  const out = options.out ?? (isWhole ? home : join(home, 'out'))
  // Read first: the run may write to where the committed data are.
  const committed = readMeasured(options.base, scenarios)
  const chosen = options.only ?? scenarios
  if (options.report !== true) await runAll(chosen, options, out)
  writeReport(out, scenarios)
  say(`report: ${relative('.', join(out, 'report.md'))}`)
  const now = readMeasured(out, chosen)
  if ([...now.values()].some(one => one.void !== undefined)) process.exitCode = 1
  if (options.compare !== true) return
  const comparisons = compare(chosen, committed, now)
  say(comparisons.length === 0 ? 'nothing to compare with' : tableOf(comparisons))
  if (comparisons.length === 0 || comparisons.some(({ isWorse }) => isWorse)) process.exitCode = 1
}

async function runAll(chosen: readonly Scenario[], options: Options, out: string): Promise<void> {
  const isQuick = options.quick === true
  const rounds = options.rounds ?? (isQuick ? 3 : 5)
  const roundMs = 1_000 * (options.seconds ?? (isQuick ? 0.25 : 4))
  for (const scenario of chosen) {
    using folders = temporary(options.dir)
    const profileDir = options.profile === true ? join(out, 'profiles', scenario.name) : undefined
    if (profileDir !== undefined) rmSync(profileDir, { recursive: true, force: true })
    const bench: Bench = { isQuick, roundMs, profileDir, folder: folders.make }
    const beganMs = performance.now()
    say(`${scenario.name}: ${scenario.title}`)
    try {
      const measured = await measure(scenario, bench, rounds, say)
      const profile = isQuick || profileDir !== undefined ? undefined : await profiled(scenario, bench, say)
      writeMeasured(out, { ...measured, ...(profile && { profile }) })
    } catch (error) {
      // The other scenarios can still say something.
      say(`  BROKEN: ${error instanceof Error ? error.message : String(error)}`)
      process.exitCode = 1
      continue
    }
    say(`  ${((performance.now() - beganMs) / 1_000).toFixed(0)} s`)
    if (profileDir !== undefined) say(profileSummary(profileDir))
  }
}

/** Folders below one that goes at the end, also where the bench is interrupted. */
function temporary(dir: string): { readonly make: () => string } & Disposable {
  const top = mkdtempSync(join(dir, 'hullo-bench-'))
  // A server that was just killed may still be writing its last file.
  const remove = () => rmSync(top, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 })
  process.on('exit', remove)
  return {
    make: () => mkdtempSync(join(top, 'd-')),
    [Symbol.dispose]() {
      process.off('exit', remove)
      remove()
    },
  }
}

function named(list: string): readonly Scenario[] {
  return list.split(',').map(name => {
    const found = scenarios.find(one => one.name === name)
    if (found === undefined) throw new InvalidArgumentError(`There is no scenario ${name}.`)
    return found
  })
}

function positive(text: string): number {
  const value = Number(text)
  if (!(value > 0) || value > 3_600) throw new InvalidArgumentError('It is a number above 0.')
  return value
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
