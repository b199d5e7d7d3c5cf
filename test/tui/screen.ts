// The chat as a person has it before them: the real program in a real pseudo-terminal, and a terminal that keeps what
// its screen shows. A test waits until the screen says something, never for a time.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawn } from '@lydell/node-pty'
import headless from '@xterm/headless'
import { root } from '../support/program.ts'

/** Only for a program that hangs: far longer than any step takes on a busy machine. */
const patienceMs = 30_000

export interface Screen extends AsyncDisposable {
  /** The rows as they are shown, without the spaces at their ends. */
  readonly rows: () => readonly string[]
  /** All rows, one below the other. */
  readonly text: () => string
  /** Resolves when what is shown matches, or passes; rejects with the screen where the program ends before. */
  readonly until: (what: string | RegExp | ((text: string) => boolean)) => Promise<void>
  readonly type: (keys: string | Buffer) => void
  readonly paste: (text: string) => void
  readonly resize: (columns: number, rows: number) => void
  /** Every byte that the program wrote. */
  readonly written: () => string
  /** The title of the window. */
  readonly title: () => string
  /** Whether any cell of the screen has a colour. */
  readonly hasColours: () => boolean
  readonly cursor: () => { readonly x: number; readonly y: number }
  readonly isAlternate: () => boolean
  readonly signal: (name: string) => void
  readonly ended: Promise<number>
}

export interface ScreenOptions {
  readonly columns?: number
  readonly rows?: number
  readonly env?: Readonly<Record<string, string>>
}

export function openScreen(args: readonly string[], { columns = 80, rows = 24, env = {} }: ScreenOptions = {}): Screen {
  const terminal = new headless.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 5_000 })
  const pty = spawn(process.execPath, ['bin/hullo.js', ...args], {
    name: 'xterm-256color',
    cols: columns,
    rows,
    cwd: root,
    env: { ...withoutOurs(process.env), TERM: 'xterm-256color', COLORTERM: '', LANG: 'C.UTF-8', TZ: 'UTC', ...env },
  })
  let written = ''
  let title = ''
  let over = false
  const watchers = new Set<() => void>()
  const wake = () => watchers.forEach(watch => watch())
  terminal.onTitleChange(now => (title = now))
  // What the terminal answers (who it is, what it can) goes to the program, as it would from a person's.
  terminal.onData(answer => pty.write(answer))
  pty.onData(text => {
    written += text
    terminal.write(text, wake)
  })
  const { promise: ended, resolve } = Promise.withResolvers<number>()
  pty.onExit(({ exitCode }) => {
    over = true
    resolve(exitCode)
    terminal.write('', wake)
  })

  function rowsNow(): readonly string[] {
    const { active } = terminal.buffer
    return Array.from(
      { length: terminal.rows },
      (_, y) => active.getLine(active.viewportY + y)?.translateToString(true) ?? '',
    )
  }
  const text = () => rowsNow().join('\n')

  function until(what: string | RegExp | ((shown: string) => boolean)): Promise<void> {
    const isThere = (shown: string) =>
      typeof what === 'string' ? shown.includes(what) : what instanceof RegExp ? what.test(shown) : what(shown)
    return new Promise((done, fail) => {
      const look = () => {
        const there = isThere(text())
        if (!there && !over) return
        stop()
        if (there) done()
        else fail(new Error(`ended before showing ${String(what)}:\n${text()}`))
      }
      const stop = () => {
        watchers.delete(look)
        clearTimeout(timer)
      }
      const timer = setTimeout(() => {
        stop()
        fail(new Error(`did not show ${String(what)}:\n${text()}`))
      }, patienceMs)
      watchers.add(look)
      look()
    })
  }

  function hasColours(): boolean {
    const { active } = terminal.buffer
    for (let y = 0; y < terminal.rows; y += 1) {
      const line = active.getLine(active.viewportY + y)
      for (let x = 0; x < terminal.cols; x += 1) {
        const cell = line?.getCell(x)
        if (cell !== undefined && !(cell.isFgDefault() && cell.isBgDefault())) return true
      }
    }
    return false
  }

  return {
    rows: rowsNow,
    text,
    until,
    // The types of node-pty leave out that it takes bytes too.
    type: keys => (pty as { write(keys: string | Buffer): void }).write(keys),
    paste: pasted => pty.write(`\x1b[200~${pasted}\x1b[201~`),
    resize(newColumns, newRows) {
      terminal.resize(newColumns, newRows)
      pty.resize(newColumns, newRows)
    },
    written: () => written,
    title: () => title,
    hasColours,
    cursor: () => ({ x: terminal.buffer.active.cursorX, y: terminal.buffer.active.cursorY }),
    isAlternate: () => terminal.buffer.active.type === 'alternate',
    signal: name => pty.kill(name),
    ended,
    async [Symbol.asyncDispose]() {
      if (!over) pty.kill('SIGKILL')
      await ended
      terminal.dispose()
    },
  }
}

/** What the tests' own environment says is not for the program. */
function withoutOurs(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^(HULLO_.*|NO_COLOR|FORCE_COLOR|CI)$/.test(name)))
}

/** A configuration folder of its own, removed at the end of the scope. */
export function configFolder(): { readonly dir: string } & Disposable {
  const dir = mkdtempSync(join(tmpdir(), 'hullo-tui-'))
  return { dir, [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true }) }
}
