// What a run ran on: without it no figure can be read.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus, release, totalmem, type as system } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { Machine } from './contract.ts'
import { versionOf } from './peers/peer.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

const packages = [
  'ngircd',
  'inspircd',
  'ejabberd',
  'prosody',
  'nats-server',
  'python3-flask',
  'python3-flask-sqlalchemy',
]

/** `dir` is where the data lie that are measured. */
export function machine(dir: string): Machine {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryBytes: totalmem(),
    system: `${system()} ${release()}`,
    disk: fileSystemOf(dir),
    node: process.version,
    commit: commit(),
    peers: Object.fromEntries(
      packages.flatMap(name => [versionOf(name)].flatMap(one => (one === undefined ? [] : [[name, one]]))),
    ),
  }
}

/** The type and options of the mount that holds a folder. */
function fileSystemOf(dir: string): string {
  const mounts = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map(line => line.split(' '))
    .filter(([, at = '']) => dir === at || dir.startsWith(at === '/' ? '/' : `${at}/`))
  const [, , type = 'unknown', options = ''] = mounts.toSorted(([, a = ''], [, b = '']) => b.length - a.length)[0] ?? []
  return `${type} (${options})`
}

function commit(): string {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim()
  try {
    const isChanged =
      git('status', '--porcelain', '--untracked-files=no', '--', 'src', 'bench', 'package-lock.json') !== ''
    return `${git('rev-parse', '--short=12', 'HEAD')}${isChanged ? ' and changes' : ''}`
  } catch {
    return 'not a git repository'
  }
}
