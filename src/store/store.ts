// The store's contract, in prose and types: the ordered, durable log and what belongs to it. Every engine keeps it and
// passes test/store/conformance.ts. Nothing here names an engine, and nothing but cli/serve.ts and lab/ opens one.
//
// - The log is gap-free: a batch gets the seqs head+1 .. head+n in the order of its sends; refused sends take none.
// - `write` is one transaction and one fsync for the whole batch: when it resolves, everything in it is durable; when it
//   rejects with NotWritten nothing of it is stored, and with OutcomeUnknown nobody knows. There is no fourth outcome.
// - One write in a batch never fails another: what the store may say no to is a value in `Written`.
// - Reads see every write that has been resolved. No read holds a transaction once it has answered.

/** Place in the log, from 1. A safe integer; the row at the head is never removed. */
export type Seq = number
export type AccountId = number
export type ConversationId = number

export interface Account {
  readonly id: AccountId
  /** As registered; `nameKey` of it is unique, also among deleted accounts. */
  readonly name: string
  /** PHC string. */
  readonly password: string
  /** The shortest password that was allowed, in characters, when this one was set. */
  readonly passwordRule: number
  readonly createdAtMs: number
}

/** A new account. Answers `registered`, or `name-taken` where the key has been used, be it earlier in the same batch. */
export interface Register {
  readonly kind: 'register'
  readonly name: string
  readonly nameKey: string
  readonly password: string
  readonly passwordRule: number
}

/**
 * A message from one account to another, or to itself. The direct conversation of the pair, with a membership of each
 * that begins at this message, is made with the first one. Answers `stored`; `no-such-account` where either is absent.
 *
 * With a `clientId` a repeat by the same sender answers the first result with `repeated: true` and stores nothing, if
 * its `digest` is the first one's, and `client-id-reused` if it is not; for as long as the data lives.
 */
export interface SendDirect {
  readonly kind: 'send-direct'
  readonly sender: AccountId
  readonly recipient: AccountId
  readonly text: string
  /** The sender's clock, seconds since 1970, kept to the last bit. Shown, never used for order. */
  readonly sentAtS: number
  readonly once?: { readonly clientId: string; readonly digest: string }
}

export type Write = Register | SendDirect

export type Written =
  | { readonly kind: 'registered'; readonly account: AccountId }
  | { readonly kind: 'name-taken' }
  | { readonly kind: 'stored'; readonly seq: Seq; readonly conversation: ConversationId; readonly repeated: boolean }
  | { readonly kind: 'no-such-account' }
  | { readonly kind: 'client-id-reused' }

/** One row of the log. */
export interface Entry {
  readonly seq: Seq
  readonly conversation: ConversationId
  readonly sender: AccountId
  readonly kind: 'text'
  readonly text: string
  readonly sentAtS: number
  /** Our clock, milliseconds since 1970; never decreases along seq. */
  readonly storedAtMs: number
}

/** An account's membership of a direct conversation: the entries from `joinedSeq` on are its own. */
export interface Direct {
  readonly conversation: ConversationId
  /** The other one, or the account itself. */
  readonly peer: AccountId
  readonly peerName: string
  readonly joinedSeq: Seq
}

/** A stretch of the log's life: rows from `firstSeq` on were written under `epoch`, until the next one's first. */
export interface Epoch {
  readonly epoch: string
  readonly firstSeq: Seq
}

/** Nothing of the batch is stored. `divisible`: one write in it may be at fault, and parts of it may succeed. */
export class NotWritten extends Error {
  override readonly name = 'NotWritten'
  readonly divisible: boolean

  constructor(message: string, divisible: boolean, options?: ErrorOptions) {
    super(message, options)
    this.divisible = divisible
  }
}

/** The batch may be stored or not, and it could not be found out. */
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown'
}

/** A store that cannot be opened, in a sentence for the person who started the server. */
export class CannotOpen extends Error {
  override readonly name = 'CannotOpen'
}

export interface Store extends AsyncDisposable {
  /**
   * Commits a batch; one result a write, in order. `nowMs` is the clock; an entry's `storedAtMs` is the later of it and
   * its predecessor's. Calls may overlap: batches are committed in the order of the calls. Rejects with NotWritten or
   * OutcomeUnknown; after the latter it finds out what happened before it takes another batch.
   */
  write(batch: readonly Write[], nowMs: number): Promise<readonly Written[]>

  accountByKey(nameKey: string): Promise<Account | undefined>
  /** The direct conversations of an account, in no order. */
  directsOf(account: AccountId): Promise<readonly Direct[]>

  /** The last seq, 0 in an empty log. */
  head(): Promise<Seq>
  /** The epochs, oldest first; at least one. */
  epochs(): Promise<readonly Epoch[]>
  /** Seqs of one conversation with after < seq <= upTo, ascending, at most `limit`. */
  seqsOf(conversation: ConversationId, after: Seq, upTo: Seq, limit: number): Promise<readonly Seq[]>
  /** The entries at these seqs, ascending; seqs that do not exist are left out. */
  entriesAt(seqs: readonly Seq[]): Promise<readonly Entry[]>
  /** The log itself after a seq, ascending, at most `limit` entries. */
  entriesAfter(after: Seq, limit: number): Promise<readonly Entry[]>
}
