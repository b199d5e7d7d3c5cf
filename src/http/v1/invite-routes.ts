// Invites, by admins.
import type { Caller } from '../../core/people/sessions.ts'
import { Refusal } from '../../protocol/refusals.ts'
import type { InviteView } from '../../protocol/v1.ts'
import type { Account, OpenInvite } from '../../store/store.ts'
import { isSecure } from '../../net/address.ts'
import { granted } from './problems.ts'
import { InviteSchema, Nothing, Time } from './document/schemas.ts'
import { inviteLink, usesMax } from '../../core/people/invites.ts'
import type { V1Routes } from './group.ts'
import * as requestTexts from '../../protocol/texts/requests.ts'
import { Type } from './document/type.ts'

/** A week, unless said otherwise; and at most a month: a link lies about for as long. */
const lifeUsualSeconds = 7 * 24 * 3_600
const lifeMaxSeconds = 31 * 24 * 3_600

const Draft = Type.Object({
  uses: Type.Optional(Type.Integer({ minimum: 1, maximum: usesMax, default: 1 })),
  expiresInSeconds: Type.Optional(Type.Integer({ minimum: 1, maximum: lifeMaxSeconds, default: lifeUsualSeconds })),
  makesAdmin: Type.Optional(Type.Boolean({ default: false, description: 'Whether its accounts are admins.' })),
})

/** Invites of one page: more than a team has open. */
const pageMax = 100

const InviteId = Type.String({
  minLength: 64,
  maxLength: 64,
  pattern: '^[0-9a-f]{64}$',
  description: 'Which invite; says nothing of its secret.',
})

const Created = Type.Object({
  id: InviteId,
  invite: InviteSchema,
  link: Type.String({ description: 'For people: the invite stands behind the #, which is never sent anywhere.' }),
  uses: Type.Integer(),
  makesAdmin: Type.Boolean(),
  expiresAt: Time,
})

const Open = Type.Object({
  id: InviteId,
  by: Type.Optional(Type.String({ description: 'The admin who made it; absent where the server itself did.' })),
  usesLeft: Type.Integer(),
  makesAdmin: Type.Boolean(),
  expiresAt: Time,
})

const Page = Type.Object({ invites: Type.Array(Open), more: Type.Boolean() })

export const inviteRoutes: V1Routes = async (v1, { invites, publicUrl, trustedProxies }) => {
  v1.post(
    '/invites',
    {
      config: { refusals: ['admins-only'] },
      schema: {
        summary: 'Invite people',
        description: 'Makes an invite with which so many accounts can be made until it expires. It is shown this once.',
        tags: ['accounts'],
        body: Draft,
        response: { 201: Created },
      },
    },
    async (request, reply) => {
      const account = admin(request.caller)
      const { uses = 1, expiresInSeconds = lifeUsualSeconds, makesAdmin = false } = request.body
      const made = granted(await invites.create(account.id, { uses, expiresInSeconds, makesAdmin }))
      const scheme = isSecure(request.raw, trustedProxies) ? 'https' : 'http'
      const base = publicUrl ?? `${scheme}://${request.headers.host ?? 'localhost'}`
      const { id, invite, expiresAtMs } = made
      const link = inviteLink(base, invite)
      return reply.code(201).send({ id, invite, link, uses, makesAdmin, expiresAt: expiresAtMs / 1_000 })
    },
  )

  v1.get(
    '/invites',
    {
      config: { refusals: ['admins-only'] },
      schema: {
        summary: 'Open invites',
        description:
          'Those of all admins that are neither used up nor expired, without their secrets, in the order of their ids; ' +
          'the next page comes `after` the last id of this one.',
        tags: ['accounts'],
        querystring: Type.Object({
          after: Type.Optional(Type.String({ maxLength: 64, pattern: '^[0-9a-f]*$' })),
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: pageMax, default: pageMax })),
        }),
        response: { 200: Page },
      },
    },
    async ({ caller, query: { after = '', limit = pageMax } }) => {
      admin(caller)
      const page = await invites.list(after, limit)
      return { invites: page.invites.map(viewOf), more: page.more }
    },
  )

  v1.delete(
    '/invites/:id',
    {
      config: { refusals: ['admins-only', 'invite-unknown'] },
      schema: {
        summary: 'Withdraw an invite',
        description: 'Whoever made it. From then on nobody gets in with it; who did, stays.',
        tags: ['accounts'],
        params: Type.Object({ id: InviteId }),
        response: { 204: Nothing },
      },
    },
    async ({ caller, params }, reply) => {
      admin(caller)
      granted(await invites.withdraw(params.id))
      return reply.code(204).send(null)
    },
  )
}

/** The account that asks, if it may look after invites. */
function admin({ account }: Caller): Account {
  return granted<Account>(account.isAdmin ? account : new Refusal('admins-only', requestTexts.adminsInvite))
}

function viewOf({ inviteHash, by, usesLeft, makesAdmin, expiresAtMs }: OpenInvite): InviteView {
  const expiresAt = expiresAtMs / 1_000
  return { id: inviteHash, ...(by === null ? {} : { by: by.name }), usesLeft, makesAdmin, expiresAt }
}
