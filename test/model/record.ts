// What was seen from outside during a run, over whatever transport: what senders were told, and what readers got. The
// judge holds it against the log as it is at the end.
import { parseCursor } from '../../src/protocol/cursor.ts'
import type { EntryView, ServerFrame } from '../../src/protocol/v1.ts'
import type { AccountId, Seq, SessionId } from '../../src/store/store.ts'

/** What a sender was told about one attempt; `unknown` also where it was told nothing. */
export type Told =
  | { readonly kind: 'stored'; readonly seq: Seq; readonly repeated: boolean }
  | { readonly kind: 'refused'; readonly code: string }
  | { readonly kind: 'unknown' }

/** One message somebody wanted to send. The time of sending is different for each, which tells them apart. */
export interface Sent {
  readonly sender: AccountId
  readonly to: string
  readonly text: string
  readonly clientId: string | undefined
  readonly sentAtS: number
  readonly told: Told[]
}

/** An entry at the moment it was received. */
export interface Receipt {
  readonly entry: EntryView
  readonly session: SessionId
  /** The log's durable head at that moment. */
  readonly durable: Seq
}

/** A session, as far as the log can say when it was over. */
export interface SessionSpan {
  readonly session: SessionId
  readonly account: AccountId
  /** The head when it was known to have begun: an end that the log has before it is another one's. */
  readonly from: Seq
}

export interface Record {
  readonly sends: Sent[]
  readonly chains: Chain[]
  readonly sessions: SessionSpan[]
  /** What was wrong at once, without looking at the log. */
  readonly findings: string[]
}

export function newRecord(): Record {
  return { sends: [], chains: [], sessions: [], findings: [] }
}

/** What one reader got, over all its connections: each goes on from the cursor of the one before. */
export class Chain {
  readonly account: AccountId
  readonly name: string
  readonly received: Receipt[] = []
  readonly #findings: string[]
  /** Where it began; undefined until it has been told. */
  start: Seq | undefined
  at: Seq = 0
  cursor: string | undefined

  constructor(account: AccountId, name: string, findings: string[], cursor?: string) {
    this.account = account
    this.name = name
    this.#findings = findings
    this.cursor = cursor
    if (cursor !== undefined) this.start = 0
  }

  /** A frame as it came over the wire. `least`: the durable head when the connection was asked for. */
  take(frame: ServerFrame, { session, durable, least }: { session: SessionId; durable: Seq; least: Seq }): void {
    if (frame.type === 'hello') {
      const seq = this.#place(frame.cursor)
      if (this.start === undefined) {
        this.start = seq
        this.at = seq
        if (seq < least) this.#wrong(`was to begin at the head, ${least} at least, and began at ${seq}`)
      }
      if (seq !== this.at) this.#wrong(`came back at ${this.at} and was put at ${seq}`)
      if (frame.account.name !== this.name) this.#wrong(`was taken for ${frame.account.name}`)
      if (frame.head > durable) this.#wrong(`was told of head ${frame.head} when ${durable} was durable`)
      this.cursor = frame.cursor
    } else if (frame.type === 'entries') {
      for (const entry of frame.entries) {
        if (entry.seq <= this.at) this.#wrong(`got ${entry.seq} at ${this.at}`)
        if (entry.seq > durable) this.#wrong(`got ${entry.seq} when ${durable} was durable`)
        this.at = entry.seq
        this.received.push({ entry, session, durable })
      }
      if (frame.entries.length === 0) this.#wrong('got no entries')
      if (this.#place(frame.cursor) !== this.at) this.#wrong(`got the cursor ${frame.cursor} behind ${this.at}`)
      this.cursor = frame.cursor
    } else if (frame.type === 'beat') {
      const seq = this.#place(frame.cursor)
      if (seq < this.at) this.#wrong(`was put back from ${this.at} to ${seq}`)
      if (seq > durable) this.#wrong(`was put at ${seq} when ${durable} was durable`)
      this.at = seq
      this.cursor = frame.cursor
    } else if (frame.type === 'diverged' || frame.type === 'truncated') {
      this.#wrong(`was told ${JSON.stringify(frame)}`)
    }
  }

  #place(cursor: string): Seq {
    const parsed = parseCursor(cursor)
    if (parsed === undefined) this.#wrong(`got the cursor ${cursor}`)
    return parsed?.seq ?? 0
  }

  #wrong(what: string): void {
    this.#findings.push(`a reader of ${this.name} ${what}`)
  }
}
