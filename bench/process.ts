// Processes that the bench starts: found ready by a line or by an open port, measured through /proc, ended by their own
// id, each with its group (what a wrapper or a shell started goes with it). None outlives the bench, however that ends.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { connect, createServer, type AddressInfo } from 'node:net'

/** Characters kept of what a process printed: the last screen or so. */
const printedMax = 8_192

/** A server that is not ready by then will not be. */
const readyMsMax = 30_000

const running = new Set<ChildProcess>()

/** Ends what is still running, at once. */
process.on('exit', () => {
  for (const { pid, exitCode, signalCode } of running) {
    if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, 'SIGKILL')
  }
})

/** The servers that run at the moment, each by its process group. */
export function runningServers(): ReadonlySet<number> {
  return new Set([...running].flatMap(({ pid }) => (pid === undefined ? [] : [pid])))
}

/** How often a stopped server's state is read, and how long in all: one in a long fsync stops only after it. */
const stateEveryMs = 5
const stateTriesMax = 4_000

/**
 * Stops (SIGSTOP) or continues (SIGCONT) those of these servers that still run. Resolves once every process of their
 * groups has done so: the kernel stops a process some time after the signal was sent. Without /proc, it resolves at once.
 */
export async function signalServers(servers: Iterable<number>, signal: 'SIGSTOP' | 'SIGCONT'): Promise<void> {
  const groups = [...servers].filter(server => [...running].some(child => child.pid === server && hasNotEnded(child)))
  for (const group of groups) process.kill(-group, signal)
  const wanted = signal === 'SIGSTOP'
  for (let tries = 0; !groups.every(group => statesOf(group).every(state => (state === 'T') === wanted)); tries += 1) {
    if (tries === stateTriesMax) throw new Error(`${signal} had no effect on a server`)
    await new Promise(resolve => setTimeout(resolve, stateEveryMs))
  }
}

function hasNotEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null
}

/** The states (proc(5), field 3) of the processes of a group, without those that have ended. */
function statesOf(group: number): string[] {
  if (!existsSync('/proc/self/stat')) return []
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(pid => {
      const [state = '', , ofGroup] = statFields(pid)
      return Number(ofGroup) === group && !/^[ZX]?$/.test(state) ? [state] : []
    })
}

/** The fields of /proc/PID/stat from the third on; none where the process is gone. */
function statFields(pid: string | number): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // After the name, which may hold anything, brackets too.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    return []
  }
}

export interface Running extends AsyncDisposable {
  readonly pid: number
  readonly port: number
  /** Ends it with `signal` and resolves when it is gone. */
  end(signal: NodeJS.Signals): Promise<void>
}

export interface StartOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  /** Known beforehand; else `ready` has it as its first group. */
  readonly port?: number
  /** Printed (on either stream) when it is ready; without it, the open port tells. */
  readonly ready?: RegExp
}

/** Starts a command and resolves when it serves. Rejects with what it printed where it does not come up. */
export async function startProcess(line: readonly string[], options: StartOptions): Promise<Running> {
  const [command = '', ...args] = line
  const env = options.env === undefined ? process.env : { ...process.env, ...options.env }
  const child = spawn(command, args, { cwd: options.cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  running.add(child)
  const printed = keepPrinted(child)
  const gone = once(child, 'exit')
  const ends = {
    pid: child.pid ?? 0,
    async end(signal: NodeJS.Signals) {
      if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
        process.kill(-child.pid, signal)
        // One that is stopped would take the signal only later.
        process.kill(-child.pid, 'SIGCONT')
        await gone
      }
      running.delete(child)
      child.stdout.destroy()
      child.stderr.destroy()
    },
    [Symbol.asyncDispose]: () => ends.end('SIGKILL'),
  }
  const over = new AbortController()
  const late = AbortSignal.timeout(readyMsMax)
  try {
    const failed = once(child, 'error', { signal: over.signal }).then(([error]) => Promise.reject(error as Error))
    const ended = gone.then(() => Promise.reject(new Error('it ended')))
    const port = await Promise.race([readyAt(options, printed, late), failed, ended])
    return { ...ends, port }
  } catch (error) {
    await ends.end('SIGKILL')
    throw new Error(
      `${command} did not start: ${error instanceof Error ? error.message : String(error)}\n${printed.text()}`,
      { cause: error },
    )
  } finally {
    over.abort()
  }
}

interface Printed {
  text(): string
  match(pattern: RegExp, signal: AbortSignal): Promise<RegExpExecArray>
}

function keepPrinted(child: ChildProcess): Printed {
  let text = ''
  let look = () => {}
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (part: string) => {
      text = (text + part).slice(-printedMax)
      look()
    })
  }
  return {
    text: () => text,
    match: (pattern, signal) =>
      new Promise((resolve, reject) => {
        look = () => {
          const match = pattern.exec(text)
          if (match === null) return
          look = () => {}
          resolve(match)
        }
        signal.addEventListener('abort', () => reject(new Error('it was not ready in time')), { once: true })
        look()
      }),
  }
}

async function readyAt(options: StartOptions, printed: Printed, late: AbortSignal): Promise<number> {
  const match = options.ready === undefined ? undefined : await printed.match(options.ready, late)
  const port = options.port ?? Number(match?.[1])
  if (match === undefined) await opened(port, late)
  return port
}

/** Resolves when somebody listens there. */
async function opened(port: number, late: AbortSignal): Promise<void> {
  while (!(await isOpen(port))) {
    late.throwIfAborted()
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

function isOpen(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}

/** A port that nobody listened on a moment ago, for programs that cannot take one by themselves. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Seconds of CPU time that a process has used so far, all its threads together. */
export function cpuSeconds(pid: number): number {
  // proc(5), fields 14 and 15, in ticks of 1/100 s on Linux.
  const fields = statFields(pid)
  return (Number(fields[11]) + Number(fields[12])) / 100
}

/** Resident memory of a process, in bytes; with `RssFile` what of it is mapped from files, such as the program itself. */
export function residentBytes(pid: number, which: 'VmRSS' | 'RssFile' = 'VmRSS'): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(new RegExp(`^${which}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) * 1_024
}
