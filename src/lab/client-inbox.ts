// An inbox as it comes over the wire, `{"messages": [...]}`, taken apart one message at a time, so that a million of
// them need no more memory than one. Nothing that a server writes here may throw: one bad message spoils only itself.
import { timestampSecondsMax } from '../protocol/limits.ts'

/** A message as a server told it. Servers differ in what they add, so only what the lab's client needs is certain. */
export interface LabMessage {
  readonly sender: string
  readonly message: string
  /** Seconds since 1970, or undefined where the server sent nothing that can be a time. */
  readonly timestamp: number | undefined
  readonly recipient?: string
  readonly id?: number | string
}

/** UTF-16 units of one message: fifty times the largest text of Hullo's. One that is longer is skipped, not kept. */
const elementUnitsMax = 1_048_576

// "messages" with its quotes; longer keys need not be known to the end.
const wantedKey = '"messages"'

/**
 * Finds the elements of the array under the key `messages` of a JSON object that arrives in pieces. It follows only
 * strings and brackets; each element is left to JSON.parse.
 */
export class InboxSplitter {
  #depth = 0
  #inString = false
  #escaped = false
  #top = ''
  #key = ''
  #keyIsRead = false
  #inMessages = false
  #element: string[] = []
  #elementUnits = 0

  /** Whether the array was found, so that this is an inbox at all. */
  found = false
  /** Whether the whole answer came: every bracket closed, and something there. */
  get whole(): boolean {
    return this.#top !== '' && this.#depth === 0 && !this.#inString
  }

  /** Takes the next piece; returns the elements that it completes, undefined for one that is too long. */
  push(piece: string): (string | undefined)[] {
    const complete: (string | undefined)[] = []
    let start = 0
    for (let at = 0; at < piece.length; at++) {
      const char = piece.charAt(at)
      if (this.#inString) {
        this.#string(char)
        continue
      }
      const inside = this.#inMessages && this.#depth === 2
      if (inside && (char === ',' || char === ']')) {
        this.#keep(piece.slice(start, at))
        this.#finish(complete, char === ']')
      }
      this.#structure(char)
      if (this.#inMessages && this.#depth === 2 && (char === ',' || char === '[')) start = at + 1
    }
    if (this.#inMessages) this.#keep(piece.slice(start))
    return complete
  }

  #string(char: string): void {
    if (this.#depth === 1 && !this.#keyIsRead && this.#key.length < wantedKey.length + 1) this.#key += char
    if (this.#escaped) this.#escaped = false
    else if (char === '\\') this.#escaped = true
    else if (char === '"') this.#inString = false
  }

  #structure(char: string): void {
    switch (char) {
      case '"':
        this.#inString = true
        if (this.#depth === 1 && !this.#keyIsRead) this.#key = char
        break
      case '{':
      case '[':
        if (this.#depth === 0) this.#top = char
        if (char === '[' && this.#depth === 1 && this.#top === '{' && this.#keyIsRead && this.#key === wantedKey) {
          this.#inMessages = true
          this.found = true
        }
        this.#depth += 1
        break
      case '}':
      case ']':
        this.#depth -= 1
        break
      case ':':
        if (this.#depth === 1) this.#keyIsRead = true
        break
      case ',':
        if (this.#depth === 1) this.#keyIsRead = false
        break
    }
  }

  #keep(text: string): void {
    this.#elementUnits += text.length
    if (this.#elementUnits <= elementUnitsMax) this.#element.push(text)
    else this.#element = []
  }

  #finish(complete: (string | undefined)[], last: boolean): void {
    const text = this.#element.join('').trim()
    const tooLong = this.#elementUnits > elementUnitsMax
    if (tooLong) complete.push(undefined)
    else if (text !== '' || !last) complete.push(text) // `[]` and a comma before `]` hold no message
    this.#element = []
    this.#elementUnits = 0
    if (last) this.#inMessages = false
  }
}

/** The message in one element's text; undefined where it has no sender or no text. */
export function readMessage(element: string): LabMessage | undefined {
  const value = parseAsPythonDoes(element)
  if (!isRecord(value)) return undefined
  const sender = readText(value['sender'])
  const message = readText(value['message'])
  if (sender === undefined || message === undefined) return undefined
  const recipient = readText(value['recipient'])
  const id = value['id']
  return {
    ...((typeof id === 'number' || typeof id === 'string') && { id }),
    sender,
    ...(recipient !== undefined && { recipient }),
    message,
    timestamp: readTimestamp(value['timestamp']),
  }
}

/** Whether this is an object or a list, whose fields may be looked at. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

// Python writes NaN and Infinity, which JSON does not have, and reads them too: here they are null.
function parseAsPythonDoes(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    const repaired = text.replace(
      /("(?:[^"\\]|\\.)*")|-?\b(?:NaN|Infinity)\b/gs,
      (_, quoted?: string) => quoted ?? 'null',
    )
    try {
      return JSON.parse(repaired)
    } catch {
      return undefined
    }
  }
}

// A name or text of digits may come as a number from a server that does not check.
function readText(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}

/** Seconds since 1970 from a number or a decimal string; undefined for what no clock shows (1e300, "yesterday"). */
export function readTimestamp(value: unknown): number | undefined {
  const decimal = typeof value === 'string' && /^\s*\d+(\.\d+)?\s*$/.test(value)
  const seconds = typeof value === 'number' ? value : decimal ? Number(value) : Number.NaN
  return seconds >= 0 && seconds <= timestampSecondsMax ? seconds : undefined
}
