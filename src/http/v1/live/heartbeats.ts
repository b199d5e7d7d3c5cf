// Signs of life of all live connections, by one timer: two of its own for each cost a connection 1 KiB. Every second a
// fifteenth of them is asked whether the other end is there, so that ten thousand are not asked in one turn.

export interface Beating {
  /** Asks the other end for a sign of life, or gives it up. */
  ping(): void
  /** The time in which a stranger is to say who they are is over. */
  late(): void
}

const tickMs = 1_000

/** A connection is asked this often, in ticks: within half of the time after which a client gives up a silent server. */
const beatTicks = 15

/** A connection that has not said who it is by then is closed; in ticks. */
const startTicks = 10

export class Heartbeats<Connection extends Beating> {
  readonly #slots: readonly Set<Connection>[] = Array.from({ length: beatTicks }, () => new Set<Connection>())
  /** Those that came lately, oldest first, with the tick at which they are late. */
  readonly #lately = new Map<Connection, number>()
  #timer: NodeJS.Timeout | undefined
  #tick = 0
  #count = 0

  add(connection: Connection): void {
    this.#slots[this.#tick % beatTicks]?.add(connection)
    // One more, since the first comes sooner than a whole one after this.
    this.#lately.set(connection, this.#tick + startTicks + 1)
    this.#count += 1
    this.#timer ??= setInterval(() => this.#beat(), tickMs).unref()
  }

  delete(connection: Connection): void {
    this.#lately.delete(connection)
    for (const slot of this.#slots) if (slot.delete(connection)) this.#count -= 1
    if (this.#count > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  *[Symbol.iterator](): Iterator<Connection> {
    for (const slot of this.#slots) yield* slot
  }

  #beat(): void {
    this.#tick += 1
    for (const connection of this.#slots[this.#tick % beatTicks] ?? []) connection.ping()
    for (const [connection, tick] of this.#lately) {
      if (tick > this.#tick) break
      this.#lately.delete(connection)
      connection.late()
    }
  }
}
