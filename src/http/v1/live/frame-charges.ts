// Arrive: what frames and bytes of a WebSocket cost, by address and by account. What has come is charged even where it is
// too much: the debt says for how long its connection is not read.
import type { RateLimiter } from '../../../core/kit/rate-limiter.ts'
import type { Refusal } from '../../../protocol/refusals.ts'
import type { AccountId } from '../../../store/store.ts'

export interface FrameLimits {
  /** By address. */
  readonly frames: RateLimiter
  readonly bytes: RateLimiter
  readonly accountFrames: RateLimiter
  readonly accountBytes: RateLimiter
}

/** What has come from an address, for an account where it is known. */
interface Received {
  readonly from: string
  readonly account: AccountId | undefined
  readonly frames: number
  readonly bytes: number
}

/** The longest of the debts; 0 seconds where there is none. */
interface Debt {
  readonly seconds: number
  refusal(): Refusal
}

export function chargeFrames(limits: FrameLimits, { from, account, frames, bytes }: Received): Debt {
  let worst = limits.frames
  let seconds = worst.charge(from, frames)
  const charge = (limiter: RateLimiter, key: string, cost: number) => {
    const debt = limiter.charge(key, cost)
    if (debt > seconds) [worst, seconds] = [limiter, debt]
  }
  charge(limits.bytes, from, bytes)
  if (account !== undefined) {
    charge(limits.accountFrames, String(account), frames)
    charge(limits.accountBytes, String(account), bytes)
  }
  return { seconds, refusal: () => worst.refusal(seconds) }
}
