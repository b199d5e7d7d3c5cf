// A real server for these suites: `hullo serve` as people start it, on a free port, with a data folder of its own that
// goes with it. One is shared by the tests of a file; they keep apart by their accounts' names.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startScript, type Program } from '../support/program.ts'
import { ask, type Ask, type Answer } from './wire.ts'

export interface RunningServer extends AsyncDisposable {
  readonly port: number
  readonly program: Program
  /** One request on a connection of its own. */
  ask(method: string, path: string, more?: Ask): Promise<Answer>
  /** Registers, which also proves the account from that address; throws unless the answer is 1. */
  register(username: string, password?: string, from?: string): Promise<void>
  /** Stops it as Ctrl-C does; throws unless it ends well. */
  stop(): Promise<void>
}

export function temporaryFolder(): { dir: string } & Disposable {
  const dir = mkdtempSync(join(tmpdir(), 'hullo-lab-http-'))
  return { dir, [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true }) }
}

/** Starts `hullo serve` with these flags; in `dir`, or in a folder that is removed with it. */
export async function startHullo(flags: readonly string[] = [], dir?: string): Promise<RunningServer> {
  const folder = dir === undefined ? temporaryFolder() : undefined
  const data = dir ?? folder?.dir ?? ''
  const program = startScript('bin/hullo.js', ['serve', '--port', '0', '--data', data, ...flags])
  const [, digits] = await program.printed(/^Hullo is listening on http:\/\/\S+:(\d+)$/m)
  const port = Number(digits)
  return {
    port,
    program,
    ask: (method, path, more) => ask(port, method, path, more),
    async register(username, password = 'secret', from) {
      const json = { username, password }
      const { body } = await ask(port, 'POST', '/register', from === undefined ? { json } : { json, from })
      assert.equal(body, '1', `registering ${username}`)
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

let names = 0

/** A name that no other test has. */
export function freshName(prefix = 'user'): string {
  names += 1
  return `${prefix}${process.pid}n${names}`
}

/** What the lab's client sends to `POST /`. */
export function letter(sender: string, recipient: string, message = 'Hello', timestamp: unknown = 1_700_000_000.25) {
  return { sender, recipient, message, timestamp }
}

export interface InboxRow {
  readonly id: number
  readonly sender: string
  readonly recipient: string
  readonly message: string
  readonly timestamp: number
}

/** The inbox of an account that this address has proved. */
export async function inboxOf(server: RunningServer, username: string, more: Ask = {}): Promise<readonly InboxRow[]> {
  const { status, body } = await server.ask('GET', '/get_messages', { json: { username }, ...more })
  assert.equal(status, 200, body)
  return (JSON.parse(body) as { messages: readonly InboxRow[] }).messages
}
