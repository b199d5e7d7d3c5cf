// `hullo send --lines`: many messages on the way at once, stored in the order of the lines, each acknowledgement printed
// in that order. A line that is refused stops none of the others; what makes all others pointless ends it.
import { linesNotAcknowledged, noAnswerWithin, onLine } from '../protocol/texts/commands.ts'
import type { Address } from '../protocol/v1.ts'
import { isSignedOut } from '../sdk/errors.ts'
import { ForeignAnswer, type Me, Refused, type Stored } from '../sdk/sdk.ts'
import { exits } from './exit-codes.ts'
import { type Line, linesOf } from './input.ts'
import { Complained, complaintOf, no } from './report.ts'
import type { Call } from './session.ts'

/** Lines on the way at once: two full batches, so that one is always waiting when the other is answered. */
const linesWaitingMax = 2_000

interface Sending {
  readonly to: Address
  /** Line 7 goes under `ID-7`. */
  readonly id: string
  readonly timeoutSeconds: number
}

export async function sendLines(me: Me, call: Call, { to, id, timeoutSeconds }: Sending): Promise<void> {
  const { signal: asked } = call.interruption
  const late = new Patience(timeoutSeconds)
  const over = new AbortController()
  const signal = AbortSignal.any([asked, late.signal, over.signal])
  const waiting: Promise<void>[] = []
  let printed: Promise<void> = Promise.resolve()
  let firstUnknown: { line: number; error: unknown } | undefined

  const settle = async (line: Line, result: Promise<Stored>) => {
    try {
      const stored = await result
      late.progress()
      await call.print(String(stored.seq), { line: line.number, ...stored })
    } catch (error) {
      if (error instanceof ForeignAnswer) {
        late.progress()
        return complainOfProxy(line.number, error, call)
      }
      if (!(error instanceof Refused) || isSignedOut(error)) {
        firstUnknown ??= { line: line.number, error }
        over.abort()
        return
      }
      late.progress()
      complainAbout(line.number, error, call)
    }
  }

  for await (const line of linesOf(process.stdin, signal)) {
    if ('wrong' in line) {
      printed = printed.then(() => complainAbout(line.number, new Refused('field-invalid', line.wrong), call))
      continue
    }
    late.waiting(1)
    const result = me.send(to, line.text, { clientId: `${id}-${line.number}`, signal })
    result.catch(() => {}) // looked at in its turn
    printed = printed.then(() => settle(line, result)).finally(() => late.waiting(-1))
    waiting.push(printed)
    if (waiting.length >= linesWaitingMax) await waiting.shift()
  }
  await printed
  late.end()
  if (firstUnknown !== undefined) throw endOf(firstUnknown, id, asked, late)
  if (asked.aborted) throw new Complained(complaintOf(asked.reason, asked))
}

function endOf(
  { line, error }: { line: number; error: unknown },
  id: string,
  asked: AbortSignal,
  late: Patience,
): unknown {
  const complaint = late.signal.aborted ? no('no-answer', noAnswerWithin(late.seconds)) : complaintOf(error, asked)
  if (complaint.kind !== 'no-answer' && complaint.kind !== 'interrupted') return error
  return new Complained({ ...complaint, message: linesNotAcknowledged(complaint.message, line, id), id, line })
}

function complainAbout(line: number, { code, message }: Refused, { note }: Call): void {
  process.exitCode = exits.refused.code
  note(onLine(line, message), { error: 'refused', code, line, message })
}

/** A proxy blocks this line alone: the others go on. */
function complainOfProxy(line: number, { status, message }: ForeignAnswer, { note }: Call): void {
  process.exitCode = exits['no-answer'].code
  note(onLine(line, message), { error: 'no-answer', status, line, message })
}

/** Runs out when something waits and nothing was acknowledged for so many seconds. */
class Patience {
  readonly seconds: number
  readonly #late = new AbortController()
  #waiting = 0
  #timer: NodeJS.Timeout | undefined

  constructor(seconds: number) {
    this.seconds = seconds
  }

  get signal(): AbortSignal {
    return this.#late.signal
  }

  waiting(change: 1 | -1): void {
    this.#waiting += change
    if (this.#waiting === 0) this.end()
    else if (this.#timer === undefined) this.#timer = setTimeout(() => this.#late.abort(), this.seconds * 1000)
  }

  progress(): void {
    this.#timer?.refresh()
  }

  end(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }
}
