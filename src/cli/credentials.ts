// What the commands with --lab share: which server, which user, and the password, which never stands on a command
// line, since every program on the machine can read that.
import { createReadStream } from 'node:fs'
import { buffer } from 'node:stream/consumers'
import { type LabClient, labClient, type No, parseAddress } from '../lab/client.ts'
import { passwordBytesMax } from '../protocol/limits.ts'
import * as says from '../protocol/texts/commands.ts'
import { type Complaint, complain, interrupted } from './report.ts'
import { type Interruption, listenForInterruption, openPrompt, type Prompt } from '../terminal/prompt.ts'
import { messageOf } from '../terminal/reason.ts'

export interface ServerOptions {
  readonly server: string
  readonly user?: string
  readonly passwordFile?: string
  readonly json?: true
}

export interface Call {
  readonly client: LabClient
  /** Questions go to standard error, so that standard output can be piped on. */
  readonly prompt: Prompt
  readonly interruption: Interruption
}

/** Runs one command against the server of `options`, and reports how it ended. */
export async function callServer(
  options: ServerOptions,
  work: (call: Call) => Promise<{ readonly ok: true } | Complaint>,
): Promise<void> {
  const json = options.json === true
  const address = parseAddress(options.server)
  if (typeof address === 'string') return complain(usage(address), json)
  using interruption = listenForInterruption()
  await using prompt = openPrompt(interruption, process.stdin, process.stderr)
  const outcome = await work({ client: labClient(address, { signal: interruption.signal }), prompt, interruption })
  if (!outcome.ok) complain(outcome, json)
}

export interface Account {
  readonly user: string
  readonly password: string
}

/** Who signs in: from the options or by asking, then checked with the server, which a guarded one needs. */
export async function signIn(
  { client, prompt, interruption }: Call,
  options: ServerOptions,
  mayAsk: boolean,
): Promise<(Account & { ok: true }) | Complaint> {
  const user = options.user ?? (mayAsk && process.stdin.isTTY ? await prompt.ask(says.askName) : undefined)
  if (interruption.signal.aborted) return interrupted
  if (user === undefined || user === '') return usage(says.whoAreYou)
  const password = await readPassword({ prompt, interruption }, options, user, mayAsk)
  if (!password.ok) return password
  prompt.release() // no question follows; what is typed from here on is for whoever reads a text
  const proof = await client.authenticate(user, password.password)
  return proof.ok ? { ok: true, user, password: password.password } : proof
}

interface Password {
  readonly ok: true
  readonly password: string
  readonly typed: boolean
}

/** The password for `user`: from the file, the environment, or (where that may be) by asking. */
export async function readPassword(
  { prompt, interruption }: Pick<Call, 'prompt' | 'interruption'>,
  options: Pick<ServerOptions, 'passwordFile'>,
  user: string,
  mayAsk: boolean,
): Promise<Password | Complaint> {
  if (options.passwordFile !== undefined) return await readPasswordFile(options.passwordFile)
  const inEnvironment = process.env['HULLO_PASSWORD']
  if (inEnvironment !== undefined && inEnvironment !== '') return { ok: true, password: inEnvironment, typed: false }
  const password = mayAsk ? await prompt.askHidden(says.askPassword(user)) : undefined
  if (interruption.signal.aborted) return interrupted
  if (password === undefined || password === '') {
    return usage(says.noPassword)
  }
  return { ok: true, password, typed: true }
}

async function readPasswordFile(path: string): Promise<Password | No<'usage'>> {
  try {
    // A pipe is welcome too: --password-file <(pass show hullo). No more is read than a password can be.
    const bytes = await buffer(createReadStream(path, { end: passwordBytesMax + 1 }))
    const password = new TextDecoder('utf-8', { fatal: true }).decode(bytes).replace(/\r?\n$/, '')
    if (password === '') return usage(says.fileIsEmpty(path))
    if (Buffer.byteLength(password) > passwordBytesMax) {
      return usage(says.moreThanPassword(path, passwordBytesMax))
    }
    return { ok: true, password, typed: false }
  } catch (error) {
    return usage(says.passwordUnreadable(messageOf(error)))
  }
}

export function usage(message: string): No<'usage'> {
  return { ok: false, kind: 'usage', message }
}
