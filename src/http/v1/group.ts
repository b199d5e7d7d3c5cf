// What every group of v1 routes is given, and what it may say of each of its routes.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Logger } from 'pino'
import type { Accounts } from '../../core/people/accounts.ts'
import type { Conversations } from '../../core/conversations/conversations.ts'
import type { Cursors } from '../../core/log/cursors.ts'
import type { Entries } from '../../core/conversations/entries.ts'
import type { Erasing } from '../../core/consumers/erasing.ts'
import type { Followers } from '../../core/live/followers.ts'
import type { Soft } from '../../core/live/presence.ts'
import type { Invites } from '../../core/people/invites.ts'
import type { RateLimiter } from '../../core/kit/rate-limiter.ts'
import type { Listening } from '../../core/people/listening.ts'
import type { Messages } from '../../core/conversations/messages.ts'
import type { People } from '../../core/people/people.ts'
import type { Places } from '../../core/kit/slots.ts'
import type { Rooms } from '../../core/conversations/rooms.ts'
import type { Search } from '../../core/search/search.ts'
import type { Caller, Sessions } from '../../core/people/sessions.ts'
import type { RefusalCode } from '../../protocol/refusals.ts'
import type { AccountId, Store } from '../../store/store.ts'
import type { TrustedProxies } from '../../net/address.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; set on every route that is not `open`. */
    caller: Caller
  }
  interface FastifyContextConfig {
    /** Whether a route answers also those who have not signed in. */
    open?: boolean
    /** Bytes of its largest body, if not `bodyBytesMax`. */
    bytesMax?: number
    /** What only this route refuses with, for the documentation; openapi.ts adds what every route does. */
    refusals?: readonly RefusalCode[]
  }
}

/** What the v1 routes need of the core; each group of routes takes what it uses. */
export interface V1Needs {
  readonly accounts: Accounts
  readonly sessions: Sessions
  readonly invites: Invites
  readonly people: People
  readonly erasing: Erasing
  readonly store: Store
  readonly cursors: Cursors
  readonly followers: Followers
  readonly soft: Soft
  readonly streams: Places<AccountId>
  readonly listening: Listening
  readonly messages: Messages
  readonly entries: Entries
  readonly conversations: Conversations
  readonly rooms: Rooms
  readonly search: Search
  readonly trustedProxies: TrustedProxies | undefined
  /** Counts requests by account; the app has counted them by address. */
  readonly accountRequests: RateLimiter
  /** The address under which people reach this server, where it was set. */
  readonly publicUrl: URL | undefined
  /** Of Hullo, for the document. */
  readonly version: string
  readonly log: Logger
}

/** A group of routes, registered under /v1. */
export type V1Routes = FastifyPluginAsyncTypebox<V1Needs>
