// Asking a person, or a script through a pipe: one line an answer, a password without showing it. Ctrl-C, Ctrl-D and the
// end of a pipe all answer `undefined`; whoever asks then ends cleanly.
import { once } from 'node:events'
import { createInterface, type Interface } from 'node:readline'
import type { Readable } from 'node:stream'
import { Writable } from 'node:stream'
import { setImmediate as immediate } from 'node:timers/promises'
import type { ReadStream, WriteStream } from 'node:tty'
import { endIfStalled } from './stalled-output.ts'

export interface Prompt extends AsyncDisposable {
  /** The next line, without its end; undefined once there is no more. */
  readonly ask: (question: string) => Promise<string | undefined>
  /** The same, and nothing of the answer is shown, remembered or offered again. */
  readonly askHidden: (question: string) => Promise<string | undefined>
  /** Gives the input back to whoever wants to read the rest of it. */
  readonly release: () => void
}

/** UTF-16 units of one line: a message of the largest size, several times over. A longer one is cut into several. */
const lineUnitsMax = 262_144

/**
 * Opens a prompt on `input`, with its questions on `output`. `interruption` is told of Ctrl-C typed at a question, and
 * ends a question that waits.
 */
export function openPrompt(
  interruption: Interruption,
  input: Readable = process.stdin,
  output: Writable = process.stdout,
): Prompt {
  output.on('error', () => interruption.interrupt()) // `hullo client | head`: nobody reads any more
  return isTerminal(input) ? onTerminal(input, output, interruption) : onPipe(input, output, interruption)
}

/** Ctrl-C and SIGTERM as a signal for whatever waits, instead of an end in the middle of things. */
export interface Interruption extends Disposable {
  readonly signal: AbortSignal
  readonly interrupt: () => void
}

/** One Ctrl-C may arrive twice, from the terminal and from npm, which passes it on; two within this time are one. */
const echoMs = 250

/**
 * Listens until disposed, and then for the echo of a signal that has just come. A second signal finds the first one's
 * work under way, which is short and bounded.
 */
export function listenForInterruption(): Interruption {
  const controller = new AbortController()
  let lastMs = Number.NEGATIVE_INFINITY
  const interrupt = () => controller.abort()
  const onSignal = () => {
    lastMs = performance.now()
    interrupt()
  }
  const forget = () => process.off('SIGINT', onSignal).off('SIGTERM', onSignal)
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal)
  return {
    signal: controller.signal,
    interrupt,
    [Symbol.dispose]() {
      const restMs = lastMs + echoMs - performance.now()
      if (restMs > 0) setTimeout(forget, restMs).unref()
      else forget()
      if (lastMs > Number.NEGATIVE_INFINITY) endIfStalled()
    },
  }
}

/** Writes a line, and waits while nobody takes it: what is shown may be long. Gives up waiting when interrupted. */
export async function say(line: string, { signal }: Interruption, output: Writable = process.stdout): Promise<void> {
  if (output.write(`${line}\n`) || signal.aborted) return
  await once(output, 'drain', { signal }).catch(() => {})
}

