// Who is here: soft state, for those who share a direct conversation. Who is absent, unknown, blocks the asker or does
// not show it looks the same.
import type { V1Routes } from './group.ts'
import { granted } from './problems.ts'
import { AddressSchema, NameSchema, Nothing, Time } from './document/schemas.ts'
import { Type } from './document/type.ts'

const Presence = Type.Object({ online: Type.Boolean(), lastSeen: Type.Optional(Time) })
const Shown = Type.Object({ shown: Type.Boolean() })
const tags = ['live']

export const presenceRoutes: V1Routes = async (v1, { soft, store }) => {
  v1.get(
    '/presence/:name',
    {
      schema: {
        summary: 'Whether somebody is here',
        description:
          'Of those with whom one has a direct conversation; of all others it is as if they were never here. `lastSeen` ' +
          'is absent where it is not known or not shown.',
        tags,
        params: Type.Object({ name: NameSchema }),
        response: { 200: Presence },
      },
    },
    async request => {
      const presence = await soft.presenceOf(request.caller.account, request.params.name)
      if (presence?.lastSeenMs === undefined) return { online: presence?.online ?? false }
      return { online: presence.online, lastSeen: presence.lastSeenMs / 1_000 }
    },
  )

  v1.get(
    '/me/presence',
    {
      schema: {
        summary: 'Whether I am shown',
        description: 'Whether others see that I am here and typing.',
        tags,
        response: { 200: Shown },
      },
    },
    async request => ({ shown: await store.showsPresence(request.caller.account.id) }),
  )

  v1.put(
    '/me/presence',
    {
      schema: {
        summary: 'Show or hide that I am here',
        description: 'Hidden, one is away for everybody, and nobody is told that one is typing. Read markers stay.',
        tags,
        body: Shown,
        response: { 204: Nothing },
      },
    },
    async (request, reply) => {
      granted(await soft.setPresence(request.caller.account, request.body.shown))
      return reply.code(204).send(null)
    },
  )

  v1.post(
    '/typing',
    {
      config: { refusals: ['room-unknown', 'not-a-member'] },
      schema: {
        summary: 'Say that I am typing',
        description:
          'A hint to the others of a direct conversation or a small room, told again at most every three seconds: for who ' +
          'has no WebSocket. One is taken to have stopped after twice the time. To a person the answer is always 204.',
        tags,
        body: Type.Object({ to: AddressSchema }),
        response: { 204: Nothing },
      },
    },
    async (request, reply) => {
      granted(await soft.typing(request.caller.account, request.body.to))
      return reply.code(204).send(null)
    },
  )
}
