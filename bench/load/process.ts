// A load generator is a process of its own, so that its work never shares an event loop with what it measures or with
// what keeps the books. This is both ends of the wire to it: commands go there one at a time, each with one answer.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Void } from '../contract.ts'

/** The programs of load/, by their file. */
export type LoadProgram = 'pairs' | 'http' | 'jetstream' | 'raw-file' | 'resume' | 'idle' | 'hashes'

export interface Load extends AsyncDisposable {
  readonly pid: number
  /** Has the generator do something and resolves with its answer; rejects with its error, or if it dies. */
  ask<Answer>(command: string, argument?: unknown): Promise<Answer>
}

type Reply = { readonly ok: unknown } | { readonly failed: string; readonly isVoid: boolean }

export function startLoad(program: LoadProgram): Load {
  const file = fileURLToPath(new URL(`./${program}.ts`, import.meta.url))
  const child = fork(file, { execArgv: [], serialization: 'advanced', stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const gone = once(child, 'exit')
  return {
    pid: child.pid ?? 0,
    async ask<Answer>(command: string, argument?: unknown): Promise<Answer> {
      const reply = Promise.race([
        once(child, 'message').then(([message]) => message as Reply),
        gone.then((): Reply => ({ failed: 'the generator ended', isVoid: false })),
      ])
      child.send({ command, argument })
      const answer = await reply
      if ('failed' in answer && answer.isVoid) throw new Void(answer.failed)
      if ('failed' in answer) throw new Error(`load ${program}, ${command}: ${answer.failed}`)
      return answer.ok as Answer
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGKILL')
      await gone
    },
  }
}

/** The generator's end: answers commands until its parent is gone. */
export function serveLoad(commands: Readonly<Record<string, (argument: never) => unknown>>): void {
  const reply = (message: Reply) => process.send?.(message)
  process.on('message', ({ command, argument }: { command: string; argument: unknown }) => {
    Promise.resolve()
      .then(() => commands[command]?.(argument as never))
      .then(ok => reply({ ok }))
      .catch((error: unknown) => reply(failureOf(error)))
  })
  process.on('disconnect', () => process.exit())
}

function failureOf(error: unknown): Reply {
  if (error instanceof Void) return { failed: error.message, isVoid: true }
  return { failed: error instanceof Error ? (error.stack ?? error.message) : String(error), isVoid: false }
}

/** Cores that this process kept busy since `from`, as `process.cpuUsage()` gave it. */
export function coresUsed(from: NodeJS.CpuUsage, elapsedMs: number): number {
  const { user, system } = process.cpuUsage(from)
  return (user + system) / 1_000 / elapsedMs
}

export function pause(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms))
}
