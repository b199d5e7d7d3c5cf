// How one answer of a messaging server is judged, and what its failure most likely means. All requirements share it, so
// that the same mistake is always told with the same words.
import { type Failure, met, type Outcome, unmet } from '../requirement.ts'
import { visible } from '../visible.ts'
import type { Answer, Exchange } from './client.ts'

/** The lab's codes, by number. */
const codes = {
  1: 'success',
  10: 'that user exists',
  11: 'no such user',
  12: 'the password does not match',
} as const

const codeText = (code: keyof typeof codes): string => `${code} (${codes[code]})`

/**
 * The code an answer means. The lab's client is Python, where `true == 1` and `1.0 == 1`; a code in quotes is told apart
 * by a requirement of its own (`codes-are-numbers`), so that it is one fault and not ten.
 */
export function codeOf(answer: Answer): number | undefined {
  const value = answer.json?.value
  if (value === true) return 1
  if (typeof value === 'string' && /^\d{1,2}$/.test(value)) return Number(value)
  return typeof value === 'number' ? value : undefined
}

export const isOk = (answer: Answer): boolean => answer.status >= 200 && answer.status < 400

/** Whether a success: the lab's client wants an ok status and the code 1. */
export function judgeSuccess(exchange: Exchange, likely: Likely = {}): Outcome {
  return judgeAnswer(exchange, [1], `status 200 and ${codeText(1)}`, likely)
}

/** Whether one of the codes by which a refusal is told; the status is the server's affair (see `status-200`). */
export function judgeCode(exchange: Exchange, wanted: readonly (10 | 11 | 12)[], likely: Likely = {}): Outcome {
  return judgeAnswer(exchange, wanted, wanted.map(codeText).join(' or '), likely)
}

/** What a certain wrong answer probably means at this place: by its code, by `error` (a 500), or `other`. */
export type Likely = Readonly<Partial<Record<1 | 10 | 11 | 12 | 'error' | 'other', string>>>

function judgeAnswer(exchange: Exchange, wanted: readonly number[], expected: string, likely: Likely): Outcome {
  const { answer } = exchange
  if (answer === undefined) return unmet(failureOf(exchange, expected))
  const code = codeOf(answer)
  const right = code !== undefined && wanted.includes(code)
  if (right && (code !== 1 || isOk(answer))) return met
  // A refusal that is not a success either, but told by its status alone, is no code.
  const special = right ? undefined : likelyHere(answer, code, likely)
  return unmet({ ...failureOf(exchange, expected), ...(special === undefined ? {} : { likely: special }) })
}

function likelyHere(answer: Answer, code: number | undefined, likely: Likely): string | undefined {
  if (answer.status >= 500) return likely.error
  if (answer.status >= 400 && code === undefined) return undefined
  if (code === 1 || code === 10 || code === 11 || code === 12) return likely[code] ?? likely.other
  return undefined
}

/** The failure of an exchange, with the mistake that its answer suggests by itself. */
export function failureOf(exchange: Exchange, expected: string, likely?: string): Failure {
  return { sent: sentText(exchange), came: cameText(exchange), expected, likely: likely ?? likelyOf(exchange) }
}

function sentText({ method, path, body }: Exchange): string {
  return body === undefined ? `${method} ${path}` : `${method} ${path} with the JSON ${visible(body).slice(1, -1)}`
}

export function cameText({ answer, trouble }: Exchange): string {
  if (answer === undefined) return trouble ?? 'nothing'
  const { status, statusText, contentType, body } = answer
  const type = contentType === '' ? 'without a content type' : visible(contentType).slice(1, -1)
  return `status ${status} ${visible(statusText).slice(1, -1)}, ${type}, ${visible(body)}`
}

function likelyOf({ method, path, answer, trouble }: Exchange): string {
  if (answer === undefined) return likelyTrouble(trouble ?? '')
  const { status, body, json, serverName } = answer
  if (serverName.startsWith('AirTunes'))
    return 'this is AirPlay of macOS, not your server: use 127.0.0.1 or another port'
  if (status === 404) return `there is no route ${path}: compare its spelling with the table of the lab (D.6)`
  if (status === 405) return `the route ${path} is there, but not for ${method}: look at methods=[...]`
  if (status === 415) return 'the server does not take application/json'
  if (status >= 500) {
    return 'the route raised an exception: its console has the trace (in Flask also: a route returned nothing, or a bare number instead of text)'
  }
  if (status >= 400 && json === undefined) {
    return 'the route did not find its fields: they are in the JSON body, on GET too (request.get_json(), not request.args or request.form)'
  }
  if (body.length === 0) return "the route answers nothing; the lab's client stops at an answer that is not JSON"
  if (json === undefined)
    return "the body is not JSON, and the lab's client stops there: the code alone is the whole body"
  if (status >= 400) return 'the status says error although the body does not: answer with status 200'
  if (typeof json.value === 'object') return 'the code alone is the whole body, not inside an object or a list'
  return 'the route does something else than the lab asks'
}

function likelyTrouble(trouble: string): string {
  if (trouble.startsWith('the answer is not ended')) {
    return 'the Content-Length is larger than the body, or the connection is not closed after the answer'
  }
  if (trouble.startsWith('no answer'))
    return 'the route waits for something, or the server is still busy with an earlier client'
  if (trouble.includes('refused')) return 'the server has ended, perhaps with an error on its console'
  if (trouble.includes('not HTTP')) return 'something other than an HTTP server listens there'
  if (trouble.includes('closed')) return 'the server closes the connection without an answer, perhaps after an error'
  return 'the server does something else than the lab asks'
}
