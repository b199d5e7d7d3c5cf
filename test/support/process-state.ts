// What the system says of other processes. It acts on a signal some time after it was sent, so a test waits for what it
// expects instead of reading it once.
import { existsSync, readFileSync } from 'node:fs'

/** A minute in all, for a busy machine; then the caller's own assertion says what is wrong. */
const everyMs = 20
const triesMax = 3_000

/** Asks again until the answer is yes, or for a minute. Resolves with the last answer. */
export async function eventually(isSo: () => boolean | Promise<boolean>): Promise<boolean> {
  for (let tries = 0; tries < triesMax; tries += 1) {
    if (await isSo()) return true
    await new Promise(resolve => setTimeout(resolve, everyMs))
  }
  return isSo()
}

/** Stops a process and resolves once it has stopped, which is some time after the signal (needs /proc to know). */
export async function stopProcess(pid: number): Promise<void> {
  process.kill(pid, 'SIGSTOP')
  if (!existsSync('/proc/self/stat')) return
  if (!(await eventually(() => stateOf(pid) === 'T'))) throw new Error(`${pid} has not stopped: ${stateOf(pid)}`)
}

/** Whether a process runs or is stopped; one that has ended and that nobody has waited for does not. Needs /proc. */
export function isAlive(pid: number): boolean {
  return !['', 'Z', 'X'].includes(stateOf(pid))
}

function stateOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.charAt(stat.lastIndexOf(')') + 2)
  } catch {
    return ''
  }
}
