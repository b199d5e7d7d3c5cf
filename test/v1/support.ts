// A real server for the v1 suites: `hullo serve` on a free port, with a data folder of its own that goes with it; and
// people on it, each with a token.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MeView, Problem, SignedIn } from '../../src/protocol/v1.ts'
import { type Program, startScript } from '../support/program.ts'

export interface Reply {
  readonly status: number
  readonly headers: Headers
  /** The JSON of the body; undefined where there is none. */
  readonly json: unknown
}

export interface Call {
  readonly token?: string
  /** Sent as JSON. */
  readonly json?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** Somebody who is signed in. */
export interface Person {
  readonly id: number
  readonly name: string
  readonly password: string
  readonly token: string
}

export interface V1Server extends AsyncDisposable {
  readonly port: number
  /** `http://127.0.0.1:PORT`. */
  readonly url: string
  readonly program: Program
  /** The folder of its data. */
  readonly data: string
  call(method: string, path: string, more?: Call): Promise<Reply>
  /** A new account, signed in; with a name of its own if none is given. */
  person(name?: string, password?: string): Promise<Person>
  signIn(name: string, password: string): Promise<SignedIn>
  /** Stops it as Ctrl-C does; throws unless it ends well. */
  stop(): Promise<void>
}

export function temporaryFolder(): { readonly dir: string } & Disposable {
  const dir = mkdtempSync(join(tmpdir(), 'hullo-v1-'))
  return { dir, [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true }) }
}

let names = 0

/** A name that no other test of this process has. */
export function freshName(prefix = 'p'): string {
  names += 1
  return `${prefix}${names}`
}

/** Starts `hullo serve` with these flags; in `dir`, or in a folder that is removed with it. */
export async function startV1(flags: readonly string[] = [], dir?: string): Promise<V1Server> {
  const folder = dir === undefined ? temporaryFolder() : undefined
  const data = dir ?? folder?.dir ?? ''
  const program = startScript('bin/hullo.js', ['serve', '--port', '0', '--data', data, ...flags])
  const [, scheme, digits] = await program.printed(/^Hullo is listening on .*(https?):\/\/127\.0\.0\.1:(\d+)$/m)
  const url = `${scheme}://127.0.0.1:${digits}`
  // The greeting is whole when its last line is there.
  await program.printed(/^ {2}stop/m)
  const call = (method: string, path: string, more?: Call) => callV1(url, method, path, more)
  const signIn = async (name: string, password: string) => {
    const { status, json } = await call('POST', '/v1/sessions', { json: { name, password } })
    assert.equal(status, 201, JSON.stringify(json))
    return json as SignedIn
  }
  return {
    port: Number(digits),
    url,
    program,
    data,
    call,
    signIn,
    async person(name = freshName(), password = 'a good password') {
      const made = await call('POST', '/v1/accounts', { json: { name, password } })
      assert.equal(made.status, 201, JSON.stringify(made.json))
      const { token } = await signIn(name, password)
      return { id: (made.json as MeView).id, name, password, token }
    },
    async stop() {
      program.child.kill('SIGTERM')
      assert.deepEqual(await program.ended, { code: 0, signal: null }, program.stderr())
    },
    async [Symbol.asyncDispose]() {
      await program[Symbol.asyncDispose]()
      folder?.[Symbol.dispose]()
    },
  }
}

export async function callV1(url: string, method: string, path: string, more: Call = {}): Promise<Reply> {
  const headers = new Headers(more.headers)
  if (more.token !== undefined) headers.set('Authorization', `Bearer ${more.token}`)
  if (more.json !== undefined && !headers.has('Content-Type')) headers.set('Content-Type', 'application/json')
  const body = more.json === undefined ? null : JSON.stringify(more.json)
  const answer = await fetch(url + path, { method, headers, body })
  const text = await answer.text()
  return { status: answer.status, headers: answer.headers, json: text === '' ? undefined : JSON.parse(text) }
}

/** Sends a direct message, which must be stored. */
export async function sendDirect(server: V1Server, from: Person, to: Person, text: string): Promise<void> {
  const messages = [{ to: `@${to.name}`, text }]
  const { status, json } = await server.call('POST', '/v1/messages', { token: from.token, json: { messages } })
  assert.equal(status, 200, JSON.stringify(json))
}

/** Checks that a reply refuses with this status and code, as a problem document. */
export function assertRefused({ status, headers, json }: Reply, wanted: number, code: string): Problem {
  const problem = json as Problem
  assert.deepEqual([status, problem.code], [wanted, code], JSON.stringify(json))
  assert.match(headers.get('content-type') ?? '', /^application\/problem\+json/)
  assert.equal(problem.status, status)
  assert.match(problem.detail, /^.{8,}$/)
  return problem
}
