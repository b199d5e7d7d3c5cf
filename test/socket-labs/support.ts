// Starts the programs of the sockets lab as people do, and talks to them with netcat.
import { once } from 'node:events'
import { createServer } from 'node:net'
import { type IPty, spawn } from '@lydell/node-pty'
import { type Program, root, run, startScript } from '../support/program.ts'

export const servers = ['happy-server', 'echo-server1', 'echo-server2', 'echo-server3'] as const

export interface Lab extends AsyncDisposable {
  readonly program: Program
  readonly port: number
}

/** Starts `labs/NAME.ts` on a free port, its console a pipe; ready when clients can come. */
export async function startLab(name: string, ...args: readonly string[]): Promise<Lab> {
  const program = startScript(`labs/${name}.ts`, ['--port', '0', ...args])
  const [, port] = await program.printed(/Listening on .* port (\d+)\n/)
  await program.printed(/Waiting for Clients to connect\n/)
  return { program, port: Number(port), [Symbol.asyncDispose]: () => program[Symbol.asyncDispose]() }
}

/** What `printf INPUT | nc ...` prints; with `-N` in the arguments it half-closes, without it does not. */
export async function nc(port: number, input: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await run('/usr/bin/nc.openbsd', [...args, '127.0.0.1', String(port)], { input })
  return stdout
}

/** A port that was free a moment ago: for programs that must not print which one they took. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return address !== null && typeof address === 'object' ? address.port : 0
}

export interface Terminal extends AsyncDisposable {
  readonly pty: IPty
  /** Every byte that the program wrote to its terminal, which makes CR LF of each LF. */
  readonly screen: () => string
  /** Resolves when the screen holds `text`; rejects if the program ends before. */
  readonly shows: (text: string) => Promise<void>
  readonly ended: Promise<number>
}

/** Starts a script on a pseudo-terminal of 200 columns, so that no line of a test is broken. */
export function startOnTerminal(script: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Terminal {
  // A person's terminal: Node takes CI for a terminal without colours.
  const { NO_COLOR: _no, FORCE_COLOR: _force, CI: _ci, ...inherited } = process.env
  const pty = spawn(process.execPath, [script, ...args], {
    name: env['TERM'] ?? 'xterm-256color',
    cols: 200,
    rows: 50,
    cwd: root,
    env: { ...inherited, ...env },
  })
  let screen = ''
  let over = false
  const watchers = new Set<() => void>()
  const look = (): void => {
    for (const watch of watchers) watch()
  }
  pty.onData(data => {
    screen += data
    look()
  })
  const ended = new Promise<number>(resolve => {
    pty.onExit(({ exitCode }) => {
      over = true
      look()
      resolve(exitCode)
    })
  })
  const shows = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const watch = (): void => {
        if (!screen.includes(text) && !over) return
        watchers.delete(watch)
        if (screen.includes(text)) resolve()
        else reject(new Error(`ended before it showed ${JSON.stringify(text)}:\n${screen}`))
      }
      watchers.add(watch)
      watch()
    })
  return {
    pty,
    screen: () => screen,
    shows,
    ended,
    async [Symbol.asyncDispose]() {
      if (!over) pty.kill('SIGKILL')
      await ended
    },
  }
}
