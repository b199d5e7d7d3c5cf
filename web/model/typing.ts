// Who is typing where. A hint that may be lost in both directions: it ends by itself.
import { type Signal, signal } from '@preact/signals'
import type { Address, Me } from '../../src/sdk/sdk.ts'

/** The server says it again every 3 s at most; who is not heard for twice as long has stopped. */
const heardMs = 6_000

export class Typing {
  readonly #me: Me
  readonly #who = new Map<number, Signal<readonly string[]>>()
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>()

  constructor(me: Me) {
    this.#me = me
  }

  /** Names of those who type in a conversation now. */
  in(conversation: number): Signal<readonly string[]> {
    const there = this.#who.get(conversation)
    if (there !== undefined) return there
    const made = signal<readonly string[]>([])
    this.#who.set(conversation, made)
    return made
  }

  heard(conversation: number, who: string): void {
    if (who === this.#me.name) return
    const typing = this.in(conversation)
    if (!typing.value.includes(who)) typing.value = [...typing.value, who]
    const key = `${conversation} ${who}`
    clearTimeout(this.#timers.get(key))
    this.#timers.set(
      key,
      setTimeout(() => this.stopped(conversation, who), heardMs),
    )
  }

  stopped(conversation: number, who: string): void {
    clearTimeout(this.#timers.get(`${conversation} ${who}`))
    this.#timers.delete(`${conversation} ${who}`)
    const typing = this.in(conversation)
    if (typing.value.includes(who)) typing.value = typing.value.filter(name => name !== who)
  }

  /** Tells the others; the session sees to it that this is no more often than is of use. */
  tell(to: Address): void {
    this.#me.typing(to)
  }
}
