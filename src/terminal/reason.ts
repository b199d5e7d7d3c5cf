// What went wrong, in words, of anything that can be thrown.

/** The message of an error; of what is thrown and is none, its text. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
