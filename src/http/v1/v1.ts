// The v1 API: routes over the core's verbs, with typed schemas that are also the documentation. This file is what all of
// them share: bodies, validation, who asks, refusals as problem documents. The routes are in files by subject.
import type { FastifyError, FastifyInstance, FastifyRequest } from 'fastify'
import { Refusal } from '../../protocol/refusals.ts'
import { bodyBytesMax } from '../../protocol/limits.ts'
import { readBody } from '../app/body.ts'
import { accountRoutes } from './account-routes.ts'
import { callerOf } from './caller.ts'
import type { V1Needs } from './group.ts'
import { conversationRoutes } from './conversation-routes.ts'
import { addDocs } from './document/docs.ts'
import { inviteRoutes } from './invite-routes.ts'
import { meRoutes } from './me-routes.ts'
import { messagesRoutes } from './messages-routes.ts'
import { peopleRoutes } from './people-routes.ts'
import { presenceRoutes } from './presence-routes.ts'
import { parseJson } from './json.ts'
import { streamRoutes } from './live/stream.ts'
import { roomRoutes } from './room-routes.ts'
import { searchRoutes } from './search-routes.ts'
import { sessionRoutes } from './session-routes.ts'
import { granted, Refused, sendProblem } from './problems.ts'
import { compileValidator } from './validation.ts'
import { refusalOfFault } from '../../core/kit/faults.ts'
import { logFault } from '../app/refusals.ts'
import * as requestTexts from '../../protocol/texts/requests.ts'
import type { Scope } from '../app/scope.ts'
import { allowReading, answerPreflight } from './cors.ts'
import { isV1 } from '../app/route-table.ts'

/** Adds /v1, its document and the pages to read it. */
export async function addV1(app: FastifyInstance, needs: V1Needs): Promise<void> {
  await app.register(async scope => {
    addDocs(scope, needs)
    await scope.register(async v1 => addRoutes(v1, needs), { prefix: '/v1' })
  })
}

async function addRoutes(v1: FastifyInstance, needs: V1Needs): Promise<void> {
  v1.setValidatorCompiler(compileValidator)
  // As it is: a schema that leaves a field out must not silently drop it.
  v1.setSerializerCompiler(() => JSON.stringify)
  v1.setErrorHandler((error: FastifyError, request, reply) => {
    const refusal = refusalOf(error)
    if (refusal === undefined) logFault(needs.log, error, request)
    return sendProblem(reply, refusal ?? refusalOfFault(error))
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
  for (const routes of groups) await v1.register(routes, needs)
}

const groups = [
  accountRoutes,
  meRoutes,
  sessionRoutes,
  inviteRoutes,
  peopleRoutes,
  presenceRoutes,
  messagesRoutes,
  conversationRoutes,
  roomRoutes,
  searchRoutes,
  streamRoutes,
]

/** Finds out who asks, and counts what the account asks for. */
async function admit(request: FastifyRequest, needs: V1Needs): Promise<Refusal | undefined> {
  if (request.routeOptions.config.open === true) return undefined
  const caller = await callerOf(needs.sessions, request.raw)
  if (caller instanceof Refusal) return caller
  request.caller = caller
  return needs.accountRequests.take(String(caller.account.id))
}

async function readJson(request: FastifyRequest, payload: FastifyRequest['raw']): Promise<unknown> {
  if (request.headers['content-encoding'] !== undefined) {
    throw new Refused(new Refusal('media-type', requestTexts.compressed))
  }
  const body = granted(
    await readBody(payload, request.routeOptions.config.bytesMax ?? bodyBytesMax, request.server.bodyBudget),
  )
  return body.length === 0 ? undefined : granted(parseJson(body))
}

/** What validation, the core and Fastify itself refuse, in our words; undefined for what broke. */
function refusalOf(error: FastifyError | Refused): Refusal | undefined {
  if (error instanceof Refused) return error.refusal
  if (error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    return new Refusal('media-type', requestTexts.needsJson)
  }
  // The client left in the middle: nobody reads it.
  if (error.code === 'ECONNRESET' || error.code === 'ERR_STREAM_PREMATURE_CLOSE') return unreadable
  return error.statusCode === undefined || error.statusCode >= 500 ? undefined : unreadable
}

const unreadable = new Refusal('malformed', requestTexts.unreadable)

/** What the application must know of v1. */
export const v1Scope: Scope = { owns: isV1, refuse: sendProblem, allowReading, answerPreflight }
