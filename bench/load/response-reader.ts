// Reads the responses of a connection of HTTP/1.x, as far as a load generator needs it: status and body, by length, by
// chunks (RFC 9112, 7.1) or until the end of the connection. A body may be counted rather than kept.

export interface Response {
  readonly status: number
  /** The body, where it is kept; empty otherwise. */
  readonly body: Buffer
  readonly bodyBytes: number
  /** The server closes the connection after it. */
  readonly isLast: boolean
}

/** Bodies up to this are kept whole; of longer ones only the parts are handed to `part`. */
const keptBytesMax = 4 * 1_048_576

type State = 'head' | 'length' | 'until-end' | 'chunk-size' | 'chunk' | 'trailer'

export class ResponseReader {
  readonly #whole: (response: Response) => void
  readonly #part: ((bytes: Buffer) => void) | undefined
  #carry: Buffer = Buffer.alloc(0)
  #state: State = 'head'
  #left = 0
  #status = 0
  #isLast = false
  #parts: Buffer[] = []
  #bodyBytes = 0

  /** With `part`, bodies are handed on as they come and not kept. */
  constructor(whole: (response: Response) => void, part?: (bytes: Buffer) => void) {
    this.#whole = whole
    this.#part = part
  }

  take(chunk: Buffer): void {
    const bytes = this.#carry.length === 0 ? chunk : Buffer.concat([this.#carry, chunk])
    let at = 0
    while (at < bytes.length) {
      const used = this.#step(bytes, at)
      if (used === 0) break
      at += used
    }
    this.#carry = at < bytes.length ? bytes.subarray(at) : bytes.subarray(0, 0)
  }

  /** The connection has ended: that is the end of a body without a length. False in the middle of a response. */
  end(): boolean {
    if (this.#state === 'until-end') this.#finish()
    return this.#state === 'head' && this.#carry.length === 0
  }

  /** Bytes used; 0 where more are needed first. */
  #step(bytes: Buffer, at: number): number {
    if (this.#state === 'head') return this.#head(bytes, at)
    if (this.#state === 'chunk-size' || this.#state === 'trailer') return this.#line(bytes, at)
    const part = bytes.subarray(at, this.#state === 'until-end' ? undefined : at + this.#left)
    this.#keep(part)
    this.#left -= part.length
    if (this.#left === 0 && this.#state === 'length') this.#finish()
    else if (this.#left === 0 && this.#state === 'chunk') this.#state = 'chunk-size'
    return part.length
  }

  #head(bytes: Buffer, at: number): number {
    const end = bytes.indexOf('\r\n\r\n', at)
    if (end === -1) return 0
    const head = bytes.toString('latin1', at, end)
    this.#status = Number(head.slice(9, 12))
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1]
    this.#isLast = /\r\nconnection: *close/i.test(head) || (head.startsWith('HTTP/1.0') && !/keep-alive/i.test(head))
    this.#left = Number(length ?? 0)
    if (length !== undefined) this.#state = 'length'
    else this.#state = /\r\ntransfer-encoding: *chunked/i.test(head) ? 'chunk-size' : 'until-end'
    if (this.#state === 'length' && this.#left === 0) this.#finish()
    return end + 4 - at
  }

  /** The size of a chunk (an empty line is the end of the chunk before), or the end of them all. */
  #line(bytes: Buffer, at: number): number {
    const end = bytes.indexOf('\r\n', at)
    if (end === -1) return 0
    const line = bytes.toString('latin1', at, end)
    if (this.#state === 'trailer' && line === '') this.#finish()
    else if (this.#state === 'chunk-size' && line !== '') {
      this.#left = Number.parseInt(line, 16)
      this.#state = this.#left === 0 ? 'trailer' : 'chunk'
    }
    return end + 2 - at
  }

  #keep(part: Buffer): void {
    this.#bodyBytes += part.length
    if (this.#part !== undefined) this.#part(part)
    else if (this.#bodyBytes > keptBytesMax) throw new Error(`a body of more than ${keptBytesMax} bytes`)
    else this.#parts.push(part)
  }

  #finish(): void {
    const [only = Buffer.alloc(0)] = this.#parts
    const body = this.#parts.length < 2 ? only : Buffer.concat(this.#parts)
    const response = { status: this.#status, body, bodyBytes: this.#bodyBytes, isLast: this.#isLast }
    this.#state = 'head'
    this.#parts = []
    this.#bodyBytes = 0
    this.#whole(response)
  }
}
