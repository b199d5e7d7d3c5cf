// Who is there, as far as they show it: asked for when somebody is looked at, moved on by what is heard.
import { type Signal, signal } from '@preact/signals'
import type { Me, Presence, SoftEvent } from '../../src/sdk/sdk.ts'

export class Presences {
  readonly #me: Me
  readonly #byName = new Map<string, Signal<Presence | undefined>>()
  readonly #asked = new Set<string>()

  constructor(me: Me) {
    this.#me = me
  }

  /** What is known of somebody; undefined is unknown. Looking does not ask. */
  of(name: string): Signal<Presence | undefined> {
    const key = name.toLowerCase()
    const there = this.#byName.get(key)
    if (there !== undefined) return there
    const made = signal<Presence | undefined>(undefined)
    this.#byName.set(key, made)
    return made
  }

  /** Asks once, until something is known; what is heard later counts. */
  async ask(name: string): Promise<void> {
    const key = name.toLowerCase()
    if (this.#asked.has(key)) return
    this.#asked.add(key)
    try {
      const presence = await this.#me.people.presence(name)
      this.of(name).value = presence
      // So it is for whoever one has not talked with, too: the first message may make it known.
      if (!presence.online && presence.lastSeen === undefined) this.#asked.delete(key)
    } catch {
      this.#asked.delete(key)
    }
  }

  heard({ who, online, lastSeen }: Extract<SoftEvent, { kind: 'presence' }>): void {
    this.#asked.add(who.toLowerCase())
    this.of(who).value = lastSeen === undefined ? { online } : { online, lastSeen }
  }

  /** The connection was gone: what was known may be wrong now. `names` are asked for, the others when they are looked at. */
  askAnew(names: readonly string[]): void {
    this.#asked.clear()
    for (const name of names) this.ask(name).catch(() => {})
  }
}
