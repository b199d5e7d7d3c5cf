// Asking a person, or a script through a pipe: one line an answer, a password without showing it. Ctrl-C, Ctrl-D and the
// end of a pipe all answer `undefined`; whoever asks then ends cleanly.
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { Writable } from 'node:stream'
import type { ReadStream, WriteStream } from 'node:tty'

export interface Prompt extends AsyncDisposable {
  /** The next line, without its end; undefined once there is no more. */
  readonly ask: (question: string) => Promise<string | undefined>
  /** The same, and nothing of the answer is shown, remembered or offered again. */
  readonly askHidden: (question: string) => Promise<string | undefined>
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

/** Listens until disposed. A second signal finds the first one's work under way, which is short and bounded. */
export function listenForInterruption(): Interruption {
  const controller = new AbortController()
  const interrupt = () => controller.abort()
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt)
  return {
    signal: controller.signal,
    interrupt,
    [Symbol.dispose]() {
      process.off('SIGINT', interrupt).off('SIGTERM', interrupt)
    },
  }
}

/** Writes a line, and waits while nobody takes it: what is shown may be long. Gives up waiting when interrupted. */
export async function say(line: string, { signal }: Interruption, output: Writable = process.stdout): Promise<void> {
  if (output.write(`${line}\n`) || signal.aborted) return
  await once(output, 'drain', { signal }).catch(() => {})
}

// A terminal: a line editor for each question, so that no history or undo of one shows a password at the next. What was
// typed ahead, or pasted as several lines, is kept for the questions to come.
function onTerminal(input: ReadStream, output: Writable, interruption: Interruption): Prompt {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const ahead: string[] = []
  let begun = ''

  function question(text: string, hidden: boolean): Promise<string | undefined> {
    const { signal } = interruption
    const { promise, resolve } = Promise.withResolvers<string | undefined>()
    const early = ahead.shift()
    if (early !== undefined || signal.aborted) {
      output.write(`${text}${hidden ? '' : (early ?? '')}\n`)
      return Promise.resolve(signal.aborted ? undefined : early)
    }
    const shown = !hidden && isTerminal(output) ? output : undefined
    if (shown === undefined) output.write(text)
    const editor = createInterface({
      input,
      output: shown ?? nowhere,
      // Hidden, it must be the editor and not the terminal that handles the keys, else the terminal shows them.
      terminal: hidden || shown !== undefined,
      historySize: 0,
      prompt: shown === undefined ? '' : text,
    })
    const stop = () => editor.close()
    signal.addEventListener('abort', stop, { once: true })
    let answer: string | undefined
    let answered = false
    editor.on('line', line => {
      if (answered) ahead.push(line)
      else answer = line
      answered = true
      // The rest of a paste comes with the same read: close only after it.
      setImmediate(stop)
    })
    editor.on('SIGINT', () => {
      interruption.interrupt()
      editor.close()
    })
    editor.on('close', () => {
      signal.removeEventListener('abort', stop)
      if (answered) begun = editor.line
      if (!answered || hidden) output.write('\n')
      resolve(answer)
    })
    editor.prompt()
    if (begun !== '') editor.write(begun)
    begun = ''
    return promise
  }

  return {
    ask: text => question(text, false),
    askHidden: text => question(text, true),
    async [Symbol.asyncDispose]() {
      input.pause()
    },
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
