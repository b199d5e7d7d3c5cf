// Standard input as a message, or as many: bounded, UTF-8 or refused, and let go of when the command is interrupted.
import { isUtf8 } from 'node:buffer'
import { PassThrough, type Readable } from 'node:stream'
import { bodyBytesMax, textBytesMax } from '../protocol/limits.ts'
import {
  inputIsEmpty,
  inputIsNotUtf8,
  inputIsTooLong,
  lineIsNotUtf8,
  lineIsTooLong,
} from '../protocol/texts/commands.ts'
import type { Interruption } from '../terminal/prompt.ts'
import { type Complaint, interrupted, no } from './report.ts'

const newline = 0x0a
const carriageReturn = 0x0d

/** The whole standard input as a text, without its last line end. */
export async function readInput({ signal }: Interruption): Promise<string | Complaint> {
  const bytes = await readAtMost(process.stdin, bodyBytesMax, signal)
  if (signal.aborted) return interrupted
  if (bytes.length > bodyBytesMax) return no('usage', inputIsTooLong(bodyBytesMax))
  if (!isUtf8(bytes)) return no('usage', inputIsNotUtf8)
  if (bytes.length === 0) return no('usage', inputIsEmpty)
  return bytes.toString().replace(/\r?\n$/, '')
}

// By events, not by its iterator: that one never wakes a terminal which the prompt has paused.
function readAtMost(input: Readable, bytesMax: number, signal: AbortSignal): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  return new Promise((resolve, reject) => {
    const stop = () => {
      signal.removeEventListener('abort', stop)
      input.destroy()
      resolve(Buffer.concat(chunks))
    }
    signal.addEventListener('abort', stop, { once: true })
    input.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      bytes += chunk.length
      if (bytes > bytesMax) stop()
    })
    input.on('end', stop).on('error', reject).resume()
    if (signal.aborted) stop()
  })
}

/** A line of standard input: its number, from 1, and its text or what is wrong with it. */
export type Line =
  | { readonly number: number; readonly text: string }
  | { readonly number: number; readonly wrong: string }

/**
 * The lines of `input` as they come, also the last one without a line end. Empty ones are counted and left out: no
 * message is empty. Ends without a word when `signal` says so.
 */
export async function* linesOf(input: Readable, signal: AbortSignal): AsyncGenerator<Line, void> {
  const through = input.pipe(new PassThrough())
  const stop = () => {
    input.destroy()
    through.end()
  }
  signal.addEventListener('abort', stop, { once: true })
  if (signal.aborted) stop()
  const splitter = new LineSplitter()
  try {
    for await (const chunk of through as AsyncIterable<Buffer>) {
      for (const line of splitter.push(chunk)) {
        if (signal.aborted) return
        yield line
      }
    }
    if (!signal.aborted) yield* splitter.end()
  } finally {
    signal.removeEventListener('abort', stop)
    stop()
  }
}

/** Splits bytes at line feeds. Of a line that is too long only its beginning is held. */
class LineSplitter {
  #held: Buffer[] = []
  #heldBytes = 0
  #number = 0

  push(chunk: Buffer): Line[] {
    const lines: Line[] = []
    let start = 0
    for (;;) {
      const end = chunk.indexOf(newline, start)
      this.#hold(chunk.subarray(start, end === -1 ? chunk.length : end))
      if (end === -1) return lines
      lines.push(...this.#take())
      start = end + 1
    }
  }

  end(): Line[] {
    return this.#heldBytes > 0 ? this.#take() : []
  }

  #hold(bytes: Buffer): void {
    // One byte more than a message may have is enough to know, and one for the carriage return.
    if (this.#heldBytes <= textBytesMax + 1) this.#held.push(bytes)
    this.#heldBytes += bytes.length
  }

  #take(): Line[] {
    this.#number += 1
    const number = this.#number
    const whole = Buffer.concat(this.#held)
    const bytes = whole.at(-1) === carriageReturn ? whole.subarray(0, -1) : whole
    this.#held = []
    this.#heldBytes = 0
    if (bytes.length > textBytesMax) return [{ number, wrong: lineIsTooLong(textBytesMax) }]
    if (!isUtf8(bytes)) return [{ number, wrong: lineIsNotUtf8 }]
    return bytes.length === 0 ? [] : [{ number, text: bytes.toString() }]
  }
}
