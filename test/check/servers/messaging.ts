// A messaging server in memory, of the few lines that the lab needs: right, or with one fault. It stands for the broken
// servers that the checker must find out, each on exactly its fault.
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

interface Stored {
  readonly sender: string
  readonly recipient: string
  readonly message: string
  readonly timestamp: number
}

type Fields = Readonly<Record<string, string>> & { readonly timestamp?: number }

/** A body that is sent as it is; everything else becomes JSON. */
class Page {
  readonly status: number
  readonly body: string
  constructor(status: number, body: string) {
    this.status = status
    this.body = body
  }
}

const errorPage = new Page(500, '<!doctype html><title>500</title><h1>Internal Server Error</h1>')

/** Starts the server on a free port of loopback. */
export async function startMessaging(fault = 'none'): Promise<AsyncDisposable & { readonly address: string }> {
  const answer = messagingServer(fault)
  const server = createServer((request, response) => void serve(request, response, fault, answer))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

type Answer = (route: string, fields: Fields) => unknown

async function serve(request: IncomingMessage, response: ServerResponse, fault: string, answer: Answer): Promise<void> {
  const route = `${request.method} ${request.url}`
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  const text = Buffer.concat(chunks).toString()
  const answered = answer(route, text === '' ? {} : (JSON.parse(text) as Fields))
  if (answered === undefined) return // it never answers
  const page = answered instanceof Page ? answered : new Page(200, JSON.stringify(answered))
  response.statusCode = page.status
  const unended = fault === 'unended' && route === 'GET /get_messages'
  response.setHeader('Content-Length', Buffer.byteLength(page.body) + (unended ? 10 : 0))
  if (unended) response.write(page.body)
  else response.end(page.body)
}

function messagingServer(fault: string): Answer {
  const passwords = new Map<string, string>()
  const stored: Stored[] = []
  const code = (number: number): unknown => (fault === 'quoted' ? String(number) : number)

  function register({ username = '', password = '' }: Fields): unknown {
    if (fault === 'code-in-object') return { code: 1 }
    const exists = passwords.has(username)
    if (!exists || fault === 'password-replaced') passwords.set(username, password)
    return code(exists && fault !== 'register-unchecked' ? 10 : 1)
  }

  function authenticate({ username = '', password = '' }: Fields): unknown {
    const right = passwords.get(username)
    if (right === undefined) {
      if (fault === 'error-page') return errorPage
      return code(fault === 'unknown-let-in' ? 1 : 11)
    }
    if (fault === 'auth-always-fails') return code(12)
    if (fault === 'password-unchecked') return code(1)
    if (fault === 'password-of-anybody') return code([...passwords.values()].includes(password) ? 1 : 12)
    return code(right === password ? 1 : 12)
  }

  function send({ sender = '', recipient = '', message = '', timestamp = 0 }: Fields): unknown {
    if (fault === 'send-hangs') return undefined
    if (fault === 'send-empty') return new Page(200, '')
    if (fault === 'keeps-last') stored.splice(0, stored.length, ...stored.filter(each => each.recipient !== recipient))
    const kept = fault === 'own-clock' ? Date.now() / 1000 : timestamp
    const letter = { sender, recipient, message: fault === 'cut' ? message.slice(0, 10) : message, timestamp: kept }
    stored.push(letter)
    if (fault === 'twice') stored.push(letter)
    return code(1)
  }

  function inbox({ username }: Fields): unknown {
    const of = fault === 'by-sender' ? 'sender' : 'recipient'
    const own = stored.filter(each => fault === 'everybody' || each[of] === username)
    if (own.length === 0 && fault === 'empty-is-11') return 11
    const items = own.map((each, index) => shown({ id: index, ...each }))
    if (fault === 'newest-first') items.reverse()
    return fault === 'bare-list' ? items : { messages: items }
  }

  function shown(each: Stored & { readonly id: number }): object {
    const { sender, recipient, message, timestamp } = each
    if (fault === 'no-sender') return { recipient, message, timestamp }
    if (fault === 'no-message') return { sender, text: message, timestamp }
    if (fault === 'text-as-sender') return { ...each, sender: message, message: sender }
    if (fault === 'swapped') return { ...each, sender: recipient, recipient: sender }
    if (fault === 'timestamp-text') return { ...each, timestamp: String(timestamp) }
    if (fault === 'milliseconds') return { ...each, timestamp: timestamp * 1000 }
    return each
  }

  const routes: Readonly<Record<string, (fields: Fields) => unknown>> = {
    'POST /register': register,
    [fault === 'auth-by-post' ? 'POST /auth' : 'GET /auth']: authenticate,
    'POST /': send,
    'GET /get_messages': inbox,
  }
  return (route, fields) => {
    const handle = routes[route]
    if (handle !== undefined) return handle(fields)
    return new Page(fault === 'auth-by-post' ? 405 : 404, '<!doctype html><title>no</title>')
  }
}
