// What the parts of the bench agree on: a scenario measures contenders on the same work, in turns, A B A B; what it found
// is plain data, and the report is made from that data alone.

/** Figures of one round, by name; a rate is per second, a time in milliseconds, memory in bytes. */
export type Sample = Readonly<Record<string, number>>

/** A contender that is ready: its server runs, its people are signed in. Disposing ends every process it started. */
export interface Subject extends AsyncDisposable {
  round(): Promise<Sample>
  /** After the last round: what was checked, in sentences. Throws `Void` where the figures are worth nothing. */
  finish?(): Promise<readonly string[]>
}

export interface Contender {
  readonly name: string
  /** Why it cannot run here ("not installed: ..."); undefined where it can. */
  readonly missing?: () => string | undefined
  readonly start: (bench: Bench) => Promise<Subject>
}

/** What one run of the bench gives its scenarios. */
export interface Bench {
  readonly isQuick: boolean
  /** How long a round measures. */
  readonly roundMs: number
  /** Where Hullo's processes leave CPU profiles; undefined where they are not asked for. */
  readonly profileDir: string | undefined
  /** A new empty folder, which goes with the run. */
  folder(): string
}

export interface Figure {
  /** Its name in the samples. */
  readonly key: string
  readonly label: string
  readonly unit: Unit
}

export type Unit = 'perSecond' | 'ms' | 'bytes' | 'count' | 'times' | 'seconds' | 'cores'

/** One line of what is compared, or of what must be reached. `values` has one value a round. */
export interface Line {
  /** Stable: `--compare` finds the committed one by it. */
  readonly id: string
  readonly says: string
  readonly unit: Unit
  readonly better: 'higher' | 'lower'
  /** At least (better: higher) or at most (better: lower) this; absent where it is only reported. */
  readonly must?: number
  /** What stands in the way, and what was tried: the report says it where the bound is not reached. */
  readonly tried?: string
  /** Undefined for a round, or for all, where a contender is missing. */
  readonly values: (rounds: Rounds) => readonly number[]
}

/** What was measured, by contender, in the order of the rounds. */
export type Rounds = Readonly<Record<string, readonly Sample[]>>

export interface Scenario {
  readonly name: string
  readonly title: string
  /** The work, in a sentence or two. */
  readonly work: string
  readonly contenders: (bench: Bench) => readonly Contender[]
  readonly figures: readonly Figure[]
  readonly lines: readonly Line[]
  readonly plot?: Plot
  /** How often it is repeated; as often as the run says where it is absent. */
  readonly rounds?: number
  /** The contender that a full run profiles afterwards, in a round of its own that does not count. */
  readonly profiled?: string
}

/** Bars a contender, or a line over the numbers that the contenders' names are. */
interface Plot {
  readonly kind: 'bars' | 'curve'
  readonly figures: readonly string[]
  readonly isLogarithmic?: boolean
}

/** What is written to `data/NAME.json`. */
export interface Measured {
  readonly scenario: string
  readonly at: string
  readonly machine: Machine
  readonly roundMs: number
  readonly isQuick: boolean
  readonly rounds: Rounds
  readonly missing: Readonly<Record<string, string>>
  readonly checks: readonly string[]
  /** Where the time of the scenario's `profiled` contender goes, a thread each; absent where it was not looked at. */
  readonly profile?: readonly ThreadProfile[]
  /** Why the run counts for nothing; absent where it counts. */
  readonly void?: string
}

/** What a CPU profile says of one thread. */
export interface ThreadProfile {
  readonly thread: 'event loop' | 'writer'
  readonly busySeconds: number
  readonly idleSeconds: number
  /** The functions that took most time themselves, with their share of the busy time, 0 to 1. */
  readonly top: readonly { readonly where: string; readonly share: number }[]
}

export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly memoryBytes: number
  readonly system: string
  /** The file system under the bench's folders. */
  readonly disk: string
  readonly node: string
  readonly commit: string
  readonly peers: Readonly<Record<string, string>>
}

/** Something acknowledged is not stored, or something delivered was not durable: no figure of the run counts. */
export class Void extends Error {
  override readonly name = 'Void'
}
