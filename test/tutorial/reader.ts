// The reader: works through chapters in a copy of the clone, with two terminals, on ports that are free.
import { randomInt } from 'node:crypto'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { root } from '../support/program.ts'
import { type Block, blocksOf, type Console } from './blocks.ts'
import type { Numbers } from './output.ts'
import { openTerminal, type Terminal } from './terminal.ts'

export const tutorialDir = join(root, 'docs', 'tutorial')

export interface Chapter {
  readonly name: string
  readonly markdown: string
}

/** The chapters in the order in which they are read, the overview first. */
export async function chapters(): Promise<Chapter[]> {
  const files = (await readdir(tutorialDir)).filter(file => file.endsWith('.md') && file !== 'README.md')
  const names = ['README.md', ...files.toSorted()]
  return Promise.all(names.map(async name => ({ name, markdown: await readFile(join(tutorialDir, name), 'utf8') })))
}

export interface Reader extends AsyncDisposable {
  /** Writes down the programs of a chapter without running anything. */
  readonly copyPrograms: (chapter: Chapter) => Promise<void>
  /** Writes every program and types every command, in order; throws at the first thing that is not as it says. */
  readonly work: (chapter: Chapter) => Promise<void>
}

/** `patienceMs` is how long a program may take for what it is to show next; half a minute unless told. */
export async function startReading(patienceMs?: number): Promise<Reader> {
  const dir = await copyOfTheClone()
  const ports = new Map([
    ['8080', await freePort()],
    ['5000', await freePort()],
  ])
  const onFreePorts = (text: string): string => text.replace(/\b(8080|5000)\b/g, port => ports.get(port) ?? port)
  const blocks = ({ name, markdown }: Chapter): Block[] => blocksOf(name, onFreePorts(markdown))

  async function write(block: Block): Promise<void> {
    if (block.kind !== 'program') return
    const path = join(dir, block.file)
    await mkdir(dirname(path), { recursive: true })
    // A program that is written twice would leave readers with one that its chapter does not show.
    await writeFile(path, block.text, { flag: 'wx' })
  }

  async function work(chapter: Chapter): Promise<void> {
    // The ports were chosen here: they are no numbers to be found out.
    const numbers: Numbers = new Map(ports.values().map(port => [port, port]))
    const terminals = new Map<number, Terminal>()
    await using opened = new AsyncDisposableStack()
    const open = (): Terminal => opened.use(openTerminal({ dir, env, numbers }, patienceMs))
    for (const block of blocks(chapter)) {
      if (block.kind === 'program') {
        await write(block)
      } else {
        const terminal = terminals.getOrInsertComputed(block.terminal, open)
        await type(block, terminal)
      }
    }
    const busy = terminals.entries().find(([, terminal]) => terminal.busy())
    if (busy !== undefined) throw new Error(`${chapter.name} ends while a program runs in terminal ${busy[0]}`)
  }

  return {
    copyPrograms: async chapter => {
      for (const block of blocks(chapter)) await write(block)
    },
    work,
    [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }),
  }
}

async function type({ runs, stays, exit, at }: Console, terminal: Terminal): Promise<void> {
  for (const [index, run] of runs.entries()) {
    const isLast = index === runs.length - 1
    await terminal.run(run, at, isLast && stays ? undefined : { exit: isLast ? exit : undefined })
  }
}

/** What a clone has when its packages are installed; those are shared, the rest is the reader's own. */
async function copyOfTheClone(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'hullo-tutorial-'))
  for (const name of ['bin', 'labs', 'src', 'package.json', 'package-lock.json', 'tsconfig.json', '.npmrc']) {
    await cp(join(root, name), join(dir, name), { recursive: true })
  }
  await symlink(join(root, 'node_modules'), join(dir, 'node_modules'))
  return dir
}

/** A newcomer's environment: not that of `npm test`, which puts the pinned Node first and sets npm's variables. */
const env: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    Object.entries(process.env).filter(
      (entry): entry is [string, string] =>
        entry[1] !== undefined && !/^(npm_|HULLO_|NODE_|CI$|NO_COLOR$|FORCE_COLOR$)/i.test(entry[0]),
    ),
  ),
  PATH: (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter(path => !path.endsWith(join('node_modules', '.bin')))
    .join(delimiter),
  TERM: 'xterm-256color',
  // npm's own remarks (a newer npm, a setting it does not know) are this machine's, not the tutorial's.
  npm_config_loglevel: 'error',
  npm_config_progress: 'false',
  npm_config_update_notifier: 'false',
}

/** Below those that systems give to clients (32,768 and up), or a client could take it before the server does. */
async function freePort(): Promise<string> {
  for (;;) {
    const port = randomInt(20_000, 32_000)
    if (await isFree(port)) return String(port)
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
