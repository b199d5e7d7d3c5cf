// The real programs as scripts run them, against a real server: each machine has a configuration folder of its own, and
// nothing of the tester's own environment reaches a command.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Program, root, start } from '../support/program.ts'

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface More {
  readonly env?: Readonly<Record<string, string>>
  /** Standard input; closed at once where there is none. */
  readonly input?: string | Buffer
}

/** A person's machine: their configuration folder, and a place for their files. */
export interface Machine extends Disposable {
  readonly dir: string
  readonly env: Readonly<Record<string, string>>
  /** Runs `hullo ARGS` to its end. */
  readonly hullo: (args: readonly string[], more?: More) => Promise<Ended>
  /** Starts it, with its standard input open. */
  readonly start: (args: readonly string[], more?: More) => Program
  /** A path in `dir`. */
  readonly path: (name: string) => string
}

export function machineOf(server: { readonly url: string }): Machine {
  const dir = mkdtempSync(join(tmpdir(), 'hullo-commands-'))
  const env = { ...cleanEnvironment(), HULLO_CONFIG: join(dir, 'config'), HULLO_SERVER: server.url }
  const startHere = (args: readonly string[], more: More = {}) =>
    start(process.execPath, ['bin/hullo.js', ...args], { cwd: root, env: { ...env, ...more.env } })
  return {
    dir,
    env,
    path: name => join(dir, name),
    start: startHere,
    async hullo(args, more) {
      await using program = startHere(args, more)
      program.child.stdin?.end(more?.input ?? '')
      const { code } = await program.ended
      return { code, stdout: program.stdout(), stderr: program.stderr() }
    },
    [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true }),
  }
}

function cleanEnvironment(): Record<string, string> {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('HULLO_') && !name.startsWith('NODE_'))
  return Object.fromEntries(kept.filter((entry): entry is [string, string] => entry[1] !== undefined))
}

/** A machine on which each of `names` is registered and signed in. */
export async function machineWith(server: { readonly url: string }, ...names: readonly string[]): Promise<Machine> {
  const machine = machineOf(server)
  for (const name of names) {
    const { code, stderr } = await machine.hullo(['register', name], { env: { HULLO_PASSWORD: 'a good password' } })
    if (code !== 0) throw new Error(stderr)
  }
  return machine
}

/** The JSON of each line. */
export function jsonLines<T = Record<string, unknown>>(text: string): T[] {
  return text
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as T)
}
