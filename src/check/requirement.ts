// What the checker knows: a lab is a list of requirements, each a sentence with a small function that judges it, and a
// check of one server is that list, judged in order. Nothing here opens a connection or prints; this folder imports
// nothing of the servers it judges, so that Hullo's own are checked by the same eyes as anybody else's.

/** How a requirement came out. `advice` never counts against a server; `not run` says why. */
type Verdict = 'pass' | 'fail' | 'advice' | 'not run'

/** What was seen where a requirement did not hold, each a bounded text with its control characters made visible. */
export interface Failure {
  readonly sent: string
  readonly came: string
  readonly expected: string
  /** The mistake that most often looks like this. */
  readonly likely: string
}

/** What a requirement's function answers. `unseen`: not to be judged from where the checker stands. */
export type Outcome =
  | { readonly is: 'met' }
  | ({ readonly is: 'unmet' } & Failure)
  | { readonly is: 'not-run' | 'unseen'; readonly because: string }

export interface Requirement<Steps> {
  /** Stable: it stands in `--json` and in the CSV. */
  readonly id: string
  /** One sentence, true of a correct server. */
  readonly says: string
  readonly level: 'required' | 'advice'
  /** The part of the lab that asks for it, or the reason for the advice. */
  readonly source: string
  /** Ids of earlier requirements without which this one says nothing. */
  readonly needs?: readonly string[]
  /** Only with `--beyond`: what the lab's own client never does. */
  readonly beyond?: true
  readonly judge: (steps: Steps) => Outcome | Promise<Outcome>
}

export interface Finding {
  readonly id: string
  readonly says: string
  readonly level: 'required' | 'advice'
  readonly source: string
  readonly verdict: Verdict
  /** Of `not run`. */
  readonly because?: string
  /** Of `not run`: true where it does not count against the server. */
  readonly unseen?: true
  /** Of `fail` and `advice`. */
  readonly failure?: Failure
}

export const met: Outcome = { is: 'met' }
export const unmet = (failure: Failure): Outcome => ({ is: 'unmet', ...failure })
export const notRun = (because: string): Outcome => ({ is: 'not-run', because })
export const unseen = (because: string): Outcome => ({ is: 'unseen', because })

/**
 * Judges `requirements` in their order. What needs one that did not hold is not run; neither is the rest once `signal`
 * is aborted (its reason is then the `because`).
 */
export async function judgeAll<Steps>(
  requirements: readonly Requirement<Steps>[],
  steps: Steps,
  options: { beyond: boolean; signal: AbortSignal },
): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const requirement of requirements) {
    if (requirement.beyond && !options.beyond) continue
    const outcome = missingNeed(requirement, findings) ?? (await judgeOne(requirement, steps, options.signal))
    findings.push(toFinding(requirement, outcome))
  }
  return findings
}

function missingNeed<Steps>({ needs }: Requirement<Steps>, findings: readonly Finding[]): Outcome | undefined {
  for (const id of needs ?? []) {
    const finding = findings.find(each => each.id === id)
    if (finding === undefined) throw new Error(`a requirement needs ${id}, which does not stand before it`)
    if (finding.verdict === 'pass') continue
    // Of a chain the reader wants the first link.
    const because = finding.because ?? `this did not pass: ${finding.says}`
    return finding.unseen ? unseen(because) : notRun(because)
  }
  return undefined
}

async function judgeOne<Steps>(requirement: Requirement<Steps>, steps: Steps, signal: AbortSignal): Promise<Outcome> {
  if (signal.aborted) return notRun(String(signal.reason))
  const outcome = await requirement.judge(steps)
  // What was cut short half way says nothing about the server.
  return signal.aborted ? notRun(String(signal.reason)) : outcome
}

function toFinding<Steps>(requirement: Requirement<Steps>, outcome: Outcome): Finding {
  const { id, says, level, source } = requirement
  const base = { id, says, level, source }
  if (outcome.is === 'met') return { ...base, verdict: 'pass' }
  if (outcome.is === 'unmet') {
    const { sent, came, expected, likely } = outcome
    return { ...base, verdict: level === 'required' ? 'fail' : 'advice', failure: { sent, came, expected, likely } }
  }
  return { ...base, verdict: 'not run', because: outcome.because, ...(outcome.is === 'unseen' && { unseen: true }) }
}

/** A step that happens when it is first asked for, and only once. */
export function lazy<T>(step: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined
  return () => (result ??= step())
}
