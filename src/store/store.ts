// The store's contract, in prose and types: the ordered, durable log and what belongs to it. Every engine keeps it and
// passes test/store/conformance.ts. Nothing here names an engine, and nothing but cli/commands/serve.ts and lab/ opens one.
//
// - The log is gap-free: a batch gets the seqs head+1 .. head+n in the order of its entries; refused writes take none.
// - `write` is one transaction and one fsync for the whole batch: when it resolves, everything in it is durable; when it
//   rejects with NotWritten or Damaged nothing of it is stored, with OutcomeUnknown nobody knows. There is no other outcome.
// - One write in a batch never fails another: what the store may say no to is a value in `Written`.
// - Whatever changes who may read or write is an entry of the log, in one transaction with its rows.
// - Reads see every write that has been resolved. No read holds a transaction once it has answered.
import type {
  Account,
  AccountId,
  ConversationId,
  ConversationInfo,
  Direct,
  Entry,
  Epoch,
  Interval,
  Member,
  Membership,
  OpenInvite,
  Person,
  Seq,
  Session,
} from './rows.ts'
import type { Write, Written } from './writes.ts'

export type * from './rows.ts'
export type * from './writes.ts'

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

/** The database is damaged where this read or write touched it. Of a write nothing is stored. */
export class Damaged extends Error {
  override readonly name = 'Damaged'
}

/** A store that cannot be opened, in a sentence for the person who started the server. */
export class CannotOpen extends Error {
  override readonly name = 'CannotOpen'
}

export interface Store extends Reads, AsyncDisposable {
  /**
   * Commits a batch; one result a write, in order. `nowMs` is the clock; an entry's `storedAtMs` is the later of it and
   * its predecessor's. Calls may overlap: batches are committed in the order of the calls. Rejects with NotWritten, Damaged or
   * OutcomeUnknown; after the latter it finds out what happened before it takes another batch.
   */
  write(batch: readonly Write[], nowMs: number): Promise<readonly Written[]>
}

export interface Reads extends AccountReads, ConversationReads, LogReads {}

export interface AccountReads {
  /** The account of that key; undefined if there is none, or it is deleted. */
  accountByKey(nameKey: string): Promise<Account | undefined>
  /** The same by id. */
  accountById(account: AccountId): Promise<Account | undefined>
  /** Names of accounts, deleted ones too; ids that do not exist are left out. */
  people(ids: readonly AccountId[]): Promise<readonly Person[]>
  /**
   * Accounts in whose key a word begins with `keyPrefix`: first those whose key does, by key, then those with a later word
   * that does, by that word; after the account of the key `afterKey`. With `sharingWith` only those that share a room with
   * that account at present. Deleted ones are left out, and those who block `asker`.
   */
  findPeople(query: {
    asker: AccountId
    keyPrefix: string
    afterKey: string
    limit: number
    sharingWith: AccountId | null
  }): Promise<readonly Person[]>
  hasAccounts(): Promise<boolean>
  /** The session of a token, if its account lives; it may have expired. */
  sessionByToken(tokenHash: string): Promise<Session | undefined>
  /** The sessions of an account that have not expired, last used first. */
  sessionsOf(account: AccountId, nowMs: number): Promise<readonly Session[]>
  /** Whether others see that an account is here and typing; true until it was set otherwise. */
  showsPresence(account: AccountId): Promise<boolean>
  /** Whom an account blocks. */
  blockedBy(account: AccountId): Promise<readonly Person[]>
  /** The account that has, or had, that key: closed ones too, since a name is never given again. */
  personByKey(nameKey: string): Promise<Person | undefined>
  /** Whether both are or were in one conversation, at the same time or where the asker may read what was before it. */
  hasMet(asker: AccountId, other: AccountId): Promise<boolean>
  /** Whether either blocks the other. */
  isBlocked(a: AccountId, b: AccountId): Promise<boolean>
  /** Invites that are neither used up nor expired, in the order of their hashes, after `afterHash`. */
  openInvites(query: { afterHash: string; limit: number; nowMs: number }): Promise<readonly OpenInvite[]>
  /** Deleted accounts whose messages are not all erased yet. */
  accountsToErase(): Promise<readonly AccountId[]>
}

