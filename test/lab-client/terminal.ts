// A real process in a real pseudo-terminal: what a person would see, and what they type.
import { spawn } from '@lydell/node-pty'
import { root } from '../support/program.ts'

/** Only for a program that hangs: far longer than any step takes on a busy machine. */
const patienceMs = 30_000

export interface Terminal extends AsyncDisposable {
  /** Everything that was shown so far, escape sequences included. */
  readonly shown: () => string
  /** Waits until `text` is shown after what was waited for last; rejects where the program ends before. */
  readonly until: (text: string) => Promise<void>
  readonly type: (keys: string) => void
  readonly signal: (name: string) => void
  readonly ended: Promise<{ readonly exitCode: number; readonly signal?: number }>
}

export function startInTerminal(
  args: readonly string[],
  {
    columns = 80,
    env = {},
    program = process.execPath,
  }: { columns?: number; env?: Record<string, string>; program?: string } = {},
): Terminal {
  const pty = spawn(program, [...args], {
    cols: columns,
    rows: 24,
    cwd: root,
    env: { ...process.env, ...env },
  })
  let shown = ''
  let seenTo = 0
  let over = false
  const watchers = new Set<() => void>()
  const wake = () => watchers.forEach(watch => watch())
  pty.onData(text => {
    shown += text
    wake()
  })
  const { promise: ended, resolve } = Promise.withResolvers<{ exitCode: number; signal?: number }>()
  pty.onExit(ending => {
    over = true
    resolve(ending)
    wake()
  })

  function until(text: string): Promise<void> {
    return new Promise((done, fail) => {
      const look = () => {
        const at = shown.indexOf(text, seenTo)
        if (at === -1 && !over) return
        stop()
        seenTo = at + text.length
        if (at === -1) fail(new Error(`ended before showing ${JSON.stringify(text)}:\n${JSON.stringify(shown)}`))
        else done()
      }
      const stop = () => {
        watchers.delete(look)
        clearTimeout(timer)
      }
      const timer = setTimeout(() => {
        stop()
        fail(new Error(`did not show ${JSON.stringify(text)}:\n${JSON.stringify(shown)}`))
      }, patienceMs)
      watchers.add(look)
      look()
    })
  }

  return {
    shown: () => shown,
    until,
    type: keys => pty.write(keys),
    signal: name => pty.kill(name),
    ended,
    async [Symbol.asyncDispose]() {
      if (!over) pty.kill('SIGKILL')
      await ended
    },
  }
}
