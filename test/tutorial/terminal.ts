// One of the reader's terminals: types a command, compares what the screen shows with what the tutorial says.
// It is a real pseudo-terminal, so that programs do what they do for people: colours, hidden passwords, Ctrl-C.
import { type IPty, spawn } from '@lydell/node-pty'
import { stripVTControlCharacters } from 'node:util'
import type { Run } from './blocks.ts'
import { match, type Numbers, stepsOf } from './output.ts'

/** For a program that hangs or says something else: far longer than any step takes on a busy machine. */
const usualPatienceMs = 30_000
/** For a program that is left over after a failure: how long Ctrl-C may take, before the process group is killed. */
const stopMs = 3_000
/** Wider than any line, since a terminal breaks lines. */
const columns = 500

export interface Terminal extends AsyncDisposable {
  /** True while a program runs. */
  readonly busy: () => boolean
  /** Types the command, if there is one, and sees its output; with `end`, the program has to end, with that code. */
  readonly run: (run: Run, at: string, end: { readonly exit: number | undefined } | undefined) => Promise<void>
}

export interface Place {
  readonly dir: string
  readonly env: Readonly<Record<string, string>>
  readonly numbers: Numbers
}

export function openTerminal(place: Place, patienceMs: number = usualPatienceMs): Terminal {
  let program: Running | undefined

  async function run({ command, output }: Run, at: string, end: { exit: number | undefined } | undefined) {
    if (command !== undefined) {
      if (program !== undefined) throw new Error(`${at}: "${program.command}" still runs in this terminal`)
      program = startCommand(command, place, patienceMs)
    }
    if (program === undefined) throw new Error(`${at}: no program runs in this terminal`)
    await follow(program, output, at, place.numbers, end !== undefined)
    if (end === undefined) return
    const code = await program.ended
    const expected = end.exit ?? (program.interrupted ? code : 0)
    if (code !== expected) throw new Error(`${at}: "${program.command}" ended with ${code}, not ${expected}`)
    program = undefined
  }

  return {
    busy: () => program !== undefined,
    run,
    async [Symbol.asyncDispose]() {
      await program?.stop()
    },
  }
}

interface Running {
  readonly command: string
  /** What was shown and not yet compared. */
  readonly rest: () => string
  readonly over: () => boolean
  readonly compared: (length: number) => void
  /** Resolves as soon as `done` holds, or the program has ended and all was shown, or patience is over. */
  readonly until: (done: () => boolean) => Promise<void>
  readonly press: (keys: string) => void
  interrupted: boolean
  /** The last text ended in `...`: what is left of it may come before the next. */
  loose: boolean
  readonly ended: Promise<number>
  readonly stop: () => Promise<void>
}

async function follow(program: Running, output: readonly string[], at: string, numbers: Numbers, ends: boolean) {
  const steps = stepsOf(output)
  if (ends && (steps.length === 0 || 'keys' in (steps.at(-1) ?? {}))) steps.push({ shows: '' })
  for (const [index, step] of steps.entries()) {
    if ('keys' in step) {
      program.interrupted ||= step.keys === '\x03'
      program.press(step.keys)
      continue
    }
    const shows = program.loose ? `...\n${step.shows}` : step.shows
    const whole = ends && index === steps.length - 1
    let to = -1
    const look = (): boolean => (to = match(shows, program.rest(), numbers, { whole })) >= 0
    // The whole is only there when the program has ended; the beginning may be there before.
    await program.until(whole ? () => false : look)
    if (whole && !program.over())
      throw new Error(`${at}: "${program.command}" was to end, and showed\n${program.rest()}`)
    if (!look()) throw new Error(`${at}: "${program.command}" was to show\n${shows}\nbut showed\n${program.rest()}`)
    program.compared(to)
    program.loose = step.shows.trimEnd().endsWith('\n...') || step.shows.trim() === '...'
  }
}

function startCommand(command: string, { dir, env }: Place, patienceMs: number): Running {
  const pty = spawn('/bin/sh', ['-c', command], { cols: columns, rows: 50, cwd: dir, env: { ...env } })
  let shown = ''
  let comparedTo = 0
  let over = false
  const watchers = new Set<() => void>()
  const wake = (): void => {
    for (const watch of watchers) watch() // a Set may lose members while it is walked
  }
  pty.onData(text => {
    shown += text
    wake()
  })
  const { promise: ended, resolve } = Promise.withResolvers<number>()
  pty.onExit(({ exitCode, signal }) => {
    over = true
    resolve(signal === undefined || signal === 0 ? exitCode : 128 + signal)
    wake()
  })
  const rest = (): string => readable(shown).slice(comparedTo)

  function until(done: () => boolean): Promise<void> {
    return new Promise(resolveWait => {
      const look = (): void => {
        if (!over && !done()) return
        clearTimeout(timer)
        watchers.delete(look)
        resolveWait()
      }
      const timer = setTimeout(() => {
        watchers.delete(look)
        resolveWait()
      }, patienceMs)
      watchers.add(look)
      look()
    })
  }

  return {
    command,
    rest,
    over: () => over,
    compared: length => void (comparedTo += length),
    until,
    press: keys => pty.write(keys),
    interrupted: false,
    loose: false,
    ended,
    stop: () => (over ? Promise.resolve() : stopPty(pty, ended)),
  }
}

async function stopPty(pty: IPty, ended: Promise<number>): Promise<void> {
  pty.write('\x03')
  // The terminal's own process leads a group with all that was started in it.
  const kill = setTimeout(() => process.kill(-pty.pid, 'SIGKILL'), stopMs)
  await ended
  clearTimeout(kill)
}

/** What a person sees: no colours, no movements of the cursor, plain ends of lines. */
function readable(shown: string): string {
  return stripVTControlCharacters(shown).replaceAll('\r', '')
}
