// Small files of a person's own that must never be seen half written: kept sessions, the state of `hullo watch`.
import { randomBytes } from 'node:crypto'
import { mkdir, open, rename, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import { messageOf } from './reason.ts'

/**
 * Writes `text` as the whole file, mode 600: beside it, to the disk, then into its place, and the folder to the disk too.
 * Once it resolves the new one is there after a power cut; whoever reads sees the old or the new, never a part.
 */
export async function writeWhole(path: string, text: string): Promise<void> {
  const beside = `${path}.${randomBytes(6).toString('hex')}`
  try {
    await using file = await open(beside, 'wx', 0o600)
    await file.writeFile(text)
    await file.sync()
    await file.close()
    await rename(beside, path)
  } catch (error) {
    await unlink(beside).catch(() => {})
    throw error
  }
  await syncFolder(dirname(path))
}

/** What such a file holds: a JSON object whose `format` is 1. Undefined for anything else, such as a later version's. */
export function parseWhole(text: string): Readonly<Record<string, unknown>> | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  if (typeof value !== 'object' || value === null) return undefined
  const object = value as Record<string, unknown>
  return object['format'] === 1 ? object : undefined
}

/**
 * Makes a folder, mode 700, and those above it that are missing. Node's own `recursive` never comes back where a folder
 * cannot be made and the system says ENOENT for it, as below /proc.
 */
export async function makeFolder(path: string): Promise<void> {
  if (await made(path)) return
  await makeFolder(dirname(path))
  await mkdir(path, 0o700)
}

/** False where the folder above is missing and could be made. */
async function made(path: string): Promise<boolean> {
  try {
    await mkdir(path, 0o700)
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return true // a file of that name is found out by whoever writes into it
    if (code === 'ENOENT' && dirname(path) !== path) return false
    throw error
  }
}

/** Windows opens no folders; its rename is written through. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  await using folder = await open(path, 'r')
  await folder.sync()
}

/** `EACCES: permission denied`, without the call and the path that Node appends: the sentence names the path itself. */
export function reasonOf(error: unknown): string {
  const text = messageOf(error)
  return text.replace(/, \w+( '.*')?$/s, '')
}
