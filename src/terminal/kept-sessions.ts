// Sessions that are kept on this machine between commands: one file for each server and account, which nobody else may
// read, since what is in it is as good as the password. It speaks to no server and never prints a token.
import { createHash } from 'node:crypto'
import { chmod, type FileHandle, open, readdir, unlink, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { nameKey } from '../protocol/names.ts'
import { cannotKeep, cannotRead, cannotRemove, noConfigFolder, openToOthers } from '../protocol/texts/commands.ts'
import type { MeView } from '../protocol/v1.ts'
import { serverUrl } from '../sdk/http.ts'
import { configFolder } from './config-folder.ts'
import { makeFolder, parseWhole, reasonOf, writeWhole } from './files.ts'

export interface KeptSession {
  /** As `serverUrl` writes it: `http://127.0.0.1:5000/`. */
  readonly server: string
  /** As it is shown. */
  readonly name: string
  readonly token: string
  /** For `resume` without asking the server. */
  readonly account: MeView
}

/** A session cannot be kept or read; the message is a sentence for the person who owns the files. */
export class KeptTrouble extends Error {
  override readonly name = 'KeptTrouble'
}

/** Others can read the file, so its session is not used; whoever signs in anew ends it. */
export class OpenToOthers extends KeptTrouble {
  readonly session: KeptSession | undefined

  constructor(path: string, mode: number, session: KeptSession | undefined) {
    super(openToOthers(path, (mode & 0o777).toString(8)))
    this.session = session
  }
}

/** Of one file: far more than a session needs. */
const fileBytesMax = 65_536

/** Characters of the readable part of a file's name; the rest of it is a digest, so that it fits every file system. */
const slugCharsMax = 60

/** All sessions kept here, last used first; none where there is no folder. Throws `KeptTrouble`. */
export async function keptSessions(folder = configFolder()): Promise<readonly KeptSession[]> {
  if (folder === undefined) return []
  const found = await Promise.all((await listFiles(folder)).map(readSession))
  return found
    .filter(one => one !== undefined)
    .toSorted((a, b) => b.usedMs - a.usedMs)
    .map(({ session }) => session)
}

/** The last used one that fits; names are compared as the server compares them. Throws `KeptTrouble`. */
export async function keptSession(
  { server, name }: { readonly server?: string | undefined; readonly name?: string | undefined } = {},
  folder = configFolder(),
): Promise<KeptSession | undefined> {
  if (folder === undefined) return undefined
  // Asked for exactly, it is not disturbed by what is wrong with others.
  if (server !== undefined && name !== undefined) return (await readSession(pathOf(folder, server, name)))?.session
  const href = server === undefined ? undefined : serverUrl(server).href
  const key = name === undefined ? undefined : nameKey(name)
  return (await keptSessions(folder)).find(
    one => (href === undefined || one.server === href) && (key === undefined || nameKey(one.name) === key),
  )
}

/**
 * Keeps `session` in place of any other of that server and account; it becomes the last used. Once it resolves the file
 * is on the disk, whole, mode 600. Throws `KeptTrouble`.
 */
export async function keepSession(session: KeptSession, folder = configFolder()): Promise<void> {
  if (folder === undefined) {
    throw new KeptTrouble(noConfigFolder)
  }
  const { name, token, account } = session
  const text = JSON.stringify({ format: 1, server: serverUrl(session.server).href, name, token, account })
  const sessions = sessionsFolder(folder)
  try {
    await makeFolder(sessions)
    // One that was there already, made by hand or copied, is narrowed down too.
    await chmod(sessions, 0o700)
    await writeWhole(pathOf(folder, session.server, name), `${text}\n`)
  } catch (error) {
    throw new KeptTrouble(cannotKeep(sessions, reasonOf(error)), { cause: error })
  }
}

/** Notes that it was used just now. What goes wrong with that does no harm. */
export async function touchSession({ server, name }: Pick<KeptSession, 'server' | 'name'>, folder = configFolder()) {
  const now = new Date()
  if (folder !== undefined) await utimes(pathOf(folder, server, name), now, now).catch(() => {})
}

/**
 * Removes what is kept of that server and account; with `token` only if it is that one, since another program may have
 * signed in anew meanwhile. Throws `KeptTrouble` where it is there and cannot be removed.
 */
export async function forgetSession(
  { server, name, token }: { readonly server: string; readonly name: string; readonly token?: string },
  folder = configFolder(),
): Promise<void> {
  if (folder === undefined) return
  const path = pathOf(folder, server, name)
  if (token !== undefined && (await readSession(path))?.session.token !== token) return
  try {
    await unlink(path)
  } catch (error) {
    if (!isMissing(error)) throw new KeptTrouble(cannotRemove(path, reasonOf(error)), { cause: error })
  }
}

function sessionsFolder(folder: string): string {
  return join(folder, 'sessions')
}

function pathOf(folder: string, server: string, name: string): string {
  const { href, host } = serverUrl(server)
  const key = nameKey(name)
  const slug = `${host}-${key}`.replace(/[^\w.-]+/g, '-').slice(0, slugCharsMax)
  const digest = createHash('sha256').update(`${href}\n${key}`).digest('hex').slice(0, 16)
  return join(sessionsFolder(folder), `${slug}-${digest}.json`)
}

async function listFiles(folder: string): Promise<string[]> {
  const sessions = sessionsFolder(folder)
  try {
    const names = await readdir(sessions)
    return names.filter(name => name.endsWith('.json')).map(name => join(sessions, name))
  } catch (error) {
    if (isMissing(error)) return []
    throw new KeptTrouble(cannotRead(sessions, reasonOf(error)), { cause: error })
  }
}

/** Undefined where there is none, or nothing that this version understands. */
async function readSession(path: string): Promise<{ session: KeptSession; usedMs: number } | undefined> {
  try {
    await using file = await open(path, 'r')
    const { mode, mtimeMs } = await file.stat()
    const session = parseSession(await readText(file))
    // Windows has no such bits; there the folder belongs to the person.
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) throw new OpenToOthers(path, mode, session)
    return session === undefined ? undefined : { session, usedMs: mtimeMs }
  } catch (error) {
    if (error instanceof KeptTrouble) throw error
    if (isMissing(error)) return undefined
    throw new KeptTrouble(cannotRead(path, reasonOf(error)), { cause: error })
  }
}

async function readText(file: FileHandle): Promise<string> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(fileBytesMax), 0, fileBytesMax, 0)
  return buffer.toString('utf8', 0, bytesRead)
}

function parseSession(text: string): KeptSession | undefined {
  const { server, name, token, account } = parseWhole(text) ?? {}
  if (typeof server !== 'string' || typeof name !== 'string' || typeof token !== 'string') return undefined
  return isAccount(account) ? { server, name, token, account } : undefined
}

function isAccount(value: unknown): value is MeView {
  if (typeof value !== 'object' || value === null) return false
  const { id, name, isAdmin } = value as Record<string, unknown>
  return Number.isSafeInteger(id) && typeof name === 'string' && typeof isAdmin === 'boolean'
}

/** Also where a folder on the way is a file: nothing can be there. */
function isMissing(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')
}
