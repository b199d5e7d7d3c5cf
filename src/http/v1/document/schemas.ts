// The schemas of what several v1 routes take and give; protocol/v1.ts has the same shapes as types, for clients.
import { nameCodePointsMax, passwordBytesMax, textBytesMax } from '../../../protocol/limits.ts'
import type { Address } from '../../../protocol/v1.ts'
import { Type } from './type.ts'

/** Seconds since 1970, fractional. */
export const Time = Type.Number({ description: 'Seconds since 1970, fractional.' })
export const SeqSchema = Type.Integer({
  minimum: 0,
  maximum: Number.MAX_SAFE_INTEGER,
  description: 'Place in the log.',
})
export const IdSchema = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })
// Compatibility forms may shrink when they are normalised: the rule itself is applied by the core.
export const NameSchema = Type.String({ minLength: 1, maxLength: 4 * nameCodePointsMax, description: 'A name.' })
/** The beginning of a name, or a name behind which a page begins; empty for all. */
export const SearchedName = Type.String({ maxLength: 4 * nameCodePointsMax })
export const PasswordSchema = Type.String({ minLength: 1, maxLength: passwordBytesMax })
export const TextSchema = Type.String({ minLength: 1, maxLength: textBytesMax, description: 'At most 16,384 bytes.' })
export const AddressSchema = Type.Unsafe<Address>(
  Type.String({ pattern: '^[@#]', maxLength: 4 * nameCodePointsMax, description: '`@name` or `#room`.' }),
)

export const AccountSchema = Type.Object({ id: IdSchema, name: Type.String() })
export const MeSchema = Type.Object({
  id: IdSchema,
  name: Type.String(),
  isAdmin: Type.Boolean(),
  createdAt: Time,
})

/** The secret in an invite's link. */
export const InviteSchema = Type.String({ minLength: 1, maxLength: 128, description: 'The secret of an invite.' })
export const SessionSchema = Type.Object({
  id: IdSchema,
  label: Type.String(),
  createdAt: Time,
  lastUsedAt: Time,
  expiresAt: Type.Number({ description: 'When it ends unless it is used before; seconds since 1970.' }),
  current: Type.Boolean({ description: 'The session that asks.' }),
})
export const SignedInSchema = Type.Object({
  token: Type.String({ description: 'For `Authorization: Bearer`; shown this once.' }),
  session: SessionSchema,
  account: MeSchema,
})
/** Of an answer without a body. */
export const Nothing = Type.Null()

export const EntrySchema = Type.Object({
  seq: SeqSchema,
  prev: SeqSchema,
  conversation: IdSchema,
  to: AddressSchema,
  kind: Type.Enum([
    'text',
    'erased',
    'edit',
    'delete',
    'create',
    'join',
    'leave',
    'invite',
    'remove',
    'role',
    'topic',
    'silence',
    'unsilence',
    'close',
    'reopen',
  ]),
  sender: Type.String(),
  text: Type.Optional(Type.String()),
  refersTo: Type.Optional(SeqSchema),
  subject: Type.Optional(Type.String()),
  sentAt: Time,
  storedAt: Time,
})

export const DraftSchema = Type.Object({
  to: AddressSchema,
  text: TextSchema,
  clientId: Type.Optional(
    Type.String({ minLength: 1, maxLength: 64, description: "The sender's own: a repeat answers the first result." }),
  ),
  sentAt: Type.Optional(Time),
})

export const ProblemSchema = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String({ description: 'A sentence for a person.' }),
    code: Type.String({ description: 'Stable; see the list of refusals.' }),
    field: Type.Optional(Type.String()),
    retryAfter: Type.Optional(Type.Integer({ description: 'Seconds.' })),
  },
  { description: 'RFC 9457 problem document.' },
)
