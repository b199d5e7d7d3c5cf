// Invites, by admins.
import { Type } from 'typebox'
import { Refusal } from '../../protocol/refusals.ts'
import { isSecure } from '../address.ts'
import { granted } from './problems.ts'
import { InviteSchema, Time } from './schemas.ts'
import type { V1Routes } from './group.ts'
import * as requestTexts from '../../protocol/texts/requests.ts'

/** Accounts that one invite can make: a large class's. */
const usesMax = 1_000

/** A week, unless said otherwise; and at most a month: a link lies about for as long. */
const lifeUsualSeconds = 7 * 24 * 3_600
const lifeMaxSeconds = 31 * 24 * 3_600

const Draft = Type.Object({
  uses: Type.Optional(Type.Integer({ minimum: 1, maximum: usesMax, default: 1 })),
  expiresInSeconds: Type.Optional(Type.Integer({ minimum: 1, maximum: lifeMaxSeconds, default: lifeUsualSeconds })),
  makesAdmin: Type.Optional(Type.Boolean({ default: false, description: 'Whether its accounts are admins.' })),
})

const Created = Type.Object({
  invite: InviteSchema,
  link: Type.String({ description: 'For people: the invite stands behind the #, which is never sent anywhere.' }),
  uses: Type.Integer(),
  makesAdmin: Type.Boolean(),
  expiresAt: Time,
})

/** Where a browser takes an invite; in the fragment, which stays out of logs. `base` is an address of the server. */
export function inviteLink(base: string, invite: string): string {
  return new URL(`/#invite=${invite}`, base).href
}

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
      const { account } = request.caller
      if (!account.isAdmin) granted(new Refusal('admins-only', requestTexts.adminsInvite))
      const { uses = 1, expiresInSeconds = lifeUsualSeconds, makesAdmin = false } = request.body
      const made = granted(await invites.create(account.id, { uses, expiresInSeconds, makesAdmin }))
      const scheme = isSecure(request.raw, trustedProxies) ? 'https' : 'http'
      const base = publicUrl?.href ?? `${scheme}://${request.headers.host ?? 'localhost'}`
      const { invite, expiresAtMs } = made
      const link = inviteLink(base, invite)
      return reply.code(201).send({ invite, link, uses, makesAdmin, expiresAt: expiresAtMs / 1_000 })
    },
  )
}
