// A client of the riddle server's four routes. Like the messaging client it returns what went wrong as a value with a
// sentence, and never throws for what a server does.
import type { ServerAddress } from './client-address.ts'
import { type Failure, failureOf, no } from './client-failures.ts'
import { type Ask, exchange, shortText, usualBounds } from './client-http.ts'
import { isRecord } from './client-inbox.ts'
import { sentenceOf } from './client-judge.ts'
import type { Riddle } from './riddles.ts'

export { parseAddress } from './client-address.ts'

/** Bytes of one answer: a thousand riddles of the longest kind, escaped. */
const answerBytesMax = 8 * 2 ** 20

export interface RiddlesClient {
  readonly all: () => Promise<{ readonly ok: true; readonly riddles: readonly Riddle[] } | Failure>
  readonly one: (id: string) => Promise<{ readonly ok: true; readonly riddle: Riddle } | Failure>
  readonly add: (question: string, answer: string) => Promise<{ readonly ok: true; readonly riddle: Riddle } | Failure>
  readonly guess: (id: string, guess: string) => Promise<{ readonly ok: true; readonly correct: boolean } | Failure>
}

/** A client of the riddle server at `address`; `signal` ends whatever is under way. */
export function riddlesClient(address: ServerAddress, signal?: AbortSignal): RiddlesClient {
  async function call<Found>(ask: Ask, read: (value: unknown) => Found | undefined): Promise<Found | Failure> {
    const answer = await exchange(address, ask, usualBounds, signal)
    if (!answer.ok) return answer
    const text = await shortText(answer, answerBytesMax).catch((error: unknown) => failureOf(error, address, true))
    if (typeof text !== 'string') return text
    const value = parse(text)
    const found = answer.status >= 200 && answer.status <= 299 ? read(value) : undefined
    if (found !== undefined) return found
    const status = `${answer.status} ${answer.reason}`.trim()
    const sentence = sentenceOf(value)
    if (sentence !== undefined) return { ...no('refused', `${sentence} (${status}).`), status: answer.status }
    const message = `${address.shown} answers ${ask.method} ${ask.path} with ${status}. Is it a riddle server?`
    return { ...no('unexpected', message), status: answer.status }
  }

  return {
    all: () => call({ method: 'GET', path: '/riddles/all', fields: {} }, readAll),
    one: id => call({ method: 'GET', path: '/riddles/one', fields: { id } }, readOne),
    add: (question, answer) => call({ method: 'POST', path: '/riddles/new', fields: { question, answer } }, readOne),
    guess: (id, guess) =>
      call({ method: 'POST', path: '/riddles/guess', fields: { id, guess } }, value =>
        isRecord(value) && typeof value['correct'] === 'boolean' ? { ok: true, correct: value['correct'] } : undefined,
      ),
  }
}

function readAll(value: unknown): { ok: true; riddles: Riddle[] } | undefined {
  const list = isRecord(value) ? value['riddles'] : undefined
  if (!Array.isArray(list)) return undefined
  return { ok: true, riddles: list.map(readRiddle).filter(riddle => riddle !== undefined) }
}

function readOne(value: unknown): { ok: true; riddle: Riddle } | undefined {
  const riddle = readRiddle(value)
  return riddle && { ok: true, riddle }
}

function readRiddle(value: unknown): Riddle | undefined {
  if (!isRecord(value)) return undefined
  const { id, question, guesses = 0, correct = 0 } = value
  if (typeof id !== 'number' || typeof question !== 'string') return undefined
  return { id, question, guesses: Number(guesses), correct: Number(correct) }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
