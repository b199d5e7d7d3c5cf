// One TCP exchange, as the sockets lab's client and `nc` have it: connect, send, read what comes until the server closes.
// Bounded in time and bytes; it never rejects, and leaves no socket behind.
import { connect, type Socket } from 'node:net'

export interface Target {
  readonly host: string
  readonly port: number
}

/** How a connection ended: `open` is a server that neither closed nor said more until the time was up. */
type Ended = 'closed' | 'reset' | 'open' | 'too much' | 'refused' | 'unreachable'

export interface Talk {
  readonly sent: Buffer
  readonly came: Buffer
  readonly ended: Ended
  /** This end, as the server's console shows it; undefined where no connection was made. */
  readonly client?: Target
  /** Of `unreachable`: the system's word for it. */
  readonly code?: string
}

/** Thirty times what the lab reads at once: more is no answer to a short message. */
const cameBytesMax = 64 * 1024

export interface TalkOptions {
  readonly timeoutMs: number
  readonly signal: AbortSignal
  /** Ends our side after the message, as `nc -N` does; the lab's client does not. */
  readonly halfClose?: true
}

/** Sends `message` and reads until the server closes the connection, or until `timeoutMs` are over. */
export function talk(target: Target, message: string | Buffer, options: TalkOptions): Promise<Talk> {
  const sent = typeof message === 'string' ? Buffer.from(message) : message
  const socket = connect({ host: target.host, port: target.port, allowHalfOpen: true })
  const chunks: Buffer[] = []
  let length = 0
  let client: Target | undefined
  const { promise, resolve } = Promise.withResolvers<Talk>()

  const stop = AbortSignal.any([AbortSignal.timeout(options.timeoutMs), options.signal])
  const atEnd = () => finish(client === undefined ? 'unreachable' : 'open', 'ETIMEDOUT')
  function finish(ended: Ended, code?: string): void {
    stop.removeEventListener('abort', atEnd)
    const came = Buffer.concat(chunks).subarray(0, cameBytesMax)
    resolve({ sent, came, ended, ...(client && { client }), ...(ended === 'unreachable' && code && { code }) })
    socket.destroy()
  }
  stop.addEventListener('abort', atEnd)
  if (stop.aborted) atEnd()

  socket.on('connect', () => {
    client = { host: socket.localAddress ?? '', port: socket.localPort ?? 0 }
    if (options.halfClose) socket.end(sent)
    else socket.write(sent)
  })
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk)
    length += chunk.length
    if (length > cameBytesMax) finish('too much')
  })
  socket.on('end', () => finish('closed'))
  socket.on('error', (error: NodeJS.ErrnoException) => {
    if (client !== undefined) finish('reset')
    else finish(error.code === 'ECONNREFUSED' ? 'refused' : 'unreachable', error.code)
  })
  return promise
}

/** A connection that is held open and says nothing, or undefined where none is to be had within `timeoutMs`. */
export async function hold(target: Target, { timeoutMs, signal }: TalkOptions): Promise<Socket | undefined> {
  const socket = connect(target)
  socket.on('error', () => socket.destroy()) // it may be reset while it is held: that is the server's affair
  const { promise, resolve } = Promise.withResolvers<Socket | undefined>()
  socket.once('connect', () => resolve(socket)).once('close', () => resolve(undefined))
  const stop = AbortSignal.any([AbortSignal.timeout(timeoutMs), signal])
  const give = () => socket.connecting && socket.destroy()
  stop.addEventListener('abort', give)
  const held = await promise
  stop.removeEventListener('abort', give)
  return held
}

/** Connects, sends `bytes`, and resets the connection as a client does whose machine goes away. */
export async function sendAndReset(target: Target, bytes: Buffer, options: TalkOptions): Promise<void> {
  const socket = await hold(target, options)
  if (socket === undefined) return
  await new Promise<void>(resolve => socket.write(bytes, () => resolve()))
  const closed = new Promise<void>(resolve => socket.once('close', () => resolve()))
  socket.resetAndDestroy()
  await closed
}
