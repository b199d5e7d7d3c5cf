// What was written here and is not in the log yet, each with its state. Kept in the browser with its client id, so that a
// message that was on its way when the page was closed is sent again later and stored once.
import { type ReadonlySignal, type Signal, computed, signal } from '@preact/signals'
import { type Address, Closed, type EntryView, type Me, NoAnswer, Refused, Withdrawn } from '../../src/sdk/sdk.ts'
import { type Kept, readJson } from './kept.ts'

export interface Outgoing {
  readonly clientId: string
  readonly to: Address
  readonly text: string
  /** This browser's clock, ms since 1970. */
  readonly atMs: number
  /**
   * `sending` until the server has answered, however long there is no connection; `deleting` the author deleted it while it
   * was on its way; `failed` the server refused it or a proxy blocked it: `why` says so; `stored` it has its place in the
   * log, whose entry is not here yet.
   */
  readonly state:
    | { readonly is: 'sending' }
    | { readonly is: 'deleting' }
    | { readonly is: 'failed'; readonly why: string }
    | { readonly is: 'stored'; readonly seq: number }
}

/**
 * What became of a message that its author deleted: `unsent` it was never stored; `erased` it was stored, and was erased
 * then; `unknown` an attempt got no answer, and may have stored it; `stored` it was stored and could not be erased.
 */
export type Fate = 'unsent' | 'erased' | 'unknown' | 'stored'

type Unsent = Omit<Outgoing, 'state'>

const keptStart = 'outbox.'

export class Outbox {
  readonly #me: Me
  readonly #kept: Kept
  readonly #isShown: (to: Address, seq: number) => boolean
  readonly #all: Signal<readonly Outgoing[]> = signal([])
  /** Entries of mine that came before the answer to their sending: they stand in the log already. */
  readonly #matched = new Map<string, number>()
  /** Whom to tell what became of one that is being deleted. */
  readonly #deletions = new Map<string, (fate: Fate) => void>()
  readonly #cancels = new Map<string, AbortController>()
  readonly #prefix = Array.from(crypto.getRandomValues(new Uint8Array(9)), byte => byte.toString(16)).join('')
  #count = 0

  /** `isShown` says whether the log at an address has shown an entry already. */
  constructor(me: Me, kept: Kept, isShown: (to: Address, seq: number) => boolean) {
    this.#me = me
    this.#kept = kept
    this.#isShown = isShown
  }

  /** What is on its way to `address`, in the order in which it was written. */
  to(address: Address): ReadonlySignal<readonly Outgoing[]> {
    const key = address.toLowerCase()
    return computed(() =>
      this.#all.value.filter(({ to, clientId }) => to.toLowerCase() === key && !this.#matched.has(clientId)),
    )
  }

  /** How many are not stored yet, in all conversations. */
  get unsentCount(): number {
    return this.#all.value.filter(({ state }) => state.is === 'sending' || state.is === 'failed').length
  }

  /** Sends what was not acknowledged when the page was closed last. */
  resume(): void {
    const all = this.#kept.names(keptStart).map(name => readJson(this.#kept, name, isUnsent))
    const unsent = all.filter(one => one !== undefined).toSorted((a, b) => a.atMs - b.atMs)
    for (const one of unsent) this.#send(one)
  }

  send(to: Address, text: string): void {
    this.#count += 1
    this.#send({ clientId: `${this.#prefix}-${this.#count.toString(36)}`, to, text, atMs: Date.now() })
  }

  /** Tries one again that was refused. */
  retry(clientId: string): void {
    const failed = this.#find(clientId)
    if (failed?.state.is !== 'failed') return
    this.#remove(clientId)
    this.#send(failed)
  }

