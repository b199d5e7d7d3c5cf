// The address that a person types, made into the one that requests go to. Nothing here opens a connection.
import { isIPv6 } from 'node:net'

/** The address that the lab's client takes when only Enter is pressed. */
export const usualAddress = '127.0.0.1:5000'

/** Where a server is: `base` has no slash at its end; `portWasGiven` lets a failure suggest the usual port. */
export interface ServerAddress {
  readonly base: URL
  readonly shown: string
  readonly portWasGiven: boolean
}

/**
 * Reads an address as the lab's client does: nothing is 127.0.0.1:5000, and `http://` is added where it is missing.
 * A path stays and comes before every route. Returns a sentence for the person where it cannot be an address.
 */
export function parseAddress(typed: string): ServerAddress | string {
  const text = typed.trim() === '' ? usualAddress : typed.trim()
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${isIPv6(text) ? `[${text}]` : text}`
  const base = URL.parse(withScheme)
  if (base === null || base.hostname === '') {
    return `${JSON.stringify(text)} is not an address; one looks like 192.168.1.20:5000`
  }
  if (base.protocol !== 'http:' && base.protocol !== 'https:') {
    return `The address begins with ${base.protocol}//, but messages travel over http:// or https://`
  }
  if (base.username !== '' || base.password !== '') {
    return 'An address must not hold a user name or password, since others may see it'
  }
  if (base.search !== '' || base.hash !== '') return 'The address of a server ends before any ? or #'
  base.pathname = base.pathname.replace(/\/+$/, '')
  const shown = base.protocol === 'http:' ? base.host + base.pathname : base.href
  // URL drops a port that is its scheme's own (http://a:80), so this looks at what was typed.
  const portWasGiven = /:\d+$/.test(withScheme.split('/')[2] ?? '')
  return { base, shown: shown.replace(/\/$/, ''), portWasGiven }
}
