// What a server's short answer means: one of the lab's codes, or a failure with a sentence that helps whoever wrote the
// server. As the lab's client does, the body is parsed as JSON whatever its type says, and a newline after it is fine.
import type { ServerAddress } from './client-address.ts'
import { type Failure, failureOf, no } from './client-failures.ts'
import { type Answer, type Ask, shortText } from './client-http.ts'
import { isRecord } from './client-inbox.ts'

/** The lab's codes: 1 success, 10 user exists, 11 user does not exist, 12 authentication failed. */
type LabCode = 1 | 10 | 11 | 12

/** Units of a body that a sentence quotes: enough to recognise it. */
const quotedUnitsMax = 60

/** Reads and judges `answer`; `text` is its body where that was read already. */
export async function judge(
  answer: Answer,
  ask: Ask,
  address: ServerAddress,
  text?: string,
): Promise<{ code: LabCode } | Failure> {
  const { status, reason } = answer
  if (/^AirTunes\b/i.test(answer.header('server') ?? '')) return no('airplay', airplay(address))
  const body = text ?? (await shortText(answer).catch((error: unknown) => failureOf(error, address, true)))
  if (typeof body !== 'string') return body
  const value = parse(body)
  const fine = status >= 200 && status <= 299
  // A failure's code counts whatever the status: the lab's own server sends 11 with 200, later ones with 400 or 404.
  if (isLabCode(value) && (fine || value !== 1)) return { code: value }
  if (fine && saysSent(value, ask)) return { code: 1 }
  const seen = { answer, body, value, call: `${ask.method} ${ask.path}`, place: address.shown }
  return { ...(fine ? unexpected(seen) : refused(seen, `${status} ${reason}`.trim())), status }
}

function isLabCode(value: unknown): value is LabCode {
  return value === 1 || value === 10 || value === 11 || value === 12
}

// Of a message sent the lab's client wants only a good status and JSON: a server may well answer with the message.
function saysSent(value: unknown, ask: Ask): boolean {
  return ask.path === '/' && isRecord(value) && !('error' in value)
}

interface Seen {
  readonly answer: Answer
  readonly body: string
  readonly value: unknown
  readonly call: string
  readonly place: string
}

function unexpected({ answer, body, value, call, place }: Seen) {
  if (value === undefined && looksLikeHtml(body, answer)) {
    return no('not-messaging', `${place} answers ${call} with a web page, so it is not a messaging server.`)
  }
  const wanted = call === 'GET /get_messages' ? 'an object with "messages"' : 'the number 1, 10, 11 or 12'
  const got =
    body.trim() === ''
      ? 'an empty body'
      : typeof value === 'string' && /^\d+$/.test(value)
        ? `${quote(body)} in quotation marks`
        : quote(body)
  return no('unexpected', `The server answered ${call} with ${got}; the lab has ${wanted} there.`)
}

function refused({ answer, body, value, call, place }: Seen, status: string) {
  const sentence = sentenceOf(value)
  const later = answer.header('retry-after')
  if (sentence !== undefined) {
    return no(
      'refused',
      `The server refused: ${sentence} (${answer.status})${later ? `; try again in ${later} s` : ''}.`,
    )
  }
  if (answer.status === 404 || answer.status === 405) {
    const hint = 'Either it is not a messaging server, or this route is not written yet.'
    return no('not-messaging', `${place} has no ${call} (${status}). ${hint}`)
  }
  if (answer.status >= 500 && answer.status !== 503) {
    return no('refused', `The server broke while it answered ${call} (${status}). Its own console says more.`)
  }
  const said = body.trim() === '' || looksLikeHtml(body, answer) ? '' : `: ${quote(body)}`
  return no('refused', `The server answered ${call} with ${status}${said}.`)
}

/** The sentence of Hullo's refusals, `{"error": ..., "message": ...}`. */
export function sentenceOf(value: unknown): string | undefined {
  if (!isRecord(value) || !('error' in value)) return undefined
  const message = value['message']
  return typeof message === 'string' ? message.slice(0, 500).replace(/\.$/, '') : undefined
}

function airplay(address: ServerAddress): string {
  const port = address.base.port === '' ? '80' : address.base.port
  return (
    `What answers at ${address.shown} is AirPlay, which macOS keeps on port 5000, not a messaging server. ` +
    `Try 127.0.0.1:${port}, give the server another port, or turn AirPlay Receiver off in the system's settings.`
  )
}

function looksLikeHtml(body: string, answer: Answer): boolean {
  return body.trimStart().startsWith('<') && (answer.header('content-type') ?? 'text/html').includes('html')
}

function quote(body: string): string {
  const text = body.trim()
  return text.length > quotedUnitsMax ? `${text.slice(0, quotedUnitsMax)} ...` : text
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
