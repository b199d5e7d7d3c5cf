// One request of the v1 API and its answer: the token in a header (never in the address), refusals as `Refused`. It
// never retries: who may try again, and when, is known by the caller.
import type { Problem } from '../protocol/v1.ts'
import { asError, ForeignAnswer, Refused, NoAnswer } from './errors.ts'
import type { Platform } from './platform.ts'
import * as clientTexts from '../protocol/texts/client.ts'

export interface Waiting {
  /** Ends the wait; what was asked for may or may not have been done. */
  readonly signal?: AbortSignal | undefined
}

/** Of waiting for a whole answer: a password may queue for its hash in a class that signs in at once. */
const answerMsMax = 30_000

/** Where a server is, and who asks. Without a token the browser's cookie speaks, where the server set one. */
export interface Place {
  /** Ends in `/`. */
  readonly server: URL
  readonly token?: string | undefined
  readonly platform: Platform
}

export interface Ask {
  readonly query?: Readonly<Record<string, string | number | undefined>>
  /** Sent as JSON; a string is JSON already. */
  readonly body?: unknown
  readonly signal?: AbortSignal | undefined
}

export type Call = <T = void>(method: string, path: string, ask?: Ask) => Promise<T>

/** `127.0.0.1:5000`, `https://example.org/hullo`: http:// where none is given. Throws a TypeError for what is no address. */
export function serverUrl(server: string | URL): URL {
  const text = String(server)
  const url = new URL(/^https?:\/\//i.test(text) ? text : `http://${text}`)
  if (!url.pathname.endsWith('/')) url.pathname += '/'
  url.search = ''
  url.hash = ''
  return url
}

/** A path of the API; what is put in stays one segment. */
export function path(parts: TemplateStringsArray, ...values: (string | number)[]): string {
  return String.raw({ raw: parts }, ...values.map(segment))
}

function segment(value: string | number): string {
  const text = String(value)
  // These two and the empty one would become another path.
  if (/^\.{0,2}$/.test(text)) throw new Refused('field-invalid', clientTexts.notName(text))
  if (!text.isWellFormed()) throw new Refused('field-invalid', clientTexts.nameHalfCharacter)
  return encodeURIComponent(text)
}

export function callAt(place: Place): Call {
  return async <T>(method: string, to: string, ask: Ask = {}) => {
    const answer = await exchange(place, method, to, ask)
    return answer as T
  }
}

/** The address of a v1 route. */
export function routeUrl({ server }: Pick<Place, 'server'>, to: string, query: Ask['query'] = {}): URL {
  const url = new URL(`v1${to}`, server)
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, String(value))
  return url
}

export function headersOf({ token }: Pick<Place, 'token'>): Record<string, string> {
  return token === undefined ? {} : { Authorization: `Bearer ${token}` }
}

async function exchange(place: Place, method: string, to: string, { query, body, signal }: Ask): Promise<unknown> {
  signal?.throwIfAborted()
  const late = new AbortController()
  const cancel = place.platform.after(answerMsMax, () => {
    late.abort(new NoAnswer(clientTexts.silent(place.server.host, answerMsMax / 1000)))
  })
  try {
    const response = await place.platform.fetch(routeUrl(place, to, query), {
      method,
      headers: { ...headersOf(place), ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      signal: signal === undefined ? late.signal : AbortSignal.any([signal, late.signal]),
      // A redirection would repeat a password to somewhere else, or turn a POST into a GET.
      redirect: 'error',
      cache: 'no-store',
    })
    const text = await response.text()
    if (!response.ok) throw refusalIn(response, text, place)
    return text === '' ? undefined : parseAnswer(response, text, place)
  } catch (error) {
    if (signal?.aborted === true) throw asError(signal.reason)
    if (late.signal.aborted) throw asError(late.signal.reason)
    if (error instanceof Refused || error instanceof NoAnswer) throw error
    throw new NoAnswer(clientTexts.unreachable(place.server.host), { cause: error })
  } finally {
    cancel()
  }
}

function parseAnswer({ status }: Response, text: string, { server }: Place): unknown {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return value
  } catch {}
  throw new ForeignAnswer(clientTexts.foreignAnswer(server.host), status)
}

/** What an answer that is not ok says: a problem document (RFC 9457), or whatever stands in the server's way. */
export function refusalIn(response: Response, text: string, { server }: Pick<Place, 'server'>): Refused | NoAnswer {
  try {
    const problem = JSON.parse(text) as Partial<Problem> | null
    if (typeof problem?.code === 'string') {
      const { code, detail, title, field, retryAfter } = problem
      return new Refused(code, detail ?? title ?? code, { field, retryAfter })
    }
  } catch {}
  const { status } = response
  const retryAfterSeconds = retryAfterIn(response)
  return new ForeignAnswer(clientTexts.foreignAnswer(server.host, status), status, { retryAfterSeconds })
}

/** Longest wait that a proxy may ask for: what blocks longer is noticed by a new attempt. */
const retryAfterSecondsMax = 300

/** The whole seconds of a `Retry-After`. A date there is ignored, since this machine's clock may be wrong. */
function retryAfterIn({ headers }: Response): number | undefined {
  const value = headers.get('Retry-After') ?? ''
  return /^\d{1,9}$/.test(value) ? Math.min(Number(value), retryAfterSecondsMax) : undefined
}
