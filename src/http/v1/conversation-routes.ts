// Conversations: one's own list, who is in them, what was said, how far one has read.
import { granted } from './problems.ts'
import { ConversationSchema, HistorySchema, limitOf, MemberSchema } from './document/conversation-schemas.ts'
import type { V1Routes } from './group.ts'
import { IdSchema, SeqSchema } from './document/schemas.ts'
import { Type } from './document/type.ts'

const OfConversation = Type.Object({ id: IdSchema })
const BeforeSeq = Type.Optional(
  Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, description: 'Only what comes before this seq.' }),
)
const more = Type.Boolean({ description: 'Whether there are more.' })
const tags = ['conversations']
const refusals = ['conversation-unknown'] as const

export const conversationRoutes: V1Routes = async (v1, { conversations, entries, soft }) => {
  v1.get(
    '/conversations',
    {
      schema: {
        summary: 'My conversations',
        description:
          'Those of which I am a member, the latest active first, each with its last message and how much is unread. The ' +
          'next page comes `before` the `lastSeq` of the last of these.',
        tags,
        querystring: Type.Object({ before: BeforeSeq, limit: limitOf(100, 50) }),
        response: { 200: Type.Object({ conversations: Type.Array(ConversationSchema), more }) },
      },
    },
    async ({ caller, query: { before = Number.MAX_SAFE_INTEGER, limit = 50 } }) =>
      conversations.list(caller.account, before, limit),
  )

  v1.get(
    '/conversations/:id',
    {
      config: { refusals },
      schema: {
        summary: 'A conversation',
        description: 'One of which I am a member, as it stands in my list.',
        tags,
        params: OfConversation,
        response: { 200: ConversationSchema },
      },
    },
    async ({ caller, params }) => granted(await conversations.get(caller.account, params.id)),
  )

  v1.get(
    '/conversations/:id/members',
    {
      config: { refusals },
      schema: {
        summary: 'Who is in a conversation',
        description:
          'In the order of their ids; the next page comes `after` the last id of this one. How far they have read is ' +
          'shown in direct conversations and in rooms of up to 100, and 0 elsewhere.',
        tags,
        params: OfConversation,
        querystring: Type.Object({ after: Type.Optional(SeqSchema), limit: limitOf(200, 100) }),
        response: { 200: Type.Object({ members: Type.Array(MemberSchema), more }) },
      },
    },
    async ({ caller, params, query: { after = 0, limit = 100 } }) =>
      granted(await conversations.members(caller.account, params.id, { after, limit })),
  )

  v1.get(
    '/conversations/:id/history',
    {
      config: { refusals },
      schema: {
        summary: 'What was said',
        description:
          'The latest entries, those `before` a seq, or those `after` one; ascending in each case. Members of a room read ' +
          'what came since they joined, or all of it where the room’s history is open.',
        tags,
        params: OfConversation,
        querystring: Type.Object({ before: BeforeSeq, after: Type.Optional(SeqSchema), limit: limitOf(256, 50) }),
        response: { 200: HistorySchema },
      },
    },
    async ({ caller, params, query: { before, after, limit = 50 } }) =>
      granted(
        await entries.history(caller.account, params.id, {
          ...(before === undefined ? {} : { before }),
          ...(after === undefined ? {} : { after }),
          limit,
        }),
      ),
  )

  v1.put(
    '/conversations/:id/read',
    {
      config: { refusals: ['not-a-member'] },
      schema: {
        summary: 'Say how far I have read',
        description: 'The same on all my devices; it only rises, and never past the last entry.',
        tags,
        params: OfConversation,
        body: Type.Object({ seq: SeqSchema }),
        response: { 200: Type.Object({ readSeq: SeqSchema }) },
      },
    },
    async ({ caller, params, body }) => ({
      readSeq: granted(await soft.markRead(caller.account, params.id, body.seq)),
    }),
  )
}
