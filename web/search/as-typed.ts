// A query while it is typed: its last word may be only begun.

/** The query in which the last word, or the last one of a phrase that is still open, stands for all that begin so. */
export function asTyped(typed: string): string {
  const isPhraseOpen = typed.split('"').length % 2 === 0
  if (!/[\p{L}\p{M}\p{N}]$/u.test(typed)) return typed
  return isPhraseOpen ? `${typed}"*` : `${typed}*`
}
