// One connection, from either end: receive, send, close. It comes from `server.accept()` or `connect()`.
// The other side may do anything: half-close, reset, fall silent, send half a character, flood. None of it is thrown
// at whoever reads: `receive()` then gives '' and `left` says why. Nothing here waits without a bound.
import type { Socket } from 'node:net'
import { type Address, peerOf, spoken } from './address.ts'
import { connectionError, TcpError } from './errors.ts'
import { unfinished } from './utf8.ts'

/** Bytes of one receive: the lab's `recv(2048)`. */
export const messageBytesMax = 2048
/** How long the other side may say nothing, or take nothing: long enough to type a line into `nc`. */
export const silenceMs = 60_000
/** How long a character that came in part is waited for: packets of one write lie closer together, people wait no longer. */
const halfCharacterMs = 300
/** After `close()`: a client reads its answer and closes in one round trip; two seconds cover the slowest line. */
const lingerMs = 2000
/** After `close()`: unread bytes are read and dropped up to here. Whoever sends more does not wait for an answer. */
const lingerBytesMax = 16 * 1024 * 1024
/** Timers count in 31 bits; a longer wait would fire at once. */
export const timerMsMax = 2 ** 31 - 1

/** A connection to a client (or, from `connect`, to a server). Close it: what is not closed stays open. */
export class Connection implements Disposable {
  /** The other side. */
  readonly address: Address
  readonly #socket: Socket
  readonly #waitMs: number
  /** Received and not yet handed on; filled only below `messageBytesMax`, so it holds little more than one read. */
  #bytes: Buffer = Buffer.alloc(0)
  #listening = false
  #finished = false
  #closing = false
  #left: TcpError | undefined
  readonly #waits = new Set<() => void>()

  constructor(socket: Socket, waitMs: number = silenceMs) {
    this.#socket = socket
    this.#waitMs = Math.min(waitMs, timerMsMax)
    this.address = peerOf(socket)
    socket.on('error', cause => this.#leave(connectionError(cause, this.address)))
    socket.once('end', () => this.#finish())
    socket.once('close', () => this.#finish())
  }

  /**
   * Why the other side is no longer there: `reset` (it broke the connection), `silent` (it said or took nothing for too
   * long) or `stopped` (the server stops). Undefined while it is there, and when it has only finished sending.
   */
  get left(): TcpError | undefined {
    return this.#left
  }

  /**
   * The next bytes as text, as soon as there are any; at most 2,048 bytes (`messageBytesMax`), the rest is for the next
   * call. '' means that the other side has finished sending, or that it `left`. Never throws for what a client does.
   *
   * Bytes that are not UTF-8 become U+FFFD. A character that the 2,048 cut in two is kept whole for the next call; one
   * that the sender has sent in part is waited for a moment, and then becomes U+FFFD too: an answer is never held up by
   * a byte that may not come.
   */
  async receive(): Promise<string> {
    const came = await this.#until(() => this.#pull() > 0 || this.#over(), this.#waitMs)
    if (!came) this.letGo(new TcpError('silent', this.#silence('said')))
    if (this.#left !== undefined && this.#bytes.length === 0) return ''
    await this.#until(
      () => this.#pull() >= messageBytesMax || unfinished(this.#bytes) === 0 || this.#over(),
      halfCharacterMs,
    )
    return this.#take()
  }

  /**
   * Sends text as UTF-8, nothing added; returns when this machine's kernel has taken it, which promises nothing about
   * the other side. To one that has `left` it sends nothing. One at a time; throws only after one's own `close()`.
   */
  async send(text: string): Promise<void> {
    if (this.#left !== undefined) return
    if (this.#closing) throw new Error('send() after close()')
    let taken = false
    this.#socket.write(text, () => {
      taken = true
      this.#wake()
    })
    const went = await this.#until(() => taken || this.#gone(), this.#waitMs)
    if (!went) this.letGo(new TcpError('silent', this.#silence('took')))
  }

  /**
   * Finishes: what was sent arrives, then the other side sees the end. Returns at once; the socket itself goes when the
   * other side has closed too, at the latest after 2 s or 16 MiB. Until then what still arrives is read and dropped:
   * closing a socket with unread bytes resets the connection, and a reset destroys an answer not yet read (RFC 2525,
   * section 2.17). May be called twice.
   */
  close(): void {
    if (this.#closing) return
    this.#closing = true
    this.#wake()
    this.#socket.end()
    const lingering = setTimeout(() => this.#socket.destroy(), lingerMs)
    this.#socket.once('close', () => clearTimeout(lingering))
    this.#drop()
  }

  /** Closes without lingering: for the side that has read all it wanted. */
  leave(): void {
    this.#closing = true
    this.#wake()
    this.#socket.destroy()
  }

  /** Closes for a reason, which `left` then gives; a receive or send under way returns. */
  letGo(reason: TcpError): void {
    this.#leave(reason)
    this.close()
  }

  /** Breaks the connection: the other side sees a reset, not an empty answer. */
  reset(): void {
    this.#closing = true
    this.#socket.resetAndDestroy()
  }

  [Symbol.dispose](): void {
    this.close()
  }

  /** Takes what has arrived, if there is room, and tells how many bytes wait to be handed on. */
  #pull(): number {
    if (!this.#listening) {
      // Only now does reading begin: the bytes of a client that waits in the queue stay in the kernel.
      this.#listening = true
      this.#socket.on('readable', () => this.#wake())
    }
    if (this.#bytes.length < messageBytesMax && !this.#closing) {
      const arrived = this.#read()
      if (arrived !== null) this.#bytes = Buffer.concat([this.#bytes, arrived])
    }
    return this.#bytes.length
  }

  #take(): string {
    let size = Math.min(this.#bytes.length, messageBytesMax)
    if (size === messageBytesMax) size -= unfinished(this.#bytes.subarray(0, size))
    const text = this.#bytes.toString('utf8', 0, size)
    this.#bytes = this.#bytes.subarray(size)
    return text
  }

  #drop(): void {
    let dropped = 0
    const drop = (): void => {
      for (let chunk = this.#read(); chunk !== null; chunk = this.#read()) dropped += chunk.length
      if (dropped > lingerBytesMax) this.#socket.destroy()
    }
    this.#socket.on('readable', drop)
    drop()
  }

  #read(): Buffer | null {
    const chunk: Buffer | null = this.#socket.read()
    return chunk
  }

  /** Waits until `done` holds, which it asks whenever something happened; false when `ms` passed before. */
  #until(done: () => boolean, ms: number): Promise<boolean> {
    if (done()) return Promise.resolve(true)
    return new Promise(resolve => {
      const settle = (inTime: boolean): void => {
        clearTimeout(timer)
        this.#waits.delete(look)
        resolve(inTime)
      }
      const look = (): void => {
        if (done()) settle(true)
      }
      const timer = setTimeout(() => settle(false), ms)
      this.#waits.add(look)
    })
  }

  #wake(): void {
    for (const look of this.#waits) look()
  }

  #finish(): void {
    this.#finished = true
    this.#wake()
  }

  #leave(reason: TcpError): void {
    if (!this.#closing) this.#left ??= reason
    this.#wake()
  }

  /** Nothing more will arrive. */
  #over(): boolean {
    return this.#finished || this.#gone()
  }

  /** Nothing more can be sent. */
  #gone(): boolean {
    return this.#left !== undefined || this.#closing || this.#socket.destroyed
  }

  #silence(did: 'said' | 'took'): string {
    return `${spoken(this.address)} ${did} nothing for ${this.#waitMs / 1000} s, and was let go`
  }
}
