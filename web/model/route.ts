// Where one is, in the address bar's hash, so that Back works, a conversation can be bookmarked, and the server learns
// nothing of it: `#/@bob`, `#/team`, `#/team/123` (a message), `#/team/-members` (beside it), `#/-settings` (a view).
import { signal } from '@preact/signals'
import type { Address } from '../../src/sdk/sdk.ts'

export type Route =
  | { readonly is: 'home' }
  | { readonly is: 'conversation'; readonly address: Address; readonly seq?: number; readonly panel?: string }
  | { readonly is: 'view'; readonly name: string; readonly rest: string }
  /** A link that somebody was given, to make an account with. */
  | { readonly is: 'invite'; readonly invite: string }

export const route = signal<Route>(parseRoute(location.hash))

addEventListener('hashchange', () => {
  route.value = parseRoute(location.hash)
})

function parseRoute(hash: string): Route {
  const [, invite] = /^#invite=([\w-]{1,200})$/.exec(hash) ?? []
  if (invite !== undefined) return { is: 'invite', invite }
  const [first = '', second = '', ...more] = hash.replace(/^#\/?/, '').split('/').map(decoded)
  if (first === '') return { is: 'home' }
  if (first.startsWith('-')) return { is: 'view', name: first.slice(1), rest: [second, ...more].join('/') }
  const address: Address = first.startsWith('@') ? `@${first.slice(1)}` : `#${first}`
  if (/^\d{1,15}$/.test(second)) return { is: 'conversation', address, seq: Number(second) }
  if (second.startsWith('-')) return { is: 'conversation', address, panel: second.slice(1) }
  return { is: 'conversation', address }
}

/** For `href`: links work with a middle click too. */
export function hrefOf(to: Route): string {
  if (to.is === 'home') return '#/'
  if (to.is === 'invite') return `#invite=${to.invite}`
  if (to.is === 'view')
    return `#/${[`-${to.name}`, ...to.rest.split('/')].filter(notEmpty).map(encodeURIComponent).join('/')}`
  const { address, seq, panel } = to
  const sign = address.startsWith('@') ? '@' : ''
  const more = seq === undefined ? (panel === undefined ? '' : `/-${encodeURIComponent(panel)}`) : `/${seq}`
  return `#/${sign}${encodeURIComponent(address.slice(1))}${more}`
}

function notEmpty(part: string): boolean {
  return part !== ''
}

export function hrefOfAddress(address: Address, seq?: number): string {
  return hrefOf({ is: 'conversation', address, ...(seq === undefined ? {} : { seq }) })
}

/** What of a link into this page stands after the page's own address, for a `href` that moves in place; undefined for others. */
export function hrefInPage(href: string): string | undefined {
  if (!URL.canParse(href)) return undefined
  const { origin, pathname, search, hash } = new URL(href)
  const page = new URL('.', location.href)
  const isHere = origin === page.origin && pathname === page.pathname && search === ''
  return isHere && /^(?:#\/|#invite=|$)/.test(hash) ? hash || '#/' : undefined
}

/** Goes there. `replace` leaves no step back, for what was only a way station. */
export function go(to: Route, how: 'push' | 'replace' = 'push'): void {
  const href = hrefOf(to)
  if (how === 'replace') {
    history.replaceState(null, '', href)
    route.value = parseRoute(href)
  } else location.hash = href
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
