// Asks as the messaging lab's client asks: one TCP connection a request, no cookies, always a JSON body framed with
// Content-Length (on GET too), and the answer's body parsed as JSON before its status is looked at. It must never wait
// for ever nor keep an endless answer: both are bounded, whatever the server does.
import { type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { visible } from '../visible.ts'

/** An inbox of some ten thousand short messages; what is longer is no answer to a user who has just been made. */
const answerBytesMax = 4 * 1024 * 1024

/** Python's requests follow 30; a web framework that adds a slash to a path needs one. */
const redirectsMax = 5

export interface Answer {
  readonly status: number
  readonly statusText: string
  readonly contentType: string
  readonly serverName: string
  readonly body: Buffer
  /** The body as JSON, as the lab's client reads it; undefined where it is none. */
  readonly json: { readonly value: unknown } | undefined
}

/** One request and what became of it. `trouble`: no whole answer came, in words. `refused`: nobody listens there. */
export interface Exchange {
  readonly method: string
  readonly path: string
  /** The body, as it was sent. */
  readonly body: Buffer | undefined
  readonly answer?: Answer
  readonly trouble?: string
  readonly unreachable?: 'refused' | 'other'
}

export interface MessagingClient {
  /** `payload` as JSON, bytes as they are, or no body at all. Never rejects. */
  readonly ask: (method: 'GET' | 'POST', path: string, payload?: object) => Promise<Exchange>
  readonly address: URL
}

/** Asks the server at `address` (http: or https:); each request, its redirects included, has `timeoutMs`. */
export function messagingClient(address: URL, options: { timeoutMs: number; signal: AbortSignal }): MessagingClient {
  return {
    address,
    async ask(method, path, payload) {
      const bytes = toBytes(payload)
      const exchange = { method, path, body: bytes }
      const deadline = AbortSignal.timeout(options.timeoutMs)
      const signal = AbortSignal.any([deadline, options.signal])
      try {
        return { ...exchange, answer: await follow(method, new URL(path, address), bytes, signal) }
      } catch (error) {
        return { ...exchange, ...troubleOf(error, deadline.aborted ? options.timeoutMs : undefined) }
      }
    },
  }
}

function toBytes(payload: object | undefined): Buffer | undefined {
  if (payload === undefined || Buffer.isBuffer(payload)) return payload
  return Buffer.from(JSON.stringify(payload))
}

/** As Python's requests do: 307 and 308 ask again the same way, the others with a GET that has no body. */
async function follow(method: string, url: URL, body: Buffer | undefined, signal: AbortSignal): Promise<Answer> {
  for (let redirects = 0; ; redirects += 1) {
    const { answer, location } = await exchangeOnce(method, url, body, signal)
    if (![301, 302, 303, 307, 308].includes(answer.status) || location === undefined) return answer
    const next = URL.canParse(location, url.href) ? new URL(location, url) : undefined
    // A server under check never sends the checker to another one.
    if (next === undefined || next.host !== url.host || next.protocol !== url.protocol) return answer
    if (redirects === redirectsMax) throw new Error(`it redirected more than ${redirectsMax} times`)
    url = next
    if (answer.status < 307) [method, body] = ['GET', undefined]
  }
}

function exchangeOnce(
  method: string,
  url: URL,
  body: Buffer | undefined,
  signal: AbortSignal,
): Promise<{ answer: Answer; location: string | undefined }> {
  const headers: Record<string, string | number> = { Accept: '*/*', 'User-Agent': 'hullo-check' }
  if (body !== undefined) Object.assign(headers, { 'Content-Type': 'application/json', 'Content-Length': body.length })
  // Python's client takes lines that end in a bare newline and the like, as hand-written servers send them.
  const options: RequestOptions = { method, headers, agent: false, signal, insecureHTTPParser: true }
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, options, response => {
      // From here on the body tells what went wrong, and how far it had come.
      request.off('error', reject).on('error', () => {})
      readBody(response).then(bytes => {
        resolve({ answer: toAnswer(response, bytes), location: response.headers.location })
        request.destroy()
      }, reject)
    })
    request.on('error', reject)
    request.end(body)
  })
}

async function readBody(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk)
      length += chunk.length
      if (length > answerBytesMax) break
    }
  } catch (error) {
    throw new Error(`the answer is not ended; up to then came ${visible(Buffer.concat(chunks))}`, { cause: error })
  }
  if (length > answerBytesMax) throw new Error(`the answer has more than ${answerBytesMax} bytes`)
  return Buffer.concat(chunks)
}

function toAnswer(response: IncomingMessage, body: Buffer): Answer {
  return {
    status: response.statusCode ?? 0,
    statusText: response.statusMessage ?? '',
    contentType: response.headers['content-type'] ?? '',
    serverName: String(response.headers['server'] ?? ''),
    body,
    json: parseJson(body),
  }
}

function parseJson(body: Buffer): { value: unknown } | undefined {
  try {
    // A byte order mark is no obstacle to the lab's client.
    return { value: JSON.parse(body.toString().replace(/^\uFEFF/, '')) as unknown }
  } catch {
    return undefined
  }
}

function troubleOf(
  error: unknown,
  timedOutMs: number | undefined,
): { trouble: string; unreachable?: 'refused' | 'other' } {
  const { code, message, cause } = error as NodeJS.ErrnoException
  if (timedOutMs !== undefined) {
    const seen = cause !== undefined && message.startsWith('the answer') ? `${message}, and after` : 'no answer came in'
    return { trouble: `${seen} ${timedOutMs / 1000} s there was no more` }
  }
  if (code === 'ECONNREFUSED')
    return { trouble: 'the connection was refused: nothing listens there', unreachable: 'refused' }
  if (['ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL', 'EACCES'].includes(code ?? '')) {
    return { trouble: `there is no way to that address (${code})`, unreachable: 'other' }
  }
  if (code === 'ECONNRESET') return { trouble: 'the connection was closed before a whole answer' }
  if (code?.startsWith('HPE_')) return { trouble: `the answer is not HTTP (${message})` }
  return { trouble: message }
}
