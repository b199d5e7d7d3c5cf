// Messages: sent, many at once; read past a cursor; edited and erased.
import { cursorString } from '../../core/log/cursors.ts'
import { batchBytesMax, batchMessagesMax } from '../../protocol/limits.ts'
import { Refusal } from '../../protocol/refusals.ts'
import { granted } from './problems.ts'
import { ChangeSchema, EntriesSchema, SendResultSchema, limitOf } from './document/conversation-schemas.ts'
import { changeOf } from './change-view.ts'
import type { V1Routes } from './group.ts'
import { DraftSchema, IdSchema, TextSchema } from './document/schemas.ts'
import { requestsOf, sendResultOf } from '../../core/live/send-results.ts'
import { Type } from './document/type.ts'

const Batch = Type.Object({
  messages: Type.Array(DraftSchema, { minItems: 1, maxItems: batchMessagesMax }),
})

const Sent = Type.Object({ results: Type.Array(SendResultSchema, { description: 'One a message, in their order.' }) })

const sendRefusals = [
  'unreachable',
  'room-unknown',
  'not-a-member',
  'silenced',
  'room-closed',
  'client-id-reused',
] as const

const changeRefusals = ['message-unknown', 'not-yours', 'not-a-member'] as const

const OfMessage = Type.Object({ seq: IdSchema })
const tags = ['messages']

export const messagesRoutes: V1Routes = async (v1, { messages, entries, cursors, accountRequests }) => {
  v1.post(
    '/messages',
    {
      config: { bytesMax: batchBytesMax, refusals: sendRefusals },
      schema: {
        summary: 'Send messages',
        description:
          'Up to 1,000, stored in this order before the answer leaves. One result a message: one that is refused stops ' +
          'none of the others, and has `error` and `message` in its place. Where there was only one message and it is ' +
          'refused, the answer is that refusal. A message with a `clientId` is stored once, however often it is sent.',
        tags,
        body: Batch,
        response: { 200: Sent },
      },
    },
    async request => {
      // The first was counted before the body was read.
      const more = requestsOf(request.body.messages.length) - 1
      const tooMany = more === 0 ? undefined : accountRequests.take(String(request.caller.account.id), more)
      if (tooMany !== undefined) granted(tooMany)
      const results = await messages.sendMany(request.caller.account, request.body.messages)
      const [first] = results
      if (results.length === 1 && first instanceof Refusal) granted(first)
      return { results: results.map(sendResultOf) }
    },
  )

  v1.get(
    '/entries',
    {
      schema: {
        summary: 'Everything of mine after a cursor',
        description:
          'The entries of all my conversations in the order of the log, from the beginning where no cursor is given. The ' +
          '`cursor` of the answer goes into `after` next time.',
        tags,
        querystring: Type.Object({
          after: Type.Optional(Type.String({ maxLength: 64, description: 'A cursor, as it came from here.' })),
          limit: limitOf(256, 100),
        }),
        response: { 200: EntriesSchema },
      },
    },
    async ({ caller, query: { after, limit = 100 } }) => {
      const placement = granted(await cursors.place(after, 'start'))
      const { fate, seq, epoch, floor } = placement
      const page = await entries.after(caller.account, placement, limit)
      return {
        entries: page.entries,
        cursor: cursorString(epoch, page.last, page.lastStoredAtMs),
        more: page.more,
        ...(fate === 'diverged' ? { diverged: seq } : {}),
        ...(fate === 'truncated' ? { truncated: floor } : {}),
      }
    },
  )

  v1.patch(
    '/messages/:seq',
    {
      config: { refusals: [...changeRefusals, 'silenced', 'room-closed', 'unreachable'] },
      schema: {
        summary: 'Edit a message of mine',
        description: 'An entry `edit`; the message shows the new text from then on.',
        tags,
        params: OfMessage,
        body: Type.Object({ text: TextSchema }),
        response: { 200: ChangeSchema },
      },
    },
    async ({ caller, params, body }) => changeOf(granted(await messages.edit(caller.account, params.seq, body.text))),
  )

  v1.delete(
    '/messages/:seq',
    {
      config: { refusals: changeRefusals },
      schema: {
        summary: 'Erase a message',
        description:
          'One of mine, or as an owner of the room anybody’s: an entry `delete`. Its place stays, its text is gone, also ' +
          'from its edits and from search.',
        tags,
        params: OfMessage,
        response: { 200: ChangeSchema },
      },
    },
    async ({ caller, params }) => changeOf(granted(await messages.delete(caller.account, params.seq))),
  )
}
