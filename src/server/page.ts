// The page for browsers, as files in memory. In a checkout it is built from web/ when that has changed since, which takes
// a second or two; a published package holds it built. Nothing here knows what is in it, and a server without it runs too.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, globSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { PageFile } from '../http/page/page.ts'
import type { Sentence } from '../protocol/texts/sentence.ts'
import * as serveTexts from '../protocol/texts/serve.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** A folder for each state of the sources, named by their digest. */
const builtRoot = join(root, 'dist', 'web')

/** What goes into the page, or decides how it is built. */
const sources = ['web/**/*', 'src/sdk/**/*.ts', 'src/protocol/**/*.ts', 'package-lock.json']

/**
 * The page's files; none where it cannot be built (no sources and nothing built, or Vite was not installed). `say` gets
 * a line for people before it is built, and where that failed.
 */
export function readPage(say: (line: Sentence) => void): readonly PageFile[] {
  const folder = existsSync(join(root, 'web', 'build.ts')) ? upToDate(say) : newestBuilt()
  return folder === undefined ? [] : readFiles(folder)
}

/** The folder of the page as its sources are now. */
function upToDate(say: (line: Sentence) => void): string | undefined {
  const folder = join(builtRoot, digestOfSources())
  if (existsSync(folder)) return folder
  if (!existsSync(join(root, 'node_modules', 'vite'))) {
    say(serveTexts.pageNotBuilt)
    return newestBuilt()
  }
  say(serveTexts.pageBuilding)
  // Several servers may start at once, each building: whoever is first wins, and the result is the same.
  const own = join(builtRoot, `building-${process.pid}`)
  mkdirSync(builtRoot, { recursive: true })
  // Its standard error is not ours: a child that inherits a pipe makes it blocking, and a log reader that stalls would then
  // stop the server (server/log-writer.ts).
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'web', 'build.ts'), own], {
    cwd: root,
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  if (status !== 0) {
    process.stderr.write(stderr)
    rmSync(own, { recursive: true, force: true })
    say(serveTexts.pageFailed)
    return newestBuilt()
  }
  return settle(own, folder)
}

/** Gives what was built its name, and removes what was built of other sources. */
function settle(own: string, folder: string): string {
  try {
    renameSync(own, folder)
  } catch (error) {
    if (!existsSync(folder)) throw error
    rmSync(own, { recursive: true, force: true })
  }
  for (const path of builtFolders()) if (path !== folder) rmSync(path, { recursive: true, force: true })
  return folder
}

function builtFolders(): string[] {
  if (!existsSync(builtRoot)) return []
  return readdirSync(builtRoot)
    .filter(name => !name.startsWith('building-'))
    .map(name => join(builtRoot, name))
}

function newestBuilt(): string | undefined {
  return builtFolders().toSorted((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0]
}

/** Of names and contents: a clone, a checkout or a copy changes times, not what is built. */
function digestOfSources(): string {
  const digest = createHash('sha256')
  for (const name of globSync(sources, { cwd: root }).toSorted()) {
    if (name.endsWith('.test.ts') || !statSync(join(root, name)).isFile()) continue
    const bytes = readFileSync(join(root, name))
    digest.update(`${name}\0${bytes.length}\0`).update(bytes)
  }
  return digest.digest('hex').slice(0, 16)
}

function readFiles(folder: string): PageFile[] {
  const names = globSync('**/*', { cwd: folder })
    .map(name => name.replaceAll('\\', '/'))
    .filter(name => !/\.(br|gz)$/.test(name) && statSync(join(folder, name)).isFile())
  return names.map(name => {
    const plain = readFileSync(join(folder, name))
    return {
      name,
      digest: createHash('sha256').update(plain).digest('base64url').slice(0, 22),
      plain,
      br: readIfThere(join(folder, `${name}.br`)),
      gzip: readIfThere(join(folder, `${name}.gz`)),
    }
  })
}

function readIfThere(path: string): Buffer | undefined {
  return existsSync(path) ? readFileSync(path) : undefined
}
