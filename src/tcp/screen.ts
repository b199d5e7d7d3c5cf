// What received text looks like on a screen: the lab's colours, and nothing a stranger sent is obeyed by the terminal.
// Into a file or a pipe text goes as it came, byte for byte, and without colour.
// These are the codes of `util.styleText`; they are written out here because the kit imports node:net only.

/** Green on a terminal: what the lab's servers print of a client's message, and its client of an answer. */
export function green(text: string): string {
  return inColour(32, text)
}

/** Blue on a terminal: what the lab's client says to the server. */
export function blue(text: string): string {
  return inColour(34, text)
}

/**
 * Received text for standard output. Nothing is trimmed and nothing added, as in the lab; but where it is a terminal,
 * control characters are shown (`\x1b`) instead of obeyed: they could clear the screen, forge lines of this very
 * console, or make the terminal type. New lines and tabs stay.
 */
export function shown(text: string): string {
  return process.stdout.isTTY ? harmless(text) : text
}

/** Controls but LF, TAB and the CR of a CR LF; halves of characters; odd line breaks; what turns the way of writing. */
const harmful = /\r(?!\n)|[^\P{Cc}\t\n\r]|[\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu

/** The text with everything harmful written out, as the other commands of Hullo show it: `\x1b`, `\u202e`. */
export function harmless(text: string): string {
  return text.replace(harmful, character => {
    const code = character.charCodeAt(0)
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`
  })
}

function inColour(code: number, text: string): string {
  const visible = shown(text)
  return text === '' || !hasColours() ? visible : `\x1b[${code}m${visible}\x1b[39m`
}

/**
 * On a terminal that has colours, and anywhere with FORCE_COLOR (a checker that reads a pipe asks for them so); never with
 * NO_COLOR (no-color.org), whatever else is set.
 */
function hasColours(): boolean {
  const forced = process.env['FORCE_COLOR'] ?? ''
  if ((process.env['NO_COLOR'] ?? '') === '' && forced !== '') return forced !== '0'
  return process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === '' && process.stdout.getColorDepth() > 2
}
