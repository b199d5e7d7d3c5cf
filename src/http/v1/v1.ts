// The v1 API: routes over the core's verbs, with typed schemas that are also the documentation. This file is what all of
// them share: bodies, validation, who asks, refusals as problem documents. The routes are in files by subject.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyError, FastifyInstance, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import type { Accounts } from '../../core/accounts.ts'
import type { Erasing } from '../../core/erasing.ts'
import type { Invites } from '../../core/invites.ts'
import type { RateLimiter } from '../../core/limits.ts'
import type { People } from '../../core/people.ts'
import type { Caller, Sessions } from '../../core/sessions.ts'
import { Refusal, type RefusalCode } from '../../protocol/refusals.ts'
import { bodyBytesMax } from '../../protocol/limits.ts'
import type { Store } from '../../store/store.ts'
import { originOf, rateKey, type TrustedProxies } from '../address.ts'
import { readBody } from '../body.ts'
import { accountRoutes } from './account-routes.ts'
import { callerOf } from './caller.ts'
import { inviteRoutes } from './invite-routes.ts'
import { meRoutes } from './me-routes.ts'
import { peopleRoutes } from './people-routes.ts'
import { sessionRoutes } from './session-routes.ts'
import { parseJson } from './json.ts'
import { describe } from './openapi.ts'
import { granted, Refused, sendProblem } from './problems.ts'
import { compileValidator } from './validation.ts'

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
  readonly trustedProxies: TrustedProxies | undefined
  /** Count requests, by address and by account. */
  readonly requests: RateLimiter
  readonly accountRequests: RateLimiter
  /** The address under which people reach this server, where it was set. */
  readonly publicUrl: URL | undefined
  /** Of Hullo, for the document. */
  readonly version: string
  readonly log: Logger
}

/** A group of routes, registered under /v1. */
export type V1Routes = FastifyPluginAsyncTypebox<V1Needs>

/** The key under which a request is counted. */
export function sourceOf(request: FastifyRequest, { trustedProxies }: Pick<V1Needs, 'trustedProxies'>): string {
  return rateKey(originOf(request.raw, trustedProxies).address)
}

/** Adds /v1, its document and the pages to read it. */
export async function addV1(app: FastifyInstance, needs: V1Needs): Promise<void> {
  await app.register(async scope => {
    await describe(scope, needs.version)
    await scope.register(async v1 => addRoutes(v1, needs), { prefix: '/v1' })
  })
}

async function addRoutes(v1: FastifyInstance, needs: V1Needs): Promise<void> {
  v1.setValidatorCompiler(compileValidator)
  // As it is: a schema that leaves a field out must not silently drop it.
  v1.setSerializerCompiler(() => JSON.stringify)
  v1.setErrorHandler((error: FastifyError, request, reply) => {
    const refusal = refusalOf(error)
    if (refusal === undefined) needs.log.error({ err: error, route: request.routeOptions.url }, 'a request failed')
    return sendProblem(reply, refusal ?? failed)
  })
  v1.removeAllContentTypeParsers()
  v1.addContentTypeParser('application/json', async (request: FastifyRequest, payload: FastifyRequest['raw']) =>
    readJson(request, payload),
  )
  v1.decorateRequest('caller')
  v1.addHook('onRequest', async (request, reply) => {
    const refusal = await admit(request, needs)
    return refusal === undefined ? undefined : sendProblem(reply, refusal)
  })
  for (const routes of [accountRoutes, meRoutes, sessionRoutes, inviteRoutes, peopleRoutes])
    await v1.register(routes, needs)
}

/** Counts the request, and finds out who asks. */
async function admit(request: FastifyRequest, needs: V1Needs): Promise<Refusal | undefined> {
  const tooMany = needs.requests.take(sourceOf(request, needs))
  if (tooMany !== undefined || request.routeOptions.config.open === true) return tooMany
  const caller = await callerOf(needs.sessions, request.raw)
  if (caller instanceof Refusal) return caller
  request.caller = caller
  return needs.accountRequests.take(String(caller.account.id))
}

const failed = new Refusal('unavailable', 'The server failed to do this; its log says more. Try again later.')

async function readJson(request: FastifyRequest, payload: FastifyRequest['raw']): Promise<unknown> {
  if (request.headers['content-encoding'] !== undefined) {
    throw new Refused(new Refusal('media-type', 'A compressed body is not taken; send it as it is.'))
  }
  const body = granted(await readBody(payload, request.routeOptions.config.bytesMax ?? bodyBytesMax))
  return body.length === 0 ? undefined : granted(parseJson(body))
}

/** What validation, the core and Fastify itself refuse, in our words; undefined for what broke. */
function refusalOf(error: FastifyError | Refused): Refusal | undefined {
  if (error instanceof Refused) return error.refusal
  if (error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    return new Refusal('media-type', 'The body is to be application/json.')
  }
  // The client left in the middle: nobody reads it.
  if (error.code === 'ECONNRESET' || error.code === 'ERR_STREAM_PREMATURE_CLOSE') return unreadable
  return error.statusCode === undefined || error.statusCode >= 500 ? undefined : unreadable
}

const unreadable = new Refusal('malformed', 'The request cannot be read.')
