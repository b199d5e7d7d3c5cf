// The edit that was begun in each conversation and is not saved: like a draft it is kept until the server has stored it or its
// author cancels it, also when the page is closed, and is the same in all tabs of a browser.
import { type Signal, signal } from '@preact/signals'
import { sentText } from '../../src/protocol/text.ts'
import type { Address, Me } from '../../src/sdk/sdk.ts'
import { type Kept, readJson } from './kept.ts'

export interface Edit {
  /** The message that is edited. */
  readonly seq: number
  /** Its text before. */
  readonly was: string
  /** Its new text, as far as it is written. */
  readonly text: string
  /** Present while the server is asked to store it. */
  readonly saving?: AbortController
  /** What the last attempt to save it was rejected with. */
  readonly error?: unknown
}

export class Edits {
  readonly #me: Me
  readonly #kept: Kept
  readonly #signals = new Map<string, Signal<Edit | undefined>>()

  constructor(me: Me, kept: Kept) {
    this.#me = me
    this.#kept = kept
    kept.follow(name => {
      const there = name.startsWith(start) ? this.#signals.get(name.slice(start.length)) : undefined
      if (there !== undefined) there.value = this.#read(name)
    })
  }

  /** The edit in a conversation; undefined where there is none. */
  of(address: Address): Signal<Edit | undefined> {
    const key = address.toLowerCase()
    const there = this.#signals.get(key)
    if (there !== undefined) return there
    const made = signal(this.#read(start + key))
    this.#signals.set(key, made)
    return made
  }

  begin(address: Address, seq: number, was: string): void {
    this.#put(address, { seq, was, text: was })
  }

  /** Its text from now on. */
  write(address: Address, text: string): void {
    const { value: edit } = this.of(address)
    if (edit !== undefined) this.#put(address, { seq: edit.seq, was: edit.was, text })
  }

  /** Throws it away. Where it is just being saved, it may be stored all the same. */
  cancel(address: Address): void {
    this.of(address).peek()?.saving?.abort()
    this.#put(address, undefined)
  }

  /** Saves it on the server. It ends once it is stored there; if not, it stays, with the error. */
  async save(address: Address): Promise<void> {
    const edit = this.of(address).peek()
    if (edit === undefined || edit.saving !== undefined) return
    const { seq, was, text } = edit
    const wanted = sentText(text)
    if (text === was || wanted === was) return this.#put(address, undefined)
    const saving = new AbortController()
    const isThisOne = () => this.of(address).peek()?.saving === saving
    this.of(address).value = { seq, was, text, saving }
    try {
      await this.#me.edit(seq, wanted, { signal: saving.signal })
      if (isThisOne()) this.#put(address, undefined)
    } catch (error) {
      if (isThisOne()) this.of(address).value = { seq, was, text, error }
    }
  }

  #put(address: Address, edit: Edit | undefined): void {
    this.of(address).value = edit
    const { seq, was, text } = edit ?? {}
    this.#kept.write(start + address.toLowerCase(), edit === undefined ? undefined : JSON.stringify({ seq, was, text }))
  }

  #read(name: string): Edit | undefined {
    return readJson(this.#kept, name, isEdit)
  }
}

const start = 'edit.'

function isEdit(value: unknown): value is Edit {
  const { seq, was, text } = (value ?? {}) as Partial<Edit>
  return Number.isSafeInteger(seq) && typeof was === 'string' && typeof text === 'string'
}
