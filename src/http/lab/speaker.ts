// Who: which account a lab request speaks for. The lab's table cannot say it, so it is told by HTTP Basic, by the token
// of a session, or by an address that has just proved the account's password.
import { isUtf8 } from 'node:buffer'
import type { IncomingMessage } from 'node:http'
import type { Accounts } from '../../core/people/accounts.ts'
import type { Guard } from '../../core/lab/address-proofs.ts'
import type { Source } from '../../core/people/password-check.ts'
import type { Sessions } from '../../core/people/sessions.ts'
import { Refusal } from '../../protocol/refusals.ts'
import type { Account } from '../../store/store.ts'
import { originOf, type TrustedProxies } from '../../net/address.ts'
import { sourceOf } from '../app/source.ts'
import { bearerToken } from '../app/bearer-token.ts'
import * as requestTexts from '../../protocol/texts/requests.ts'

export interface Speakers {
  readonly accounts: Accounts
  readonly sessions: Sessions
  readonly guard: Guard
  readonly trustedProxies: TrustedProxies | undefined
}

/** The password of `account` was just shown with this request: its address may use the account for a while. */
export function noteProof({ guard, trustedProxies }: Speakers, request: IncomingMessage, account: Account): void {
  const { address, provable } = originOf(request, trustedProxies)
  if (provable) guard.prove(address, account)
}

/** Refuses with `not-proved` or `password-wrong` unless the request may speak for `account`. */
export async function checkSpeaker(
  speakers: Speakers,
  request: IncomingMessage,
  account: Account,
): Promise<Refusal | undefined> {
  const { address, provable } = originOf(request, speakers.trustedProxies)
  const { authorization } = request.headers
  if (authorization === undefined) {
    if (provable && speakers.guard.admits(address, account)) return undefined
    return new Refusal('not-proved', requestTexts.proveFirst)
  }
  const speaker = await speakerOf(speakers, authorization, sourceOf(request, speakers.trustedProxies))
  if (speaker instanceof Refusal) return speaker
  if (speaker.id === account.id) return undefined
  return new Refusal('not-proved', requestTexts.otherSpeaker)
}

async function speakerOf(
  { accounts, sessions }: Speakers,
  authorization: string,
  source: Source,
): Promise<Account | Refusal> {
  const token = bearerToken(authorization)
  if (token !== undefined) {
    const caller = await sessions.callerOf(token)
    return caller?.account ?? new Refusal('not-proved', requestTexts.nobodysToken)
  }
  const credentials = basicCredentials(authorization)
  if (credentials === undefined) {
    return new Refusal('not-proved', requestTexts.unknownScheme)
  }
  const speaker = await accounts.authenticate(credentials.name, credentials.password, source)
  const unknown = speaker instanceof Refusal && speaker.code === 'account-unknown'
  return unknown ? new Refusal('password-wrong', speaker.message) : speaker
}

/**
 * RFC 7617. The name ends at the first colon, which no name holds. The bytes are UTF-8, or else ISO 8859-1, in which
 * Python's requests writes them.
 */
function basicCredentials(authorization: string): { name: string; password: string } | undefined {
  const [, encoded] = /^Basic +([A-Za-z0-9+/]+=*)$/i.exec(authorization) ?? []
  if (encoded === undefined) return undefined
  const bytes = Buffer.from(encoded, 'base64')
  const text = bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1')
  const colon = text.indexOf(':')
  return colon < 0 ? undefined : { name: text.slice(0, colon), password: text.slice(colon + 1) }
}
