// Servers under strace: for counting their system calls, for seeing their order, and for making one of them slow. Only
// the named calls stop (--seccomp-bpf); the rest runs at full speed.
import { existsSync } from 'node:fs'

const path = '/usr/bin/strace'

/** Why nothing can be traced here; undefined where it can. */
export function missingStrace(): string | undefined {
  return existsSync(path) ? undefined : 'not installed: strace (bench/install-peers.sh)'
}

/** What a server is started with so that these calls of all its threads are written to `file`. */
export function traced(
  calls: readonly string[],
  { file, stringBytes }: { file: string; stringBytes: number },
): string[] {
  return [path, '-f', '--seccomp-bpf', '-y', '-s', String(stringBytes), '-e', `trace=${calls.join()}`, '-o', file]
}

/** What a server is started with so that these calls take longer by so much, each. */
export function slowed(calls: readonly string[], delayMs: number): string[] {
  const [trace, delay] = [`trace=${calls.join()}`, `inject=${calls.join()}:delay_enter=${delayMs * 1_000}`]
  return [path, '-f', '--seccomp-bpf', '-qq', '-e', trace, '-e', delay, '-e', 'signal=none', '-o', '/dev/null']
}
