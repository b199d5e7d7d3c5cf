// What can go wrong between the lab's client and a server, as values with a sentence for people. A sentence may quote
// the server: whoever prints it makes control characters harmless first. No sentence ever holds a password.
import type { ServerAddress } from './client-address.ts'

/** An answer that is not success. `message` is a whole sentence; `kind` is stable and for programs. */
export interface No<Kind extends string> {
  readonly ok: false
  readonly kind: Kind
  readonly message: string
}

/**
 * The ways in which any call can fail, whatever was asked:
 * - `unreachable`: there was no connection, so the server saw nothing;
 * - `no-answer`: the connection broke or time ran out, so nobody knows whether the server did what was asked;
 * - `interrupted`: the caller's signal ended it (as unknown as `no-answer`);
 * - `airplay`: macOS holds the port, no server of ours;
 * - `not-messaging`: something answered that does not speak the lab's table;
 * - `refused`: the server said no, with an HTTP status;
 * - `unexpected`: the status says yes and the body is not what the table has.
 */
export type Failure =
  | No<'unreachable' | 'no-answer' | 'interrupted' | 'airplay'>
  | (No<'not-messaging' | 'refused' | 'unexpected'> & { readonly status?: number })

export function no<Kind extends string>(kind: Kind, message: string): No<Kind> {
  return { ok: false, kind, message }
}

/** Thrown inside the client to end an exchange that takes too long; never leaves it. */
export class TookTooLong extends Error {}

/** Thrown inside the client where the caller's signal ended an exchange; never leaves it. */
export class Interrupted extends Error {}

/** The failure behind an error of node:http, node:net or node:tls. `connected`: whether the request may have arrived. */
export function failureOf(error: unknown, address: ServerAddress, connected: boolean): Failure {
  const code = codeOf(error)
  if (error instanceof Interrupted) return no('interrupted', 'Interrupted.')
  if (code.startsWith('HPE_')) {
    return no('not-messaging', `What listens at ${address.shown} does not speak HTTP.`)
  }
  if (!connected) return no('unreachable', whyUnreachable(code, error, address))
  if (error instanceof TookTooLong) return no('no-answer', `${address.shown} ${error.message}.`)
  return no('no-answer', `${address.shown} closed the connection before its answer was complete (${code}).`)
}

function whyUnreachable(code: string, error: unknown, address: ServerAddress): string {
  const { hostname, protocol, port } = address.base
  const number = port === '' ? (protocol === 'https:' ? '443' : '80') : port
  const place = `${hostname} port ${number}`
  switch (code) {
    case 'ECONNREFUSED': {
      const hint = address.portWasGiven ? '' : ` (no port was given; Hullo's is 5000: try ${hostname}:5000)`
      return `Nothing is listening at ${place}${hint}. Is the server running there?`
    }
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_NONAME':
      return `No machine is known by the name ${hostname}.`
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EHOSTDOWN':
      return `${hostname} cannot be reached from here. Is it on the same network?`
    case 'ETIMEDOUT':
    case 'TOOK_TOO_LONG':
      return `${place} did not answer. Is the address right, and does a firewall let port ${number} through?`
    case 'EPROTO':
      return `${place} does not speak TLS. Try http:// instead of https://.`
    default:
      return `No connection to ${place}: ${error instanceof Error ? error.message : code}.`
  }
}

function codeOf(error: unknown): string {
  if (error instanceof TookTooLong) return 'TOOK_TOO_LONG'
  // Where a name has several addresses, all of them failed, each in its own way: the first says enough.
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0])
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code
  return error instanceof Error ? error.message : String(error)
}
