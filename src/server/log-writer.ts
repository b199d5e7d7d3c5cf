// The server's log on standard error. The reader of a log may stall, go away or run out of disk: lines are then dropped
// and counted, and the server goes on. Nothing here waits, throws or keeps the process running.
import { fstatSync, write as writeFile } from 'node:fs'
import { isatty } from 'node:tty'

/** Lines that wait for a slow reader: about two thousand, so that a moment's delay loses nothing. */
const queuedBytesMax = 262_144
/** A write that failed (no space, no reader) is tried again with later lines, not more often than this. */
const pauseMs = 500

interface LogWriter {
  /** Accepts a line with its end; drops it where too much is waiting or the last write has just failed. */
  write(line: string): void
  /** Resolves once all has been written, after `patienceMs` at the latest: true if nothing is left. */
  flushed(patienceMs: number): Promise<boolean>
}

/** Writes some bytes and reports how many of them were written. */
type Output = (bytes: Buffer, done: (error: Error | null, written: number) => void) => void

/** Writes to `output`, one write at a time; `notice` makes the line that says how many lines were dropped. */
export function logWriter(output: Output, notice: (dropped: number) => string, nowMs: () => number): LogWriter {
  let queue: Buffer[] = []
  let queuedBytes = 0
  let isWriting = false
  let dropped = 0
  let pausedUntilMs = Number.NEGATIVE_INFINITY
  let settle = () => {}

  function add(line: string): void {
    const bytes = Buffer.from(line)
    queue.push(bytes)
    queuedBytes += bytes.length
  }

  /** Writes what waits, the count of dropped lines first. */
  function proceed(): void {
    if (isWriting || nowMs() < pausedUntilMs) return
    if (queue.length === 0 && dropped > 0) {
      add(notice(dropped))
      dropped = 0
    }
    if (queue.length === 0) {
      settle()
      return
    }
    const batch = queue
    isWriting = true
    queue = []
    attempt(Buffer.concat(batch), batch.length)
  }

  function attempt(bytes: Buffer, lines: number): void {
    output(bytes, (error, written) => {
      const hasProgress = error === null && written > 0
      if (hasProgress) queuedBytes -= written
      if (hasProgress && written < bytes.length) return attempt(bytes.subarray(written), lines)
      isWriting = false
      if (!hasProgress) fail(lines, error)
      proceed()
    })
  }

  /** Drops all that waits. Of a batch that was written in part, every line counts: how many are whole is not known. */
  function fail(lines: number, error: NodeJS.ErrnoException | null): void {
    dropped += lines + queue.length
    queue = []
    queuedBytes = 0
    pausedUntilMs = nowMs() + pauseMs
    settle()
    // A reader that has gone does not come back; later lines try again all the same.
    if (error?.code !== 'EPIPE') setTimeout(proceed, pauseMs).unref()
  }

  return {
    write(line) {
      if (nowMs() < pausedUntilMs || queuedBytes + Buffer.byteLength(line) > queuedBytesMax) {
        dropped += 1
        return
      }
      if (!isWriting) proceed()
      add(line)
      proceed()
    },
    flushed(patienceMs) {
      if (!isWriting && queue.length === 0) return Promise.resolve(true)
      return new Promise(resolve => {
        const late = setTimeout(resolve, patienceMs, false)
        settle = () => {
          clearTimeout(late)
          resolve(true)
        }
      })
    },
  }
}

/**
 * Standard error. A file is written in libuv's threads; a pipe, a socket or a terminal by the stream, which does not
 * block while its reader stalls.
 */
export function standardError(): Output {
  const stats = fstatSync(2)
  if (stats.isFile() || (stats.isCharacterDevice() && !isatty(2))) {
    return (bytes, done) => writeFile(2, bytes, (error, written) => done(error, written))
  }
  return (bytes, done) => process.stderr.write(bytes, error => done(error ?? null, bytes.length))
}
