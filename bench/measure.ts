// Runs one scenario: starts its contenders, lets them take turns, round by round, has Hullo's run checked, and gives what
// was found. Nothing is dropped: a run that is void says so in its data.
import type { Bench, Contender, Measured, Sample, Scenario, Subject } from './contract.ts'
import { Void } from './contract.ts'
import { machine } from './machine.ts'
import { profilesIn } from './profile.ts'
import { runningServers, signalServers } from './process.ts'

/** Functions of a thread that the report shows. */
const profiledTop = 8

export type Say = (line: string) => void

/** Measures; `rounds` is at least 1. Throws where something does not start or breaks, which is not a void run. */
export async function measure(scenario: Scenario, bench: Bench, rounds: number, say: Say): Promise<Measured> {
  const all = scenario.contenders(bench)
  const missing = Object.fromEntries(
    all.flatMap(one => [reasonOf(one)].flatMap(why => (why === undefined ? [] : [[one.name, why]]))),
  )
  for (const [name, why] of Object.entries(missing)) say(`  ${name}: ${why}`)
  const present = all.filter(one => !(one.name in missing))
  await using stack = new AsyncDisposableStack()
  const subjects = new Map<string, Started>()
  for (const one of present) subjects.set(one.name, stack.use(await started(one, bench)))
  const found: Record<string, Sample[]> = Object.fromEntries(present.map(({ name }) => [name, []]))
  return {
    scenario: scenario.name,
    at: new Date().toISOString(),
    machine: machine(bench.folder()),
    roundMs: bench.roundMs,
    isQuick: bench.isQuick,
    rounds: found,
    missing,
    ...(await judged(async checks => {
      await takeTurns(scenario, subjects, found, { rounds, say })
      await checkAll(subjects, checks, say)
    }, say)),
  }
}

/** A contender that was started; its servers are stopped unless it is its turn. */
interface Started extends AsyncDisposable {
  /** Its servers run for as long as `work` does. */
  turn<T>(work: (subject: Subject) => Promise<T>): Promise<T>
}

/** Otherwise the others would go on with what they have put off (the search index, say) in the time of the one that is measured. */
async function started(contender: Contender, bench: Bench): Promise<Started> {
  const before = runningServers()
  const subject = await contender.start(bench).catch((error: unknown) => Promise.reject(about(contender.name, error)))
  const servers = [...runningServers()].filter(server => !before.has(server))
  await signalServers(servers, 'SIGSTOP')
  return {
    async turn(work) {
      await signalServers(servers, 'SIGCONT')
      try {
        return await work(subject)
      } finally {
        await signalServers(servers, 'SIGSTOP')
      }
    },
    [Symbol.asyncDispose]: () => subject[Symbol.asyncDispose](),
  }
}

async function takeTurns(
  scenario: Scenario,
  subjects: ReadonlyMap<string, Started>,
  found: Readonly<Record<string, Sample[]>>,
  { rounds, say }: { rounds: number; say: Say },
): Promise<void> {
  for (let round = 1; round <= (scenario.rounds ?? rounds); round += 1) {
    for (const [name, subject] of subjects) {
      const sample = await subject
        .turn(one => one.round())
        .catch((error: unknown) => Promise.reject(about(name, error)))
      found[name]?.push(sample)
      say(`  ${round} ${name.padEnd(12)} ${summary(scenario, sample)}`)
    }
  }
}

async function checkAll(subjects: ReadonlyMap<string, Started>, checks: string[], say: Say): Promise<void> {
  for (const [name, subject] of subjects) {
    for (const sentence of (await subject.turn(async one => await one.finish?.())) ?? []) {
      checks.push(`${name}: ${sentence}`)
      say(`  ${name}: ${sentence}`)
    }
  }
}

/** What was checked, and why the run is void if it is. */
async function judged(work: (checks: string[]) => Promise<void>, say: Say): Promise<Pick<Measured, 'checks' | 'void'>> {
  const checks: string[] = []
  try {
    await work(checks)
    return { checks }
  } catch (error) {
    if (!(error instanceof Void)) throw error
    say(`  VOID: ${error.message}`)
    return { checks, void: error.message }
  }
}

function reasonOf({ missing }: Contender): string | undefined {
  return missing?.()
}

/**
 * One more round of the scenario's `profiled` contender alone, under a profiler; undefined where nobody is to be. What it
 * costs and what it finds counts for nothing else.
 */
export async function profiled(scenario: Scenario, bench: Bench, say: Say): Promise<Measured['profile']> {
  const profileDir = bench.folder()
  const contender = scenario.contenders({ ...bench, profileDir }).find(({ name }) => name === scenario.profiled)
  if (contender === undefined || reasonOf(contender) !== undefined) return undefined
  say(`  profile of ${contender.name}`)
  await using subject = await contender.start({ ...bench, profileDir })
  await subject.round()
  // Ends the server gently, which writes the profiles.
  await subject.finish?.()
  return profilesIn(profileDir).map(({ thread, busySeconds, idleSeconds, top }) => ({
    thread,
    busySeconds,
    idleSeconds,
    top: top.slice(0, profiledTop),
  }))
}

function about(name: string, error: unknown): unknown {
  if (error instanceof Void) return new Void(`${name}: ${error.message}`)
  return new Error(`${name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
}

function summary({ figures }: Scenario, sample: Sample): string {
  return figures
    .flatMap(({ key, label }) => {
      const value = sample[key]
      return value === undefined ? [] : [`${label} ${value >= 100 ? Math.round(value) : value.toPrecision(3)}`]
    })
    .join(', ')
}
