// One's own account and its sign-ins.
import type { MeView, SessionView } from '../protocol/v1.ts'
import { type Call, path, type Waiting } from './http.ts'

export class AccountVerbs {
  readonly #call: Call

  constructor(call: Call) {
    this.#call = call
  }

  view({ signal }: Waiting = {}): Promise<MeView> {
    return this.#call('GET', '/me', { signal })
  }

  /** Ends all other sessions. */
  async changePassword(current: string, next: string, { signal }: Waiting = {}): Promise<void> {
    await this.#call('PUT', '/me/password', { body: { current, next }, signal })
  }

  /** For good: the name is never given again. */
  async delete(password: string, { signal }: Waiting = {}): Promise<void> {
    await this.#call('DELETE', '/me', { body: { password }, signal })
  }

  /** Whether others see that one is there. */
  async showPresence(shown: boolean, { signal }: Waiting = {}): Promise<void> {
    await this.#call('PUT', '/me/presence', { body: { shown }, signal })
  }

  /** Whether others see it now. */
  async showsPresence({ signal }: Waiting = {}): Promise<boolean> {
    return (await this.#call<{ shown: boolean }>('GET', '/me/presence', { signal })).shown
  }

  async sessions({ signal }: Waiting = {}): Promise<readonly SessionView[]> {
    return (await this.#call<{ sessions: SessionView[] }>('GET', '/sessions', { signal })).sessions
  }

  /** At once: its live streams end too. */
  async endSession(id: number, { signal }: Waiting = {}): Promise<void> {
    await this.#call('DELETE', path`/sessions/${id}`, { signal })
  }
}
