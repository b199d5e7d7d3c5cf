// HTTP as bytes on a socket: what is sent is exactly what a test wrote, and what came back is taken apart here and
// nowhere hidden. A client library would mend what these tests send, and hide what they must see.
import { connect } from 'node:net'

/** The server lets go of a silent connection after 60 s; a test that waits longer than this for an answer has failed. */
const answerTimeoutMs = 20_000

export interface Answer {
  readonly status: number
  /** The phrase behind it in the status line. */
  readonly reason: string
  /** By lower-case name; a header that came twice is joined with `, `. */
  readonly headers: ReadonlyMap<string, string>
  /** Decoded from UTF-8. */
  readonly body: string
}

export interface Ask {
  /** A JSON body with its type and Content-Length, as the lab's client sends it, on GET too. */
  readonly json?: unknown
  /** Any other body; `headers` say what it is. */
  readonly body?: string | Uint8Array
  readonly headers?: Readonly<Record<string, string>>
  /** The client's own address, any of 127.0.0.0/8. */
  readonly from?: string
}

/** One request on a connection of its own, framed with Content-Length. */
export async function ask(port: number, method: string, path: string, more: Ask = {}): Promise<Answer> {
  const { json, from } = more
  const body = Buffer.from(json === undefined ? (more.body ?? '') : JSON.stringify(json))
  const headers = {
    Host: `127.0.0.1:${port}`,
    ...(json === undefined ? {} : { 'Content-Type': 'application/json' }),
    ...(body.length > 0 ? { 'Content-Length': String(body.length) } : {}),
    Connection: 'close',
    ...more.headers,
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const head = `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`
  const came = await exchange(
    port,
    Buffer.concat([Buffer.from(head, 'latin1'), body]),
    from === undefined ? {} : { from },
  )
  const [answer, ...others] = readAnswers(came, [method])
  if (answer === undefined || others.length > 0)
    throw new Error(`${others.length} answers more than one: ${came.toString()}`)
  return answer
}

export interface Exchange {
  readonly from?: string
  /** Says that nothing more will be sent (`nc -N`); otherwise waits for the server to close. */
  readonly halfClose?: boolean
  readonly host?: string
}

/** Sends bytes as they are; all that came back once the server has closed. */
export function exchange(port: number, bytes: string | Uint8Array, how: Exchange = {}): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const { from, halfClose = false, host = '127.0.0.1' } = how
    const local = from === undefined ? {} : { localAddress: from }
    const socket = connect({ host, port, allowHalfOpen: true, noDelay: true, ...local })
    const chunks: Uint8Array[] = []
    socket.setTimeout(answerTimeoutMs, () => {
      socket.destroy()
      reject(new Error(`no end after ${answerTimeoutMs} ms; so far: ${Buffer.concat(chunks).toString()}`))
    })
    socket.on('data', chunk => chunks.push(Buffer.from(chunk)))
    // A server that refuses and closes while it is being written to: what it said before still counts.
    socket.on('error', error => {
      if (chunks.length === 0 && (error as NodeJS.ErrnoException).code === 'ECONNREFUSED') reject(error)
    })
    socket.on('end', () => socket.end())
    socket.on('close', () => resolve(Buffer.concat(chunks)))
    socket.write(bytes)
    if (halfClose) socket.end()
  })
}

/**
 * The answers in a stream of bytes, interim ones (100) left out. `methods` are those of the requests, in order, since
 * the answer to HEAD has no body whatever its head says. Throws where the bytes are not whole answers.
 */
export function readAnswers(bytes: Buffer, methods: readonly string[] = []): readonly Answer[] {
  const answers: Answer[] = []
  let rest = bytes
  while (rest.length > 0) {
    const end = rest.indexOf('\r\n\r\n')
    if (end < 0) throw new Error(`the head of an answer does not end: ${rest.toString()}`)
    const [first = '', ...lines] = rest.toString('latin1', 0, end).split('\r\n')
    const [, digits, reason] = /^HTTP\/1\.1 (\d{3}) ([\x20-\x7e]+)$/.exec(first) ?? []
    if (digits === undefined || reason === undefined) throw new Error(`no status line: ${first}`)
    const headers = readHeaders(lines)
    rest = rest.subarray(end + 4)
    if (digits === '100') continue
    const bodiless = methods[answers.length] === 'HEAD'
    const { body, after } = bodiless ? { body: Buffer.alloc(0), after: rest } : readBody(headers, rest)
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body)
    answers.push({ status: Number(digits), reason, headers, body: text })
    rest = after
  }
  return answers
}

function readHeaders(lines: readonly string[]): ReadonlyMap<string, string> {
  const headers = new Map<string, string>()
  for (const line of lines) {
    const [, name, value] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+): ?(.*)$/.exec(line) ?? []
    if (name === undefined || value === undefined) throw new Error(`no header: ${line}`)
    const before = headers.get(name.toLowerCase())
    headers.set(name.toLowerCase(), before === undefined ? value : `${before}, ${value}`)
  }
  return headers
}

function readBody(headers: ReadonlyMap<string, string>, rest: Buffer): { body: Buffer; after: Buffer } {
  if (headers.get('transfer-encoding') === 'chunked') return readChunks(rest)
  const length = Number(headers.get('content-length') ?? Number.NaN)
  if (!(length <= rest.length)) throw new Error(`of ${headers.get('content-length')} bytes came ${rest.length}`)
  return { body: rest.subarray(0, length), after: rest.subarray(length) }
}

function readChunks(bytes: Buffer): { body: Buffer; after: Buffer } {
  const chunks: Buffer[] = []
  let rest = bytes
  for (;;) {
    const end = rest.indexOf('\r\n')
    const size = Number.parseInt(rest.toString('latin1', 0, end), 16)
    if (end < 0 || !(end + 2 + size + 2 <= rest.length)) throw new Error('a chunked body breaks off')
    chunks.push(rest.subarray(end + 2, end + 2 + size))
    rest = rest.subarray(end + 2 + size + 2)
    if (size === 0) return { body: Buffer.concat(chunks), after: rest }
  }
}
