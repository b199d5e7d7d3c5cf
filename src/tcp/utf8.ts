// Where bytes become text. TCP carries bytes and knows no characters, so a piece of it may end inside one.

/**
 * How many bytes at the end (0 to 3) begin a character of UTF-8 that is not all there. Bytes that can never become one
 * are not waited for: they count as 0, and decoding shows them as U+FFFD.
 */
export function unfinished(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0
    const continues = byte >= 0x80 && byte <= 0xbf
    if (!continues) return lengthOf(byte) > back ? back : 0
  }
  return 0
}

/** How many bytes a character has that begins with this one (RFC 3629, section 4). */
function lengthOf(lead: number): number {
  if (lead < 0xc2 || lead > 0xf4) return 1
  if (lead < 0xe0) return 2
  return lead < 0xf0 ? 3 : 4
}
