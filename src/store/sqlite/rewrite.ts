// Making sure of a WAL while another program reads from it, and so keeps SQLite from moving it into the database.
import { closeSync, fsyncSync, fstatSync, openSync, readSync, writeSync } from 'node:fs'

/** Read and written at a time. */
const pieceBytes = 1_048_576

/**
 * Writes the bytes of a file over themselves and syncs them. An earlier fsync that failed may have left them in the system's
 * cache only, marked as written: written again, they are for the disk to take or to refuse. Other readers see no change.
 * The caller holds SQLite's write lock, so that nobody appends; SQLite itself holds no lock on a WAL, and a descriptor of it
 * may be closed.
 */
export function rewriteInPlace(file: string): void {
  const descriptor = openSync(file, 'r+')
  try {
    const piece = Buffer.alloc(pieceBytes)
    const { size } = fstatSync(descriptor)
    for (let at = 0; at < size; ) {
      const count = readSync(descriptor, piece, 0, Math.min(pieceBytes, size - at), at)
      if (count === 0) break
      for (let done = 0; done < count; ) done += writeSync(descriptor, piece, done, count - done, at + done)
      at += count
    }
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
