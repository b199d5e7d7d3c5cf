// New accounts.
import { meOf } from '../../core/people/me-view.ts'
import { granted } from './problems.ts'
import { InviteSchema, MeSchema, NameSchema, PasswordSchema } from './document/schemas.ts'
import { sourceOf } from '../app/source.ts'
import type { V1Routes } from './group.ts'
import { Type } from './document/type.ts'

const Newcomer = Type.Object({ name: NameSchema, password: PasswordSchema, invite: Type.Optional(InviteSchema) })

/** Who may make an account. */
const Registration = Type.Union([Type.Literal('open'), Type.Literal('invite'), Type.Literal('closed')])

export const accountRoutes: V1Routes = async (v1, needs) => {
  v1.get(
    '/registration',
    {
      config: { open: true },
      schema: {
        summary: 'Who can make an account',
        description: 'With `open` everybody, with `invite` everybody who has an invite, with `closed` nobody.',
        tags: ['accounts'],
        response: { 200: Type.Object({ registration: Registration }) },
      },
    },
    async () => ({ registration: needs.accounts.registration }),
  )

  v1.post(
    '/accounts',
    {
      config: {
        open: true,
        refusals: ['account-exists', 'registration-closed', 'invite-needed', 'invite-unknown'],
      },
      schema: {
        summary: 'Make an account',
        description:
          'Open to everybody, to those with an invite, or to nobody: as the server is set. It signs nobody in. ' +
          'Names differ in more than letter case, never change, and are never given again.',
        tags: ['accounts'],
        body: Newcomer,
        response: { 201: MeSchema },
      },
    },
    async (request, reply) => {
      const source = sourceOf(request.raw, needs.trustedProxies)
      const account = granted(await needs.accounts.register(request.body, source))
      return reply.code(201).send(meOf(account))
    },
  )
}
