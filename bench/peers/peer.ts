// A program that Hullo is measured beside: whether it is here, which one it is, and how it is started on a free port with
// a folder of its own. Each file of this folder has one.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import type { Bench } from '../contract.ts'
import type { Running } from '../process.ts'

export interface Peer {
  readonly name: string
  /** Debian's package, which names its version. */
  readonly package: string
  /** A file that shows it is installed. */
  readonly path: string
  /** `wrap` is what it is started with: strace and its options, say. */
  start(bench: Bench, wrap?: readonly string[]): Promise<Running>
}

/** Why a peer cannot run here; undefined where it can. */
export function missing({ path, package: name }: Pick<Peer, 'path' | 'package'>): string | undefined {
  return existsSync(path) ? undefined : `not installed: ${name} (bench/install-peers.sh)`
}

/** The version that Debian's package has; undefined where it is not installed. */
export function versionOf(name: string): string | undefined {
  const { status, stdout } = spawnSync('dpkg-query', ['-W', '-f', '${Version}', name], { encoding: 'utf8' })
  return status === 0 && stdout !== '' ? stdout : undefined
}
