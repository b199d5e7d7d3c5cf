// Who speaks, for everything that runs in a terminal: a token from the environment, else a kept session, else a password,
// whose session is then kept. A password is never taken from a command line, and nothing here writes to the screen.
import { hostname } from 'node:os'
import { parseAddress, usualAddress } from '../lab/client-address.ts'
import { nameKey } from '../protocol/names.ts'
import {
  anothersToken,
  nobodyAt,
  notSignedIn,
  sessionIsOver,
  sessionOn,
  severalSignedIn,
} from '../protocol/texts/commands.ts'
import { isSignedOut, NoAnswer } from '../sdk/errors.ts'
import { type Me, resume, signIn } from '../sdk/sdk.ts'
import {
  forgetSession,
  keepSession,
  type KeptSession,
  keptSession,
  keptSessions,
  KeptTrouble,
  touchSession,
} from './kept-sessions.ts'

/** The server takes no longer ones. */
const labelCharsMax = 64

/** What a person wants of a sign-in; each part may be missing. */
export interface Wanted {
  /** As typed. */
  readonly server: string | undefined
  readonly name: string | undefined
  /** HULLO_TOKEN: speaks for itself, and is never kept. */
  readonly token?: string | undefined
  /** Asks for a name; undefined where nobody can be asked. */
  readonly askName?: () => Promise<string | undefined>
  /** The password of `name`, from wherever; undefined where there is none. */
  readonly password?: (name: string) => Promise<string | undefined>
  /** Go on with a kept session also while the server does not answer. */
  readonly offline?: boolean
  readonly signal: AbortSignal
}

export interface Opened {
  readonly me: Me
  /** As `serverUrl` writes it. */
  readonly server: string
  /** Why the new session could not be kept: whoever opened it should sign out, or sessions pile up. */
  readonly notKept?: KeptTrouble
}

/** `usage`: what was said does not single out one account or server. `not-signed-in`: there is no session and no password. */
export class SignInTrouble extends Error {
  override readonly name = 'SignInTrouble'
  readonly kind: 'usage' | 'not-signed-in'

  constructor(kind: SignInTrouble['kind'], message: string) {
    super(message)
    this.kind = kind
  }
}

/** Opens the session that `wanted` means. Throws `SignInTrouble`, `KeptTrouble`, and what the client library throws. */
export async function openSession(wanted: Wanted): Promise<Opened> {
  if (wanted.token !== undefined) return await openToken(wanted, wanted.token)
  const kept = await keptFor(wanted.server, wanted.name)
  const me = kept && (await openKept(kept, wanted))
  if (kept !== undefined && me !== undefined) return { me, server: kept.server }
  return await signInAnew(wanted, kept)
}

/** Signs in with a password, and keeps the session. */
export async function signInAnew(wanted: Wanted, before?: KeptSession): Promise<Opened> {
  const server = serverOf(wanted.server ?? before?.server)
  const name = wanted.name ?? before?.name ?? (await wanted.askName?.())
  wanted.signal.throwIfAborted()
  if (name === undefined || name === '') {
    throw new SignInTrouble('not-signed-in', nobodyAt(server))
  }
  const password = await wanted.password?.(name)
  wanted.signal.throwIfAborted()
  if (password === undefined || password === '') {
    throw new SignInTrouble('not-signed-in', (before === undefined ? notSignedIn : sessionIsOver)(name, server))
  }
  const me = await signIn({
    server,
    name,
    password,
    label: sessionLabel(),
    signal: wanted.signal,
  })
  return await keep(me, server)
}

/** What a session of this machine is called in the list of sessions. */
export function sessionLabel(): string {
  return sessionOn(hostname()).slice(0, labelCharsMax)
}

/** Keeps the session of `me`. A session that cannot be kept is still good for now. */
export async function keep(me: Me, server: string): Promise<Opened> {
  const { name, token = '', account } = me
  try {
    await keepSession({ server, name, token, account })
    return { me, server }
  } catch (error) {
    if (error instanceof KeptTrouble) return { me, server, notKept: error }
    throw error
  }
}

/** The address of a server as `serverUrl` writes it; the usual one where nothing was said. */
export function serverOf(typed: string | undefined): string {
  const address = parseAddress(typed ?? usualAddress)
  if (typeof address === 'string') throw new SignInTrouble('usage', address)
  return address.base.href.replace(/\/*$/, '/')
}

/** The kept session that is meant. Where several could be, none is guessed: a message goes out under one's name. */
export async function keptFor(server: string | undefined, name: string | undefined): Promise<KeptSession | undefined> {
  const href = server === undefined ? undefined : serverOf(server)
  if (href !== undefined && name !== undefined) return await keptSession({ server: href, name })
  const fitting = (await keptSessions()).filter(
    one => (href === undefined || one.server === href) && (name === undefined || nameKey(one.name) === nameKey(name)),
  )
  if (fitting.length < 2) return fitting[0]
  throw new SignInTrouble('usage', severalSignedIn(fitting))
}

async function openToken({ server: typed, name, signal }: Wanted, token: string): Promise<Opened> {
  const server = serverOf(typed)
  const me = await resume({ server, token, signal })
  if (name !== undefined && nameKey(name) !== nameKey(me.name)) {
    throw new SignInTrouble('usage', anothersToken(me.name, name))
  }
  return { me, server }
}

/** Undefined where the session is over; it is then kept no longer. */
async function openKept(kept: KeptSession, { offline, signal }: Wanted): Promise<Me | undefined> {
  const { server, token, account } = kept
  try {
    const me = await resume({ server, token, signal })
    await touchSession(kept)
    return me
  } catch (error) {
    if (offline === true && error instanceof NoAnswer) return await resume({ server, token, account })
    if (!isSignedOut(error)) throw error
    await forgetSession(kept)
    return undefined
  }
}
