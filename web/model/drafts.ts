// What was begun in each conversation and not sent: it waits there, also when the page is closed, and is the same in all tabs
// of a browser.
import { type Signal, signal } from '@preact/signals'
import type { Address } from '../../src/sdk/sdk.ts'
import type { Kept } from './kept.ts'

export class Drafts {
  readonly #kept: Kept
  readonly #signals = new Map<string, Signal<string>>()

  constructor(kept: Kept) {
    this.#kept = kept
    // One writes in one tab at a time: what comes from another is later than what is here.
    kept.follow((name, value) => {
      const there = name.startsWith(start) ? this.#signals.get(name.slice(start.length)) : undefined
      if (there !== undefined) there.value = value ?? ''
    })
  }

  /** The draft for an address; empty where there is none. */
  of(address: Address): Signal<string> {
    const key = address.toLowerCase()
    const there = this.#signals.get(key)
    if (there !== undefined) return there
    const made = signal(this.#kept.read(start + key) ?? '')
    this.#signals.set(key, made)
    return made
  }

  write(address: Address, text: string): void {
    this.of(address).value = text
    this.#kept.write(start + address.toLowerCase(), text === '' ? undefined : text)
  }
}

const start = 'draft.'
