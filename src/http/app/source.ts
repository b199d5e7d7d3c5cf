// Who: the source of a password that came with a request, for the limits on guesses.
import type { IncomingMessage } from 'node:http'
import type { Presence } from '../../core/people/hash-queue.ts'
import type { Source } from '../../core/people/password-check.ts'
import type { Caller } from '../../core/people/sessions.ts'
import { originOf, rateKey, type TrustedProxies } from '../../net/address.ts'

/** A caller who is not signed in: its address, whose proofs help it where the address may stand for a person. */
export function sourceOf(request: IncomingMessage, trusted: TrustedProxies | undefined): Source {
  const { address, provable } = originOf(request, trusted)
  const key = rateKey(address)
  return { key, presence: () => presenceOf(request), ...(provable ? { address: key } : {}) }
}

/** A caller who is signed in: others at its address take nothing from its limits. */
export function sourceOfCaller(
  request: IncomingMessage,
  trusted: TrustedProxies | undefined,
  { account, session }: Caller,
): Source {
  return { ...sourceOf(request, trusted), key: `account ${account.id}`, session: session.id }
}

/** A connection of which only the other side is closed may still be read, as by `nc -N`, or be that of a program that left. */
function presenceOf({ socket }: IncomingMessage): Presence {
  if (socket.destroyed) return 'gone'
  return socket.readableEnded ? 'silent' : 'here'
}
