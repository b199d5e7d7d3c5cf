// A small reverse proxy in front of a server, as a company's firewall or a wrongly set up nginx is: it passes requests and
// WebSockets on, and answers some in its own name, with a page of HTML.
import { once } from 'node:events'
import { createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { text } from 'node:stream/consumers'

export interface Asked {
  readonly method: string
  readonly path: string
  readonly body: string
}

/**
 * What becomes of a request: a status that the proxy answers itself, a connection that is cut before or after the server
 * got the request, or undefined: it is passed on. A promise holds it back until then.
 */
type Fate = number | 'cut' | 'cut-after' | undefined
export type Rule = (asked: Asked) => Fate | Promise<Fate>

export class Proxy {
  /** Applies to every request that comes from now on. */
  rule: Rule = () => undefined
  /** What becomes of a WebSocket: refused with a page, or passed on. */
  webSockets = false
  /** Requests in the order of arrival. */
  readonly asked: Asked[] = []
  readonly #target: URL
  readonly #sockets = new Set<Duplex>()
  readonly #http = createServer((request, response) => void this.#answer(request, response))

  private constructor(target: string) {
    this.#target = new URL(target)
  }

  static async start(target: string): Promise<Proxy> {
    const proxy = new Proxy(target)
    proxy.#http.on('connection', socket => proxy.#hold(socket))
    proxy.#http.on('upgrade', (request, socket, head) => proxy.#upgrade(request, socket, head))
    await once(proxy.#http.listen(0, '127.0.0.1'), 'listening')
    return proxy
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`
  }

  /** Texts of the messages in the requests that came, request by request. */
  get batches(): readonly (readonly string[])[] {
    return this.asked.filter(isPost).map(({ body }) => textsIn(body))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#http.close()
    for (const socket of this.#sockets) socket.destroy()
    await once(this.#http, 'close')
  }

  #hold(socket: Duplex): void {
    this.#sockets.add(socket)
    socket.on('error', () => {}).once('close', () => this.#sockets.delete(socket))
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url: path = '', headers } = request
    const body = await text(request).catch(() => '')
    const asked = { method, path, body }
    this.asked.push(asked)
    const fate = await this.rule(asked)
    if (typeof fate === 'number') return void response.writeHead(fate, { 'Content-Type': 'text/html' }).end(page(fate))
    if (fate === 'cut') return void response.destroy()
    const { hostname, port } = this.#target
    const onward = ask({ hostname, port, method, path, headers }, answer => {
      if (fate === 'cut-after') return void response.destroy()
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      // An event stream is to be passed on as it comes.
      response.flushHeaders()
      return void answer.on('error', () => response.destroy()).pipe(response)
    })
    response.once('close', () => onward.destroy())
    onward.on('error', () => response.headersSent || response.writeHead(502).end(page(502)))
    onward.end(body)
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#hold(socket)
    if (!this.webSockets) return void socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n')
    const onward: Socket = connect(Number(this.#target.port), this.#target.hostname, () => {
      const { rawHeaders } = request
      const lines = rawHeaders.flatMap((name, at) => (at % 2 === 0 ? [`${name}: ${rawHeaders[at + 1]}`] : []))
      onward.write(`${request.method} ${request.url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`)
      onward.write(head)
      onward.pipe(socket).pipe(onward)
    })
    this.#hold(onward)
    onward.once('close', () => socket.destroy())
    socket.once('close', () => onward.destroy())
  }
}

/** Whether it sends messages. */
export function isPost({ method, path }: Asked): boolean {
  return method === 'POST' && path === '/v1/messages'
}

/** Answers `status` to each request with a message that holds one of `words`. */
export function blocking(status: number, ...words: readonly string[]): Rule {
  return asked => (isPost(asked) && words.some(word => asked.body.includes(word)) ? status : undefined)
}

function textsIn(body: string): readonly string[] {
  const { messages } = JSON.parse(body) as { readonly messages: readonly { readonly text: string }[] }
  return messages.map(one => one.text)
}

function page(status: number): string {
  return `<html><head><title>${status}</title></head><body><h1>${status}</h1><hr>gateway/1.0</body></html>`
}
