// Whom one blocks: the server's list, asked for once somebody looks, and moved on by what one does here.
import { type Signal, signal } from '@preact/signals'
import { nameKey } from '../../src/protocol/names.ts'
import type { Me } from '../../src/sdk/sdk.ts'

export class Blocks {
  readonly #me: Me
  /** Names as they are shown; undefined until the list has come. */
  readonly names: Signal<readonly string[] | undefined> = signal(undefined)

  constructor(me: Me) {
    this.#me = me
  }

  /** Asks for the list; resolves when it is there. */
  async ask(): Promise<void> {
    this.names.value = (await this.#me.people.blocked()).map(({ name }) => name)
  }

  /** undefined until that is known. */
  has(name: string): boolean | undefined {
    return this.names.value?.some(one => nameKey(one) === nameKey(name))
  }

  /** Rejects as the SDK does. */
  async block(name: string): Promise<void> {
    await this.#me.people.block(name)
    await this.ask()
  }

  async unblock(name: string): Promise<void> {
    await this.#me.people.unblock(name)
    await this.ask()
  }
}
