// `hullo watch --exec CMD`: a command per message, one at a time. There is no shell, and nothing of a message is ever part
// of the command line: it goes to the command's standard input and into its environment.
import { spawn } from 'node:child_process'
import { setTimeout as wait } from 'node:timers/promises'
import { commandFailed, commandMissing, exitedWith, killedBy, triedAgainIn } from '../protocol/texts/commands.ts'
import type { EntryView } from '../protocol/v1.ts'
import { reasonOf } from '../terminal/files.ts'
import { Complained, no } from './report.ts'
import type { Call } from './session.ts'
import { type Shown, showJson } from './show.ts'

export interface Command {
  readonly program: string
  readonly args: readonly string[]
  readonly onFailure: 'retry' | 'stop' | 'skip'
}

/** Who watches, and where: so that `hullo send` in the command speaks for the same account. */
export interface Watcher {
  readonly server: string
  readonly name: string
}

/** Between attempts at one message: doubling from the first to the last. */
const retryMsFirst = 1_000
const retryMsMax = 60_000

/** What a command that runs has left to end by itself once the watch is to end, and then once more after SIGTERM. */
const graceMs = 5_000

/**
 * Runs `command` for a message until it ends with exit code 0, or as `onFailure` says. False where it was given up
 * because the watch is to end: the message is not dealt with. Throws what ends the watch.
 */
export async function deal(shown: Shown, command: Command, watcher: Watcher, call: Call): Promise<boolean> {
  const { signal } = call.interruption
  for (let failures = 1; ; failures += 1) {
    const failure = await runOnce(shown, command, watcher, signal)
    if (failure === undefined) return true
    if (signal.aborted) return false
    const { seq } = shown.entry
    const sentence = commandFailed(command.program, failure, seq)
    if (command.onFailure === 'stop') throw new Complained({ ...no('command-failed', sentence), seq })
    const retryMs = Math.min(retryMsMax, retryMsFirst * 2 ** Math.min(failures - 1, 10))
    const again = command.onFailure === 'retry' ? ` ${triedAgainIn(retryMs / 1000)}` : ''
    call.note(sentence + again, { event: 'command-failed', seq, message: sentence })
    if (command.onFailure === 'skip') return true
    await wait(retryMs, undefined, { signal }).catch(() => {})
    if (signal.aborted) return false
  }
}

/** How it failed; undefined if it ended with 0. Throws where there is no such command: that does not pass. */
async function runOnce(
  shown: Shown,
  { program, args }: Command,
  watcher: Watcher,
  signal: AbortSignal,
): Promise<string | undefined> {
  const env = { ...process.env, ...environmentOf(shown, watcher) }
  const { promise, resolve, reject } = Promise.withResolvers<string | undefined>()
  let child: ReturnType<typeof spawn>
  try {
    child = spawn(program, args, { env, shell: false, stdio: ['pipe', 'inherit', 'inherit'] })
  } catch (error) {
    throw missing(program, error) // an empty name, or a NUL in an argument
  }
  child.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'EACCES') reject(missing(program, error))
    else resolve(reasonOf(error))
  })
  child.on('exit', (code, killer) => {
    if (code === 0) resolve(undefined)
    else resolve(code === null ? killedBy(killer ?? '') : exitedWith(code))
  })
  child.stdin?.on('error', () => {}) // it need not read
  child.stdin?.end(`${showJson(shown)}\n`)
  const stop = endSoftly(child, signal)
  try {
    return await promise
  } finally {
    stop()
  }
}

function missing(program: string, error: unknown): Complained {
  return new Complained(no('command-failed', commandMissing(program, reasonOf(error))))
}

/** Once `signal` says so, the command has a while to end by itself, then SIGTERM, then SIGKILL. */
function endSoftly(child: ReturnType<typeof spawn>, signal: AbortSignal): () => void {
  const timers: NodeJS.Timeout[] = []
  const begin = () => {
    timers.push(setTimeout(() => child.kill('SIGTERM'), graceMs))
    timers.push(setTimeout(() => child.kill('SIGKILL'), graceMs * 2))
  }
  signal.addEventListener('abort', begin, { once: true })
  if (signal.aborted) begin()
  return () => {
    signal.removeEventListener('abort', begin)
    for (const timer of timers) clearTimeout(timer)
  }
}

function environmentOf({ entry, cursor = '' }: Shown, { server, name }: Watcher): Record<string, string> {
  return {
    HULLO_SERVER: server,
    HULLO_NAME: name,
    HULLO_SEQ: String(entry.seq),
    HULLO_CONVERSATION: String(entry.conversation),
    HULLO_SENDER: entry.sender,
    HULLO_TO: entry.to,
    HULLO_REPLY_TO: entry.to.startsWith('#') || entry.sender === name ? entry.to : `@${entry.sender}`,
    HULLO_TEXT: textOf(entry),
    HULLO_SENT_AT: String(entry.sentAt),
    HULLO_STORED_AT: String(entry.storedAt),
    HULLO_CURSOR: cursor,
  }
}

/** No variable can hold a NUL; no server of ours stores one, and the JSON has it as it is. */
function textOf({ text = '' }: EntryView): string {
  return text.replaceAll('\0', '')
}
