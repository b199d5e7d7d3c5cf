// A cursor is what a reader hands back: the last seq it has seen, in one opaque string. It also says in which life of
// the log that was, so that a log which was rolled back (a restored backup, a copied file) is noticed.

/**
 * The last entry seen: its epoch, its seq (0 before the first), and the low bits of its `storedAtMs`. The signature is
 * the server's own, over the rest; a cursor without one, as older versions gave it, is as good for reading.
 */
export interface Cursor {
  readonly epoch: string
  readonly seq: number
  readonly mark: number
  readonly signature?: string
}

// 20 bits of milliseconds: two rows that took the same seq in two lives of the log agree by chance once in a million.
const markValues = 2 ** 20

export function cursorAt(epoch: string, seq: number, storedAtMs: number): Cursor {
  return { epoch, seq, mark: storedAtMs % markValues }
}

/**
 * `epoch.seq.mark.signature`, the numbers in base 36; letters, digits and dots, so that it passes headers and IRC as it
 * is.
 */
export function formatCursor({ epoch, seq, mark, signature }: Cursor): string {
  const place = `${epoch}.${seq.toString(36)}.${mark.toString(36)}`
  return signature === undefined ? place : `${place}.${signature}`
}

const shape = /^([0-9a-f]{16})\.([0-9a-z]{1,11})\.([0-9a-z]{1,4})(?:\.([0-9a-f]{12}))?$/

/** The cursor in a string from the wire; undefined if it is none. */
export function parseCursor(raw: string): Cursor | undefined {
  const [, epoch, seqText, markText, signature] = shape.exec(raw) ?? []
  if (epoch === undefined || seqText === undefined || markText === undefined) return undefined
  const seq = Number.parseInt(seqText, 36)
  const mark = Number.parseInt(markText, 36)
  if (!Number.isSafeInteger(seq) || mark >= markValues) return undefined
  return signature === undefined ? { epoch, seq, mark } : { epoch, seq, mark, signature }
}
