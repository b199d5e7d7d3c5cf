// The program under check where the checker itself starts it (--run): its console, its end, and that nothing of it stays.
// It runs through the platform's shell in a process group of its own, and only that group is ever told to end.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { visible } from './visible.ts'

export interface Ending {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface RunningProgram extends AsyncDisposable {
  readonly command: string
  /** What it printed so far, both streams as they came, colours included; the first 256 KiB. */
  readonly console: () => string
  /** How it ended, or undefined while it runs. */
  readonly ending: () => Ending | undefined
  /** Waits until `seen` holds (it is asked again when something is printed or the program ends), at most `timeoutMs`. */
  readonly until: (seen: () => boolean, timeoutMs: number) => Promise<boolean>
  /** Ctrl-C, and if that does not end it within 2 s, a signal that does. */
  readonly stop: () => Promise<Ending>
}

/** A class's console has some hundred lines; a program that prints for ever must not fill the memory. */
const consoleCharactersMax = 256 * 1024
const stopMs = 2000
/** Pythons on small machines take some seconds to import Flask. */
const startMs = 20_000
const retryMs = 50

/** Starts `command`; disposing stops it. */
export function runProgram(command: string): RunningProgram {
  const { NO_COLOR: _, ...inherited } = process.env
  // Python holds back what it prints into a pipe, and some libraries their colours.
  const env = { ...inherited, PYTHONUNBUFFERED: '1', FORCE_COLOR: '1' }
  // No standard input: a program that asks must not take what is typed for the checker.
  const child = spawn(shellText(command), { shell: true, detached: true, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let printed = ''
  let ending: Ending | undefined
  const watchers = new Set<() => void>()
  const tell = () => [...watchers].forEach(watch => watch())

  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      if (printed.length < consoleCharactersMax) printed += text
      tell()
    })
  }
  const ended = new Promise<Ending>(resolve => {
    const end = (code: number | null, signal: NodeJS.Signals | null) => {
      ending = { code, signal }
      resolve(ending)
      tell()
    }
    child.once('exit', end).once('error', error => {
      printed += String(error)
      end(null, null)
    })
  })
  const closed = once(child, 'close').catch(() => {})

  function signalGroup(signal: NodeJS.Signals): void {
    if (child.pid === undefined) return
    try {
      // Windows knows no process groups: there the shell alone is told.
      if (process.platform === 'win32') child.kill(signal)
      else process.kill(-child.pid, signal)
    } catch {
      // It has ended already.
    }
  }
  const killNow = () => signalGroup('SIGKILL')
  process.once('exit', killNow)

  async function stop(): Promise<Ending> {
    if (ending === undefined) signalGroup('SIGINT')
    await Promise.race([ended, delay(stopMs, undefined, { ref: false })])
    // Also what the shell left behind in the group.
    killNow()
    return ended
  }

  return {
    command,
    console: () => printed,
    ending: () => ending,
    until: (seen, timeoutMs) => untilSeen(watchers, seen, timeoutMs),
    stop,
    async [Symbol.asyncDispose]() {
      process.off('exit', killNow)
      await stop()
      // A process that left the group may still hold the pipes.
      await Promise.race([closed, delay(200)])
      child.stdout.destroy()
      child.stderr.destroy()
    },
  }
}

async function untilSeen(watchers: Set<() => void>, seen: () => boolean, timeoutMs: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, timeoutMs)
  const look = () => seen() && resolve()
  watchers.add(look)
  look()
  await promise
  clearTimeout(timer)
  watchers.delete(look)
  return seen()
}

/**
 * A Ctrl-C reaches the shell as well, as it does in a terminal; here it must stay, and hand on the program's own exit
 * code. (A trap that does nothing is not inherited by the commands of the shell.)
 */
const shellText = (command: string): string => (process.platform === 'win32' ? command : `trap : INT\n${command}`)

/**
 * The first exchange with a program that is only just starting: asked again while the connection is refused, which the
 * program does not notice, so that no connection of a counting server is used up. Without a program it is asked once.
 */
export async function patiently<T>(
  attempt: () => Promise<T>,
  refused: (result: T) => boolean,
  program: RunningProgram | undefined,
  signal: AbortSignal,
): Promise<T> {
  const deadline = performance.now() + startMs
  for (;;) {
    const result = await attempt()
    const over = program === undefined || program.ending() !== undefined || performance.now() > deadline
    if (!refused(result) || over || signal.aborted) return result
    await program.until(() => program.ending() !== undefined, retryMs)
  }
}

/** A console without its colours and other escape sequences. */
export function plain(console: string): string {
  // oxlint-disable-next-line no-control-regex -- escape sequences begin with a control character
  return console.replace(/\u001B(?:\[[0-9;?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)|[@-Z\\^_])/g, '')
}

/** A program that stops with an error writes why in its last line; longer ones are cut. */
const lastLineUnitsMax = 300

/** A program whose connection was refused has ended, or is about to: as long as a trace takes to reach the console. */
const endMs = 1000

/**
 * How a program ended and its last line, once it has: "it ended with exit code 1; the last line of its console is ...".
 * Waits up to a second for a program that is on its way out; undefined where it goes on.
 */
export async function crashText(program: RunningProgram | undefined): Promise<string | undefined> {
  if (program === undefined) return undefined
  if (!(await program.until(() => program.ending() !== undefined, endMs))) return undefined
  const last = lastLineOf(program)
  const printed = last === undefined ? 'its console is empty' : `the last line of its console is ${visible(last)}`
  return `${endingText(program.ending())}; ${printed}`
}

/** The likely fault of a program that ended with an error. */
export const crashed = 'it crashed: its last line says why'

/** The last line on the console that is not empty. */
function lastLineOf(program: RunningProgram): string | undefined {
  const lines = plain(program.console()).split(/\r?\n/)
  return lines
    .findLast(line => line.trim() !== '')
    ?.trim()
    .slice(-lastLineUnitsMax)
}

/** Whether the console says that the address is in use, in the words of Python, Node, Java or Go. */
export function saysInUse(program: RunningProgram): boolean {
  return /address already in use|EADDRINUSE|\[Errno (?:98|48)\]|WinError 10048/i.test(program.console())
}

/** How a program ended, in words. */
export function endingText(ending: Ending | undefined): string {
  if (ending === undefined) return 'it still runs'
  return ending.code === null
    ? `it was ended by ${ending.signal ?? 'an error'}`
    : `it ended with exit code ${ending.code}`
}
