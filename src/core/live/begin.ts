// The beginning of every live stream: where the reader stands in this log, and what it is told about it.
import type { Cursors, Placement } from '../log/cursors.ts'
import type { Followers } from './followers.ts'
import type { Follower } from './follower.ts'
import type { Listening } from '../people/listening.ts'
import type { Caller } from '../people/sessions.ts'
import type { Soft } from './presence.ts'
import type { Places } from '../kit/slots.ts'
import type { Account, AccountId } from '../../store/store.ts'
import { Refusal } from '../../protocol/refusals.ts'
import type { DivergedFrame, HelloFrame, TruncatedFrame } from '../../protocol/v1.ts'
import { meOf } from '../people/me-view.ts'
import * as requestTexts from '../../protocol/texts/requests.ts'

export interface LiveNeeds {
  readonly cursors: Cursors
  readonly followers: Followers
  readonly soft: Soft
  /** Live streams of each account. */
  readonly streams: Places<AccountId>
  /** Sessions with a live stream. */
  readonly listening: Listening
}

export interface Beginning {
  readonly follower: Follower
  /** Hello, and what has become of the cursor, to be written first. */
  readonly frames: readonly (HelloFrame | DivergedFrame | TruncatedFrame)[]
  /** To be disposed when the connection closes: gives the place back, and lets go of the follower. */
  readonly ends: DisposableStack
}

/** Begins a stream after `after` (a cursor; the head if there is none). Refuses a cursor that is none. */
export async function begin(
  { cursors, followers, streams, listening }: LiveNeeds,
  { account, session }: Caller,
  after: string | undefined,
): Promise<Beginning | Refusal> {
  using ends = new DisposableStack()
  // Before anything is waited for: streams that begin at once could pass the bound together.
  const place = streams.take(account.id)
  if (place === undefined) {
    return new Refusal('too-many', requestTexts.streamsFull(streams.max), { retryAfterSeconds: 60 })
  }
  ends.use(place)
  ends.use(listening.begin(session.id))
  const placement = await cursors.place(after)
  if (placement instanceof Refusal) return placement
  const { floor, head, seq, storedAtMs } = placement
  const { epoch } = placement.epoch
  const follower = ends.use(await followers.follow({ account, session }, seq))
  const cursor = cursors.at(seq, storedAtMs)
  const hello: HelloFrame = { type: 'hello', epoch, floor, head, cursor, account: meOf(account) }
  return { follower, frames: [hello, ...fateOf(placement)], ends: ends.move() }
}

function fateOf({ fate, seq, floor }: Placement): (DivergedFrame | TruncatedFrame)[] {
  if (fate === 'diverged') return [{ type: 'diverged', shared: seq }]
  if (fate === 'truncated') return [{ type: 'truncated', floor }]
  return []
}

/** The account is here until this is disposed. */
export function hereWhile(soft: Soft, account: Account): Disposable {
  soft.arrive(account)
  return { [Symbol.dispose]: () => soft.depart(account) }
}
