// START HERE: the client library. `signIn` gives a session (me.ts), which sends, reads and stays connected. It runs in
// Node and in browsers, and imports nothing but the shapes on the wire and a parser of server-sent events.
import type { MeView, RegistrationView, SignedIn } from '../protocol/v1.ts'
import { callAt, type Place, serverUrl, type Waiting } from './http.ts'
import { Me } from './me.ts'
import { type Platform, usualPlatform } from './platform.ts'

export type * from '../protocol/v1.ts'
export { Closed, ForeignAnswer, NoAnswer, Refused, Withdrawn } from './errors.ts'
export type { Events, Gap, State } from './events.ts'
export type { Feed, Message } from './feed.ts'
export type { Waiting } from './http.ts'
export type { Me, Reading, Sending } from './me.ts'
export type { Invite, NewInvite, PeoplePage, Presence } from './people.ts'
export type { Platform } from './platform.ts'
export type { Update } from './reader.ts'
export type { Stored } from './waiting.ts'

export interface Server extends Waiting {
  /** `https://hullo.example`, `127.0.0.1:5000`; http:// where nothing is said. In a page: `location.origin`. */
  readonly server: string | URL
  /** Parts of the platform to be used in place of the usual ones. */
  readonly platform?: Partial<Platform>
}

export interface Credentials extends Server {
  readonly name: string
  readonly password: string
  /** What signs in, for the list of sessions: a device, a program. */
  readonly label?: string
  /**
   * The session ends so long after its last use, and in any case after 14 times as long: 60 to 7,776,000, which are the usual
   * 90 days, and with which use makes it no longer.
   */
  readonly expiresInSeconds?: number
  /** For a page over HTTPS: the browser keeps the token in a cookie that no script can read, and the session has none. */
  readonly cookie?: boolean
}

/** Signs in. Rejects with `Refused` (the password is not the right one, say) or `NoAnswer`. */
export async function signIn({ name, password, label, expiresInSeconds, cookie, ...at }: Credentials): Promise<Me> {
  const place = placeOf(at)
  const body = { name, password, label, expiresInSeconds, cookie }
  const { token, account } = await callAt(place)<SignedIn>('POST', '/sessions', { body, signal: at.signal })
  return new Me({ ...place, token: cookie === true ? undefined : token }, account)
}

/** Who can make an account on a server: everybody, people with an invite, or nobody. Rejects with `NoAnswer`. */
export async function registrationAt(at: Server): Promise<RegistrationView['registration']> {
  const answer = await callAt(placeOf(at))<RegistrationView>('GET', '/registration', { signal: at.signal })
  return answer.registration
}

/** Makes an account and signs in. `invite` is needed where the server asks for one. */
export async function register({ invite, ...credentials }: Credentials & { readonly invite?: string }): Promise<Me> {
  const { name, password, signal } = credentials
  await callAt(placeOf(credentials))('POST', '/accounts', { body: { name, password, invite }, signal })
  return signIn(credentials)
}

/**
 * Goes on with a session whose token was kept; without one, with the cookie that the browser keeps. Asks the server who
 * that is, unless `account` (a session's, kept with its token) says so: then it works offline too.
 */
export async function resume({
  token,
  account,
  ...at
}: Server & { readonly token?: string; readonly account?: MeView }): Promise<Me> {
  const place = { ...placeOf(at), token }
  return new Me(place, account ?? (await callAt(place)<MeView>('GET', '/me', { signal: at.signal })))
}

function placeOf({ server, platform }: Server): Place {
  return { server: serverUrl(server), platform: { ...usualPlatform(), ...platform } }
}
