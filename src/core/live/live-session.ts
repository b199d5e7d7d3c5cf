// Who, for as long as a live stream goes on: it outlasts the request that began it, and its session may end in between for
// want of use, or be prolonged through another connection. To listen is no use of a session; to say something is.
import type { Sessions } from '../people/sessions.ts'
import type { Session } from '../../store/store.ts'

export class LiveSession {
  readonly #sessions: Pick<Sessions, 'isPast' | 'lasting' | 'use'>
  readonly #over: () => void
  #session: Session

  /** Calls `over` when it is found to be over: it is looked at where something goes in or out, a beat at the least. */
  constructor(sessions: Pick<Sessions, 'isPast' | 'lasting' | 'use'>, session: Session, over: () => void) {
    this.#sessions = sessions
    this.#session = session
    this.#over = over
  }

  /** Whether its time is over as far as is known here: then `lasts` says. (A promise for each batch would cost.) */
  get isPast(): boolean {
    return this.#sessions.isPast(this.#session)
  }

  /** Asks whether it still lasts. Rejects where the store cannot say. */
  async lasts(): Promise<boolean> {
    const now = await this.#sessions.lasting(this.#session)
    if (now === undefined) this.#over()
    else this.#session = now
    return now !== undefined
  }

  use(): void {
    this.#sessions.use(this.#session)
  }
}
