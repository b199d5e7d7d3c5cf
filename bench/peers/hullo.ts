// Hullo itself, as `npm start` runs it but without npm: the pinned Node on src/main.ts, over a folder that was filled
// beforehand with accounts whose password hash is made once, and with tokens that the bench knows.
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { hashOf, secretOf } from '../../src/core/people/invites.ts'
import { Passwords } from '../../src/core/people/passwords.ts'
import { sessionLifeMs } from '../../src/core/people/sessions.ts'
import { nameKey } from '../../src/protocol/names.ts'
import { openSqlite } from '../../src/store/sqlite/sqlite.ts'
import type { Store, Write } from '../../src/store/store.ts'
import { randomBytes } from 'node:crypto'
import type { Bench } from '../contract.ts'
import { type Running, startProcess } from '../process.ts'

/** The password of every account. */
export const password = 'a good password'

const root = fileURLToPath(new URL('../..', import.meta.url))

export interface People {
  readonly names: readonly string[]
  /** By account; the ids are 1, 2, 3, ... in an empty store. */
  readonly tokens: readonly string[]
}

/** Names of so many people. */
export function namesOf(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `p${index}`)
}

/** Makes accounts that are signed in, straight in the store: through the server each would cost a hash. */
export async function settle(store: Store, names: readonly string[]): Promise<People> {
  const hash = await new Passwords(randomBytes).hash(password)
  if (typeof hash !== 'string') throw hash
  const tokens = names.map(() => secretOf(randomBytes))
  const nowMs = Date.now()
  const accounts = names.map(
    (name): Write => ({ kind: 'register', name, nameKey: nameKey(name), password: hash, passwordRule: 1 }),
  )
  const made = await store.write(accounts, nowMs)
  const sessions = made.map((written, index): Write => {
    if (written.kind !== 'registered') throw new Error(`an account was not made: ${written.kind}`)
    const tokenHash = hashOf(tokens[index] ?? '')
    return {
      kind: 'create-session',
      account: written.account,
      tokenHash,
      label: 'bench',
      lifeMs: sessionLifeMs,
    }
  })
  await store.write(sessions, nowMs)
  return { names, tokens }
}

/** A folder with people in it, ready for a server. */
export async function settledFolder(
  bench: Bench,
  names: readonly string[],
): Promise<People & { readonly dir: string }> {
  const dir = bench.folder()
  await using store = openSqlite(dir)
  return { ...(await settle(store, names)), dir }
}

export interface HulloOptions {
  /** What the server is started with: strace and its options, say. */
  readonly wrap?: readonly string[]
  readonly profileDir?: string | undefined
  /** What is run instead of `hullo serve`: a server with a fault, to see that it is found. */
  readonly script?: readonly string[]
}

/** Starts a server on a free port over `dir`. */
export function startHullo(
  dir: string,
  { wrap = [], profileDir, script = ['src/main.ts', 'serve'] }: HulloOptions = {},
): Promise<Running> {
  if (profileDir !== undefined) mkdirSync(profileDir, { recursive: true })
  const profiling = profileDir === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileDir}`]
  const [file = '', ...command] = script
  const serve = [join(root, file), ...command, '--port', '0', '--data', dir, '--lab', 'guarded']
  const line = [...wrap, process.execPath, ...profiling, ...serve]
  return startProcess(line, { ready: /listening on http:\/\/127\.0\.0\.1:(\d+)/ })
}

/** The store's file in a data folder. */
export function fileIn(dir: string): string {
  const file = join(dir, 'hullo.sqlite')
  if (!existsSync(file)) throw new Error(`there is no ${file}`)
  return file
}

/** Shows people's passwords on the lab's route, so that this address may use their accounts there. */
export async function prove(port: number, names: readonly string[]): Promise<void> {
  for (const username of names) {
    const query = new URLSearchParams({ username, password })
    const answer = await fetch(`http://127.0.0.1:${port}/auth?${query.toString()}`)
    const body = await answer.text()
    if (body !== '1') throw new Error(`${username} is not proved: ${body}`)
  }
}
