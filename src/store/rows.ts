// What a store holds, as it is read. Times of ours are milliseconds since 1970, the sender's are seconds.
import type { EntryKind as VisibleKind } from '../protocol/v1.ts'

/** Place in the log, from 1. A safe integer; the row at the head is never removed. */
export type Seq = number
export type AccountId = number
export type ConversationId = number
export type SessionId = number

export interface Account {
  readonly id: AccountId
  /** As registered; `nameKey` of it is unique, also among deleted accounts. */
  readonly name: string
  /** PHC string. */
  readonly password: string
  /** The shortest password that was allowed, in characters, when this one was set. */
  readonly passwordRule: number
  readonly isAdmin: boolean
  readonly createdAtMs: number
}

/** An account as others see it. */
export interface Person {
  readonly id: AccountId
  readonly name: string
}

export interface Session {
  readonly id: SessionId
  readonly account: AccountId
  readonly label: string
  readonly createdAtMs: number
  readonly lastUsedAtMs: number
  /** It moves on with use. */
  readonly expiresAtMs: number
  /** How long it lasts after a use. */
  readonly lifeMs: number
}

/**
 * What changes who may read or write without happening in a conversation (`conversation` is 0): it reaches no client,
 * but every node changes its view when it passes it. `end-session` names the session in `refersTo`; `password` names
 * there the one session that stays (null: none does).
 */
type AccountEvent = 'end-session' | 'password' | 'block' | 'unblock' | 'delete-account'

/** A new epoch of the log begins with this entry, by nobody (`sender` 0), and as little anybody's to read. */
type LogEvent = 'epoch'

/**
 * What a reader may see is what goes over the wire: a message as `text`, or `erased`, which keeps its seq and has no text;
 * what happens to a message (`refersTo`) or to a room (`subject`, or `text` for a topic or a role).
 */
export type EntryKind = VisibleKind | AccountEvent | LogEvent

/** One row of the log. */
export interface Entry {
  readonly seq: Seq
  readonly conversation: ConversationId
  /** Who did it. */
  readonly sender: AccountId
  readonly kind: EntryKind
  /** The first text of a message; of an edit the text it brought. Both are empty once the message is erased. */
  readonly text: string
  /**
   * The message of an `edit` or a `delete`; for two of the account's events a SessionId. A message refers to itself where
   * 0.4 replaced its first text by an edit: the row is blank, and only the edits have a text.
   */
  readonly refersTo: Seq | null
  /** Whom it was done to; null where that is the sender. */
  readonly subject: AccountId | null
  readonly sentAtS: number
  /** Never decreases along seq. */
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

/** A stretch of a conversation that belongs to an account, bounds included; `leftSeq` null while it goes on. */
export interface Interval {
  readonly conversation: ConversationId
  readonly joinedSeq: Seq
  readonly leftSeq: Seq | null
}

export type Role = 'owner' | 'member'

/** Whether members may read what was said before they joined. */
export type History = 'all' | 'from-joining'

/** What everybody who may see a conversation sees of it. */
export type ConversationInfo =
  | { readonly id: ConversationId; readonly kind: 'direct'; readonly low: Person; readonly high: Person }
  | {
      readonly id: ConversationId
      readonly kind: 'room'
      readonly name: string
      readonly topic: string
      readonly isPrivate: boolean
      readonly history: History
      /** Closed for writing. */
      readonly isClosed: boolean
      readonly members: number
    }

/** A conversation as one of its present members has it. */
export interface Membership {
  readonly conversation: ConversationInfo
  readonly role: Role
  readonly isSilenced: boolean
  readonly joinedSeq: Seq
  readonly readSeq: Seq
  /** Of the conversation. */
  readonly lastSeq: Seq
}

export interface Member extends Person {
  readonly role: Role
  readonly isSilenced: boolean
  readonly readSeq: Seq
}

/** An invite that still lets somebody in. Its secret is nowhere; `inviteHash` says which one it is. */
export interface OpenInvite {
  readonly inviteHash: string
  /** Who made it; null: the server itself. */
  readonly by: Person | null
  readonly makesAdmin: boolean
  readonly usesLeft: number
  readonly expiresAtMs: number
}

/** A stretch of the log's life: rows from `firstSeq` on were written under `epoch`, until the next one's first. */
export interface Epoch {
  /** 16 hexadecimal digits. */
  readonly epoch: string
  /** Rises from epoch to epoch. */
  readonly firstSeq: Seq
  /**
   * Rows up to here are known to be those of the epochs before. 0 where a rollback was only noticed afterwards: how far
   * back it went, nobody knows.
   */
  readonly sharedSeq: Seq
  /** Signs the cursors of this epoch; never leaves the server. */
  readonly cursorKey: string
}
