// A device of somebody's against a real server: it follows over one of the transports, is slow, is cut off, comes back
// with its cursor, and sends over its WebSocket while it has one.
import { setTimeout as after } from 'node:timers/promises'
import type { DraftView, SendResult } from '../../src/protocol/v1.ts'
import type { Seq, SessionId } from '../../src/store/store.ts'
import type { Chance } from './chance.ts'
import type { Chain } from './record.ts'
import { openSse, openWebSocket, type Wire } from './wires.ts'

export interface Ticket {
  readonly url: string
  readonly token: string
  readonly session: SessionId
}

type Answer = (results: readonly SendResult[] | undefined) => void

export class Device {
  readonly chain: Chain
  readonly #chance: Chance
  readonly #head: () => Promise<Seq>
  readonly #isSse: boolean
  readonly #answers = new Map<number, Answer>()
  #wire: Wire | undefined
  #refs = 0
  /** Milliseconds that it takes over each frame. */
  #slownessMs = 0
  #reading: Promise<void> = Promise.resolve()
  #last: Promise<void> = Promise.resolve()

  /** `head`: the log's durable head, read past the server. */
  constructor(chain: Chain, { chance, head, isSse }: { chance: Chance; head: () => Promise<Seq>; isSse: boolean }) {
    this.chain = chain
    this.#chance = chance
    this.#head = head
    this.#isSse = isSse
  }

  get isConnected(): boolean {
    return this.#wire !== undefined
  }

  /** Comes back with its cursor; not before what was asked of it before is done. */
  connect(ticket: Ticket, slow: boolean): Promise<void> {
    return this.#inTurn(() => this.#connect(ticket, slow))
  }

  /** Cuts the connection; what is on the wire is lost. */
  cut(): Promise<void> {
    return this.#inTurn(() => this.#cut())
  }

  #inTurn(act: () => Promise<void>): Promise<void> {
    this.#last = this.#last.then(act)
    return this.#last
  }

  async #connect({ url, token, session }: Ticket, slow: boolean): Promise<void> {
    await this.#cut()
    const least = await this.#head()
    const asked = { url, token, after: this.chain.cursor }
    const wire = await (this.#isSse ? openSse(asked, this.#chance.odds(0.5)) : openWebSocket(asked)).catch(
      () => undefined,
    )
    if (wire === undefined) return
    this.#wire = wire
    this.#slownessMs = slow ? this.#chance.pick([5, 100, 400]) : 0
    this.#reading = this.#read(wire, session, least)
      // A connection that breaks; whatever the chain finds wrong is noted there.
      .catch(() => {})
      .finally(() => this.#lost(wire))
  }

  async #cut(): Promise<void> {
    this.#wire?.cut()
    this.#wire = undefined
    await this.#reading
  }

  /** Sends over the WebSocket; undefined where no answer came. */
  send(messages: readonly DraftView[]): Promise<readonly SendResult[] | undefined> {
    const wire = this.#wire
    if (wire === undefined || this.#isSse) return Promise.resolve(undefined)
    this.#refs += 1
    const ref = this.#refs
    return new Promise(resolve => {
      this.#answers.set(ref, resolve)
      wire.send({ type: 'send', ref, messages })
    })
  }

  async #read(wire: Wire, session: SessionId, least: Seq): Promise<void> {
    for await (const frame of wire.frames) {
      if (this.#wire !== wire) return
      if (frame.type === 'sent') this.#answer(frame.ref, frame.results)
      else {
        if (this.#slownessMs > 0) await after(this.#slownessMs)
        if (this.#wire !== wire) return
        this.chain.take(frame, { session, durable: await this.#head(), least })
      }
    }
  }

  #lost(wire: Wire): void {
    wire.cut()
    if (this.#wire === wire) this.#wire = undefined
    for (const ref of this.#answers.keys()) this.#answer(ref, undefined)
  }

  #answer(ref: number, results: readonly SendResult[] | undefined): void {
    this.#answers.get(ref)?.(results)
    this.#answers.delete(ref)
  }
}
