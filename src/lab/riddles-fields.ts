// The fields of a request, however a learner's client sends them: JSON in the body (on GET too), a form, or the query.
import { isUtf8 } from 'node:buffer'
import type { IncomingMessage } from 'node:http'
import { bodyBytesMax } from '../protocol/limits.ts'
import { checkUnicode } from '../protocol/text.ts'

/** An expected no: its HTTP status, a stable name and a sentence. */
export class No {
  readonly status: number
  readonly error: string
  readonly message: string

  constructor(status: number, error: string, message: string) {
    this.status = status
    this.error = error
    this.message = message
  }
}

export type Fields = ReadonlyMap<string, unknown>

/** Reads the query and the body; a field of the body counts before one of the query. */
export async function readFields(request: IncomingMessage, query: URLSearchParams): Promise<Fields | No> {
  const body = await readBody(request)
  if (body instanceof No) return body
  const fields = new Map<string, unknown>(query)
  const text = body.toString()
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? ''
  if (text.trim() === '') return fields
  // curl says form for whatever it is given with -d.
  if (text.trimStart().startsWith('{') || type.endsWith('json')) {
    const value = parseObject(text)
    if (value === undefined) return new No(400, 'malformed', 'The body is not a JSON object.')
    for (const [name, field] of Object.entries(value)) fields.set(name, field)
    return fields
  }
  if (type !== '' && type !== 'application/x-www-form-urlencoded') {
    return new No(415, 'media-type', `Send the fields as JSON or as a form, not as ${type}.`)
  }
  for (const [name, field] of new URLSearchParams(text)) fields.set(name, field)
  return fields
}

// A client that is cut off while it sends does not see the answer, so some of what is too much is read away.
const discardedBytesMax = 16 * bodyBytesMax

async function readBody(request: IncomingMessage): Promise<Buffer | No> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>) {
    bytes += chunk.length
    if (bytes <= bodyBytesMax) chunks.push(chunk)
    else if (bytes > discardedBytesMax) break
  }
  if (bytes > bodyBytesMax) return new No(413, 'too-large', `A body has at most ${bodyBytesMax} bytes.`)
  const body = Buffer.concat(chunks)
  return isUtf8(body) ? body : new No(400, 'malformed', 'The body is not UTF-8 text.')
}

function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** A text of 1 to `bytesMax` bytes; outer spaces do not make one. Numbers are taken as they are written. */
export function readText(fields: Fields, name: string, bytesMax: number): string | No {
  const value = fields.get(name)
  if (value === undefined || value === null) return new No(400, 'field-missing', `${name} is missing.`)
  const text = typeof value === 'number' ? String(value) : value
  if (typeof text !== 'string') return new No(400, 'field-type', `${name} must be a text.`)
  if (text.trim() === '') return new No(400, 'field-invalid', `${name} is empty.`)
  const bytes = Buffer.byteLength(text)
  if (bytes > bytesMax) return new No(400, 'field-invalid', `${name} has ${bytes} bytes; it may have ${bytesMax}.`)
  const refusal = checkUnicode(text, name)
  return refusal === undefined ? text : new No(400, 'field-invalid', refusal.message)
}

/** A whole number, also as the string that HTTPie's `id=1` sends. */
export function readId(fields: Fields): number | No {
  const value = fields.get('id')
  if (value === undefined || value === null) return new No(400, 'field-missing', 'id is missing.')
  const id = typeof value === 'string' && /^\s*\d{1,15}\s*$/.test(value) ? Number(value) : value
  if (typeof id === 'number' && Number.isSafeInteger(id)) return id
  return new No(400, 'field-type', 'id must be a whole number.')
}
