// The beginning of every live stream: where the reader stands in this log, and what it is told about it.
import type { Cursors, Placement } from '../../core/cursors.ts'
import type { Followers } from '../../core/follow.ts'
import type { Follower } from '../../core/follower.ts'
import type { Caller } from '../../core/sessions.ts'
import type { Soft } from '../../core/soft.ts'
import type { Account } from '../../store/store.ts'
import { Refusal } from '../../protocol/refusals.ts'
import { type Frame, plain } from './frames.ts'
import { meOf } from './me-routes.ts'
import * as requestTexts from '../../protocol/texts/requests.ts'

export interface LiveNeeds {
  readonly cursors: Cursors
  readonly followers: Followers
  readonly soft: Soft
}

/** Live streams of one account at a time: all the devices and bots that one person has, many times over. */
const streamsMax = 200

export interface Beginning {
  readonly follower: Follower
  /** Hello, and what has become of the cursor, to be written first. */
  readonly frames: readonly Frame[]
}

/** Begins a stream after `after` (a cursor; the head if there is none). Refuses a cursor that is none. */
export async function begin(
  { cursors, followers }: LiveNeeds,
  caller: Caller,
  after: string | undefined,
): Promise<Beginning | Refusal> {
  if (followers.countOf(caller.account.id) >= streamsMax) {
    return new Refusal('too-many', requestTexts.streamsFull(streamsMax), { retryAfterSeconds: 60 })
  }
  const placement = await cursors.place(after)
  if (placement instanceof Refusal) return placement
  const { floor, head, seq, storedAtMs } = placement
  const { epoch } = placement.epoch
  const follower = await followers.follow(caller, seq)
  const cursor = cursors.at(seq, storedAtMs)
  const hello = { ...plain({ type: 'hello', epoch, floor, head, cursor, account: meOf(caller.account) }), cursor }
  return { follower, frames: [hello, ...fate(placement)] }
}

function fate({ fate: what, seq, floor }: Placement): Frame[] {
  if (what === 'diverged') return [plain({ type: 'diverged', shared: seq })]
  if (what === 'truncated') return [plain({ type: 'truncated', floor })]
  return []
}

/** The account is here until this is disposed. */
export function hereWhile(soft: Soft, account: Account): Disposable {
  soft.arrive(account)
  return { [Symbol.dispose]: () => soft.depart(account) }
}
