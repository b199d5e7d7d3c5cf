// Servers that mean no good or are stuck: for the checker they may only cost a bounded time and bounded bytes.
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'

const behaviours = {
  /** Accepts, and that is all. */
  hangs: () => {},
  resets: (socket: Socket) => socket.resetAndDestroy(),
  closes: (socket: Socket) => socket.end(),
  /** One byte, and then another, for ever: each is a sign of life. */
  trickles: (socket: Socket) => {
    const timer = setInterval(() => socket.write('.'), 20)
    socket.once('close', () => clearInterval(timer))
  },
  /** As fast as the reader takes it. */
  endless: (socket: Socket) => {
    const chunk = Buffer.alloc(16 * 1024, '.')
    const pour = () => {
      while (socket.writable && socket.write(chunk));
    }
    socket.on('drain', pour)
    pour()
  },
  'endless-body': (socket: Socket) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n')
    behaviours.endless(socket)
  },
  'endless-headers': (socket: Socket) => {
    socket.write('HTTP/1.1 200 OK\r\n')
    const timer = setInterval(() => socket.write(`X-More: ${'x'.repeat(100)}\r\n`), 1)
    socket.once('close', () => clearInterval(timer))
  },
  redirects: (socket: Socket) => socket.end('HTTP/1.1 307 Again\r\nLocation: /register\r\nContent-Length: 0\r\n\r\n'),
  'control-characters': (socket: Socket) => {
    const body = '\u001B[2J\u001B]0;owned\u0007\u202E\r\nfalse'
    socket.end(`HTTP/1.1 200 OK\r\nContent-Type: \u009B2J\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
  },
} as const

export type Hostile = keyof typeof behaviours

/** Starts a server that meets every client in that way; `connections` counts them. */
export async function startHostile(
  how: Hostile,
): Promise<AsyncDisposable & { readonly address: string; readonly connections: () => number }> {
  const sockets = new Set<Socket>()
  let connections = 0
  const server = createServer({ allowHalfOpen: true }, socket => {
    connections += 1
    sockets.add(socket)
    socket.on('error', () => {}).once('close', () => sockets.delete(socket))
    socket.once('data', () => behaviours[how](socket)).resume()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: () => connections,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
