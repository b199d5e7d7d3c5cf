// One exchange over HTTP, as the lab's client makes it: a connection of its own, no cookies, the fields always a JSON
// body framed by Content-Length, on GET too (which fetch refuses). It knows nothing of what the fields mean.
import * as http from 'node:http'
import * as https from 'node:https'
import type { ServerAddress } from './client-address.ts'
import { type Failure, failureOf, Interrupted, no, TookTooLong } from './client-failures.ts'

export interface Bounds {
  /** For the connection: longer than a slow network's handshake, shorter than a person's patience. */
  readonly connectMs: number
  /** For the answer to begin, and between two of its pieces: a class that signs in at once makes a password wait. */
  readonly answerMs: number
  /** Of waiting for the pieces of one answer in all: a server that trickles does not hold a script for ever. */
  readonly waitingMsMax: number
  /** Of an inbox: a million messages of a page each. They are parsed one at a time, so this costs no memory. */
  readonly inboxBytesMax: number
}

export const usualBounds: Bounds = {
  connectMs: 10_000,
  answerMs: 30_000,
  waitingMsMax: 600_000,
  inboxBytesMax: 2 ** 30,
}

/** Bytes that are kept of an answer that is a code, a refusal or an error page: enough to say what it is. */
const shortAnswerBytesMax = 65_536

// Enough for "/auth to /auth/, and http's own"; more is a loop.
const redirectsMax = 3

export interface Answer extends AsyncDisposable {
  readonly ok: true
  readonly status: number
  /** As the server wrote it, else as the status is usually called. */
  readonly reason: string
  readonly header: (name: string) => string | undefined
  /** The body as it arrives, to be read once; throws what `failureOf` understands. */
  readonly pieces: () => AsyncGenerator<Uint8Array>
}

export interface Ask {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly fields: Readonly<Record<string, unknown>>
}

/**
 * Sends `ask` and resolves when the answer's head is there. A redirection is followed as the lab's client follows it (Flask sends
 * `/auth` to `/auth/`), but only within the same server, since the body holds a password.
 */
export async function exchange(
  address: ServerAddress,
  ask: Ask,
  bounds: Bounds,
  signal?: AbortSignal,
): Promise<Answer | Failure> {
  let url = new URL(address.base.href.replace(/\/$/, '') + ask.path)
  for (let redirects = 0; redirects <= redirectsMax; redirects++) {
    const answer = await once(url, address, ask, bounds, signal)
    if (!answer.ok) return answer
    const location = answer.header('location')
    if (answer.status < 300 || answer.status > 399 || location === undefined) return answer
    await answer[Symbol.asyncDispose]()
    const next = URL.parse(location, url)
    const keepsMethod = answer.status === 307 || answer.status === 308 || ask.method === 'GET'
    if (next?.origin !== url.origin || !keepsMethod) {
      return {
        ...no('refused', `${address.shown} sends us on to ${location}: give that address instead.`),
        status: answer.status,
      }
    }
    url = next
  }
  return no('not-messaging', `${address.shown} sends ${ask.method} ${ask.path} round in a circle.`)
}

function once(
  url: URL,
  address: ServerAddress,
  ask: Ask,
  bounds: Bounds,
  signal?: AbortSignal,
): Promise<Answer | Failure> {
  const body = Buffer.from(JSON.stringify(ask.fields))
  const { promise, resolve } = Promise.withResolvers<Answer | Failure>()
  let connected = false
  let request: http.ClientRequest
  try {
    request = (url.protocol === 'https:' ? https : http).request(url, {
      method: ask.method,
      agent: false,
      ...(signal && { signal }),
      headers: {
        'Content-Type': 'application/json',
        'Content-Length': body.length,
        Accept: '*/*',
        Connection: 'close',
      },
    })
  } catch (error) {
    return Promise.resolve(failureOf(error, address, false))
  }
  const late = (doing: string, ms: number) => () =>
    request.destroy(new TookTooLong(`did not ${doing} within ${ms / 1000} s`))
  let timer = setTimeout(late('take the connection', bounds.connectMs), bounds.connectMs)
  request.on('socket', socket => {
    socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
      connected = true
      clearTimeout(timer)
      timer = setTimeout(late('answer', bounds.answerMs), bounds.answerMs)
    })
  })
  request.on('response', response => {
    clearTimeout(timer)
    resolve(answerOf(response, bounds, signal))
  })
  request.on('error', error => resolve(failureOf(signal?.aborted ? new Interrupted() : error, address, connected)))
  request.on('close', () => {
    clearTimeout(timer)
    resolve(failureOf(new Error('no answer'), address, connected)) // an odd end, such as a 101: changes nothing after a resolve
  })
  request.end(body)
  return promise
}

function answerOf(response: http.IncomingMessage, bounds: Bounds, signal?: AbortSignal): Answer {
  response.on('error', () => {}) // whoever reads the pieces gets it too
  const status = response.statusCode ?? 0
  return {
    ok: true,
    status,
    reason: response.statusMessage || (http.STATUS_CODES[status] ?? ''),
    header: name => {
      const value = response.headers[name]
      return Array.isArray(value) ? value[0] : value
    },
    pieces: () => piecesOf(response, bounds, signal),
    async [Symbol.asyncDispose]() {
      response.destroy()
    },
  }
}

// Only the waiting is timed: whoever shows an inbox page by page may take an hour over it.
async function* piecesOf(
  response: http.IncomingMessage,
  bounds: Bounds,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const pieces = response[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>
  let waitedMs = 0
  try {
    for (;;) {
      const began = performance.now()
      const leftMs = Math.min(bounds.answerMs, bounds.waitingMsMax - waitedMs)
      const timer = setTimeout(() => response.destroy(new TookTooLong('stopped in the middle of its answer')), leftMs)
      const piece = await pieces.next().finally(() => clearTimeout(timer))
      waitedMs += performance.now() - began
      if (piece.done === true) return
      yield piece.value
    }
  } catch (error) {
    throw signal?.aborted ? new Interrupted() : error
  } finally {
    response.destroy()
  }
}

/** The text of a short answer; of a longer one what came up to the bound, the rest is not waited for. */
export async function shortText(answer: Answer, bytesMax = shortAnswerBytesMax): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for await (const piece of answer.pieces()) {
    bytes += piece.length
    text += decoder.decode(piece, { stream: true })
    if (bytes > bytesMax) break
  }
  return text + decoder.decode()
}
