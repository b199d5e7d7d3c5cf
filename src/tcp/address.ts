// Where the other side is: host and port, as the kit hands them out and as the lab's programs print them.
import type { Socket } from 'node:net'

/** An IP address in its usual text form (IPv4 without the `::ffff:` of a dual-stack socket) and a port. */
export interface Address {
  readonly host: string
  readonly port: number
}

/** As Python prints a pair, and so the lab's consoles: `('192.168.124.179', 58030)`. */
export function tuple({ host, port }: Address): string {
  return `('${host}', ${port})`
}

/** In a sentence: `127.0.0.1 port 8080`. */
export function spoken({ host, port }: Address): string {
  return `${host} port ${port}`
}

/** The far end of a socket. A client that has left before it was looked at has none: `('unknown', 0)`. */
export function peerOf(socket: Socket): Address {
  return { host: plainHost(socket.remoteAddress ?? 'unknown'), port: socket.remotePort ?? 0 }
}

/** A server on `::` sees IPv4 clients as `::ffff:192.168.1.45`: the same machine, so the same text. */
export function plainHost(host: string): string {
  return /^::ffff:\d+\.\d+\.\d+\.\d+$/i.test(host) ? host.slice('::ffff:'.length) : host
}
