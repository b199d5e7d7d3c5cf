// Search over one's own messages.
import { granted } from './problems.ts'
import { FoundSchema, limitOf } from './document/conversation-schemas.ts'
import type { V1Routes } from './group.ts'
import { Type } from './document/type.ts'

/** Characters of a query: a sentence. */
const queryMax = 256

export const searchRoutes: V1Routes = async (v1, { search }) => {
  v1.get(
    '/search',
    {
      schema: {
        summary: 'Search my messages',
        description:
          'Messages in which all words of `q` occur, newest first: `word`, `begin*`, `"words that stand together"`. Letter ' +
          'case makes no difference. Chinese, Japanese and Korean are found from one character on.',
        tags: ['search'],
        querystring: Type.Object({
          q: Type.String({ minLength: 1, maxLength: queryMax }),
          before: Type.Optional(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })),
          limit: limitOf(100, 20),
        }),
        response: { 200: FoundSchema },
      },
    },
    async ({ caller, query: { q, before = Number.MAX_SAFE_INTEGER, limit = 20 } }) => {
      const found = granted(await search.find(caller.account, { q, before, limit }))
      return {
        entries: found.entries,
        ...(found.before === undefined ? {} : { before: found.before }),
        ...(found.indexedUpTo === undefined ? {} : { indexedUpTo: found.indexedUpTo }),
      }
    },
  )
}
