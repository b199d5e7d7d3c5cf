// Makes what came from a stranger's server fit for a terminal and a report: bounded, and without a control character.

/** Characters of one quotation: about four lines of a terminal, enough to see what is wrong. */
const shownCharactersMax = 300

const named: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\0': '\\0', '\\': '\\\\' }

/**
 * Text or bytes as one bounded line in double quotes: control, format (bidi) and line characters as escapes, bytes that
 * are not UTF-8 as `\xff`. Says how long it was where it is cut.
 */
export function visible(raw: string | Uint8Array): string {
  const head = typeof raw === 'string' ? raw.slice(0, shownCharactersMax * 2 + 1) : decode(raw)
  const characters = Array.from(head)
  const inside = characters.slice(0, shownCharactersMax).map(escapeOne).join('')
  if (characters.length <= shownCharactersMax) return `"${inside}"`
  return `"${inside}"... (${raw.length} ${typeof raw === 'string' ? 'characters' : 'bytes'} in all)`
}

/** One line for a table or a title: like `visible`, without the quotes and with backslashes left alone. */
export function oneLine(text: string): string {
  const characters = Array.from(text.slice(0, shownCharactersMax))
  return characters.map(each => (each === '\\' ? each : escapeOne(each))).join('')
}

function escapeOne(character: string): string {
  const name = named[character]
  if (name !== undefined) return name
  const code = character.codePointAt(0) ?? 0
  // A byte that was not UTF-8: see decode.
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${(code - 0xdc00).toString(16)}`
  if (!/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(character)) return character
  return code <= 0xff ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`
}

/** UTF-8, each byte that is not as a lone surrogate (as Python's surrogateescape has it), so that none is hidden. */
function decode(bytes: Uint8Array): string {
  // Four bytes a character at most: no more than that is looked at.
  const head = bytes.subarray(0, (shownCharactersMax + 1) * 4)
  let text = ''
  for (let at = 0; at < head.length; ) {
    const length = wellFormedLength(head, at)
    text += length === 0 ? String.fromCharCode(0xdc00 + (head[at] ?? 0)) : utf8.decode(head.subarray(at, at + length))
    at += length || 1
  }
  return text
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function wellFormedLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0
  const length = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0
  if (length < 2) return length
  try {
    utf8.decode(bytes.subarray(at, at + length))
    return length
  } catch {
    return 0
  }
}
