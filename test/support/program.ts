// A real process under test: what it prints, what it is told, how it ends. No sleeps: wait for a line or for the end.
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** The package's root folder. */
export const root = fileURLToPath(new URL('../..', import.meta.url))

export interface Ending {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface Program extends AsyncDisposable {
  readonly child: ChildProcess
  /** What came so far, both streams as they arrived. */
  readonly stdout: () => string
  readonly stderr: () => string
  /** The first match in what was or will be printed (either stream); rejects if the program ends before. */
  readonly printed: (pattern: RegExp) => Promise<RegExpExecArray>
  /** Writes to its standard input. */
  readonly type: (text: string) => void
  readonly ended: Promise<Ending>
}

/** Starts `command`; it is killed, and waited for, when the scope of `await using` ends. */
export function start(command: string, args: readonly string[], options: SpawnOptions = {}): Program {
  const child = spawn(command, args, { cwd: root, stdio: ['pipe', 'pipe', 'pipe'], ...options })
  const output = { stdout: '', stderr: '' }
  const watchers = new Set<() => void>()
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      output[name] += text
      for (const watch of watchers) watch() // a Set may lose members while it is walked
    })
  }
  child.stdin?.on('error', () => {}) // it may have ended: `ended` tells
  const ended: Promise<Ending> = once(child, 'close').then(([code, signal]) => ({ code, signal }))
  let over = false
  void ended.then(() => {
    over = true
    for (const watch of watchers) watch() // a Set may lose members while it is walked
  })

  function printed(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const match = pattern.exec(output.stdout) ?? pattern.exec(output.stderr)
        if (match === null && !over) return
        watchers.delete(look)
        if (match !== null) resolve(match)
        else reject(new Error(`ended before printing ${pattern}:\n${output.stdout}\n${output.stderr}`))
      }
      watchers.add(look)
      look()
    })
  }

  return {
    child,
    stdout: () => output.stdout,
    stderr: () => output.stderr,
    printed,
    type: text => child.stdin?.write(text),
    ended,
    async [Symbol.asyncDispose]() {
      if (over) return
      // A group of its own goes as a whole: who starts a server and is killed leaves it behind.
      if (options.detached === true && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
      else child.kill('SIGKILL')
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
      // What it left behind may hold the pipes open for ever.
      child.stdout?.destroy()
      child.stderr?.destroy()
      await ended
    },
  }
}

/** Starts a script of the package (say `bin/hullo.js` or `labs/happy-server.ts`) on the Node that runs the tests. */
export function startScript(script: string, args: readonly string[], options: SpawnOptions = {}): Program {
  return start(process.execPath, [script, ...args], options)
}

/** Runs a command to its end. */
export async function run(
  command: string,
  args: readonly string[],
  options: SpawnOptions & { input?: string } = {},
): Promise<Ending & { stdout: string; stderr: string }> {
  const { input, ...rest } = options
  await using program = start(command, args, rest)
  program.child.stdin?.end(input ?? '')
  const ending = await program.ended
  return { ...ending, stdout: program.stdout(), stderr: program.stderr() }
}