  /**
   * Deletes one that is not stored: one that waits is never sent. Resolves once it is known what became of it, which takes
   * an answer of the server where it was on its way.
   */
  async discard(clientId: string): Promise<Fate> {
    const message = this.#find(clientId)
    if (message?.state.is === 'sending') {
      const fate = new Promise<Fate>(resolve => this.#deletions.set(clientId, resolve))
      this.#put({ ...message, state: { is: 'deleting' } })
      this.#me.withdraw(clientId)
      return await fate
    }
    if (message?.state.is === 'failed') this.#remove(clientId)
    return 'unsent'
  }

  /** An entry came: if it is one of these, it now stands in the log. */
  heard(entry: EntryView): void {
    if (entry.kind !== 'text' || entry.sender !== this.#me.name) return
    const stored = this.#all.value.find(({ state }) => state.is === 'stored' && state.seq === entry.seq)
    if (stored !== undefined) return this.#remove(stored.clientId)
    // The entry may come before the answer that says which one it is: the first with that text is it, until the answer.
    const likely = this.#all.value.find(
      ({ state, text, to, clientId }) =>
        state.is === 'sending' && text === entry.text && isSameAddress(to, entry.to) && !this.#matched.has(clientId),
    )
    if (likely === undefined) return
    this.#matched.set(likely.clientId, entry.seq)
    this.#put({ ...likely })
  }

  /** Sends nothing more. What is kept stays, for the next session of the same account. */
  stop(): void {
    // First, so that what is cancelled now does not count as failed, and is not written again.
    this.#all.value = []
    for (const cancel of this.#cancels.values()) cancel.abort()
  }

  #send({ clientId, to, text, atMs }: Unsent): void {
    const cancel = new AbortController()
    this.#cancels.set(clientId, cancel)
    this.#put({ clientId, to, text, atMs, state: { is: 'sending' } })
    this.#me.send(to, text, { clientId, signal: cancel.signal }).then(
      ({ seq }) => this.#stored(clientId, seq),
      (error: unknown) => this.#failed(clientId, error),
    )
  }

  #stored(clientId: string, seq: number): void {
    const message = this.#find(clientId)
    const matched = this.#matched.get(clientId)
    this.#matched.delete(clientId)
    if (message === undefined) return
    if (message.state.is === 'deleting') return this.#erase(clientId, seq)
    if (matched === seq || this.#isShown(message.to, seq)) this.#remove(clientId)
    else this.#put({ ...message, state: { is: 'stored', seq } })
  }

  #failed(clientId: string, error: unknown): void {
    const message = this.#find(clientId)
    // Closed with the page: it is kept, and sent again the next time.
    this.#matched.delete(clientId)
    if (message === undefined || error instanceof Closed) return
    if (message.state.is === 'deleting') {
      return this.#deleted(clientId, error instanceof Withdrawn && error.mayBeStored ? 'unknown' : 'unsent')
    }
    const why = error instanceof Refused || error instanceof NoAnswer ? error.message : String(error)
    this.#put({ ...message, state: { is: 'failed', why } })
  }

  /** The server stored it before it could be taken back. */
  #erase(clientId: string, seq: number): void {
    this.#me.erase(seq).then(
      () => this.#deleted(clientId, 'erased'),
      () => this.#deleted(clientId, 'stored'),
    )
  }

  #deleted(clientId: string, fate: Fate): void {
    this.#remove(clientId)
    this.#deletions.get(clientId)?.(fate)
    this.#deletions.delete(clientId)
  }

  #find(clientId: string): Outgoing | undefined {
    return this.#all.value.find(one => one.clientId === clientId)
  }

  #put(message: Outgoing): void {
    const index = this.#all.value.findIndex(({ clientId }) => clientId === message.clientId)
    this.#all.value = index < 0 ? [...this.#all.value, message] : this.#all.value.with(index, message)
    this.#keep(message)
  }

  #remove(clientId: string): void {
    this.#cancels.delete(clientId)
    this.#all.value = this.#all.value.filter(one => one.clientId !== clientId)
    this.#kept.write(keptStart + clientId, undefined)
  }

  /** Each under a name of its own: other tabs keep theirs beside it. */
  #keep({ clientId, to, text, atMs, state }: Outgoing): void {
    const unsent: Unsent = { clientId, to, text, atMs }
    // One that was deleted is not sent again, whatever becomes of the page.
    const isDone = state.is === 'stored' || state.is === 'deleting'
    this.#kept.write(keptStart + clientId, isDone ? undefined : JSON.stringify(unsent))
  }
}

function isSameAddress(a: Address, b: Address): boolean {
  return a.toLowerCase() === b.toLowerCase()
}

function isUnsent(value: unknown): value is Unsent {
  const { clientId, to, text, atMs } = (value ?? {}) as Partial<Unsent>
  return [clientId, to, text].every(one => typeof one === 'string') && typeof atMs === 'number'
}
