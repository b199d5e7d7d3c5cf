// The client's side: call a server, and the lab's one exchange with it.
import { Socket } from 'node:net'
import { type Address, spoken } from './address.ts'
import { Connection, silenceMs, timerMsMax } from './connection.ts'
import { connectionError, TcpError } from './errors.ts'

export interface TalkOptions {
  /** How long the server may take to accept the call, and then to answer; 60,000 unless told. */
  readonly waitMs?: number
  /** Ends the wait: the call then throws `stopped`. */
  readonly signal?: AbortSignal | undefined
}

/**
 * One exchange, as the lab's client does it: connect, send, one receive of at most 2,048 bytes, close; it does not
 * half-close. The answer comes as it was sent, its newline included; '' if the server closed without one. An empty
 * message sends no byte, so a server that waits for one waits on.
 * Throws `TcpError`: `refused`, `unreachable`, `not-resolvable`, `timed-out`, `reset`, `stopped`.
 */
export async function talk(host: string, port: number, message: string, options: TalkOptions = {}): Promise<string> {
  const { waitMs = silenceMs, signal } = options
  const connection = await connect(host, port, { waitMs, signal })
  const stop = (): void => connection.letGo(stopped({ host, port }))
  signal?.addEventListener('abort', stop)
  try {
    await connection.send(message)
    const answer = await connection.receive()
    if (connection.left === undefined) return answer
    if (connection.left.code !== 'silent') throw connection.left
    throw new TcpError('timed-out', `${spoken({ host, port })} did not answer within ${waitMs / 1000} s`)
  } finally {
    signal?.removeEventListener('abort', stop)
    connection.leave()
  }
}

/** Calls a server: the connection, for those who have more to say than `talk`. Throws as `talk` does. */
export function connect(host: string, port: number, options: TalkOptions = {}): Promise<Connection> {
  const { waitMs = silenceMs, signal } = options
  return new Promise((resolve, reject) => {
    if (host === '') throw new RangeError('host is empty')
    if (signal?.aborted === true) throw stopped({ host, port })
    // Half open, so that a server that finishes first does not end what this side still has to say.
    const socket = new Socket({ allowHalfOpen: true })
    socket.connect({ host, port }, () => settle()) // throws for a port that is none: before anything is set up
    const settle = (failure?: TcpError): void => {
      clearTimeout(timer)
      socket.off('error', fail)
      signal?.removeEventListener('abort', stop)
      if (failure === undefined) {
        resolve(new Connection(socket, waitMs))
        return
      }
      socket.on('error', () => {}) // one that comes after the verdict changes nothing
      socket.destroy()
      reject(failure)
    }
    const fail = (cause: Error): void => settle(connectionError(cause, { host, port }))
    const stop = (): void => settle(stopped({ host, port }))
    const tooLate = (): void =>
      settle(new TcpError('timed-out', `${spoken({ host, port })} did not take the call within ${waitMs / 1000} s`))
    const timer = setTimeout(tooLate, Math.min(waitMs, timerMsMax))
    socket.on('error', fail)
    signal?.addEventListener('abort', stop)
  })
}

function stopped(where: Address): TcpError {
  return new TcpError('stopped', `The talk with ${spoken(where)} was stopped`)
}
