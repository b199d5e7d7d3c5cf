// Arrive: bytes of a connection that nobody has been charged for yet: heads, bodies, and what never became a request.
import type { Socket } from 'node:net'

const counted = new WeakMap<Socket, number>()

/** Bytes that came since this was last asked. */
export function bytesSince(socket: Socket): number {
  const before = counted.get(socket) ?? 0
  counted.set(socket, Math.max(before, socket.bytesRead))
  return Math.max(0, socket.bytesRead - before)
}

/** From here on somebody else counts what comes. */
export function countElsewhere(socket: Socket): void {
  counted.set(socket, Infinity)
}
