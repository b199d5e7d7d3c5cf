// Which sessions have a live stream, or had one lately: of the many sessions of an account those are ended last. To
// listen extends no session; it only says that somebody still relies on it.
import type { SessionId } from '../../store/store.ts'
import type { Clock } from '../kit/clock.ts'
import { Places } from '../kit/slots.ts'

/** Sessions whose last stream is remembered: those of a busy server, in a megabyte. */
const endedMax = 20_000

export class Listening {
  readonly #clock: Clock
  readonly #open = new Places<SessionId>(Infinity)
  /** When the last stream of a session ended; the longest ago first. */
  readonly #endedAtMs = new Map<SessionId, number>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** A live stream of this session is open until this is disposed. */
  begin(session: SessionId): Disposable {
    const place = this.#open.take(session)
    return {
      [Symbol.dispose]: () => {
        place?.[Symbol.dispose]()
        this.#noteEnd(session)
      },
    }
  }

  /** When the session was last listened through, in milliseconds since 1970: Infinity while it is, 0 if that is not known. */
  lastAtMs(session: SessionId): number {
    return this.#open.isTaken(session) ? Infinity : (this.#endedAtMs.get(session) ?? 0)
  }

  #noteEnd(session: SessionId): void {
    this.#endedAtMs.delete(session)
    this.#endedAtMs.set(session, this.#clock())
    const [oldest] = this.#endedAtMs.keys()
    if (this.#endedAtMs.size > endedMax && oldest !== undefined) this.#endedAtMs.delete(oldest)
  }
}
