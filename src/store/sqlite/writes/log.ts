// The end of the log within one batch: where it stands, and how entries are added to it. Every seq is given here, and
// nowhere else; what is added is neither checked nor looked at.
import type { AccountId, ConversationId, EntryKind, Seq, Written } from '../../store.ts'
import { type Connection, prepare } from '../connect.ts'

export type Stored = Extract<Written, { kind: 'stored' }>

/** An entry other than a message, as the writes give it; absent means null, no text, and now. */
export interface Event {
  readonly conversation: ConversationId
  readonly sender: AccountId
  readonly kind: Exclude<EntryKind, 'text' | 'erased'>
  readonly text?: string
  readonly refersTo?: number | null
  readonly subject?: AccountId | null
  readonly sentAtS?: number
}

interface LastRow {
  readonly seq: Seq
  readonly stored_at: number
}

export class Log {
  /** The last seq, those of this batch included. */
  head: Seq = 0
  /** The time of this batch's entries: the later of the clock and the last entry before it. */
  storedAtMs = 0
  /** The clock, as the batch was given it. */
  nowMs = 0
  readonly #lastRow
  readonly #insertText
  readonly #insertEvent

  constructor(db: Connection) {
    this.#lastRow = prepare<[], LastRow>(db, 'SELECT seq, stored_at FROM messages ORDER BY seq DESC LIMIT 1')
    // The column client_id stays empty: `sends` has what it would hold, a tenth of a short message's bytes. It is still
    // there because to drop it would write the whole log anew.
    this.#insertText = prepare<[Seq, ConversationId, AccountId, string, number, number]>(
      db,
      `INSERT INTO messages (seq, conversation, sender, kind, text, sent_at, stored_at)
       VALUES (?, ?, ?, 'text', ?, ?, ?)`,
    )
    this.#insertEvent = prepare<
      [Seq, ConversationId, AccountId, string, string, number | null, AccountId | null, number, number]
    >(
      db,
      `INSERT INTO messages (seq, conversation, sender, kind, text, refers_to, subject, sent_at, stored_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
  }

  /** The last seq that is stored. */
  stored(): Seq {
    return this.#lastRow.get()?.seq ?? 0
  }

  begin(nowMs: number): void {
    const last = this.#lastRow.get()
    this.head = last?.seq ?? 0
    this.nowMs = nowMs
    this.storedAtMs = Math.max(nowMs, last?.stored_at ?? 0)
  }

  addText(conversation: ConversationId, sender: AccountId, text: string, sentAtS: number): Stored {
    const seq = this.head + 1
    this.#insertText.run(seq, conversation, sender, text, sentAtS, this.storedAtMs)
    return this.#added(seq, conversation)
  }

  add({ conversation, sender, kind, text = '', refersTo = null, subject = null, sentAtS }: Event): Stored {
    const seq = this.head + 1
    const { storedAtMs } = this
    const atS = sentAtS ?? storedAtMs / 1_000
    this.#insertEvent.run(seq, conversation, sender, kind, text, refersTo, subject, atS, storedAtMs)
    return this.#added(seq, conversation)
  }

  #added(seq: Seq, conversation: ConversationId): Stored {
    this.head = seq
    return { kind: 'stored', seq, conversation, storedAtMs: this.storedAtMs, repeated: false }
  }
}
