// A Hullo that does what it is told to do wrong: the wire of the v1 API as far as the library's delivery relies on it,
// with faults that a real server cannot be made to show at will. The happy paths run against the real server too.
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { json } from 'node:stream/consumers'
import { type WebSocket, WebSocketServer } from 'ws'
import type { ClientFrame, DraftView, EndFrame, SendResult, ServerFrame } from '../../src/protocol/v1.ts'
import { FakeLog } from './fake-log.ts'

type Send = Extract<ClientFrame, { type: 'send' }>

type Page = Record<string, unknown>

export interface Faults {
  /** `closed`: the upgrade is refused; `mute`: it is never answered. */
  webSockets?: 'closed' | 'mute'
  /** Answers `/v1/stream` with this status. */
  streamStatus?: number
  /** Store the messages, then lose the connection instead of acknowledging: so many times. */
  loseAcks?: number
  /** Store the messages and say nothing, on a connection that stays: so many times. */
  swallowAcks?: number
  /** What becomes of a draft, in place of storing it; undefined stores it. */
  refuse?: (draft: DraftView, count: number) => SendResult | undefined
  /** Refuses a whole batch, in place of looking at its drafts. */
  refuseBatch?: (drafts: readonly DraftView[]) => { status: number; code: string; retryAfter?: number } | undefined
  /** Cuts the WebSocket in place of storing such a batch. */
  cutWebSocket?: (drafts: readonly DraftView[]) => boolean
  /** A live frame on its way; undefined loses it. */
  tamper?: (frame: ServerFrame) => ServerFrame | undefined
  /** A page of `/entries` likewise. */
  page?: (page: Page) => Page | undefined | Promise<Page>
  /** So many live connections are lost right after the hello. */
  loseAfterHello?: number
}

interface Follower {
  readonly name: string
  last: number
  readonly write: (frame: ServerFrame) => void
  readonly close: () => void
}

export class FakeServer {
  readonly log = new FakeLog()
  faults: Faults = {}
  /** Every request and every send frame, in the order of arrival. */
  readonly asked: string[] = []
  readonly batches: { readonly over: 'http' | 'websocket'; readonly drafts: readonly DraftView[] }[] = []
  readonly #followers = new Set<Follower>()
  readonly #sockets = new Set<Socket>()
  readonly #http = createServer((request, response) => void this.#request(request, response))
  readonly #ws = new WebSocketServer({ noServer: true, handleProtocols: () => 'hullo.v1' })
  #drafts = 0
  #watchers = new Set<() => void>()

