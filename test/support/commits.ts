// Stores that are nothing but a `write`: one whose commits end when the test says so, and one that has a bug.
import { Refusal } from '../../src/protocol/refusals.ts'
import { NotWritten, type SendDirect, type Write, type Written } from '../../src/store/store.ts'
import type { Outcome } from '../../src/core/log/committer.ts'

export function message(text: string): SendDirect {
  return { kind: 'send-direct', sender: 1, recipient: 2, text, sentAtS: 1 }
}

function textOf(write: Write): string {
  if (write.kind === 'register') return write.name
  return 'text' in write ? write.text : ''
}

interface Commit {
  readonly texts: readonly string[]
  readonly nowMs: number
  /** Ends the commit as the store would. */
  succeed(): void
  fail(error: unknown): void
}

/** A store whose commits end when the test says so, to make faults happen. */
export function manualLog() {
  const commits: Commit[] = []
  const watchers: (() => void)[] = []
  let head = 0
  return {
    commits,
    /** The commit of that number, from 0, once it has begun. */
    async begun(index: number): Promise<Commit> {
      while (commits.length <= index) await new Promise<void>(resolve => watchers.push(resolve))
      return commits[index] as Commit
    },
    write(batch: readonly Write[], nowMs: number): Promise<readonly Written[]> {
      return new Promise((resolve, fail) => {
        const succeed = () =>
          resolve(
            batch.map(() => ({ kind: 'stored', seq: (head += 1), conversation: 1, storedAtMs: 1, repeated: false })),
          )
        commits.push({ texts: batch.map(textOf), nowMs, succeed, fail })
        for (const watch of watchers.splice(0)) watch()
      })
    },
  }
}

/** A store that refuses whole batches for the sake of some texts, as one that has a bug would. */
export function pickyLog(bad: ReadonlySet<string>) {
  const stored: string[] = []
  const batches: (readonly string[])[] = []
  return {
    stored,
    batches,
    write(batch: readonly Write[]): Promise<readonly Written[]> {
      const texts = batch.map(textOf)
      batches.push(texts)
      if (texts.some(text => bad.has(text))) return Promise.reject(new NotWritten('bad', true))
      return Promise.resolve(
        texts.map(text => ({
          kind: 'stored',
          seq: stored.push(text),
          conversation: 1,
          storedAtMs: 1,
          repeated: false,
        })),
      )
    },
  }
}

/** `stored 3`, or the code of a refusal. */
export function brief(outcome: Outcome): string {
  if (outcome instanceof Refusal) return outcome.code
  return outcome.kind === 'stored' ? `stored ${outcome.seq}` : outcome.kind
}

export const clock = () => 77
