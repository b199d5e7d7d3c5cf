// Arrive: bytes become named fields, or a refusal that says what was wrong. The lab sends JSON also with GET; people
// with curl and HTTPie send forms, queries, or JSON under a type that says otherwise.
import type { FastifyRequest } from 'fastify'
import { jsonDepthMax, timestampSecondsMax } from '../../protocol/limits.ts'
import { Refusal, refuseField } from '../../protocol/refusals.ts'
import { checkUnicode } from '../../protocol/text.ts'
import * as requestTexts from '../../protocol/texts/requests.ts'
import * as fieldTexts from '../../protocol/texts/fields.ts'

/** Field by name, as it came: any JSON value, or a string from a form or the query. */
export type Fields = ReadonlyMap<string, unknown>

/**
 * The fields of a request: its JSON body, its form, or, where there is no body, its query. Refuses with `malformed` and
 * `media-type`.
 */
export function readFields(request: FastifyRequest): Fields | Refusal {
  const body = request.body as Buffer | undefined
  if (body === undefined || body.length === 0) {
    // A query in a POST would end in logs and histories; the lab's POSTs have bodies.
    if (request.method === 'POST') return new Refusal('malformed', requestTexts.noBody)
    const [, query = ''] = /\?(.*)$/s.exec(request.raw.url ?? '') ?? []
    return parseForm(query)
  }
  const type = mediaTypeOf(request.headers['content-type'] ?? '')
  if (request.headers['content-encoding'] !== undefined) {
    return new Refusal('media-type', requestTexts.compressed)
  }
  const text = decodeUtf8(body)
  if (text instanceof Refusal) return text
  const json = type === 'application/json' || type.endsWith('+json')
  if (json || /^\s*\{/.test(text)) return parseJson(text)
  if (type === 'application/x-www-form-urlencoded') return parseForm(text)
  return new Refusal('media-type', requestTexts.needsJsonOrForm(type ?? ''))
}

function mediaTypeOf(contentType: string): string {
  if (contentType === 'application/json') return contentType
  return contentType.split(';')[0]?.trim().toLowerCase() ?? ''
}

/** A field that must be a string. Refuses with `field-missing`, `field-type`, or `field-invalid` for bad Unicode. */
export function stringField(fields: Fields, name: string): string | Refusal {
  const value = fields.get(name)
  if (value === undefined) return refuseField('field-missing', name, fieldTexts.missing)
  if (typeof value !== 'string') return refuseField('field-type', name, fieldTexts.notString(kindOf(value)))
  return checkUnicode(value, name) ?? value
}

/**
 * A field in seconds since 1970: a JSON number, or a decimal string as forms have it; from 0 to the year 3000, so that
 * every client's time functions know it.
 */
export function timestampField(fields: Fields, name: string): number | Refusal {
  const value = fields.get(name)
  if (value === undefined) return refuseField('field-missing', name, fieldTexts.missing)
  if (typeof value !== 'number' && typeof value !== 'string') {
    return refuseField('field-type', name, fieldTexts.notNumber(kindOf(value)))
  }
  if (typeof value === 'string' && !/^\d{1,20}(\.\d{1,20})?$/.test(value)) {
    return refuseField('field-invalid', name, fieldTexts.secondsWritten)
  }
  const seconds = Number(value)
  if (seconds >= 0 && seconds <= timestampSecondsMax) return seconds
  const milliseconds = seconds > timestampSecondsMax && seconds <= timestampSecondsMax * 1_000
  return refuseField('field-invalid', name, fieldTexts.secondsRange(milliseconds))
}

// One for all: a decoder that is not streaming keeps nothing between two texts.
const utf8 = new TextDecoder('utf-8', { fatal: true })

function decodeUtf8(body: Buffer): string | Refusal {
  try {
    return utf8.decode(body)
  } catch {
    return new Refusal('malformed', requestTexts.notUtf8)
  }
}

function parseJson(text: string): Fields | Refusal {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return new Refusal('malformed', requestTexts.notJson(placeOf(error)))
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return new Refusal('malformed', requestTexts.notObject(kindOf(value)))
  }
  if (deeper(value, jsonDepthMax)) return new Refusal('malformed', requestTexts.nestsDeep(jsonDepthMax))
  return new Map(Object.entries(value))
}

/** Where the parser gave up; what it says else quotes the body. */
function placeOf(error: unknown): { line: number; column: number } | undefined {
  const [, line, column] = /\(line (\d+) column (\d+)\)$/.exec(error instanceof Error ? error.message : '') ?? []
  return line === undefined ? undefined : { line: Number(line), column: Number(column) }
}

function deeper(value: object, levels: number): boolean {
  if (levels === 0) return true
  for (const item of Object.values(value)) {
    if (typeof item === 'object' && item !== null && deeper(item, levels - 1)) return true
  }
  return false
}

function parseForm(text: string): Fields | Refusal {
  const fields = new Map<string, string>()
  for (const pair of text.split('&')) {
    if (pair === '') continue
    const equals = pair.indexOf('=')
    const name = decodeComponent(equals < 0 ? pair : pair.slice(0, equals))
    const value = decodeComponent(equals < 0 ? '' : pair.slice(equals + 1))
    if (name === undefined) return new Refusal('malformed', requestTexts.fieldNameEncoding)
    if (value === undefined) return refuseField('field-invalid', name, fieldTexts.notPercentEncoded)
    if (fields.has(name)) return refuseField('field-invalid', name, fieldTexts.givenTwice)
    fields.set(name, value)
  }
  return fields
}

function decodeComponent(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return undefined
  }
}

function kindOf(value: unknown): fieldTexts.Kind {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'list'
  const kind = typeof value
  return kind === 'boolean' || kind === 'number' || kind === 'string' ? kind : 'object'
}
