// Frames of the server, from unknown: their shape is checked as far as the library relies on it. What a newer server
// adds (other types of frames, other kinds of entries, more fields) passes or is ignored.
import type { ServerFrame } from '../protocol/v1.ts'
import { NoAnswer } from './errors.ts'
import * as clientTexts from '../protocol/texts/client.ts'

type Fields = Readonly<Record<string, unknown>>
type Check = (value: unknown) => boolean

const text: Check = value => typeof value === 'string'
const whole: Check = value => Number.isSafeInteger(value) && Number(value) >= 0
const record: Check = value => typeof value === 'object' && value !== null
const shape =
  (checks: Readonly<Record<string, Check>>): Check =>
  value =>
    record(value) && Object.entries(checks).every(([name, check]) => check((value as Fields)[name]))
const list =
  (check: Check): Check =>
  value =>
    Array.isArray(value) && value.every(check)

export const isEntries = list(shape({ seq: whole, prev: whole, conversation: whole, kind: text, sender: text }))

const checks: Readonly<Record<ServerFrame['type'], Check>> = {
  hello: shape({ epoch: text, floor: whole, head: whole, cursor: text, account: record }),
  entries: shape({ cursor: text, entries: isEntries }),
  beat: shape({ cursor: text }),
  diverged: shape({ shared: whole }),
  truncated: shape({ floor: whole }),
  soft: shape({ events: list(shape({ kind: text })) }),
  end: shape({ reason: text }),
  sent: shape({ ref: whole, results: list(record) }),
  refused: shape({ error: text, message: text }),
}

/** The frame in `json`; undefined if it is of a type that is not known here. Throws `NoAnswer` for what is no frame. */
export function parseFrame(json: string): ServerFrame | undefined {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    throw new NoAnswer(clientTexts.streamNotJson)
  }
  const type = record(value) ? (value as Fields)['type'] : undefined
  if (typeof type !== 'string') throw new NoAnswer(clientTexts.streamNotFrame)
  if (!Object.hasOwn(checks, type)) return undefined
  if (!checks[type as ServerFrame['type']](value)) throw new NoAnswer(clientTexts.frameBroken(type))
  return value as ServerFrame
}