// A terminal. One line editor is open from the first question to the end, so that the terminal itself never echoes: what
// is typed ahead, a password perhaps, waits unseen for its question. Its output passes a gate that is open only while a
// question is asked whose answer may be seen.
function onTerminal(input: ReadStream, output: Writable, interruption: Interruption): Prompt {
  const gate = new Gate(output)
  const ahead: string[] = []
  let waiting: ((line: string | undefined) => void) | undefined
  let editor: Interface | undefined
  let ended = false

  function open(): Interface {
    const opened = createInterface({ input, output: gate, terminal: true, historySize: 0 })
    opened.on('line', line => (waiting === undefined ? ahead.push(line) : waiting(line)))
    opened.on('SIGINT', interruption.interrupt)
    opened.on('close', () => {
      if (opened === editor) waiting?.(undefined) // Ctrl-D
    })
    return opened
  }

  function close(): void {
    const closed = editor
    editor = undefined
    closed?.close()
  }

  // What a person cut out of a password must not be there to be pasted at the next question.
  function renew(): void {
    const begun = editor?.line ?? ''
    close()
    editor = open()
    if (begun !== '') editor.write(begun)
  }

  async function question(text: string, hidden: boolean): Promise<string | undefined> {
    const { signal } = interruption
    if (signal.aborted || ended) return undefined
    editor ??= open()
    const early = ahead.shift()
    const seen = !hidden && isTerminal(output)
    if (early !== undefined || !seen) output.write(text)
    const line = early ?? (await nextLine(text, seen, signal))
    if (early !== undefined) output.write(hidden ? '\n' : `${early}\n`)
    else if (!seen || line === undefined) output.write('\n')
    // The rest of a paste comes with the same read, so only after it.
    if (hidden && editor !== undefined) await immediate().then(renew)
    return line
  }

  function nextLine(text: string, seen: boolean, signal: AbortSignal): Promise<string | undefined> {
    const { promise, resolve } = Promise.withResolvers<string | undefined>()
    const stop = () => waiting?.(undefined)
    waiting = line => {
      signal.removeEventListener('abort', stop)
      waiting = undefined
      gate.open = false
      if (line === undefined) {
        ended = true
        close()
      }
      resolve(line)
    }
    signal.addEventListener('abort', stop, { once: true })
    gate.open = seen
    editor?.setPrompt(seen ? text : '')
    editor?.prompt(true)
    return promise
  }

  return {
    ask: text => question(text, false),
    askHidden: text => question(text, true),
    release: close,
    async [Symbol.asyncDispose]() {
      close()
    },
  }
}

/** Lets through to the terminal what the editor shows, or nothing. */
class Gate extends Writable {
  open = false
  readonly #to: Writable

  constructor(to: Writable) {
    super()
    this.#to = to
  }

  /** The editor asks for it, to know where a long line is broken. */
  get columns(): number | undefined {
    return isTerminal(this.#to) ? this.#to.columns : undefined
  }

  override _write(chunk: Uint8Array, _encoding: string, done: () => void): void {
    if (this.open) this.#to.write(chunk)
    done()
  }
}

// A pipe or a file: read only as far as questions are asked.
function onPipe(input: Readable, output: Writable, { signal }: Interruption): Prompt {
  let chunks: AsyncIterator<Buffer | string> | undefined // from the first question on: the input may be for another
  const decoder = new TextDecoder()
  const aborted = new Promise<{ done: true }>(resolve => {
    if (signal.aborted) resolve({ done: true })
    signal.addEventListener('abort', () => resolve({ done: true }), { once: true })
  })
  let buffer = ''
  let ended = false

  async function ask(text: string): Promise<string | undefined> {
    output.write(text)
    const line = await nextLine()
    output.write('\n')
    return line
  }

  async function nextLine(): Promise<string | undefined> {
    let end = buffer.indexOf('\n')
    while (end === -1 && !ended && buffer.length < lineUnitsMax) {
      chunks ??= input[Symbol.asyncIterator]() as AsyncIterator<Buffer | string>
      const chunk = await Promise.race([chunks.next(), aborted])
      ended = chunk.done === true
      if (chunk.done !== true) {
        buffer += typeof chunk.value === 'string' ? chunk.value : decoder.decode(chunk.value, { stream: true })
      }
      end = buffer.indexOf('\n')
    }
    if (signal.aborted || buffer === '') return undefined
    if (end === -1) end = Math.min(buffer.length, lineUnitsMax)
    const line = buffer.slice(0, end).replace(/\r$/, '')
    buffer = buffer.slice(end + 1)
    return line
  }

  return {
    ask,
    askHidden: ask,
    release: () => {},
    async [Symbol.asyncDispose]() {
      input.destroy()
    },
  }
}

function isTerminal(stream: Readable): stream is ReadStream
function isTerminal(stream: Writable): stream is WriteStream
function isTerminal(stream: Readable | Writable): boolean {
  return 'isTTY' in stream && stream.isTTY === true
}
