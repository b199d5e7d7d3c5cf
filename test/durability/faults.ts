// A disk that fails, made by strace: while it is attached to the server, the system calls that it is told about fail.
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { missing } from '../support/debian.ts'
import { start } from '../support/program.ts'

/** Why strace cannot attach to a server here, as `node:test` takes it: it is missing, or Yama lets only root do it. */
export function cannotAttach(): false | string {
  const yama = '/proc/sys/kernel/yama/ptrace_scope'
  const closed = existsSync(yama) && readFileSync(yama, 'utf8').trim() !== '0' && process.getuid?.() !== 0
  return closed ? 'needs root, or kernel.yama.ptrace_scope=0' : missing('strace')
}

export interface Fault {
  /** strace's inject expression: `fsync,fdatasync:error=EIO`. */
  readonly inject: string
  /** Only on this file; everywhere without it. */
  readonly path?: string
}

/** Breaks the disk under the process until disposed. Resolves when every call fails as told. */
export async function breakDisk(pid: number, { inject, path }: Fault): Promise<AsyncDisposable & { log(): string }> {
  const [calls] = inject.split(':', 1)
  const where = path === undefined ? [] : ['-P', path]
  const args = ['-f', '-y', ...where, '-e', `trace=${calls},ftruncate`, '-e', `inject=${inject}`, '-p', String(pid)]
  const strace = start('strace', args)
  await strace.printed(/attached/)
  return {
    log: strace.stderr,
    async [Symbol.asyncDispose]() {
      strace.child.kill('SIGINT') // it lets go of the server and ends
      if (strace.child.exitCode === null) await once(strace.child, 'exit')
      await strace.ended
    },
  }
}
