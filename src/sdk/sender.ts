// Outgoing messages: each is kept until the server has stored or refused it. What is sent in one tick goes as one
// batch, in order; over the WebSocket while it is there, else as requests, one at a time. Never drops one silently, and
// no message that is blocked on its way holds up the others (foreign-answers.ts).
import { batchBytesMax } from '../protocol/limits.ts'
import type { DraftView, RefusedFrame, SendResult, SentFrame } from '../protocol/v1.ts'
import {
  asError,
  ForeignAnswer,
  isNotStored,
  isSignedOut,
  mayPass,
  NoAnswer,
  Refused,
  retryAfterMs,
  Withdrawn,
} from './errors.ts'
import type { Emitter } from './events.ts'
import { isBlocked, passesByItself, struck } from './foreign-answers.ts'
import type { Call } from './http.ts'
import type { Link } from './link.ts'
import { backoffMs, type Platform } from './platform.ts'
import { halve, type Pending, pendingOf, type Stored, WaitingQueue } from './waiting.ts'
import * as clientTexts from '../protocol/texts/client.ts'

/** Batches on the way at once: enough that a distant server is never idle, and a lost connection repeats little. */
const flightsMax = 16

/** What the WebSocket may hold back before more is given to it: one batch of the largest size. */
const socketBytesMax = batchBytesMax

/** Bytes of messages that wait or are under way; beyond it `send` is refused with `busy`. */
const waitingBytesMax = 64 * 2 ** 20

/** Of waiting for an acknowledgement on a connection that is alive otherwise; then another connection is tried. */
const answerMsMax = 30_000

/**
 * Live connections that may be lost with a batch before it goes as a request: something on the way may cut the WebSocket
 * because of it, and the answer to a request says what.
 */
const lossesMax = 3

export class Sender {
  readonly #link: Link
  readonly #call: Call
  readonly #platform: Platform
  readonly #emitter: Emitter
  /** Without what is in flight. */
  readonly #queue = new WaitingQueue()
  readonly #flights = new Map<number, { batch: Pending[]; cancel: () => void }>()
  #waitingBytes = 0
  /** The batch of the request that is under way. */
  #posted: readonly Pending[] = []
  #scheduled = false
  #failures = 0
  #cancelPause: (() => void) | undefined
  /** The pause was asked for by the server: a new connection does not end it. */
  #pauseAsked = false
  #count = 0
  #refs = 0
  #over: Error | undefined
  /** Ends the request that is under way: nobody waits for it any more, and it would keep the program alive. */
  readonly #stop = new AbortController()
  #idle = () => {}

