// Rooms: made, found, joined, left and kept in order. Every change is an entry that its members see.
import { checkUnicode } from '../../protocol/text.ts'
import type { RoomChange } from '../../store/store.ts'
import { granted } from './problems.ts'
import {
  ChangeSchema,
  limitOf,
  NewRoomSchema,
  RoleBody,
  RoomSchema,
  TopicSchema,
} from './document/conversation-schemas.ts'
import type { V1Routes } from './group.ts'
import { changeOf } from './change-view.ts'
import { IdSchema, NameSchema, SearchedName } from './document/schemas.ts'
import { Type } from './document/type.ts'

const OfRoom = Type.Object({ id: IdSchema })
const OfMember = Type.Object({ id: IdSchema, name: NameSchema })
const tags = ['rooms']

export const roomRoutes: V1Routes = async (v1, needs) => {
  const { rooms } = needs

  v1.post(
    '/rooms',
    {
      config: { refusals: ['room-exists'] },
      schema: {
        summary: 'Make a room',
        description:
          'I am its owner and first member. What is not said: an empty topic, public, history from joining. A name is ' +
          'used once, whether the room is private or not.',
        tags,
        body: NewRoomSchema,
        response: { 201: RoomSchema },
      },
    },
    async ({ caller, body }, reply) => reply.code(201).send(granted(await rooms.create(caller.account, body))),
  )

  v1.get(
    '/rooms',
    {
      schema: {
        summary: 'Public rooms',
        description:
          'Rooms in whose name a word begins with `search`, in any letter case: first those whose name begins with it, by ' +
          'name, then those with a later word that does, by that word. The next page comes `after` the last name of this one.',
        tags,
        querystring: Type.Object({
          search: Type.Optional(SearchedName),
          after: Type.Optional(SearchedName),
          limit: limitOf(100, 50),
        }),
        response: {
          200: Type.Object({
            rooms: Type.Array(RoomSchema),
            more: Type.Boolean({ description: 'Whether there are more.' }),
          }),
        },
      },
    },
    async ({ query: { search = '', after = '', limit = 50 } }) => {
      const unfit = checkUnicode(search, 'search') ?? checkUnicode(after, 'after')
      if (unfit !== undefined) granted(unfit)
      return rooms.list({ search, after, limit })
    },
  )

  await v1.register(ownRoutes, needs)
  await v1.register(memberRoutes, needs)
}

const simple = [
  [
    'join',
    'Join a public room',
    'From this entry on the room is mine to read and to write to. An account that an owner removed is refused until an ' +
      'owner adds it again.',
    ['room-full', 'owners-only'],
  ],
  [
    'leave',
    'Leave a room',
    'The last owner appoints another one first, if others stay.',
    ['not-a-member', 'last-owner'],
  ],
  ['close', 'Close a room for writing', 'Owners do this. Members go on reading.', ['not-a-member', 'owners-only']],
  ['reopen', 'Open a room for writing again', 'Owners do this.', ['not-a-member', 'owners-only']],
] as const satisfies readonly (readonly [RoomChange['what'], string, string, readonly string[]])[]

/** What one does to a room as a whole. */
const ownRoutes: V1Routes = async (v1, { rooms }) => {
  for (const [what, summary, description, refusals] of simple) {
    v1.post(
      `/rooms/:id/${what}`,
      {
        config: { refusals: ['room-unknown', ...refusals] },
        schema: { summary, description, tags, params: OfRoom, response: { 200: ChangeSchema } },
      },
      async ({ caller, params }) => changeOf(granted(await rooms.change(caller.account, params.id, { what }))),
    )
  }

  v1.put(
    '/rooms/:id/topic',
    {
      config: { refusals: ['room-unknown', 'not-a-member', 'owners-only'] },
      schema: {
        summary: 'Set the topic of a room',
        description: 'Owners do this; it may be empty.',
        tags,
        params: OfRoom,
        body: Type.Object({ topic: TopicSchema }),
        response: { 200: ChangeSchema },
      },
    },
    async ({ caller, params, body }) =>
      changeOf(granted(await rooms.change(caller.account, params.id, { what: 'topic', text: body.topic }))),
  )
}

const ofMembers = [
  [
    'PUT',
    '',
    'invite',
    'Make somebody a member',
    'Any member may; it is the way into a private room. Only owners add an account again that an owner removed.',
    ['room-full', 'owners-only'],
  ],
  ['DELETE', '', 'remove', 'Remove a member', 'Owners do this.', ['owners-only', 'last-owner']],
  ['PUT', '/silence', 'silence', 'Silence a member', 'Owners do this. A silenced member only reads.', ['owners-only']],
  ['DELETE', '/silence', 'unsilence', 'Let a silenced member write again', 'Owners do this.', ['owners-only']],
] as const

/** What one does to its members. */
const memberRoutes: V1Routes = async (v1, { rooms }) => {
  for (const [method, path, what, summary, description, refusals] of ofMembers) {
    v1.route({
      method,
      url: `/rooms/:id/members/:name${path}`,
      config: { refusals: ['room-unknown', 'not-a-member', 'unreachable', ...refusals] },
      schema: { summary, description, tags, params: OfMember, response: { 200: ChangeSchema } },
      handler: async ({ caller, params }) =>
        changeOf(granted(await rooms.changeMember(caller.account, params.id, params.name, { what }))),
    })
  }

  v1.put(
    '/rooms/:id/members/:name/role',
    {
      config: { refusals: ['room-unknown', 'not-a-member', 'unreachable', 'owners-only', 'last-owner'] },
      schema: {
        summary: 'Make a member an owner, or an owner a member',
        description: 'Owners do this. A room always has an owner.',
        tags,
        params: OfMember,
        body: RoleBody,
        response: { 200: ChangeSchema },
      },
    },
    async ({ caller, params, body }) =>
      changeOf(granted(await rooms.changeMember(caller.account, params.id, params.name, { what: 'role', ...body }))),
  )
}
