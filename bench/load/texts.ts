// What is said in every scenario: 47 bytes that name their sender and number, so that a receiver sees at once whether
// something is missing, double or out of order, and the store can be searched for what was acknowledged.

/** Begins every text, and stands nowhere else in what a server sends. */
export const marker = Buffer.from('~m')

const senderDigits = 4
const numberDigits = 9
const tail = ' hello, a text of the usual size'

/** Bytes behind the marker that name sender and number. */
export const nameBytes = senderDigits + numberDigits

/** 0 <= sender < 10^4, 0 <= number < 10^9. */
export function textOf(sender: number, number: number): string {
  return `${marker.toString()}${String(sender).padStart(senderDigits, '0')}${String(number).padStart(numberDigits, '0')}${tail}`
}

/** Whose text it is, and the how-manieth; undefined for any other text, also one that was changed in its end. */
export function nameOf(text: string): { readonly sender: number; readonly number: number } | undefined {
  const [, sender, number] = /^~m(\d{4})(\d{9}) /.exec(text) ?? []
  const name = { sender: Number(sender), number: Number(number) }
  return text === textOf(name.sender, name.number) ? name : undefined
}

/** The client id of a message, as the SDK makes them: something of one's own, and a counter. */
export function clientIdOf(prefix: string, number: number): string {
  return `${prefix}-${number}`
}

/** Finds the texts in a stream of bytes, wherever it is cut. */
export class Scanner {
  readonly #found: (sender: number, number: number) => void
  #carry: Buffer = Buffer.alloc(0)

  constructor(found: (sender: number, number: number) => void) {
    this.#found = found
  }

  take(chunk: Buffer): void {
    const bytes = this.#carry.length === 0 ? chunk : Buffer.concat([this.#carry, chunk])
    let at = bytes.indexOf(marker)
    while (at !== -1 && at + marker.length + nameBytes <= bytes.length) {
      const from = at + marker.length
      this.#found(digits(bytes, from, senderDigits), digits(bytes, from + senderDigits, numberDigits))
      at = bytes.indexOf(marker, from + nameBytes)
    }
    if (at !== -1) this.#carry = bytes.subarray(at)
    else this.#carry = bytes.at(-1) === marker[0] ? marker.subarray(0, 1) : bytes.subarray(0, 0)
  }
}

function digits(bytes: Buffer, from: number, count: number): number {
  let value = 0
  for (let at = from; at < from + count; at += 1) value = value * 10 + (bytes[at] ?? 0) - 48
  return value
}
