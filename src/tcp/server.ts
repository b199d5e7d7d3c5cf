// The lab's server: listen (steps 1 to 3: create, bind, listen), then accept one client after the other.
// It knows nothing of what clients say. Clients come in through `#arrive`, wait in our own queue, and leave it through
// `accept` or the `for await` loop.
import { createServer, type Server as NetServer, type Socket } from 'node:net'
import { type Address, peerOf, plainHost, spoken } from './address.ts'
import { Connection, silenceMs } from './connection.ts'
import { listenError, TcpError } from './errors.ts'

/** Clients that may wait for their turn: as many as Python's `listen()` lets the kernel keep. */
export const queueMax = 128
/** Sockets in all: waiting, being served, and closing. Far above a class, far below what a process may open. */
const socketsMax = 4096

export interface ListenOptions {
  /** An address of this machine, or a name of it; 127.0.0.1 unless told. `0.0.0.0` and `::` are all of them. */
  readonly host?: string
  /** 0 to 65,535; 8080 unless told. 0 takes a free one: see `server.address`. */
  readonly port?: number
  /** How long a client may say nothing, or take nothing, before it is let go; 60,000 unless told. */
  readonly waitMs?: number
  /** Stops the server when it aborts, as `stop()` does. */
  readonly signal?: AbortSignal | undefined
  /** Told once, where the server listens. */
  readonly onListening?: ((address: Address) => void) | undefined
  /** Told of every client that was turned away: see `Server`. */
  readonly onTurnedAway?: ((address: Address) => void) | undefined
}

/**
 * Steps 1 to 3 of the lab: creates the socket, binds it to its address (which may be reused at once after a stop, as
 * with the lab's SO_REUSEADDR), and listens. Throws `TcpError`: `in-use`, `not-ours`, `not-allowed`, `not-resolvable`.
 */
export function listen(options: ListenOptions = {}): Promise<Server> {
  const { host = '127.0.0.1', port = 8080, waitMs = silenceMs } = options
  return new Promise((resolve, reject) => {
    if (!(waitMs > 0)) throw new RangeError(`waitMs is ${waitMs}; it must be more than 0`)
    // node:net takes '' for every address of the machine, which is not what someone meant who left a variable empty.
    if (host === '') throw new RangeError('host is empty; 0.0.0.0 is every address of this machine')
    // Half open: a client that has finished sending (`nc -N`) still wants its answer. Paused: see Connection.
    const net = createServer({ allowHalfOpen: true, pauseOnConnect: true })
    net.once('error', cause => reject(listenError(cause, { host, port })))
    net.listen({ host, port }, () => resolve(new Server(net, { ...options, waitMs })))
  })
}

/**
 * A server that listens. Its clients come out in the order in which they came:
 *
 * - one at a time, as the lab does it: `for await (const client of server) { await ...; client.close() }`. The others
 *   wait in a queue. It is ours, not the kernel's: Node accepts every connection at once, so a client that waits here
 *   is connected and may have sent already; it only is not heard yet.
 * - many at once: the same loop that does not await what it does with each.
 *
 * The queue is bounded: who comes when 128 wait (or 4,096 sockets are open) is *turned away*, that is reset at once
 * rather than left hanging; `turnedAway` counts them, `onTurnedAway` tells.
 */
export class Server implements AsyncIterable<Connection>, AsyncDisposable {
  /** Where it listens: the real port, if 0 was asked. */
  readonly address: Address
  readonly #net: NetServer
  readonly #options: ListenOptions & { readonly waitMs: number }
  readonly #queue: Connection[] = []
  readonly #open = new Set<Connection>()
  readonly #accepting: ((client: Connection | undefined) => void)[] = []
  #turnedAway = 0
  #stopped: Promise<void> | undefined

  /** Use `listen`. */
  constructor(net: NetServer, options: ListenOptions & { readonly waitMs: number }) {
    this.#net = net
    this.#options = options
    this.address = addressOf(net)
    net.on('connection', socket => this.#arrive(socket))
    // One connection could not be accepted (say, no file descriptor left). The server goes on listening.
    net.on('error', () => {})
    options.onListening?.(this.address)
    if (options.signal?.aborted === true) this.#stopBySignal()
    else options.signal?.addEventListener('abort', this.#stopBySignal)
  }

  /** True until `stop()`. */
  get listening(): boolean {
    return this.#stopped === undefined
  }

  /** How many clients wait for their turn. */
  get waiting(): number {
    return this.#queue.length
  }

  /** How many clients found the queue full. */
  get turnedAway(): number {
    return this.#turnedAway
  }

  /** The next client, when there is one (the lab's `accept()`). Throws `TcpError` `stopped` when the server stops. */
  async accept(): Promise<Connection> {
    const client = await this.#next()
    if (client === undefined) throw new TcpError('stopped', `The server on ${spoken(this.address)} has stopped`)
    return client
  }

  /** Every client in its turn; ends when the server stops. Leaving the loop does not stop the server. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Connection, void, undefined> {
    for (let client = await this.#next(); client !== undefined; client = await this.#next()) yield client
  }

  /**
   * Stops: nobody is accepted any more, those who wait are reset, those being served are let go (`left` is `stopped`),
   * the loop ends. Resolves when every socket is closed: at the latest 2 s later, when clients do not close theirs.
   */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop()
    return this.#stopped
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }

  #arrive(socket: Socket): void {
    if (this.#queue.length >= queueMax || this.#open.size >= socketsMax) {
      this.#turnAway(socket)
      return
    }
    const client = new Connection(socket, this.#options.waitMs)
    this.#open.add(client)
    socket.once('close', () => this.#open.delete(client))
    const accept = this.#accepting.shift()
    if (accept === undefined) this.#queue.push(client)
    else accept(client)
  }

  #turnAway(socket: Socket): void {
    this.#turnedAway += 1
    const address = peerOf(socket)
    socket.on('error', () => {})
    socket.resetAndDestroy()
    this.#options.onTurnedAway?.(address)
  }

  #next(): Promise<Connection | undefined> {
    const client = this.#queue.shift()
    if (client !== undefined || !this.listening) return Promise.resolve(client)
    return new Promise(resolve => this.#accepting.push(resolve))
  }

  readonly #stopBySignal = (): void => void this.stop()

  async #stop(): Promise<void> {
    this.#options.signal?.removeEventListener('abort', this.#stopBySignal)
    const closed = new Promise<void>(resolve => this.#net.close(() => resolve()))
    for (const client of this.#queue.splice(0)) client.reset()
    for (const accept of this.#accepting.splice(0)) accept(undefined)
    for (const client of this.#open) {
      client.letGo(new TcpError('stopped', `${spoken(client.address)} was let go: the server stops`))
    }
    await closed
  }
}

function addressOf(net: NetServer): Address {
  const address = net.address()
  if (address === null || typeof address === 'string') throw new Error('the server does not listen on a TCP port')
  return { host: plainHost(address.address), port: address.port }
}
