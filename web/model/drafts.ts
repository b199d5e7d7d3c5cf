// What was begun and not sent, in each conversation and in forms: it waits there, also when the page is closed, and is the
// same in all tabs of a browser.
import { type Signal, signal } from '@preact/signals'
import type { Kept } from './kept.ts'

export class Drafts {
  readonly #kept: Kept
  readonly #start: string
  readonly #signals = new Map<string, Signal<string>>()

  /** `start` is where the names begin under which they are kept. */
  constructor(kept: Kept, start = 'draft.') {
    this.#kept = kept
    this.#start = start
    // One writes in one tab at a time: what comes from another is later than what is here.
    kept.follow((name, value) => {
      const there = name.startsWith(start) ? this.#signals.get(name.slice(start.length)) : undefined
      if (there !== undefined) there.value = value ?? ''
    })
  }

  /** The draft for an address, or for a field of a form; empty where there is none. */
  of(name: string): Signal<string> {
    const key = name.toLowerCase()
    const there = this.#signals.get(key)
    if (there !== undefined) return there
    const made = signal(this.#kept.read(this.#start + key) ?? '')
    this.#signals.set(key, made)
    return made
  }

  write(name: string, text: string): void {
    this.of(name).value = text
    this.#kept.write(this.#start + name.toLowerCase(), text === '' ? undefined : text)
  }
}
