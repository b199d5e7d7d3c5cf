// The schemas of messages, conversations, rooms and search; protocol/v1.ts has the same shapes as types, for clients.
import { nameCodePointsMax, topicBytesMax } from '../../../protocol/limits.ts'
import { AddressSchema, EntrySchema, IdSchema, SeqSchema, Time } from './schemas.ts'
import { Type } from './type.ts'

/** How many a page has. */
export function limitOf(most: number, usual: number) {
  return Type.Optional(Type.Integer({ minimum: 1, maximum: most, default: usual }))
}

export const SendResultSchema = Type.Union([
  Type.Object({
    seq: SeqSchema,
    conversation: IdSchema,
    storedAt: Time,
    repeated: Type.Boolean({ description: 'An earlier send with this client id stored it.' }),
  }),
  Type.Object({
    error: Type.String({ description: 'The code of a refusal.' }),
    message: Type.String({ description: 'A sentence for a person.' }),
    field: Type.Optional(Type.String()),
    retryAfter: Type.Optional(Type.Number({ description: 'Seconds.' })),
  }),
])

export const ChangeSchema = Type.Object({
  changed: Type.Boolean({ description: 'False where it was so already.' }),
  seq: Type.Optional(SeqSchema),
})

export const EntriesSchema = Type.Object({
  entries: Type.Array(EntrySchema),
  cursor: Type.String({ description: 'Goes into `after` next time, also when there are no entries.' }),
  more: Type.Boolean({ description: 'Whether there is more at once.' }),
  diverged: Type.Optional(
    Type.Integer({ minimum: 0, description: 'The log was rolled back: drop what you hold after this seq.' }),
  ),
  truncated: Type.Optional(
    Type.Integer({ minimum: 0, description: 'The cursor was below this, the lowest seq that is kept.' }),
  ),
})

export const HistorySchema = Type.Object({
  entries: Type.Array(EntrySchema, { description: 'Ascending.' }),
  more: Type.Boolean({ description: 'Whether there are more in the direction in which you read.' }),
})

export const FoundSchema = Type.Object({
  entries: Type.Array(EntrySchema, { description: 'Newest first.' }),
  before: Type.Optional(
    Type.Integer({ minimum: 1, description: 'Goes into `before` next time; absent if there is nothing before.' }),
  ),
  indexedUpTo: Type.Optional(
    Type.Integer({
      minimum: 0,
      description: 'Only while the search index lags: messages after this seq may be missing. Search again later.',
    }),
  ),
})

const RoleSchema = Type.Enum(['owner', 'member'])
const HistoryRule = Type.Enum(['all', 'from-joining'])
export const RoleBody = Type.Object({ role: RoleSchema })
export const TopicSchema = Type.String({ maxLength: topicBytesMax, description: 'At most 1,024 bytes.' })

export const RoomSchema = Type.Object({
  id: IdSchema,
  name: Type.String(),
  topic: Type.String(),
  private: Type.Boolean(),
  history: HistoryRule,
  closed: Type.Boolean({ description: 'Closed for writing.' }),
  members: Type.Integer({ minimum: 0 }),
})

export const ConversationSchema = Type.Object({
  id: IdSchema,
  address: AddressSchema,
  room: Type.Optional(RoomSchema),
  role: RoleSchema,
  silenced: Type.Boolean(),
  readSeq: SeqSchema,
  lastSeq: SeqSchema,
  last: Type.Optional(EntrySchema),
  unread: Type.Integer({ minimum: 0, maximum: 1_000, description: '1000 means "999+".' }),
})

export const MemberSchema = Type.Object({
  id: IdSchema,
  name: Type.String(),
  role: RoleSchema,
  silenced: Type.Boolean(),
  readSeq: SeqSchema,
})

export const NewRoomSchema = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 4 * nameCodePointsMax, description: 'A name without spaces.' }),
  topic: Type.Optional(TopicSchema),
  private: Type.Optional(Type.Boolean({ default: false })),
  history: Type.Optional(HistoryRule),
})
