// Which files the store has open, by what the file system calls them: a path can come to lead to another file, or to none,
// while SQLite goes on writing into the one that it opened.
import { lstatSync } from 'node:fs'

/** A file as the system knows it, whatever its name: 64-bit numbers, in decimal. */
export interface FileIdentity {
  readonly path: string
  readonly device: bigint
  readonly inode: bigint
}

/** The identity of what is at `path`; undefined where nothing is. A symbolic link is itself, not what it leads to. */
export function identityOf(path: string): FileIdentity | undefined {
  const found = lstatSync(path, { bigint: true, throwIfNoEntry: false })
  return found === undefined ? undefined : { path, device: found.dev, inode: found.ino }
}

/** The first of these paths at which there is now another file, or none. */
export function firstMoved(files: readonly FileIdentity[]): string | undefined {
  for (const { path, device, inode } of files) {
    const now = lstatSync(path, { bigint: true, throwIfNoEntry: false })
    if (now === undefined || now.ino !== inode || now.dev !== device) return path
  }
  return undefined
}

/**
 * Why `path` cannot be a file of the store, in words that follow its name; undefined where it can, or is missing. Through a
 * link somebody else could put a file in place, and a pipe would never open.
 */
export function whyNotOurs(path: string): string | undefined {
  const found = lstatSync(path, { throwIfNoEntry: false })
  if (found === undefined || found.isFile()) return undefined
  if (found.isSymbolicLink()) return 'is a symbolic link. Put the file itself there (the folder may be a link), or'
  return found.isDirectory() ? 'is a folder. Move it away, or' : 'is not a regular file. Move it away, or'
}
