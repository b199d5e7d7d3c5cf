// Who else has the database open, for the sentences that say whom a write waits for. Linux tells which process holds a lock
// on a file; elsewhere, and for processes of other containers, it is "another program".
import { readFileSync, statSync } from 'node:fs'

/** Where SQLite locks, in the file beside the database that ends in -shm (wal.c, "WAL_WRITE_LOCK" and after). */
const writeByte = 120
const firstReadByte = 123
const lastReadByte = 127

/** Names in a sentence: more would not help whoever reads it. */
const namedMax = 3

/** Other programs that read or write the database at this moment: `sqlite3 (process 4711)`, or `another program`. */
export function whoHolds(file: string): string {
  const holders = [...pidsOn(`${file}-shm`)].map(nameOf).filter(name => name !== undefined)
  return holders.length === 0 ? 'another program' : holders.slice(0, namedMax).join(', ')
}

/** Processes, without this one, that hold a lock for reading or writing on that file. */
function pidsOn(file: string): Set<number> {
  const pids = new Set<number>()
  try {
    const inode = String(statSync(file).ino)
    for (const line of readFileSync('/proc/locks', 'utf8').split('\n')) {
      // 4: POSIX  ADVISORY  READ  4711 fe:00:1234 124 124
      const [, pid = '', lockedInode, first = ''] = /(\d+) [\da-f]+:[\da-f]+:(\d+) (\d+) /.exec(line) ?? []
      const isHeld = Number(first) === writeByte || (Number(first) >= firstReadByte && Number(first) <= lastReadByte)
      if (lockedInode === inode && isHeld && Number(pid) > 0 && Number(pid) !== process.pid) pids.add(Number(pid))
    }
  } catch {
    // No /proc, or no -shm: the sentence does without a name.
  }
  return pids
}

function nameOf(pid: number): string | undefined {
  try {
    return `${readFileSync(`/proc/${pid}/comm`, 'utf8').trim()} (process ${pid})`
  } catch {
    return undefined // it has ended
  }
}
