// A reader of a simulated run that asks again and again, as GET /v1/entries answers, a page at a time.
import { cursorString } from '../../src/core/log/cursors.ts'
import { Refusal } from '../../src/protocol/refusals.ts'
import type { Chance } from './chance.ts'
import type { Disk } from './disk.ts'
import type { Node } from './node.ts'
import type { Chain } from './record.ts'

/** Its requests are judged by when they began, so that none of them ends with a session. */
const session = 0

export class SimPoller {
  readonly chain: Chain
  readonly #chance: Chance
  readonly #disk: Disk
  #asking: Node | undefined

  constructor(chain: Chain, chance: Chance, disk: Disk) {
    this.chain = chain
    this.#chance = chance
    this.#disk = disk
  }

  /** Asks for what follows, unless it is asking that process already. */
  async ask(node: Node): Promise<void> {
    if (this.#asking === node) return
    this.#asking = node
    try {
      await this.#ask(node)
    } finally {
      if (this.#asking === node) this.#asking = undefined
    }
  }

  async #ask(node: Node): Promise<void> {
    const { chain } = this
    const account = await node.store.accountById(chain.account)
    const placement = await node.cursors.place(chain.cursor, 'start')
    if (account === undefined || placement instanceof Refusal) return
    const limit = this.#chance.pick([1, 3, 20])
    const page = await node.entries.after(account, placement, limit)
    // The answer is lost on the way, or its server is gone.
    if (this.#asking !== node || !node.isAlive() || this.#chance.odds(0.1)) return
    const at = { session, durable: this.#disk.head, least: 0 }
    const last = page.entries.at(-1)
    if (last !== undefined) {
      const cursor = cursorString(placement.epoch, last.seq, Math.round(last.storedAt * 1_000))
      chain.take({ type: 'entries', cursor, entries: page.entries }, at)
    }
    chain.take({ type: 'beat', cursor: cursorString(placement.epoch, page.last, page.lastStoredAtMs) }, at)
  }
}
