// What a WebSocket needs of the core and of the server.
import type { Messages } from '../../../core/conversations/messages.ts'
import type { RateLimiter } from '../../../core/kit/rate-limiter.ts'
import type { LiveNeeds } from '../../../core/live/begin.ts'
import type { Sessions } from '../../../core/people/sessions.ts'
import type { ConnectionBound } from '../../../net/connections.ts'
import type { Front } from '../../app/browsers.ts'
import type { FrameLimits } from './frame-charges.ts'

export interface WebSocketNeeds extends LiveNeeds, ConnectionBound, FrameLimits {
  readonly front: Front
  /** Counts requests by address: an upgrade is one. */
  readonly requests: RateLimiter
  readonly sessions: Sessions
  readonly messages: Messages
  /** Counts what an account asks for: each batch of sends. */
  readonly accountRequests: RateLimiter
}
