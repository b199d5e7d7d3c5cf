// Arrive: counts every frame and byte of a WebSocket before it is parsed, pings and fragments included (RFC 6455, 5.2). It
// looks at heads only, and keeps nothing of what is in the frames.
import type { Duplex } from 'node:stream'

/** Counts the frames that begin in the bytes of a connection, wherever they are cut into chunks. */
export class FrameCounter {
  /** Bytes of the present frame's content that are still to come. */
  #content = 0
  /** Bytes of the present head that have come, and how many it has; 2 until its second byte says more. */
  #headAt = 0
  #headBytes = 2
  #lengthBytes = 0
  #length = 0

  count(chunk: Uint8Array): number {
    let frames = 0
    for (let at = 0; at < chunk.length; ) {
      const skipped = Math.min(this.#content, chunk.length - at)
      this.#content -= skipped
      at += skipped
      if (at === chunk.length) break
      if (this.#headAt === 0) frames += 1
      this.#take(chunk[at] as number)
      at += 1
    }
    return frames
  }

  #take(byte: number): void {
    const at = this.#headAt
    this.#headAt += 1
    if (at === 1) {
      const length = byte & 0x7f
      this.#lengthBytes = length === 126 ? 2 : length === 127 ? 8 : 0
      this.#length = this.#lengthBytes === 0 ? length : 0
      this.#headBytes = 2 + this.#lengthBytes + (byte & 0x80 ? 4 : 0)
    } else if (at > 1 && at < 2 + this.#lengthBytes) {
      this.#length = this.#length * 256 + byte
    }
    if (this.#headAt < this.#headBytes) return
    this.#content = this.#length
    this.#headAt = 0
    this.#headBytes = 2
  }
}

/** Tells `admit` of each chunk before anything parses it; what it does not admit is not parsed. */
export function gateFrames(socket: Duplex, admit: (frames: number, bytes: number) => boolean): void {
  const counter = new FrameCounter()
  socket.prependListener('data', (chunk: Buffer) => {
    // The parser gets the same bytes next. Of zeros it takes the first for an invalid frame and stops.
    if (!admit(counter.count(chunk), chunk.length)) chunk.fill(0)
  })
}
