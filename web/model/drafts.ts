// What was begun in each conversation and not sent: it waits there, also when the page is closed.
import { type Signal, signal } from '@preact/signals'
import type { Address } from '../../src/sdk/sdk.ts'
import type { Kept } from './kept.ts'

export class Drafts {
  readonly #kept: Kept
  readonly #prefix: string
  readonly #signals = new Map<string, Signal<string>>()

  constructor(me: string, kept: Kept) {
    this.#kept = kept
    this.#prefix = `draft.${me.toLowerCase()}.`
  }

  /** The draft for an address; empty where there is none. */
  of(address: Address): Signal<string> {
    const key = address.toLowerCase()
    const there = this.#signals.get(key)
    if (there !== undefined) return there
    const made = signal(this.#kept.read(this.#prefix + key) ?? '')
    this.#signals.set(key, made)
    return made
  }

  write(address: Address, text: string): void {
    this.of(address).value = text
    this.#kept.write(this.#prefix + address.toLowerCase(), text === '' ? undefined : text)
  }

  forget(): void {
    this.#kept.forget(this.#prefix)
    for (const draft of this.#signals.values()) draft.value = ''
  }
}
