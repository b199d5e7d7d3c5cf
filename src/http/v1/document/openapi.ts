// The v1 routes' own description, made of their schemas: the OpenAPI document, and pages to read it, served from the
// package. A route names the refusals that only it gives; those that its kind of route gives are added here.
import type { IncomingMessage, ServerResponse } from 'node:http'
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import Fastify, { type RouteOptions } from 'fastify'
import type { TSchema } from 'typebox'
import { Refusal, type RefusalCode } from '../../../protocol/refusals.ts'
import * as requestTexts from '../../../protocol/texts/requests.ts'
import { sendRefusal, statusOf } from '../../app/refusals.ts'
import { statusTexts } from '../../app/status-texts.ts'
import { withoutCompilers } from '../../app/without-compilers.ts'
import { sessionCookie } from '../caller.ts'
import { ProblemSchema } from './schemas.ts'
import { Type } from './type.ts'

/** Answers a request for the document or a page, on the response itself. */
export type Answer = (request: IncomingMessage, response: ServerResponse) => void

/** Everything of the pages comes from this server; the styles that scripts set on elements need 'unsafe-inline'. */
const docsPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const description = `Messages as entries of one log: each has a place in it (\`seq\`), and whoever reads keeps a cursor.
Times are seconds since 1970. Refusals are problem documents (RFC 9457) with a stable \`code\`.`

/**
 * Relative to the document itself, which is at /v1/openapi.json and /docs/json, perhaps below a path of a proxy. (The plugin
 * takes only absolute ones for an option: they are put in afterwards.)
 */
const servers = [{ url: '..', description: 'this server' }]

/** Gives the document of these routes, and the pages: an app of its own, whose routes are only described. */
export async function documentOf(routes: readonly RouteOptions[], version: string): Promise<Answer> {
  const app = Fastify({ logger: false, schemaController: withoutCompilers })
  // Nothing is asked of its routes but what they are.
  app.setValidatorCompiler(() => () => true)
  app.setNotFoundHandler((_request, reply) =>
    sendRefusal(reply, new Refusal('unknown-route', requestTexts.nothingHere)),
  )
  await app.register(swagger, {
    convertConstToEnum: false,
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Hullo', version, description, license: { name: 'MIT', identifier: 'MIT' } as { name: string } },
      tags: [
        { name: 'accounts', description: 'Accounts, sign-ins and invites.' },
        { name: 'people', description: 'Who else is here, and whom one blocks.' },
        { name: 'messages', description: 'Sending, reading past a cursor, editing, erasing.' },
        { name: 'conversations', description: 'What one is in: direct conversations and rooms, and their history.' },
        { name: 'rooms', description: 'Making, finding, joining and keeping rooms.' },
        { name: 'search', description: "Words in one's own messages." },
        { name: 'live', description: 'What happens, as it happens.' },
      ],
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', description: 'The token of `POST /v1/sessions`.' },
          cookie: { type: 'apiKey', in: 'cookie', name: sessionCookie, description: 'For pages, over HTTPS only.' },
        },
      },
      security: [{ bearer: [] }, { cookie: [] }],
    },
    transformObject: made => ({ ...('openapiObject' in made ? made.openapiObject : {}), servers }),
  })
  app.addHook('onRoute', complete)
  for (const { method, url, schema, config } of routes) {
    app.route({ method, url, schema: { ...schema }, config: { ...config }, handler: async () => undefined })
  }
  app.get('/v1/openapi.json', { schema: { hide: true } }, async (_request, reply) =>
    reply.type('application/json').send(app.swagger()),
  )
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    // So that the page at /docs, without a slash, names its parts by where it is, not by where the server's root is.
    indexPrefix: '.',
    staticCSP: docsPolicy,
    // Without the bar on which one could ask for documents of other servers.
    uiConfig: { layout: 'BaseLayout', docExpansion: 'list', persistAuthorization: false },
    theme: { title: 'Hullo: the v1 API' },
  })
  await app.ready()
  return (request, response) => app.routing(request, response)
}

/** Adds to a route's schema what follows from its kind: refusals, whether one must be signed in, an id. */
function complete(route: RouteOptions): void {
  const { schema, method, url } = route
  if (schema === undefined || schema.hide === true) return
  const good = Object.entries((schema.response ?? {}) as Record<string, TSchema>)
    .filter(([status]) => /^[123]/.test(status))
    .map(([status, answer]) => [status, described(status, answer)])
  schema.response = { ...Object.fromEntries(good), ...problems(refusalsOf(route)) }
  schema.operationId ??= operationId(String(method), url)
  if (route.config?.open === true) schema.security = []
}

function described(status: string, answer: TSchema): TSchema {
  if ('description' in answer || 'content' in answer) return answer
  return { ...answer, 'x-response-description': statusTexts[status] ?? 'The answer.' }
}

/** `getPeople`, `putBlocksName`: names for programs that are made of the document. */
function operationId(method: string, url: string): string {
  const words = url
    .replace(/^\/v1/, '')
    .split(/[^A-Za-z]+/)
    .filter(word => word !== '')
  return [method.toLowerCase(), ...words.map(word => word[0]?.toUpperCase() + word.slice(1))].join('')
}

const always: readonly RefusalCode[] = ['malformed', 'foreign-origin', 'foreign-host', 'too-many', 'unavailable']
const ofFields: readonly RefusalCode[] = ['field-missing', 'field-type', 'field-invalid']
const ofWrites: readonly RefusalCode[] = ['busy', 'outcome-unknown']

function refusalsOf({ schema, config, method }: RouteOptions): ReadonlySet<RefusalCode> {
  const { body, params, querystring } = schema ?? {}
  const codes = new Set([...always, ...(config?.refusals ?? [])])
  const add = (more: readonly RefusalCode[]) => {
    for (const code of more) codes.add(code)
  }
  if (config?.open !== true) add(['signed-out'])
  if (body !== undefined || params !== undefined || querystring !== undefined) add(ofFields)
  if (body !== undefined) add(['too-large', 'media-type'])
  if (method !== 'GET') add(ofWrites)
  return codes
}

/** The answers that refuse, by status, each with the codes that it can carry. */
function problems(codes: ReadonlySet<RefusalCode>): Record<string, unknown> {
  const byStatus = Map.groupBy(codes, code => statusOf(code))
  return Object.fromEntries(
    [...byStatus].toSorted(([a], [b]) => a - b).map(([status, some]) => [status, problem(some)]),
  )
}

function problem(codes: readonly RefusalCode[]): object {
  const schema = Type.Object({ ...ProblemSchema.properties, code: Type.Enum([...codes]) })
  return {
    description: `Refused: ${codes.map(code => `\`${code}\``).join(', ')}.`,
    content: { 'application/problem+json': { schema } },
  }
}
