// What somebody pastes into the field for the invite: the whole link, or the code that is in it.

/** The code alone. */
export function codeOf(pasted: string): string {
  return /#invite=([\w-]+)/.exec(pasted)?.[1] ?? pasted.trim()
}
