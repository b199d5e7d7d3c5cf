// Arrive: a WebSocket frame of a client's becomes a typed frame, or a refusal that says what was wrong.
import { batchMessagesMax } from '../../../protocol/limits.ts'
import { Refusal, refuseField } from '../../../protocol/refusals.ts'
import { misfit } from '../../../protocol/texts/schemas.ts'
import type { ClientFrame, DraftView } from '../../../protocol/v1.ts'
import { AddressSchema, DraftSchema, IdSchema, SeqSchema } from '../document/schemas.ts'
import * as requestTexts from '../../../protocol/texts/requests.ts'
import { compile } from '../check.ts'
import { Type } from '../document/type.ts'

const frames = {
  start: Type.Object({
    type: Type.Literal('start'),
    token: Type.Optional(Type.String({ maxLength: 200 })),
    after: Type.Optional(Type.String({ maxLength: 64 })),
  }),
  send: Type.Object({
    type: Type.Literal('send'),
    ref: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
    messages: Type.Array(DraftSchema, { minItems: 1, maxItems: batchMessagesMax }),
  }),
  read: Type.Object({ type: Type.Literal('read'), conversation: IdSchema, seq: SeqSchema }),
  typing: Type.Object({ type: Type.Literal('typing'), to: AddressSchema }),
  beat: Type.Object({ type: Type.Literal('beat') }),
}

const checks = new Map(Object.entries(frames).map(([type, schema]) => [type, compile(schema)]))

/** A frame that is refused, with the number under which the client waits for an answer, if it has one. */
export interface BadFrame {
  readonly type: 'bad'
  readonly refusal: Refusal
  readonly ref?: number
}

/** The frame in a text; `bad` with `malformed` or `field-invalid`. */
export function parseClientFrame(text: string): ClientFrame | BadFrame {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return bad(new Refusal('malformed', requestTexts.frameNotJson))
  }
  const type = typeof value === 'object' && value !== null && 'type' in value ? String(value.type) : ''
  const check = checks.get(type)
  if (check === undefined) {
    return bad(new Refusal('malformed', requestTexts.frameTypes([...checks.keys()])))
  }
  const found = check(value)
  if (found === undefined) return known(value as ClientFrame)
  const where = `${type}${found.instancePath.replaceAll('/', '.')}`
  return bad(refuseField('field-invalid', where, misfit(found)), (value as { ref?: unknown }).ref)
}

/** Only what is known is kept: what else a client adds would wait in memory with it. */
function known(frame: ClientFrame): ClientFrame {
  return frame.type === 'send' ? { type: 'send', ref: frame.ref, messages: frame.messages.map(draftOf) } : frame
}

/** Member by member: to spread what is optional into it made two more objects of each message. */
function draftOf({ to, text, clientId, sentAt }: DraftView): DraftView {
  const draft: { -readonly [Name in keyof DraftView]: DraftView[Name] } = { to, text }
  if (clientId !== undefined) draft.clientId = clientId
  if (sentAt !== undefined) draft.sentAt = sentAt
  return draft
}

function bad(refusal: Refusal, ref?: unknown): BadFrame {
  return Number.isSafeInteger(ref) ? { type: 'bad', refusal, ref: ref as number } : { type: 'bad', refusal }
}
