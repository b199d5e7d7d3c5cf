// Erasing: what a closed account wrote goes behind its back, in steps that hold nobody up, and is taken up again at the
// next start where it was not finished.
import { Refusal } from '../../protocol/refusals.ts'
import type { AccountId, Store } from '../../store/store.ts'
import type { Committer } from '../log/committer.ts'
import * as stateTexts from '../../protocol/texts/state.ts'

/** Messages of one step: a few milliseconds of the writer's time. */
const stepMessages = 200

/** After a step that the store could not take: it is full or busy, and nobody waits for this. */
const pauseMs = 5_000

/** Waits, unless the signal ends it. */
type Wait = (ms: number, signal: AbortSignal) => Promise<void>

interface Needs {
  readonly store: Pick<Store, 'accountsToErase'>
  readonly committer: Committer
  readonly wait?: Wait
}

export class Erasing implements AsyncDisposable {
  readonly #needs: Needs
  readonly #stop = new AbortController()
  readonly #queue: AccountId[] = []
  #running: Promise<void> | undefined

  constructor(needs: Needs) {
    this.#needs = needs
  }

  /** Goes on with what an earlier process left. */
  async resume(): Promise<void> {
    for (const account of await this.#needs.store.accountsToErase()) this.begin(account)
  }

  /** Erases an account's messages, after those of the accounts before it. Returns at once. */
  begin(account: AccountId): void {
    if (this.#stop.signal.aborted || this.#queue.includes(account)) return
    this.#queue.push(account)
    this.#running ??= this.#run()
  }

  /** Resolves when nothing is left to erase. */
  async done(): Promise<void> {
    while (this.#running !== undefined) await this.#running
  }

  /** Stops after the step that is under way. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    await this.done()
  }

  async #run(): Promise<void> {
    const { committer, wait = pause } = this.#needs
    const { signal } = this.#stop
    while (this.#queue.length > 0 && !signal.aborted) {
      const account = this.#queue[0] as AccountId
      const written = await committer
        .submitOne({ kind: 'erase-some', account, limit: stepMessages })
        .catch(() => broken)
      if (written instanceof Refusal) await wait(pauseMs, signal)
      else if (written.kind !== 'erased' || written.messages === 0) this.#queue.shift()
    }
    this.#running = undefined
  }
}

const broken = new Refusal('unavailable', stateTexts.failed)

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer)
        resolve()
      },
      { once: true },
    )
  })
}