  static async start(...names: string[]): Promise<FakeServer> {
    const server = new FakeServer()
    for (const name of names) server.log.addAccount(name)
    server.#http.on('connection', socket => {
      server.#sockets.add(socket.once('close', () => server.#sockets.delete(socket)))
    })
    server.#http.on('upgrade', (request, socket: Socket, head) => server.#upgrade(request, socket, head))
    await once(server.#http.listen(0, '127.0.0.1'), 'listening')
    return server
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`
  }

  get followers(): number {
    return this.#followers.size
  }

  /** Stores as if somebody else had sent it, and tells who follows. */
  say(sender: string, to: DraftView['to'], text: string): void {
    const result = this.log.send(sender, { to, text })
    if ('error' in result) throw new Error(result.message)
    this.tell()
  }

  tell(): void {
    for (const follower of this.#followers) this.#bringUp(follower)
  }

  /** To everybody who follows, as it is. */
  write(frame: ServerFrame): void {
    for (const { write } of this.#followers) write(frame)
  }

  end(reason: EndFrame['reason']): void {
    for (const follower of this.#followers) {
      follower.write({ type: 'end', reason })
      follower.close()
    }
  }

  /** Cuts every connection, as a cable does. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy()
    this.#followers.clear()
  }

  /** Resolves when `what` holds; looked at whenever something was asked or a follower came or went. */
  until(what: () => boolean): Promise<void> {
    return new Promise(resolve => {
      const look = () => {
        if (!what()) return
        this.#watchers.delete(look)
        resolve()
      }
      this.#watchers.add(look)
      look()
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut()
    this.#ws.close()
    this.#http.close()
    if (this.#http.listening) await once(this.#http, 'close')
  }

  #happened(): void {
    for (const look of this.#watchers) look()
  }

  #bringUp(follower: Follower): void {
    const entries = this.log.mine(follower.name, follower.last)
    if (entries.length === 0) return
    follower.last = this.log.head
    const frame = this.#tampered({ type: 'entries', cursor: this.log.cursor(this.log.head), entries })
    if (frame !== undefined) follower.write(frame)
  }

  #tampered(frame: ServerFrame): ServerFrame | undefined {
    return this.faults.tamper === undefined ? frame : this.faults.tamper(frame)
  }

  /** Greets, and follows from there; false where it does not come to that. */
  #follow(name: string, after: string | undefined, way: Pick<Follower, 'write' | 'close'>): Follower | undefined {
    const account = this.log.accounts.get(name)
    const place = after === undefined ? { seq: this.log.head } : this.log.place(after)
    if (account === undefined || place === undefined) {
      const error = account === undefined ? 'signed-out' : 'field-invalid'
      way.write({ type: 'refused', error, message: `${error}.` })
      way.close()
      return undefined
    }
    const { epoch, floor, head } = this.log
    const follower = { name, last: place.seq, ...way }
    follower.write({ type: 'hello', epoch, floor, head, cursor: this.log.cursor(place.seq), account })
    if (this.#fails('loseAfterHello')) {
      way.close()
      return undefined
    }
    if ('diverged' in place) follower.write({ type: 'diverged', shared: place.diverged ?? 0 })
    if ('truncated' in place) follower.write({ type: 'truncated', floor: place.truncated ?? 0 })
    this.#followers.add(follower)
    this.#bringUp(follower)
    return follower
  }

  #upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    this.#note('GET /v1/live')
    socket.on('error', () => {})
    if (this.faults.webSockets === 'mute') return
    if (this.faults.webSockets === 'closed')
      return void socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n')
    this.#ws.handleUpgrade(request, socket, head, webSocket => this.#webSocket(webSocket))
  }

  #webSocket(webSocket: WebSocket): void {
    let follower: Follower | undefined
    const write = (frame: ServerFrame) => webSocket.send(JSON.stringify(frame))
    webSocket.on('close', () => {
      if (follower !== undefined) this.#followers.delete(follower)
      this.#happened()
    })
    webSocket.on('message', (data: Buffer) => {
      const frame = JSON.parse(data.toString('utf8')) as ClientFrame
      if (frame.type === 'start') {
        follower = this.#follow(frame.token ?? '', frame.after, { write, close: () => webSocket.close() })
        this.#happened()
      } else if (frame.type === 'send' && follower !== undefined) this.#sendFrame(follower, frame, webSocket)
      else if (frame.type === 'typing') this.#note(`typing ${frame.to}`)
    })
  }

  #sendFrame(follower: Follower, { ref, messages }: Send, webSocket: WebSocket): void {
    if (this.faults.cutWebSocket?.(messages) === true) return webSocket.terminate()
    const refused = this.#receive(messages, 'websocket')
    if (refused !== undefined)
      return follower.write({ type: 'refused', ref, error: refused.code, message: refused.code })
    const results = messages.map(draft => this.#store(follower.name, draft))
    if (this.#fails('loseAcks')) webSocket.terminate()
    else if (!this.#fails('swallowAcks')) follower.write({ type: 'sent', ref, results })
    this.tell()
    return this.#happened()
  }

  #receive(drafts: readonly DraftView[], over: 'http' | 'websocket') {
    this.batches.push({ over, drafts })
    this.#note(`send ${drafts.length} over ${over}`)
    return this.faults.refuseBatch?.(drafts)
  }

  #store(name: string, draft: DraftView): SendResult {
    this.#drafts += 1
    return this.faults.refuse?.(draft, this.#drafts) ?? this.log.send(name, draft)
  }

  #fails(fault: 'loseAcks' | 'swallowAcks' | 'loseAfterHello'): boolean {
    const left = this.faults[fault] ?? 0
    this.faults[fault] = left - 1
    return left > 0
  }

  #note(what: string): void {
    this.asked.push(what)
    this.#happened()
  }

  async #request(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://fake')
    const route = `${request.method} ${pathname}`
    const after = searchParams.get('after') ?? undefined
    // The token of this server is the account's name.
    const name = (request.headers.authorization ?? '').replace('Bearer ', '')
    const body = request.method === 'GET' ? {} : ((await json(request).catch(() => ({}))) as Record<string, unknown>)
    this.#note(route)
    const answer = (value: unknown, status = 200) => {
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(value))
    }
    const refuse = (status: number, code: string, more = {}) =>
      answer({ type: 'about:blank', title: code, status, detail: `${code}.`, code, ...more }, status)
    if (route === 'POST /v1/sessions') return this.#signIn(String(body['name']), answer, refuse)
    if (route === 'POST /v1/accounts') return answer(this.log.addAccount(String(body['name'])), 201)
    const account = this.log.accounts.get(name)
    if (account === undefined) return refuse(401, 'signed-out')
    if (route === 'GET /v1/me') return answer(account)
    if (route === 'DELETE /v1/sessions/current') return void response.writeHead(204).end()
    if (route === 'POST /v1/messages')
      return this.#post(name, body['messages'] as DraftView[], response, answer, refuse)
    if (route === 'POST /v1/typing') return this.#typing(String(body['to']), response, refuse)
    if (route === 'GET /v1/entries') return this.#page(name, after, response, answer, refuse)
    if (route === 'GET /v1/stream') return this.#stream(name, after, response, refuse)
    return refuse(404, 'unknown-route')
  }

  #signIn(name: string, answer: (value: unknown) => void, refuse: (status: number, code: string) => void): void {
    const account = this.log.accounts.get(name)
    if (account === undefined) return refuse(401, 'sign-in-failed')
    return answer({ token: name, session: {}, account })
  }

  #typing(to: string, response: ServerResponse, refuse: (status: number, code: string) => void): void {
    this.#note(`typing ${to}`)
    if (!this.log.accounts.has(to.slice(1))) return refuse(404, 'account-unknown')
    return void response.writeHead(204).end()
  }

  #post(
    name: string,
    drafts: readonly DraftView[],
    response: ServerResponse,
    answer: (value: unknown) => void,
    refuse: (status: number, code: string, more?: object) => void,
  ): void {
    const refused = this.#receive(drafts, 'http')
    if (refused !== undefined) return refuse(refused.status, refused.code, { retryAfter: refused.retryAfter })
    const results = drafts.map(draft => this.#store(name, draft))
    if (this.#fails('loseAcks')) response.destroy()
    else if (!this.#fails('swallowAcks')) answer({ results })
    this.tell()
    return this.#happened()
  }

  async #page(
    name: string,
    after: string | undefined,
    response: ServerResponse,
    answer: (value: unknown) => void,
    refuse: (status: number, code: string) => void,
  ): Promise<void> {
    const place = after === undefined ? { seq: 0 } : this.log.place(after)
    if (place === undefined) return refuse(400, 'field-invalid')
    const { seq, ...fate } = place
    const all = this.log.mine(name, seq)
    const entries = all.slice(0, 5)
    const more = all.length > entries.length
    const cursor = this.log.cursor(more ? (entries.at(-1)?.seq ?? 0) : this.log.head)
    const page = { entries, cursor, more, ...fate }
    const told = this.faults.page === undefined ? page : await this.faults.page(page)
    return told === undefined ? void response.destroy() : answer(told)
  }

  #stream(
    name: string,
    after: string | undefined,
    response: ServerResponse,
    refuse: (status: number, code: string) => void,
  ): void {
    if (this.faults.streamStatus !== undefined) return refuse(this.faults.streamStatus, 'busy')
    if (after !== undefined && this.log.place(after) === undefined) return refuse(400, 'field-invalid')
    response.writeHead(200, { 'Content-Type': 'text/event-stream' })
    response.flushHeaders()
    const write = (frame: ServerFrame) => {
      const id = 'cursor' in frame ? `id: ${frame.cursor}\n` : ''
      response.write(`${id}event: ${frame.type}\ndata: ${JSON.stringify(frame)}\n\n`)
    }
    const follower = this.#follow(name, after, { write, close: () => response.end() })
    response.once('close', () => {
      if (follower !== undefined) this.#followers.delete(follower)
      this.#happened()
    })
    return this.#happened()
  }
}
