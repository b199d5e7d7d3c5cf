// A reader of a simulated run: it connects, takes frames at its own speed, goes away in the middle and comes back with
// the cursor of the last frame that reached it.
import { Refusal } from '../../src/protocol/refusals.ts'
import type { ServerFrame } from '../../src/protocol/v1.ts'
import { begin } from '../../src/core/live/begin.ts'
import { frameOf } from '../../src/http/v1/live/frames.ts'
import { type Chance, turns } from './chance.ts'
import type { Disk } from './disk.ts'
import type { Node } from './node.ts'
import type { Chain } from './record.ts'

export class SimReader {
  readonly chain: Chain
  readonly #chance: Chance
  readonly #disk: Disk
  #connection: AbortController | undefined
  /** Turns that it takes over a frame, at most. */
  #slowness = 0

  constructor(chain: Chain, chance: Chance, disk: Disk) {
    this.chain = chain
    this.#chance = chance
    this.#disk = disk
  }

  get isConnected(): boolean {
    return this.#connection !== undefined
  }

  /** What is on the wire is lost. */
  disconnect(): void {
    this.#connection?.abort()
    this.#connection = undefined
  }

  hurry(): void {
    this.#slowness = 0
  }

  /** Connects, and reads until either side has enough; resolves at once. */
  connect(node: Node, token: string): void {
    this.disconnect()
    const left = new AbortController()
    this.#connection = left
    this.#slowness = this.#chance.pick([0, 0, 2, 10, 60])
    this.#read(node, token, left.signal)
      // A store that fails while a stream is read ends it; the reader comes back.
      .catch(() => {})
      .finally(() => {
        if (this.#connection === left) this.#connection = undefined
      })
  }

  async #read(node: Node, token: string, signal: AbortSignal): Promise<void> {
    const least = this.#disk.head
    const caller = await node.sessions.callerOf(token)
    if (caller === undefined) return
    const beginning = await begin(node, caller, this.chain.cursor)
    if (beginning instanceof Refusal) throw new Error(`a stream was refused: ${beginning.code}`)
    using ends = beginning.ends
    const follower = ends.use(beginning.follower)
    const take = async (json: string): Promise<boolean> => {
      if (this.#slowness > 0) await turns(this.#chance.below(this.#slowness))
      if (signal.aborted || !node.isAlive()) return false
      const frame = JSON.parse(json) as ServerFrame
      this.chain.take(frame, { session: caller.session.id, durable: this.#disk.head, least })
      return true
    }
    for (const frame of beginning.frames) if (!(await take(JSON.stringify(frame)))) return
    const beatMs = this.#chance.pick([200, 1_000, 15_000])
    for await (const live of follower.live(signal, beatMs)) {
      if (!(await take(frameOf(live, node.cursors).json))) return
    }
  }
}
