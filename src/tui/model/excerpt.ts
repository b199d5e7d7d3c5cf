// What of a long message is shown where it was found. Pure; received text is made printable by whoever draws it.

/** Characters before what was found that are shown with it. */
const leadChars = 40

/** A message from a little before the first of the words on, in one line. */
export function excerpt(text: string, words: string): string {
  const line = text.replaceAll(/\s+/g, ' ')
  const lower = line.toLowerCase()
  const places = (words.toLowerCase().match(/[^\s"*]+/g) ?? []).map(word => lower.indexOf(word)).filter(at => at >= 0)
  const at = Math.min(...places, line.length)
  if (places.length === 0 || at <= leadChars) return line
  const begin = line.indexOf(' ', at - leadChars)
  return `… ${line.slice(begin === -1 || begin >= at ? at : begin + 1)}`
}
