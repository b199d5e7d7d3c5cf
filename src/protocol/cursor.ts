// A cursor is what a reader hands back: the last seq it has seen, in one opaque string. It also says in which life of
// the log that was, so that a log which was rolled back (a restored backup, a copied file) is noticed.

/** The last entry seen: its epoch, its seq (0 before the first), and the low bits of its `storedAtMs`. */
export interface Cursor {
  readonly epoch: string
  readonly seq: number
  readonly mark: number
}

// 20 bits of milliseconds: two rows that took the same seq in two lives of the log agree by chance once in a million.
const markValues = 2 ** 20

export function cursorAt(epoch: string, seq: number, storedAtMs: number): Cursor {
  return { epoch, seq, mark: storedAtMs % markValues }
}

/** `epoch.seq.mark`, the numbers in base 36; letters, digits and dots, so that it passes headers and IRC as it is. */
export function formatCursor({ epoch, seq, mark }: Cursor): string {
  return `${epoch}.${seq.toString(36)}.${mark.toString(36)}`
}

const shape = /^([0-9a-f]{16})\.([0-9a-z]{1,11})\.([0-9a-z]{1,4})$/

/** The cursor in a string from the wire; undefined if it is none. */
export function parseCursor(raw: string): Cursor | undefined {
  const [, epoch, seqText, markText] = shape.exec(raw) ?? []
  if (epoch === undefined || seqText === undefined || markText === undefined) return undefined
  const seq = Number.parseInt(seqText, 36)
  const mark = Number.parseInt(markText, 36)
  return Number.isSafeInteger(seq) && mark < markValues ? { epoch, seq, mark } : undefined
}