  constructor(link: Link, call: Call, platform: Platform, emitter: Emitter) {
    this.#link = link
    this.#call = call
    this.#platform = platform
    this.#emitter = emitter
    link.watch({ changed: () => this.#changed(), answered: frame => this.#answered(frame) })
  }

  /** Resolves when it is stored; rejects when it is refused, when `signal` says so, or at the end of the session. */
  send(draft: DraftView & { readonly clientId: string }, signal?: AbortSignal): Promise<Stored> {
    return new Promise((resolve, reject) => {
      if (this.#over !== undefined) return reject(this.#over)
      if (signal?.aborted === true) return reject(asError(signal.reason))
      const json = JSON.stringify(draft)
      const bytes = new TextEncoder().encode(json).length + 1
      if (this.#waitingBytes + bytes > waitingBytesMax) {
        return reject(new Refused('busy', clientTexts.tooManyWait))
      }
      const abort = () => pending.settle(asError(signal?.reason))
      const settle = (result: Stored | Error) => {
        if (pending.settled) return
        pending.settled = true
        this.#waitingBytes -= bytes
        signal?.removeEventListener('abort', abort)
        if (result instanceof Error) reject(pending.withdrawn ? new Withdrawn(pending.inDoubt) : result)
        else resolve(result)
        if (this.#waitingBytes === 0) this.#idle()
      }
      const pending = pendingOf({ json, bytes, order: this.#count++, clientId: draft.clientId, settle })
      signal?.addEventListener('abort', abort, { once: true })
      this.#waitingBytes += bytes
      this.#queue.add(pending)
      this.#schedule()
    })
  }

  /** Takes one back: at once where it waits, after the attempt that is under way otherwise. */
  withdraw(clientId: string): void {
    const waiting = this.#queue.find(clientId)
    if (waiting !== undefined) return waiting.settle(new Withdrawn(waiting.inDoubt))
    const under = this.#underWay().find(one => one.clientId === clientId)
    if (under !== undefined) under.withdrawn = true
  }

  /** Resolves when nothing waits any more. */
  async drained(): Promise<void> {
    if (this.#waitingBytes > 0) await new Promise<void>(resolve => (this.#idle = resolve))
  }

  /** Rejects what still waits; nothing can be sent any more. */
  end(why: Error): void {
    if (this.#over !== undefined) return
    this.#over = why
    this.#stop.abort(why)
    this.#cancelPause?.()
    for (const { cancel } of this.#flights.values()) cancel()
    const all = [...this.#underWay(), ...this.#queue.clear()]
    this.#flights.clear()
    for (const pending of all) pending.settle(why)
  }

  #underWay(): readonly Pending[] {
    return [...this.#posted, ...[...this.#flights.values()].flatMap(({ batch }) => batch)]
  }

  /** Once a tick, however many are sent in it. */
  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    queueMicrotask(() => {
      this.#scheduled = false
      this.#pump()
    })
  }

  #pump(): void {
    // While a request is under way nothing overtakes it, not even over a WebSocket that came up.
    while (this.#over === undefined && this.#posted.length === 0 && this.#cancelPause === undefined) {
      const { first } = this.#queue
      if (first === undefined) return
      const wire = first.losses < lossesMax ? this.#link.sending : undefined
      if (wire !== undefined) {
        if (this.#isOneByOne(first)) return
        if (this.#flights.size >= flightsMax || wire.waitingBytes() > socketBytesMax) return this.#lookAgain(wire)
        this.#fly(this.#queue.takeBatch(), wire.send)
      } else if (this.#flights.size === 0) void this.#post(this.#queue.takeBatch())
      else return
    }
  }

  /** Parts of a refused batch wait for the answer to the one before: it may be divided again, and they come after it. */
  #isOneByOne({ part }: Pending): boolean {
    if (this.#flights.size === 0) return false
    return part !== undefined || this.#underWay().some(one => one.part !== undefined)
  }

  /** An acknowledgement wakes the pump by itself; a socket that empties its buffer says nothing. */
  #lookAgain({ waitingBytes }: { waitingBytes: () => number }): void {
    if (this.#flights.size === 0 && waitingBytes() > socketBytesMax) this.#pause(50, false)
  }

  #fly(batch: Pending[], send: (json: string) => void): void {
    const ref = ++this.#refs
    const cancel = this.#platform.after(answerMsMax, () => {
      this.#link.renew(new NoAnswer(clientTexts.notAcknowledged(answerMsMax / 1000)))
    })
    this.#flights.set(ref, { batch, cancel })
    send(`{"type":"send","ref":${ref},"messages":[${batch.map(({ json }) => json).join()}]}`)
  }

  async #post(batch: Pending[]): Promise<void> {
    this.#posted = batch
    const handle = await this.#outcomeOf(batch)
    this.#posted = []
    handle()
    this.#schedule()
  }

  /** Posts a batch. The result does what the answer asks for, once nothing is under way any more. */
  async #outcomeOf(batch: Pending[]): Promise<() => void> {
    const ask = {
      body: `{"messages":[${batch.map(({ json }) => json).join()}]}`,
      signal: this.#stop.signal,
    }
    try {
      const { results } = await this.#call<{ results: SendResult[] }>('POST', '/messages', ask)
      return () => this.#settle(batch, results)
    } catch (error) {
      if (!(error instanceof ForeignAnswer)) return () => this.#refuse(batch, asError(error))
      // What lets nothing pass has nothing against these messages: a sign-in page of a network, a server that restarts.
      const isReached = await this.#isReached()
      return () => (isReached ? this.#turnedAway(batch, error) : this.#refuse(batch, error))
    }
  }

  /** Whether another request comes through to Hullo. */
  async #isReached(): Promise<boolean> {
    try {
      await this.#call('GET', '/me', { signal: this.#stop.signal })
      return true
    } catch (error) {
      return error instanceof Refused
    }
  }

  #answered(frame: SentFrame | RefusedFrame): void {
    const flight = frame.ref === undefined ? undefined : this.#flights.get(frame.ref)
    if (flight === undefined) {
      // An acknowledgement that nobody waits for is a repeat; a refusal may be of a typing notice.
      if (frame.type === 'refused') this.#emitter.emit('refused', new Refused(frame.error, frame.message))
      return
    }
    this.#flights.delete(frame.ref ?? 0)
    flight.cancel()
    if (frame.type === 'sent') this.#settle(flight.batch, frame.results)
    else this.#refuse(flight.batch, new Refused(frame.error, frame.message))
    this.#schedule()
  }

  /** What was in flight when the WebSocket was lost goes again, by whatever way there is now. */
  #changed(): void {
    if (this.#link.state.is === 'over') return this.end(this.#link.state.why)
    if (this.#link.sending === undefined && this.#flights.size > 0) {
      for (const { batch, cancel } of this.#flights.values()) {
        cancel()
        for (const pending of batch) pending.losses += 1
        this.#doubt(batch)
        this.#requeue(batch)
      }
      this.#flights.clear()
    }
    if (this.#link.state.is === 'live' && !this.#pauseAsked) this.#unpause()
    this.#schedule()
  }

  #settle(batch: readonly Pending[], results: readonly SendResult[] | undefined): void {
    const again: Pending[] = []
    let askedMs = 0
    for (const [index, pending] of batch.entries()) {
      const result = results?.[index]
      if (result !== undefined && 'seq' in result) {
        this.#failures = 0
        const { seq, conversation, storedAt, repeated } = result
        pending.settle({ seq, conversation, storedAt, repeated, clientId: pending.clientId })
        continue
      }
      const error = errorOf(result)
      if (mayPass(error)) {
        if (!isNotStored(error)) pending.inDoubt = true
        again.push(pending)
        askedMs = Math.max(askedMs, retryAfterMs(error))
      } else pending.settle(error)
    }
    if (again.length > 0) this.#tryLater(again, askedMs)
  }

  /** No results at all: the connection failed, or the batch was refused as a whole. */
  #refuse(batch: readonly Pending[], error: Error): void {
    if (mayPass(error)) {
      if (!isNotStored(error)) this.#doubt(batch)
      for (const pending of batch) pending.foreign = undefined
      this.#tryLater(batch, retryAfterMs(error))
    } else if (isSignedOut(error)) {
      this.#requeue(batch)
      this.#link.end(error)
    } else this.#narrow(batch, error)
  }

  /** Something in front of Hullo answered these messages, and lets other requests pass. */
  #turnedAway(batch: readonly Pending[], error: ForeignAnswer): void {
    if (passesByItself(error)) this.#doubt(batch)
    for (const pending of batch) pending.foreign = struck(pending.foreign, error)
    if (isBlocked(batch)) {
      this.#narrow(batch, new ForeignAnswer(clientTexts.messageBlocked(error.status), error.status, { cause: error }))
    } else if (passesByItself(error)) this.#tryLater(batch, retryAfterMs(error))
    else this.#requeue(batch)
  }

  /** A refusal is about a message that is alone; of several in a batch any may be the reason. */
  #narrow(batch: readonly Pending[], error: Error): void {
    const [only, ...others] = batch
    if (others.length === 0) return only?.settle(error)
    halve(batch)
    this.#requeue(batch)
  }

  #doubt(batch: readonly Pending[]): void {
    for (const pending of batch) pending.inDoubt = true
  }

  #tryLater(batch: readonly Pending[], askedMs: number): void {
    this.#requeue(batch)
    if (this.#over !== undefined) return
    this.#failures += 1
    this.#pause(askedMs + backoffMs(this.#failures, this.#platform.random), askedMs > 0)
  }

  #requeue(batch: readonly Pending[]): void {
    for (const { settle, withdrawn, inDoubt } of batch) if (withdrawn) settle(new Withdrawn(inDoubt))
    const waiting = batch.filter(({ settled }) => !settled)
    if (this.#over !== undefined) for (const { settle } of waiting) settle(this.#over)
    else this.#queue.putBack(waiting)
  }

  #pause(ms: number, asked: boolean): void {
    this.#cancelPause?.()
    this.#pauseAsked = asked
    this.#cancelPause = this.#platform.after(ms, () => {
      this.#unpause()
      this.#pump()
    })
  }

  #unpause(): void {
    this.#cancelPause?.()
    this.#cancelPause = undefined
    this.#pauseAsked = false
  }
}

function errorOf(result: SendResult | undefined): Error {
  if (result === undefined || !('error' in result) || typeof result.error !== 'string') {
    return new NoAnswer(clientTexts.fateUnknown)
  }
  const { error, message, field, retryAfter } = result
  return new Refused(error, message, { field, retryAfter })
}
