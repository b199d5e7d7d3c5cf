// A server under test in a process of its own, and a lab client that keeps its connection: what the durability tests
// send with, and how they learn what was stored.
import { Agent, request } from 'node:http'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Program, start } from '../support/program.ts'

export interface Server extends AsyncDisposable {
  readonly program: Program
  readonly url: string
}

/** `serve` on a free port, over `dir`; `wrap` is what the server is started with (strace and its options, say). */
export async function serve(
  dir: string,
  { script = ['bin/hullo.js', 'serve'], wrap = [] }: { script?: readonly string[]; wrap?: readonly string[] } = {},
): Promise<Server> {
  // These tests fill small disks to their end; that sends stop before is in test/v1/storage.test.ts.
  const line = [...wrap, process.execPath, ...script, '--port', '0', '--data', dir, '--free-disk-min', '0']
  const program = start(line[0] ?? '', line.slice(1))
  const [, url = ''] = await program.printed(/listening on (http:\/\/127\.0\.0\.1:\d+)/)
  return { program, url, [Symbol.asyncDispose]: () => program[Symbol.asyncDispose]() }
}

/** Asks a server to stop, and resolves when it has. `pid` where the server is not the process that was started. */
export async function stop({ program }: Server, pid = program.child.pid): Promise<void> {
  if (pid !== undefined) process.kill(pid, 'SIGTERM')
  await program.ended
}

export interface Answer {
  readonly status: number
  readonly body: string
}

/** One lab request; rejects where the connection breaks before the whole answer is there. */
export function lab(agent: Agent, method: string, url: string, fields: object): Promise<Answer> {
  const body = JSON.stringify(fields)
  const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }
  return new Promise((resolve, reject) => {
    const asked = request(url, { method, agent, headers }, response => {
      let text = ''
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part
      })
      response.on('error', reject).on('end', () => resolve({ status: response.statusCode ?? 0, body: text }))
    })
    asked.on('error', reject).end(body)
  })
}

export interface Client extends Disposable {
  register(name: string): Promise<Answer>
  /** Shows the password, so that this address may use the account. */
  signIn(name: string): Promise<Answer>
  send(sender: string, recipient: string, message: string): Promise<Answer>
  /** The texts of an inbox, oldest first, with their seqs. */
  inbox(name: string): Promise<{ id: number; message: string }[]>
}

/** A client with its own connections, at most `sockets` at once. Passwords are the names. */
export function client(url: string, sockets = 1): Client {
  const agent = new Agent({ keepAlive: true, maxSockets: sockets })
  return {
    register: name => lab(agent, 'POST', `${url}/register`, { username: name, password: name }),
    signIn: name => lab(agent, 'GET', `${url}/auth`, { username: name, password: name }),
    send: (sender, recipient, message) =>
      lab(agent, 'POST', `${url}/`, { sender, recipient, message, timestamp: Date.now() / 1_000 }),
    async inbox(name) {
      const { status, body } = await lab(agent, 'GET', `${url}/get_messages`, { username: name })
      if (status !== 200) throw new Error(`the inbox was answered with ${status} ${body}`)
      return (JSON.parse(body) as { messages: { id: number; message: string }[] }).messages
    },
    [Symbol.dispose]: () => agent.destroy(),
  }
}

/** A folder for one test, removed when the scope of `using` ends. */
export function folder(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), 'hullo-durable-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}
