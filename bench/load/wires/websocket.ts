// The client's half of RFC 6455, as far as a load generator needs it: text frames out, masked with a mask of zeros (which
// costs the server what any mask costs and us nothing); of what comes in, the payload is handed on as it arrives, in
// parts, so that nothing is copied and a frame may be longer than memory is patient.
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

export interface WebSocketOptions {
  readonly port: number
  readonly path: string
  readonly protocol: string
  readonly from: string
}

export interface FrameParts {
  /** Bytes of a text frame's payload, the first of a frame with at least `headBytes` of them (or all). */
  readonly part: (bytes: Buffer, isFirst: boolean, isLast: boolean) => void
  readonly closed: (why: Error) => void
}

/** Bytes of a payload that come in one piece, so that a frame's type can be read at its beginning. */
const headBytes = 24

export interface RawWebSocket {
  readonly socket: Socket
  send(text: string): void
}

/** Resolves when the handshake is done. */
export async function openWebSocket(options: WebSocketOptions, parts: FrameParts): Promise<RawWebSocket> {
  const { port, path, protocol, from } = options
  const socket = connect({ port, host: '127.0.0.1', localAddress: from, noDelay: true })
  await once(socket, 'connect')
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
      `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\nSec-WebSocket-Version: 13\r\n` +
      `Sec-WebSocket-Protocol: ${protocol}\r\n\r\n`,
  )
  let head = Buffer.alloc(0)
  let end = -1
  while (end === -1) {
    const [chunk] = (await once(socket, 'data')) as [Buffer]
    head = Buffer.concat([head, chunk])
    end = head.indexOf('\r\n\r\n')
  }
  if (!head.toString('latin1').startsWith('HTTP/1.1 101 ')) throw new Error(`no WebSocket: ${head.toString()}`)
  const reader = new FrameReader(socket, parts)
  socket.on('data', (chunk: Buffer) => reader.take(chunk))
  socket.on('error', parts.closed).on('close', () => parts.closed(new Error('the WebSocket was closed')))
  if (end + 4 < head.length) reader.take(head.subarray(end + 4))
  return { socket, send: text => sendFrame(socket, 1, text) }
}

function sendFrame(socket: Socket, opcode: number, text: string): void {
  const bytes = Buffer.byteLength(text)
  const header = Buffer.alloc(bytes < 126 ? 6 : bytes < 65_536 ? 8 : 14)
  header[0] = 0x80 | opcode
  if (bytes < 126) header[1] = 0x80 | bytes
  else if (bytes < 65_536) {
    header[1] = 0x80 | 126
    header.writeUInt16BE(bytes, 2)
  } else {
    header[1] = 0x80 | 127
    header.writeUInt32BE(bytes, 6)
  }
  socket.cork()
  socket.write(header)
  socket.write(text)
  socket.uncork()
}

const opcodes = { text: 1, close: 8, ping: 9, pong: 10 }

class FrameReader {
  readonly #socket: Socket
  readonly #parts: FrameParts
  #carry: Buffer = Buffer.alloc(0)
  /** Of the text frame under way: payload bytes still to come; 0 between frames. */
  #left = 0

  constructor(socket: Socket, parts: FrameParts) {
    this.#socket = socket
    this.#parts = parts
  }

  take(chunk: Buffer): void {
    const bytes = this.#carry.length === 0 ? chunk : Buffer.concat([this.#carry, chunk])
    let at = 0
    while (at < bytes.length) {
      const used = this.#left > 0 ? this.#goOn(bytes, at) : this.#begin(bytes, at)
      if (used === 0) break
      at += used
    }
    this.#carry = at < bytes.length ? Buffer.from(bytes.subarray(at)) : bytes.subarray(0, 0)
  }

  #goOn(bytes: Buffer, at: number): number {
    const part = bytes.subarray(at, at + this.#left)
    this.#left -= part.length
    this.#parts.part(part, false, this.#left === 0)
    return part.length
  }

  /** Bytes used; 0 where the beginning of the frame is not whole yet. */
  #begin(bytes: Buffer, at: number): number {
    const short = (bytes[at + 1] ?? 0) & 0x7f
    const header = short < 126 ? 2 : short === 126 ? 4 : 10
    if (bytes.length < at + header) return 0
    const length =
      short < 126 ? short : short === 126 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2))
    const opcode = (bytes[at] ?? 0) & 0x0f
    // What controls, and the head of a text, comes in one piece.
    if (bytes.length < at + header + Math.min(length, opcode === opcodes.text ? headBytes : length)) return 0
    const payload = bytes.subarray(at + header, at + header + length)
    if (opcode === opcodes.text) {
      this.#left = length - payload.length
      this.#parts.part(payload, true, this.#left === 0)
    } else if (opcode === opcodes.ping) sendFrame(this.#socket, opcodes.pong, payload.toString('latin1'))
    return header + payload.length
  }
}
