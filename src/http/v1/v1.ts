// The v1 API: routes over the core's verbs, with typed schemas that are also the documentation. This file is what all of
// them share: bodies, validation, who asks, refusals as problem documents. The routes are in files by subject.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyError, FastifyInstance, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import type { Accounts } from '../../core/accounts.ts'
import type { RateLimiter } from '../../core/limits.ts'
import type { Caller, Sessions } from '../../core/sessions.ts'
import { Refusal } from '../../protocol/refusals.ts'
import { bodyBytesMax } from '../../protocol/limits.ts'
import type { Store } from '../../store/store.ts'
import { originOf, rateKey, type TrustedProxies } from '../address.ts'
import { readBody } from '../body.ts'
import { callerOf } from './caller.ts'
import { meRoutes } from './me-routes.ts'
import { sendProblem } from './problems.ts'
import { compileValidator, Misfit } from './validation.ts'

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
  }
}

/** What the v1 routes need of the core; each group of routes takes what it uses. */
export interface V1Needs {
  readonly accounts: Accounts
  readonly sessions: Sessions
  readonly store: Store
  readonly trustedProxies: TrustedProxies | undefined
  /** Counts requests, by address. */
  readonly requests: RateLimiter
  readonly log: Logger
}

/** A group of routes, registered under /v1. */
export type V1Routes = FastifyPluginAsyncTypebox<V1Needs>

/** The key under which a request is counted. */
export function sourceOf(request: FastifyRequest, { trustedProxies }: Pick<V1Needs, 'trustedProxies'>): string {
  return rateKey(originOf(request.raw, trustedProxies).address)
}

export async function addV1(app: FastifyInstance, needs: V1Needs): Promise<void> {
  await app.register(
    async v1 => {
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
        parseJson(await readBody(payload, request.routeOptions.config.bytesMax ?? bodyBytesMax)),
      )
      v1.decorateRequest('caller')
      v1.addHook('onRequest', async (request, reply) => {
        const tooMany = needs.requests.take(sourceOf(request, needs))
        if (tooMany !== undefined) return sendProblem(reply, tooMany)
        if (request.routeOptions.config.open === true) return undefined
        const caller = await callerOf(needs.sessions, request.raw)
        if (caller instanceof Refusal) return sendProblem(reply, caller)
        request.caller = caller
        return undefined
      })
      for (const routes of [meRoutes]) await v1.register(routes, needs)
    },
    { prefix: '/v1' },
  )
}

const failed = new Refusal('unavailable', 'The server failed to do this; its log says more. Try again later.')

function parseJson(body: Buffer | Refusal): unknown {
  if (body instanceof Refusal) throw new Misfit(body)
  if (body.length === 0) return undefined
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    throw new Misfit(new Refusal('malformed', 'The body is not JSON in UTF-8.'))
  }
}

/** What validation and Fastify itself refuse, in our words; undefined for what broke. */
function refusalOf(error: FastifyError | Misfit): Refusal | undefined {
  if (error instanceof Misfit) return error.refusal
  if (error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE')
    return new Refusal('media-type', 'The body is to be application/json.')
  if (error.statusCode === undefined || error.statusCode >= 500) return undefined
  return new Refusal('malformed', 'The request cannot be read.')
}
