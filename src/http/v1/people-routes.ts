// Who else is here, and whom one does not want to hear from.
import { checkUnicode } from '../../protocol/text.ts'
import { granted } from './problems.ts'
import { AccountSchema, NameSchema, Nothing, SearchedName } from './document/schemas.ts'
import type { V1Routes } from './group.ts'
import { Type } from './document/type.ts'

/** People of one page: a screen or two. */
const pageMax = 100

const Query = Type.Object({
  search: Type.Optional(SearchedName),
  after: Type.Optional(SearchedName),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: pageMax, default: pageMax })),
})

const Page = Type.Object({
  people: Type.Array(AccountSchema),
  more: Type.Boolean({ description: 'Whether there are more after the last of these.' }),
  everybody: Type.Boolean({
    description: 'Whether the list covers all accounts; under the profile public only people who share a room with me.',
  }),
})

const Named = Type.Object({ name: NameSchema })
const tags = ['people']

export const peopleRoutes: V1Routes = async (v1, { people }) => {
  v1.get(
    '/people',
    {
      schema: {
        summary: 'People',
        description:
          'Accounts in whose name a word begins with `search`, in any letter case: first those whose name begins with it, ' +
          'by name, then those with a later word that does, by that word. The next page comes `after` the last name of ' +
          'this one. Under the profile public, people who share a room with me.',
        tags,
        querystring: Query,
        response: { 200: Page },
      },
    },
    async request => {
      const { search = '', after = '', limit = pageMax } = request.query
      const unfit = checkUnicode(search, 'search') ?? checkUnicode(after, 'after')
      if (unfit !== undefined) granted(unfit)
      const page = await people.find(request.caller.account, { search, after, limit })
      return { people: [...page.people], more: page.more, everybody: people.listsEverybody }
    },
  )

  v1.get(
    '/blocks',
    {
      schema: {
        summary: 'Whom I block',
        description: 'Accounts that cannot write to me, nor I to them.',
        tags,
        response: { 200: Type.Object({ people: Type.Array(AccountSchema) }) },
      },
    },
    async request => ({ people: [...(await people.blockedBy(request.caller.account))] }),
  )

  v1.put(
    '/blocks/:name',
    {
      config: { refusals: ['account-unknown'] },
      schema: {
        summary: 'Block somebody',
        description: 'Neither reaches the other any more; to them it looks as if the account were closed.',
        tags,
        params: Named,
        response: { 204: Nothing },
      },
    },
    async (request, reply) => {
      granted(await people.block(request.caller.account, request.params.name))
      return reply.code(204).send(null)
    },
  )

  v1.delete(
    '/blocks/:name',
    {
      schema: {
        summary: 'Take a block back',
        description: 'Also where there is none.',
        tags,
        params: Named,
        response: { 204: Nothing },
      },
    },
    async (request, reply) => {
      granted(await people.unblock(request.caller.account, request.params.name))
      return reply.code(204).send(null)
    },
  )
}
