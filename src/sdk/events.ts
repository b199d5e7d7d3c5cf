// What a session tells those who listen, beside what its iterators yield.
import type { Refused } from './errors.ts'

/**
 * Of the live connection: `idle` nobody reads, so there is none; `connecting`; `live`; `waiting` for the next attempt;
 * `over` the session has ended (signed out, expired, closed), and nothing will connect again.
 */
export type State =
  | { readonly is: 'idle' }
  | { readonly is: 'connecting' }
  | { readonly is: 'live'; readonly over: 'websocket' | 'sse' }
  | { readonly is: 'waiting'; readonly waitMs: number; readonly why: Error }
  | { readonly is: 'over'; readonly why: Error }

/** An entry's `prev` is not the entry that was seen before it in its conversation: something between did not come. */
export interface Gap {
  readonly conversation: number
  /** The entry that came. */
  readonly seq: number
  /** What it says stands before it. */
  readonly prev: number
  /** What was seen last there; undefined if nothing was. */
  readonly seen: number | undefined
  /** false: what is missing is being read again. true: it was, and is still missing; reading goes on without it. */
  readonly lasting: boolean
}

export interface Events {
  state: State
  gap: Gap
  /** The log was rolled back: what was seen after `shared` is not in it any more. */
  diverged: { readonly shared: number }
  /** What lay below `floor` was removed before it was read. */
  truncated: { readonly floor: number }
  /** Something that has no answer of its own was refused: a typing notice, say. */
  refused: Refused
}

export type Listener<T> = (event: T) => void

/** A listener that throws is its own affair: its error is reported as an uncaught one, the session goes on. */
export class Emitter {
  readonly #listeners = new Map<keyof Events, Set<Listener<never>>>()

  /** The result stops it. */
  on<K extends keyof Events>(name: K, listener: Listener<Events[K]>): () => void {
    const set = this.#listeners.get(name) ?? new Set()
    this.#listeners.set(name, set.add(listener))
    return () => void set.delete(listener)
  }

  emit<K extends keyof Events>(name: K, event: Events[K]): void {
    for (const listener of this.#listeners.get(name) ?? []) {
      try {
        ;(listener as Listener<Events[K]>)(event)
      } catch (error) {
        queueMicrotask(() => {
          throw error
        })
      }
    }
  }
}
