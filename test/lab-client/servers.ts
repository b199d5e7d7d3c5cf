// Servers for the client's tests: one that speaks the lab's table as a student's Flask does, one that answers every
// request with the same thing, and one that does to the bare connection whatever a test wants.
import { once } from 'node:events'
import * as http from 'node:http'
import * as net from 'node:net'

export interface Running extends AsyncDisposable {
  readonly address: string
}

export interface Seen {
  readonly line: string
  readonly headers: http.IncomingHttpHeaders
  readonly body: unknown
}

/** Answers by `handle`; the body is read to its end before, and kept in `seen`. */
export async function serve(
  handle: (request: Seen, response: http.ServerResponse) => void,
): Promise<Running & { readonly seen: readonly Seen[] }> {
  const seen: Seen[] = []
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString()
      const asked = { line: `${request.method} ${request.url}`, headers: request.headers, body: parse(text) }
      seen.push(asked)
      handle(asked, response)
    })
  })
  return { ...(await listen(server)), seen }
}

/** Answers every request the same. */
export function answering(status: number, body: string, headers: http.OutgoingHttpHeaders = {}) {
  return serve((_, response) => response.writeHead(status, headers).end(body))
}

/** Hands every connection to `handle`, once the first bytes of a request are there. */
export async function onBareConnection(handle: (socket: net.Socket) => void): Promise<Running> {
  return await listen(
    net.createServer(socket => {
      socket.on('error', () => {})
      socket.once('data', () => handle(socket))
    }),
  )
}

/** The lab's table in memory, written as Flask answers: text/html, a newline after each code, `id` left out. */
export function flaskLike(more: { newline?: string; type?: string } = {}) {
  const users = new Map<string, string>()
  const messages: Record<string, unknown>[] = []
  return serve(({ line, body }, response) => {
    const fields = body as Record<string, string>
    const { username = '', password = '', recipient = '' } = fields
    const say = (value: unknown) =>
      response
        .writeHead(200, { 'Content-Type': more.type ?? 'text/html; charset=utf-8', Server: 'Werkzeug/2.2.2' })
        .end(JSON.stringify(value) + (more.newline ?? '\n'))
    const codeOf = () => (users.has(username) ? (users.get(username) === password ? 1 : 12) : 11)
    switch (line) {
      case 'POST /register':
        if (users.has(username)) return say(10)
        users.set(username, password)
        return say(1)
      case 'GET /auth':
        return say(codeOf())
      case 'POST /':
        if (!users.has(recipient)) return response.writeHead(400).end('11')
        messages.push(fields)
        return say(1)
      case 'GET /get_messages':
        return say({ messages: messages.filter(message => message['recipient'] === username) })
      default:
        return response.writeHead(404, { 'Content-Type': 'text/html' }).end('<!doctype html><h1>Not Found</h1>')
    }
  })
}

async function listen(server: net.Server): Promise<Running> {
  const sockets = new Set<net.Socket>()
  server.on('connection', (socket: net.Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as net.AddressInfo
  return {
    address: `127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
