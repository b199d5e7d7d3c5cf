// How many wrong passwords of one account are compared. Strangers share one budget a day, over all addresses; an address
// that has proved the password and a session that is signed in have a small one of their own first, so that no stranger
// locks them out. A token is taken before anything is compared, and given back unless the password was wrong.
import type { Refusal } from '../../protocol/refusals.ts'
import type { Clock } from '../kit/clock.ts'
import { type Rate, RateLimiter } from '../kit/rate-limiter.ts'

const daySeconds = 24 * 3_600

/** A twenty-fifth of the day's budget at once: 20 of 500, more than a person tries in one go. */
const partAtOnce = 25

/** For those who proved themselves: ten mistakes at once, then one every 15 minutes, some 100 a day. */
const ownRate: Rate = { burst: 10, perSecond: 1 / 900 }

/** A comparison that is about to happen. Disposing it gives the token back, unless it was spent. */
export interface Guess extends Disposable {
  /** The password was compared and is wrong. */
  spend(): void
}

export class Guesses {
  readonly #everybodys: RateLimiter
  readonly #own: RateLimiter

  /** `perDay`: comparisons of wrong passwords of one account within any 24 hours, by strangers; Infinity for no limit. */
  constructor(perDay: number, clock: Clock) {
    const burst = Math.max(1, Math.floor(perDay / partAtOnce))
    const unlimited = { burst: Infinity, perSecond: Infinity }
    const limited = perDay === Infinity ? unlimited : { burst, perSecond: (perDay - burst) / daySeconds }
    this.#everybodys = new RateLimiter('guesses', limited, clock)
    this.#own = new RateLimiter('guesses', perDay === Infinity ? unlimited : ownRate, clock)
  }

  /**
   * Allows one comparison with the password of `name`, from the first budget that has something left: those of `own`
   * (keys of what has proved itself), then everybody's. Refuses with `too-many`.
   */
  begin(name: string, own: readonly string[]): Guess | Refusal {
    const refusals: Refusal[] = []
    const budgets = [...own.map(key => [this.#own, key] as const), [this.#everybodys, name] as const]
    for (const [limiter, key] of budgets) {
      const refusal = limiter.take(key)
      if (refusal === undefined) return guessOf(limiter, key)
      refusals.push(refusal)
    }
    return refusals.reduce((first, other) => (waitOf(other) < waitOf(first) ? other : first))
  }
}

function guessOf(limiter: RateLimiter, key: string): Guess {
  let isTaken = true
  return {
    spend() {
      isTaken = false
    },
    [Symbol.dispose]() {
      if (isTaken) limiter.giveBack(key)
      isTaken = false
    },
  }
}

function waitOf({ retryAfterSeconds = Infinity }: Refusal): number {
  return retryAfterSeconds
}
