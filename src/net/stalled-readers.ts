// Depart: cuts readers that no longer read, on every transport alike, since it looks at sockets and not at what is sent.
// Progress is bytes that the system took for the other end. A slow reader makes progress and is never cut.
import type { Server } from 'node:net'
import type { Socket } from 'node:net'
import type { Clock } from '../core/kit/clock.ts'

/** Looks in the time of a stall: a reader is cut within a sixth of it after its time. */
const looksPerStall = 6

interface Needs {
  /** Milliseconds without progress after which a reader is cut. */
  readonly stallMs: number
  readonly clock: Clock
}

/** How far a socket was when it last made progress. */
interface Mark {
  readonly accepted: string
  readonly atMs: number
}

export class StalledReaders {
  readonly #needs: Needs
  readonly #sockets = new Set<Socket>()
  /** Only of those for which something waits. */
  readonly #marks = new WeakMap<Socket, Mark>()

  constructor(needs: Needs) {
    this.#needs = needs
  }

  /** Watches all connections of a server, over TLS too, until it closes. */
  watch(server: Server, isSecure: boolean): void {
    const sockets = this.#sockets
    // One for all sockets: a closure for each of ten thousand would cost memory.
    function forget(this: Socket): void {
      sockets.delete(this)
    }
    // Under TLS the socket that is written to is the secure one.
    server.on(isSecure ? 'secureConnection' : 'connection', (socket: Socket) => {
      sockets.add(socket)
      socket.on('close', forget)
    })
    const timer = setInterval(() => this.look(), this.#needs.stallMs / looksPerStall).unref()
    server.on('close', () => clearInterval(timer))
  }

  /** Cuts the sockets whose other end took nothing for too long although something waits for it. */
  look(): void {
    const nowMs = this.#needs.clock()
    for (const socket of this.#sockets) {
      if (socket.writableLength === 0) {
        this.#marks.delete(socket)
        continue
      }
      const accepted = acceptedOf(socket)
      const mark = this.#marks.get(socket)
      if (mark?.accepted !== accepted) this.#marks.set(socket, { accepted, atMs: nowMs })
      else if (nowMs - mark.atMs >= this.#needs.stallMs) socket.destroy()
    }
  }
}

/**
 * Changes when the system takes bytes, and not when more are only queued. A large write ends after many such steps: how
 * much of it is left is known to the handle alone, where Node's own idle timeout reads it too.
 */
function acceptedOf(socket: Socket): string {
  const { _handle: handle } = socket as unknown as { _handle?: { writeQueueSize?: number } | null }
  return `${socket.bytesWritten - socket.writableLength} ${handle?.writeQueueSize ?? 0}`
}
