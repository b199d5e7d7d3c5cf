// Who asks a v1 route: the token of a session in `Authorization: Bearer`, or in the cookie that only pages over HTTPS
// get (`__Host-`: this host alone, whole path, Secure). Never in the query: that ends up in logs and histories.
import type { IncomingMessage } from 'node:http'
import { isOwnOrigin } from '../app/browsers.ts'
import { Refusal } from '../../protocol/refusals.ts'
import type { Caller, Sessions } from '../../core/people/sessions.ts'
import * as requestTexts from '../../protocol/texts/requests.ts'
import { bearerToken } from '../app/bearer-token.ts'

export const sessionCookie = '__Host-hullo'

const inCookie = new RegExp(`(?:^|; ?)${sessionCookie}=([\\w-]{1,200})(?:;|$)`)

/** The token of a request, be it valid or not. A header of any scheme stands above the cookie. */
export function tokenOf(request: IncomingMessage): string | undefined {
  const { authorization, cookie } = request.headers
  if (authorization !== undefined) return bearerToken(authorization)
  if (cookie === undefined) return undefined
  // A page of another origin on the same site would bring it along, and is only let in with a token of its own.
  if (!isOwnOrigin(request)) return undefined
  const [, value] = inCookie.exec(cookie) ?? []
  return value
}

/** The caller, or `signed-out`. */
export async function callerOf(sessions: Sessions, request: IncomingMessage): Promise<Caller | Refusal> {
  const token = tokenOf(request)
  const caller = token === undefined ? undefined : await sessions.callerOf(token)
  return caller ?? new Refusal('signed-out', requestTexts.signInFirst)
}
