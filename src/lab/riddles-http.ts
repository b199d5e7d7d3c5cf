// A small HTTP server whose routes are a table of functions from fields to JSON. Every request gets an answer in JSON,
// and none of them, however broken, a 500 that a learner could cause.
import { once } from 'node:events'
import * as http from 'node:http'
import { isIP } from 'node:net'
import { hostname } from 'node:os'
import { type Fields, No, readFields } from './riddles-fields.ts'

export { No } from './riddles-fields.ts'

type Route = (fields: Fields) => object | No

/** Routes by path and method; HEAD is GET without a body. */
export type Routes = Readonly<Record<string, Readonly<Partial<Record<'GET' | 'POST', Route>>>>>

export interface JsonServer extends AsyncDisposable {
  readonly url: string
}

/** What is under way at the end may take this long. */
const drainMs = 2_000

/** A client that starts a request and does not finish it is let go; Node looks every half minute otherwise. */
const times = { headersTimeout: 10_000, requestTimeout: 20_000, connectionsCheckingInterval: 2_000 }

/** Open connections: every seat of a school, and far fewer than a process may have. */
const connectionsMax = 500

/** Listens at `host` and `port` (0: a free one). Throws a sentence where that cannot be. Disposing it stops it. */
export async function serveJson(host: string, port: number, routes: Routes): Promise<JsonServer> {
  const server = http.createServer(times, (request, response) => {
    response.on('error', () => {})
    answer(request, routes)
      .then(said => reply(request, response, said))
      .catch((error: unknown) => {
        if (request.destroyed && !request.complete) return // it left in the middle of its request
        process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
        reply(request, response, new No(503, 'unavailable', 'The riddles cannot be read or written at the moment.'))
      })
  })
  server.maxConnections = connectionsMax
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (!socket.writable || error.code === 'ECONNRESET') {
      socket.destroy()
      return
    }
    const body = JSON.stringify({ error: 'malformed', message: 'That is not HTTP.' })
    const head = `HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: ${body.length}`
    socket.end(`${head}\r\nConnection: close\r\n\r\n${body}`)
  })
  server.listen(port, host)
  await once(server, 'listening').catch((error: unknown) => {
    throw new Error(whyNot(error, host, port), { cause: error })
  })
  const bound = server.address()
  const taken = typeof bound === 'object' && bound !== null ? bound.port : port
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}`,
    async [Symbol.asyncDispose]() {
      const late = setTimeout(() => server.closeAllConnections(), drainMs)
      server.close()
      server.closeIdleConnections()
      await once(server, 'close')
      clearTimeout(late)
    },
  }
}

async function answer(request: http.IncomingMessage, routes: Routes): Promise<object | No> {
  // Not URL: whatever stands there must not throw.
  const [path = '', query = ''] = (request.url ?? '').split(/\?(.*)/s)
  const refused = refuseBrowser(request.headers)
  if (refused !== undefined) return refused
  const methods = Object.hasOwn(routes, path) ? routes[path] : undefined
  if (methods === undefined) {
    return new No(404, 'unknown-route', `There is no such route; there are ${Object.keys(routes).join(', ')}.`)
  }
  const method = request.method === 'HEAD' ? 'GET' : request.method
  const route = method === 'GET' || method === 'POST' ? methods[method] : undefined
  if (route === undefined) return new No(405, 'method', `This route takes ${allowed(methods)}.`)
  const fields = await readFields(request, new URLSearchParams(query))
  return fields instanceof No ? fields : route(fields)
}

function allowed(methods: object): string {
  return Object.keys(methods).join(', ').replace('GET', 'GET, HEAD')
}

// A page elsewhere must not use a learner's browser to get at a server on their own machine, neither directly nor by a
// name of its own that leads here (DNS rebinding).
function refuseBrowser(headers: http.IncomingHttpHeaders): No | undefined {
  const site = headers['sec-fetch-site']
  const origin = headers.origin
  const foreign = origin !== undefined && URL.parse(origin)?.host !== headers.host?.toLowerCase()
  if (site === 'cross-site' || site === 'same-site' || foreign) {
    return new No(403, 'foreign-origin', 'A web page from elsewhere may not use this server.')
  }
  const name = URL.parse(`http://${headers.host ?? ''}`)?.hostname.replace(/^\[|\]$/g, '') ?? ''
  const own = hostname().toLowerCase()
  if (isIP(name) !== 0 || ['localhost', own, `${own}.local`].includes(name)) return undefined
  return new No(421, 'foreign-host', 'This server is reached by its IP address, as localhost or by its own name.')
}

function reply(request: http.IncomingMessage, response: http.ServerResponse, said: object | No): void {
  const refused = said instanceof No
  const body = JSON.stringify(refused ? { error: said.error, message: said.message } : said)
  response.writeHead(refused ? said.status : 200, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
    ...(refused && said.status === 405 && { Allow: said.message.replace(/^This route takes |\.$/g, '') }),
    // What was not read of a body must not be taken for the next request.
    ...(!request.complete && { Connection: 'close' }),
  })
  response.end(request.method === 'HEAD' ? undefined : body)
}

function whyNot(error: unknown, host: string, port: number): string {
  const code = error instanceof Error && 'code' in error ? error.code : ''
  if (code === 'EADDRINUSE') {
    const airplay = process.platform === 'darwin' && port === 5000 ? ' On macOS it may be AirPlay.' : ''
    return `Port ${port} is in use already.${airplay} Stop what uses it, or give another with --port.`
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return `${host} is not an address of this machine.`
  if (code === 'EACCES') return `Port ${port} needs rights that you do not have. Give one above 1023 with --port.`
  return `Cannot listen at ${host} port ${port}: ${error instanceof Error ? error.message : String(error)}`
}
