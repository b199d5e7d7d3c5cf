// Sign-ins: a token, or for pages over HTTPS also a cookie, which no script can read and no other site can use.
import type { FastifyReply } from 'fastify'
import { sessionSecondsMax, sessionSecondsMin } from '../../protocol/limits.ts'
import { refuseField } from '../../protocol/refusals.ts'
import type { SessionView } from '../../protocol/v1.ts'
import type { Session } from '../../store/store.ts'
import { isSecure } from '../../net/address.ts'
import { sessionCookie } from './caller.ts'
import { meOf } from '../../core/people/me-view.ts'
import { granted } from './problems.ts'
import { IdSchema, NameSchema, Nothing, PasswordSchema, SessionSchema, SignedInSchema } from './document/schemas.ts'
import { sourceOf } from '../app/source.ts'
import type { V1Routes } from './group.ts'
import * as fieldTexts from '../../protocol/texts/fields.ts'
import { Type } from './document/type.ts'

/** Code points of a label: the name of a device or a program. */
const labelMax = 64

const SignIn = Type.Object({
  name: NameSchema,
  password: PasswordSchema,
  label: Type.Optional(Type.String({ maxLength: labelMax, description: 'What signs in: a device, a program.' })),
  expiresInSeconds: Type.Optional(
    Type.Integer({
      minimum: sessionSecondsMin,
      maximum: sessionSecondsMax,
      default: sessionSecondsMax,
      description: 'How long the session lasts after its last use.',
    }),
  ),
  cookie: Type.Optional(Type.Boolean({ description: 'Sets the cookie too; over HTTPS only.' })),
})

const tags = ['accounts']

export const sessionRoutes: V1Routes = async (v1, needs) => {
  v1.post(
    '/sessions',
    {
      config: { open: true, refusals: ['sign-in-failed', 'password-weak'] },
      schema: {
        summary: 'Sign in',
        description:
          'Gives a token for `Authorization: Bearer`, shown this once. Its session ends `expiresInSeconds` after its ' +
          'last use (each request with the token, and what is said over a WebSocket; use is noted ten times in that ' +
          'time, and every ten minutes at the most), and however it is used after 14 times that, or 90 days. An account ' +
          'has at most 100 sessions; with one more, the one that was used longest ago ends, and one with a live stream ' +
          'only where all have one.',
        tags,
        body: SignIn,
        response: { 201: SignedInSchema },
      },
    },
    async (request, reply) => {
      const { name, password, label = '', expiresInSeconds = sessionSecondsMax, cookie = false } = request.body
      if (cookie && !isSecure(request.raw, needs.trustedProxies)) {
        granted(refuseField('field-invalid', 'cookie', fieldTexts.cookieNeedsHttps))
      }
      const source = sourceOf(request.raw, needs.trustedProxies)
      const account = granted(await needs.accounts.recognise(name, password, source))
      const { token, session } = granted(await needs.sessions.open(account, label, expiresInSeconds * 1_000))
      // The longest that it may last with use: when it is over is for the server to say.
      if (cookie) setCookie(reply, token, sessionSecondsMax)
      return reply.code(201).send({ token, session: viewOf(session, true), account: meOf(account) })
    },
  )

  v1.get(
    '/sessions',
    {
      schema: {
        summary: 'My sessions',
        description: 'Those that are not over, last used first. The time of the last use is kept to ten minutes.',
        tags,
        response: { 200: Type.Object({ sessions: Type.Array(SessionSchema) }) },
      },
    },
    async request => {
      const { account, session } = request.caller
      const sessions = await needs.sessions.list(account.id)
      return { sessions: sessions.map(one => viewOf(one, one.id === session.id)) }
    },
  )

  v1.delete(
    '/sessions/current',
    {
      config: { refusals: ['session-unknown'] },
      schema: {
        summary: 'Sign out',
        description: 'Ends the session that asks, and takes its cookie back.',
        tags,
        response: { 204: Nothing },
      },
    },
    async (request, reply) => {
      const { account, session } = request.caller
      granted(await needs.sessions.end(account.id, session.id))
      if (isSecure(request.raw, needs.trustedProxies)) setCookie(reply, '', 0)
      return reply.code(204).send(null)
    },
  )

  v1.delete(
    '/sessions/:id',
    {
      config: { refusals: ['session-unknown'] },
      schema: {
        summary: 'End a session of mine',
        description: 'At once: its live streams end too.',
        tags,
        params: Type.Object({ id: IdSchema }),
        response: { 204: Nothing },
      },
    },
    async (request, reply) => {
      granted(await needs.sessions.end(request.caller.account.id, request.params.id))
      return reply.code(204).send(null)
    },
  )
}

function viewOf({ id, label, createdAtMs, lastUsedAtMs, expiresAtMs }: Session, current: boolean): SessionView {
  return {
    id,
    label,
    createdAt: createdAtMs / 1_000,
    lastUsedAt: lastUsedAtMs / 1_000,
    expiresAt: expiresAtMs / 1_000,
    current,
  }
}

function setCookie(reply: FastifyReply, token: string, maxAgeS: number): void {
  reply.header('Set-Cookie', `${sessionCookie}=${token}; Path=/; Max-Age=${maxAgeS}; HttpOnly; Secure; SameSite=Strict`)
}
