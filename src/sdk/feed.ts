// The async iterators that a session gives out. Each begins when it is asked for, not with its first step, so that
// nothing falls between; each ends with `break`, its AbortSignal, the session's close, or `return()`.
import type { EntryView, SoftEvent } from '../protocol/v1.ts'
import { asError, Closed } from './errors.ts'
import type { State } from './events.ts'
import type { Reader, Update } from './reader.ts'

/** A message in a stream: an entry of kind `text`. */
export type Message = EntryView & { readonly kind: 'text'; readonly text: string }

/** Of soft events that wait for a reader: they are hints, and the newest are the ones that count. */
const softWaitingMax = 1_000

/** Everything behind a cursor, one at a time. */
export interface Feed<T> extends AsyncIterableIterator<T, undefined>, AsyncDisposable {
  /**
   * Where to go on from: everything up to here was handed out. Saved after a step has been dealt with and given as
   * `after` next time, nothing is missed; what shared a frame with the last step may come once more.
   */
  readonly cursor: string | undefined
  return: () => Promise<IteratorReturnResult<undefined>>
}

/** Updates as they are: arrays of entries, and what happened to the log. */
export function updatesOf(reader: Reader, signal?: AbortSignal): Feed<Update> {
  return feedOf(reader, signal, update => [update])
}

export function entriesOf(reader: Reader, signal?: AbortSignal): Feed<EntryView> {
  return feedOf(reader, signal, update => (update.type === 'entries' ? update.entries : []))
}

export function messagesOf(reader: Reader, signal?: AbortSignal): Feed<Message> {
  return feedOf(reader, signal, update => (update.type === 'entries' ? update.entries.filter(isMessage) : []))
}

function isMessage(entry: EntryView): entry is Message {
  return entry.kind === 'text' && entry.text !== undefined
}

function feedOf<T>(reader: Reader, signal: AbortSignal | undefined, items: (update: Update) => readonly T[]): Feed<T> {
  let waiting: readonly T[] = []
  let place = 0
  let cursor = reader.cursor
  const step = async (): Promise<T | undefined> => {
    while (place >= waiting.length) {
      cursor = reader.cursor ?? cursor
      const update = await reader.next()
      if (update === undefined) return undefined
      waiting = items(update)
      place = 0
    }
    const item = waiting[place++]
    if (place === waiting.length) cursor = reader.cursor
    return item
  }
  const iterator = iteratorOf(step, () => reader.close(), signal)
  return Object.defineProperty(iterator, 'cursor', { get: () => cursor ?? reader.cursor }) as Feed<T>
}

/** A queue of what is told, the oldest forgotten where nobody keeps up; `states` keeps only the last. */
class Told<T> {
  readonly #max: number
  #queue: T[] = []
  #over: { why?: Error } | undefined
  #wake = () => {}

  constructor(max: number) {
    this.#max = max
  }

  push(item: T): void {
    if (this.#queue.push(item) > this.#max) this.#queue.shift()
    this.#wake()
  }

  end(why?: Error): void {
    this.#over ??= why === undefined || why instanceof Closed ? {} : { why }
    this.#wake()
  }

  async next(): Promise<T | undefined> {
    for (;;) {
      const item = this.#queue.shift()
      if (item !== undefined) return item
      if (this.#over?.why !== undefined) throw this.#over.why
      if (this.#over !== undefined) return undefined
      await new Promise<void>(resolve => (this.#wake = resolve))
    }
  }
}

export const softQueue = () => new Told<SoftEvent>(softWaitingMax)
export const stateQueue = () => new Told<State>(1)

/**
 * An iterator over `step` (undefined is the end). Steps that are asked for together come one after the other; an abort
 * rejects the one that waits with the signal's reason, and `close` makes the source end it.
 */
export function iteratorOf<T>(
  step: () => Promise<T | undefined>,
  close: () => void,
  signal?: AbortSignal,
): AsyncIterableIterator<T, undefined> & AsyncDisposable {
  const done = { done: true, value: undefined } as const
  let over = false
  let last: Promise<unknown> = Promise.resolve()
  const finish = () => {
    over = true
    signal?.removeEventListener('abort', finish)
    close()
  }
  if (signal?.aborted === true) finish()
  else signal?.addEventListener('abort', finish, { once: true })
  const advance = async (): Promise<IteratorResult<T, undefined>> => {
    const value = over ? undefined : await step()
    // An abort ends it with the signal's reason, everything else without a word.
    if (signal?.aborted === true) throw asError(signal.reason)
    if (value !== undefined && !over) return { done: false, value }
    finish()
    return done
  }
  return {
    next() {
      const result = last.then(advance)
      last = result.catch(finish)
      return result
    },
    async return() {
      finish()
      return done
    },
    [Symbol.asyncIterator]() {
      return this
    },
    async [Symbol.asyncDispose]() {
      finish()
    },
  }
}
