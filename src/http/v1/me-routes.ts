// One's own account.
import { meOf } from '../../core/people/me-view.ts'
import { granted } from './problems.ts'
import { MeSchema, Nothing, PasswordSchema } from './document/schemas.ts'
import { sourceOfCaller } from '../app/source.ts'
import type { V1Routes } from './group.ts'
import { Type } from './document/type.ts'
const tags = ['accounts']

export const meRoutes: V1Routes = async (v1, needs) => {
  v1.get(
    '/me',
    {
      schema: {
        summary: 'My account',
        description: 'The account that the token speaks for.',
        tags,
        response: { 200: MeSchema },
      },
    },
    async request => meOf(request.caller.account),
  )

  v1.put(
    '/me/password',
    {
      config: { refusals: ['password-wrong', 'account-unknown'] },
      schema: {
        summary: 'Change my password',
        description: 'Ends all other sessions of the account, and every proof on the lab routes.',
        tags,
        body: Type.Object({ current: PasswordSchema, next: PasswordSchema }),
        response: { 204: Nothing },
      },
    },
    async (request, reply) => {
      const { account, session } = request.caller
      const change = { ...request.body, keep: session.id }
      const source = sourceOfCaller(request.raw, needs.trustedProxies, request.caller)
      granted(await needs.accounts.changePassword(account, change, source))
      return reply.code(204).send(null)
    },
  )

  v1.delete(
    '/me',
    {
      config: { refusals: ['password-wrong'] },
      schema: {
        summary: 'Close my account',
        description:
          'For good: all sessions end, the account leaves its rooms, its messages are erased in the background, and ' +
          'its name is never given again.',
        tags,
        body: Type.Object({ password: PasswordSchema }),
        response: { 204: Nothing },
      },
    },
    async (request, reply) => {
      const { account } = request.caller
      const source = sourceOfCaller(request.raw, needs.trustedProxies, request.caller)
      granted(await needs.accounts.close(account, request.body.password, source))
      needs.erasing.begin(account.id)
      return reply.code(204).send(null)
    },
  )
}
