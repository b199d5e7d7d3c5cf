// Arrive: what a browser may not be made to do. A server on loopback or in a classroom is within reach of every page
// that its people have open; these two checks come before anything else looks at a request.
import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import { hostname } from 'node:os'
import { Refusal } from '../../protocol/refusals.ts'
import * as requestTexts from '../../protocol/texts/requests.ts'

export interface Front {
  /** Names under which this server may be addressed, besides IP literals: lower case, without port. */
  readonly hosts: ReadonlySet<string>
  /** Origins of pages elsewhere that may use the API, as a browser writes them: `https://example.org`. */
  readonly allowedOrigins: ReadonlySet<string>
}

/** localhost, this machine's name (also .local), and the host of the public URL. */
export function ownHosts(publicUrl: URL | undefined): ReadonlySet<string> {
  const full = hostname().toLowerCase()
  const short = full.split('.')[0] ?? full
  const hosts = ['localhost', full, short, `${full}.local`, `${short}.local`]
  if (publicUrl !== undefined) hosts.push(publicUrl.hostname)
  return new Set(hosts)
}

/**
 * DNS rebinding: a name that an attacker points at 127.0.0.1 arrives in Host. Refuses with `foreign-host` what is not
 * an IP literal or one of our names, and with `malformed` what is not a host. HTTP/1.0 may leave it out.
 */
export function checkHost(request: IncomingMessage, front: Front): Refusal | undefined {
  if (countHosts(request) > 1) return new Refusal('malformed', requestTexts.hostTwice)
  // A target in absolute form has a host of its own, which the header should repeat (RFC 9112, 3.2.2): both are to be ours.
  const { url = '' } = request
  const [, target] = url.startsWith('/') ? [] : (/^https?:\/\/([^/?#]*)/i.exec(url) ?? [])
  const refusal = target === undefined ? undefined : checkName(target, front)
  if (refusal !== undefined) return refusal
  const { host } = request.headers
  if (host === undefined && request.httpVersion === '1.0') return undefined
  return checkName(host ?? '', front)
}

/** Node drops the second of two; the raw names are cheaper than `headersDistinct`, which is made of all of them. */
function countHosts({ rawHeaders }: IncomingMessage): number {
  let count = 0
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? ''
    if (name.length === 4 && name.toLowerCase() === 'host') count += 1
  }
  return count
}

/** One host, perhaps with a port. */
function checkName(host: string, front: Front): Refusal | undefined {
  const [, bracketed, bare] = /^(?:\[([^\]]*)\]|([^:[\]]+))(?::\d{1,5})?$/.exec(host) ?? []
  const name = (bracketed ?? bare ?? '').toLowerCase().replace(/\.$/, '')
  if (name === '') return new Refusal('malformed', requestTexts.noHost)
  if (isIP(name) !== 0 || front.hosts.has(name)) return undefined
  return new Refusal('foreign-host', requestTexts.foreignHost(name))
}

/**
 * A page elsewhere that sends requests here: refuses with `foreign-origin` what a browser says comes from another site
 * or another origin. Programs send neither header. (Fetch Metadata, W3C; RFC 6454 for Origin.)
 */
export function checkOrigin(request: IncomingMessage, front: Front): Refusal | undefined {
  const { origin } = request.headers
  const site = request.headers['sec-fetch-site']
  const allowed = origin !== undefined && front.allowedOrigins.has(origin)
  if (allowed) return undefined
  const elsewhere = site === 'cross-site' || site === 'same-site'
  if (isOwnOrigin(request) && !elsewhere) return undefined
  return new Refusal('foreign-origin', requestTexts.foreignPage)
}

/** Whether a request comes from a page of this server, or from none that a browser names. */
export function isOwnOrigin({ headers: { origin, host } }: IncomingMessage): boolean {
  return origin === undefined || origin === `http://${host}` || origin === `https://${host}`
}
