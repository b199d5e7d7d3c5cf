// What can go wrong between two programs on a network, each with a code for programs and a sentence for people. The
// sentences name no option of a command line: whoever has options adds what to do about it.
import { type Address, spoken } from './address.ts'

export type TcpErrorCode =
  /** listen: another program listens there */
  | 'in-use'
  /** listen: the address is another machine's */
  | 'not-ours'
  /** listen: the system reserves this port for administrators */
  | 'not-allowed'
  /** listen, talk: the name leads to no address */
  | 'not-resolvable'
  /** talk: the machine is there, and no program listens on that port */
  | 'refused'
  /** talk: no way to that machine */
  | 'unreachable'
  /** talk: nobody answered in time, to the call or to the message */
  | 'timed-out'
  /** the other side broke the connection */
  | 'reset'
  /** a client that sent nothing, or took nothing, for too long */
  | 'silent'
  /** this side stopped: the server by `stop()`, or a wait by its signal */
  | 'stopped'
  /** anything else; the sentence ends in the system's own words */
  | 'failed'

/** An error of the kit: `code` says which, `message` is a sentence, `cause` is the system's error where there is one. */
export class TcpError extends Error {
  override readonly name = 'TcpError'
  readonly code: TcpErrorCode

  constructor(code: TcpErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
  }
}

const listening: Readonly<Record<string, readonly [TcpErrorCode, (where: Address) => string]>> = {
  EADDRINUSE: ['in-use', where => `Address already in use: another program listens on ${spoken(where)}`],
  EADDRNOTAVAIL: ['not-ours', ({ host }) => `${host} is not an address of this machine`],
  EACCES: ['not-allowed', ({ port }) => `Port ${port} is reserved for administrators; those from 1024 up are not`],
  ENOTFOUND: ['not-resolvable', ({ host }) => `No machine is known by the name ${host}`],
  EAI_AGAIN: ['not-resolvable', ({ host }) => `The name ${host} could not be looked up`],
}

const calling: typeof listening = {
  ECONNREFUSED: ['refused', where => `Nothing listens on ${spoken(where)}: the connection was refused`],
  EHOSTUNREACH: ['unreachable', ({ host }) => `${host} cannot be reached from this machine`],
  ENETUNREACH: ['unreachable', ({ host }) => `${host} cannot be reached from this machine: no network leads there`],
  EHOSTDOWN: ['unreachable', ({ host }) => `${host} cannot be reached: the machine is down`],
  EADDRNOTAVAIL: ['unreachable', ({ host }) => `${host} cannot be reached from this machine`],
  ETIMEDOUT: ['timed-out', where => `${spoken(where)} did not take the call`],
  ECONNRESET: ['reset', where => `${spoken(where)} broke the connection`],
  EPIPE: ['reset', where => `${spoken(where)} broke the connection`],
  ENOTFOUND: ['not-resolvable', ({ host }) => `No machine is known by the name ${host}`],
  EAI_AGAIN: ['not-resolvable', ({ host }) => `The name ${host} could not be looked up`],
}

/** The kit's error for what the system said when this side wanted to listen at `where`. */
export function listenError(cause: unknown, where: Address): TcpError {
  return translate(listening, cause, where, `Listening on ${spoken(where)} did not work`)
}

/** The kit's error for what the system said of a connection to `where`. */
export function connectionError(cause: unknown, where: Address): TcpError {
  return translate(calling, cause, where, `The connection to ${spoken(where)} broke`)
}

function translate(table: typeof listening, cause: unknown, where: Address, otherwise: string): TcpError {
  const [code, sentence] = table[systemCode(cause)] ?? []
  if (code !== undefined && sentence !== undefined) return new TcpError(code, sentence(where), cause)
  return new TcpError('failed', `${otherwise}: ${cause instanceof Error ? cause.message : String(cause)}`, cause)
}

function systemCode(cause: unknown): string {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : ''
}