export interface ConversationReads {
  /** The direct conversations of an account, in no order. */
  directsOf(account: AccountId): Promise<readonly Direct[]>
  /** The direct conversation of a pair. */
  directBetween(a: AccountId, b: AccountId): Promise<ConversationId | undefined>
  /** A room by the key of its name. */
  roomByKey(nameKey: string): Promise<ConversationId | undefined>
  conversation(id: ConversationId): Promise<ConversationInfo | undefined>
  /** Public rooms in whose key a word begins with `keyPrefix`, in the order of `findPeople`, after the key `afterKey`. */
  publicRooms(query: {
    readonly keyPrefix: string
    readonly afterKey: string
    readonly limit: number
  }): Promise<readonly ConversationInfo[]>
  /** The conversations of which an account is a member at present, the latest active first, before `beforeSeq`. */
  membershipsOf(account: AccountId, beforeSeq: Seq, limit: number): Promise<readonly Membership[]>
  membership(account: AccountId, conversation: ConversationId): Promise<Membership | undefined>
  /** Present members by id, after `afterId`. */
  membersOf(conversation: ConversationId, afterId: AccountId, limit: number): Promise<readonly Member[]>
  /**
   * Everything that ever belonged to an account, and the log's head as of the same moment; or of it what reaches past
   * `after`, or lies in one conversation.
   */
  intervalsOf(
    account: AccountId,
    only?: { readonly after?: Seq; readonly conversation?: ConversationId },
  ): Promise<{ readonly head: Seq; readonly intervals: readonly Interval[] }>
  /** Those of `accounts` to which the entry at `seq` of a conversation belongs. */
  ownersAmong(accounts: readonly AccountId[], conversation: ConversationId, seq: Seq): Promise<readonly AccountId[]>
  /** The intervals of all who ever were members of a conversation. */
  intervalsIn(conversation: ConversationId): Promise<readonly (Interval & { readonly account: AccountId })[]>
  /**
   * Messages with text after `after` by others than `account`, counted up to `limit`, and among no more than the first
   * 10 x `limit` entries there: also a conversation in which one has said nearly everything oneself costs that at most.
   */
  countUnread(conversation: ConversationId, account: AccountId, after: Seq, limit: number): Promise<number>
}

export interface LogReads {
  /** The last seq, 0 in an empty log. */
  head(): Promise<Seq>
  /** The epochs, oldest first; at least one. */
  epochs(): Promise<readonly Epoch[]>
  /** Seqs of one conversation with after < seq <= upTo, ascending, at most `limit`. */
  seqsOf(conversation: ConversationId, after: Seq, upTo: Seq, limit: number): Promise<readonly Seq[]>
  /** Seqs of one conversation with from <= seq < before, descending, at most `limit`. */
  seqsBefore(conversation: ConversationId, before: Seq, from: Seq, limit: number): Promise<readonly Seq[]>
  /** The last seq of each of these conversations, in their order; 0 where there is none. */
  lastSeqs(conversations: readonly ConversationId[]): Promise<readonly Seq[]>
  /** The entries at these seqs, ascending; seqs that do not exist are left out. */
  entriesAt(seqs: readonly Seq[]): Promise<readonly Entry[]>
  /** For each message, in this order: the seq of its last edit with after < seq <= upTo; 0 where there is none. */
  lastEdits(
    asked: readonly { readonly message: Seq; readonly after: Seq; readonly upTo: Seq }[],
  ): Promise<readonly Seq[]>
  /** The log itself after a seq, ascending, at most `limit` entries. */
  entriesAfter(after: Seq, limit: number): Promise<readonly Entry[]>
  /** How far the search index reaches. */
  indexedUpTo(): Promise<Seq>
  /**
   * Messages of which one version has every one of `words` (with `isPrefix`, one that begins so), within these parts of
   * conversations (after < seq <= upTo) and before a seq, descending. The version may lie outside of the parts: the
   * caller checks the text that the reader gets. Messages outside of them change nothing in the answer, not even how
   * many there are. Yields to the event loop while it searches: it may take long.
   */
  findWords(query: {
    words: readonly { readonly word: string; readonly isPrefix: boolean }[]
    within: readonly { readonly conversation: ConversationId; readonly after: Seq; readonly upTo: Seq }[]
    before: Seq
    limit: number
  }): Promise<readonly Seq[]>
}
