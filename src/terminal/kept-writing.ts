// What somebody wrote in the terminal chat and the server has not stored: messages on their way, each in a file of its own
// under its client id, and half-written lines. It is there at the next start. It sends nothing, and where the folder cannot
// be written the chat goes on without it.
import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Address, MeView } from '../protocol/v1.ts'
import { serverUrl } from '../sdk/http.ts'
import { configFolder } from './config-folder.ts'
import { parseWhole } from './files.ts'

interface WrittenMessage {
  /** The client id: however often it is sent, it is stored once. */
  readonly key: string
  readonly to: Address
  readonly text: string
  /** This machine's clock, seconds since 1970. */
  readonly at: number
}

export interface WrittenLine {
  readonly address: Address
  readonly text: string
  /** The seq of the message that the text is an edit of. */
  readonly editing: number | undefined
}

export interface Written {
  /** In the order in which they were written. */
  readonly messages: readonly WrittenMessage[]
  readonly lines: readonly WrittenLine[]
}

export interface KeptWriting {
  readonly read: () => Written
  /** Keeps a message until `drop`. It is in its file when this returns, so that no end of the program loses it. */
  readonly keep: (message: WrittenMessage) => void
  readonly drop: (key: string) => void
  /** Keeps the lines as they are a moment later. */
  readonly linesChanged: (now: () => readonly WrittenLine[]) => void
  /** Keeps the lines as they are now. */
  readonly flush: () => void
  /** Deletes all of it. */
  readonly forget: () => void
}

/** Keystrokes within this time are written once: half a second of typing is the most that a killed terminal loses. */
const linesMs = 500

const linesFile = 'lines.json'

/** What that account wrote here. Another server at the same address, begun anew, has other accounts under the same ids. */
export function openWriting(
  { server, account }: { readonly server: string; readonly account: MeView },
  folder = configFolder(),
): KeptWriting {
  const whose = `${serverUrl(server).href}\n${account.id}\n${account.createdAt}`
  const digest = createHash('sha256').update(whose).digest('hex').slice(0, 24)
  return folder === undefined ? nowhere : writingIn(join(folder, 'unsent', digest))
}

/** Keeps nothing: where there is no folder for it, and for what must leave nothing behind. */
export const nowhere: KeptWriting = {
  read: () => ({ messages: [], lines: [] }),
  keep() {},
  drop() {},
  linesChanged() {},
  flush() {},
  forget() {},
}

function writingIn(folder: string): KeptWriting {
  let now: (() => readonly WrittenLine[]) | undefined
  let timer: NodeJS.Timeout | undefined
  let isOver = false
  const pathOf = (key: string) => join(folder, `m-${createHash('sha256').update(key).digest('hex').slice(0, 32)}.json`)
  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    const lines = now?.()
    now = undefined
    if (lines === undefined || isOver) return
    if (lines.length === 0) remove(join(folder, linesFile))
    else write(folder, linesFile, { format: 1, lines })
  }
  return {
    read: () => ({ messages: readMessages(folder), lines: readLines(folder) }),
    keep(message) {
      if (!isOver) write(folder, pathOf(message.key).slice(folder.length + 1), { format: 1, ...message })
    },
    drop: key => remove(pathOf(key)),
    linesChanged(lines) {
      now = lines
      timer ??= setTimeout(flush, linesMs).unref()
    },
    flush,
    forget() {
      isOver = true
      attempt(() => rmSync(folder, { recursive: true, force: true }))
    },
  }
}

/** Whole or not at all; readable by its owner alone. */
function write(folder: string, name: string, value: object): void {
  attempt(() => {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const beside = join(folder, `${name}.${randomBytes(6).toString('hex')}`)
    writeFileSync(beside, `${JSON.stringify(value)}\n`, { mode: 0o600, flag: 'wx' })
    renameSync(beside, join(folder, name))
  })
}

function remove(path: string): void {
  attempt(() => rmSync(path, { force: true }))
}

/** A full disk or a folder that may not be written costs what is kept, never the chat. */
function attempt(work: () => void): void {
  try {
    work()
  } catch {}
}

function readMessages(folder: string): readonly WrittenMessage[] {
  const messages = namesIn(folder).flatMap(name => {
    const { key, to, text, at } = readWhole(join(folder, name)) ?? {}
    const fits = typeof key === 'string' && isAddress(to) && typeof text === 'string' && typeof at === 'number'
    return fits ? [{ key, to, text, at }] : []
  })
  return messages.toSorted((a, b) => a.at - b.at || a.key.localeCompare(b.key, 'en', { numeric: true }))
}

function readLines(folder: string): readonly WrittenLine[] {
  const { lines } = readWhole(join(folder, linesFile)) ?? {}
  if (!Array.isArray(lines)) return []
  return lines.flatMap((line: unknown) => {
    const { address, text, editing } = (line ?? {}) as Partial<WrittenLine>
    const isSeq = editing === undefined || Number.isSafeInteger(editing)
    return isAddress(address) && typeof text === 'string' && isSeq ? [{ address, text, editing }] : []
  })
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter(name => /^m-[0-9a-f]{32}\.json$/.test(name))
  } catch {
    return []
  }
}

function readWhole(path: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return parseWhole(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}

/** `@` alone is the line that is written while no conversation is open. */
function isAddress(value: unknown): value is Address {
  return typeof value === 'string' && /^[@#]/.test(value)
}
