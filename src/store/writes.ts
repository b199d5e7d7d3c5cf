// What a store can be asked to write, and what it answers. Who may do what is checked inside the append, where nothing
// can change in between; what the core checked before is only there to answer sooner.
import type { AccountId, ConversationId, History, Role, Seq, SessionId } from './rows.ts'

// ── Accounts ──

/** A new account. Answers `registered`, or `name-taken` where the key has been used, be it earlier in the same batch. */
export interface Register {
  readonly kind: 'register'
  readonly name: string
  readonly nameKey: string
  readonly password: string
  readonly passwordRule: number
  /** The invite that is used up by it, by its hash. Answers `no-such-invite` if it is unknown, used up or expired. */
  readonly inviteHash?: string
}

/**
 * A new invite. Answers `done`; `no-such-account` if who makes it has gone. Whether they may is asked before: nothing
 * but the account's end takes it from an admin, and with that end its invites. A repeat is harmless.
 */
export interface CreateInvite {
  readonly kind: 'create-invite'
  readonly inviteHash: string
  /** null: made by the server itself, at its first start. */
  readonly by: AccountId | null
  /** Whether the account that uses it becomes an admin. */
  readonly makesAdmin: boolean
  readonly uses: number
  readonly expiresAtMs: number
}

/** Takes an invite back, whoever made it. Answers `done`; `no-such-invite` if it is unknown, used up or expired. */
export interface EndInvite {
  readonly kind: 'end-invite'
  readonly inviteHash: string
}

/**
 * A new session; sessions of the account that have expired are dropped. Answers `session`, the same one to a repeat;
 * `no-such-account` if the account has gone.
 */
export interface CreateSession {
  readonly kind: 'create-session'
  readonly account: AccountId
  readonly tokenHash: string
  readonly label: string
  /** It expires so long after this, unless it is used. */
  readonly lifeMs: number
}

/**
 * A session was used, and lasts until `expiresAtMs` at least. Neither time moves back, and one that has expired stays
 * so. Answers `done`; takes no seq.
 */
export interface TouchSession {
  readonly kind: 'touch-session'
  readonly account: AccountId
  readonly session: SessionId
  readonly expiresAtMs: number
}

/** Ends a session of one's own. Answers `stored` (the entry `end-session`), `no-such-session`. */
export interface EndSession {
  readonly kind: 'end-session'
  readonly account: AccountId
  readonly session: SessionId
}

/**
 * A new password; every session ends but `keep`, if that is one of the account's own. Answers `stored` (the entry
 * `password`), `no-such-account`.
 */
export interface SetPassword {
  readonly kind: 'set-password'
  readonly account: AccountId
  readonly password: string
  readonly passwordRule: number
  readonly keep: SessionId | null
}

/**
 * Closes an account for good: its sessions, its invites and the blocks that it set end, it leaves its rooms (an entry
 * `leave` in each; where it was the last owner, before that a `role` by which the member of longest standing becomes
 * one), its direct conversations are closed, its name is never given again. Answers `stored` with the seq of the entry
 * `delete-account`, the last of these; `no-such-account`. Its messages are erased afterwards, by EraseSome.
 */
export interface DeleteAccount {
  readonly kind: 'delete-account'
  readonly account: AccountId
}

/**
 * Goes through up to `limit` more entries of the conversations of a deleted account, and erases those that are its own
 * messages and edits. Answers `erased` with how many it went through, which is what bounds it; 0 when none is left.
 */
export interface EraseSome {
  readonly kind: 'erase-some'
  readonly account: AccountId
  readonly limit: number
}

/** Whether others see that one is here and typing. Answers `done`; `no-such-account`. */
export interface SetPresence {
  readonly kind: 'set-presence'
  readonly account: AccountId
  readonly isShown: boolean
}

/**
 * Blocks or unblocks another account, be it closed: who is blocked by somebody is not to learn it from there. Answers
 * `stored`; `unchanged` if it is so already; `no-such-account` where who blocks has gone, the other never was, or both
 * are the same.
 */
export interface Block {
  readonly kind: 'block' | 'unblock'
  readonly account: AccountId
  readonly other: AccountId
}

// ── Messages ──

/**
 * With `once`, a repeat by the same sender answers the first result with `repeated: true` and stores nothing. It is
 * `client-id-reused` if it goes elsewhere or its text differs from the first version of the stored one; after an erasure
 * the text may be any. Holds for as long as the data lives.
 */
interface Draft {
  readonly sender: AccountId
  readonly text: string
  /** The sender's clock, seconds since 1970, kept to the last bit. Shown, never used for order. */
  readonly sentAtS: number
  readonly once?: { readonly clientId: string }
}

/**
 * A message from one account to another, or to itself. The direct conversation of the pair, with a membership of each
 * that begins at this message, is made with the first one. Answers `stored`; `no-such-account` where either is absent
 * or deleted; `blocked` where either blocks the other.
 */
export interface SendDirect extends Draft {
  readonly kind: 'send-direct'
  readonly recipient: AccountId
}

/** A message to a room. Answers `stored`; `not-a-member`, `silenced`, `room-closed`. */
export interface SendRoom extends Draft {
  readonly kind: 'send-room'
  readonly conversation: ConversationId
}

/**
 * A new version of a message of one's own: an entry `edit` with the text; the message's row keeps its own. Answers `stored`;
 * `no-such-message` (also: not within one's intervals, or erased), `not-yours`, `not-a-member`, `silenced`,
 * `room-closed`, `blocked` (in a direct conversation where either blocks the other, or the other has gone).
 */
export interface Edit {
  readonly kind: 'edit'
  readonly sender: AccountId
  readonly message: Seq
  readonly text: string
  readonly sentAtS: number
}

/**
 * Erases a message of one's own, or as an owner of the room anybody's: an entry `delete`; the row and the edits that
 * refer to it lose their text and words, and the row becomes `erased`. The bytes are gone from the files soon after, also
 * from the write-ahead log. Answers `stored`; `no-such-message`, `not-yours`,
 * `not-a-member`; `unchanged` if it is erased already.
 */
export interface Delete {
  readonly kind: 'delete'
  readonly sender: AccountId
  readonly message: Seq
}

/**
 * Moves a read marker up, never down, and never past the conversation's last entry. Answers `read` with where it is;
 * `not-a-member`.
 */
export interface MarkRead {
  readonly kind: 'mark-read'
  readonly account: AccountId
  readonly conversation: ConversationId
  readonly seq: Seq
}

// ── Rooms ──

/**
 * A new room, with an entry `create` at which its owner's membership begins. Answers `stored`; `name-taken`;
 * `no-such-account` if the owner has gone.
 */
export interface CreateRoom {
  readonly kind: 'create-room'
  readonly owner: AccountId
  readonly name: string
  readonly nameKey: string
  readonly topic: string
  readonly isPrivate: boolean
  readonly history: History
}

/**
 * One change of a room by `actor`, as an entry of the log in the same transaction. Answers `stored`; `unchanged` where
 * it is so already; `no-such-room` (also: private and not one's own); `not-a-member`, `not-an-owner`, `room-full`,
 * `too-many-stays` (who is to come in has been there 1,000 times), `too-many-rooms` (the account to add is in 1,000),
 * `was-removed` (joining after an owner removed the account), `other-was-removed` (a member who is no owner adds it),
 * `no-such-account`, `blocked` (an invitation of somebody who blocks the actor), `last-owner` (who must appoint another
 * before leaving a room in which others stay, or before becoming a member). Who leaves and comes back is a member as
 * new, but stays silenced, and keeps the read marker. Who joins a room in which nobody is becomes its owner, by an entry
 * `role` of their own right behind the `join`, whose seq is answered.
 *
 * join (of a public room) · leave · invite (by any member: it makes `account` a member) · remove, role, silence,
 * unsilence (by an owner, of a member) · topic, close, reopen (by an owner).
 */
export interface ChangeRoom {
  readonly kind: 'change-room'
  readonly conversation: ConversationId
  readonly actor: AccountId
  readonly change: RoomChange
}

export type RoomChange =
  | { readonly what: 'join' | 'leave' | 'close' | 'reopen' }
  | { readonly what: 'invite' | 'remove' | 'silence' | 'unsilence'; readonly account: AccountId }
  | { readonly what: 'role'; readonly account: AccountId; readonly role: Role }
  | { readonly what: 'topic'; readonly text: string }

// ── The log itself ──

/**
 * A rollback of the log was noticed: from its own entry `epoch` on a new epoch is in force, which is not known to share
 * anything with those before. Answers `stored`; `unchanged` where the epoch in force is not (any more) `instead`, so
 * that however many notice the same rollback, one epoch begins.
 */
export interface BeginEpoch {
  readonly kind: 'begin-epoch'
  readonly epoch: string
  readonly cursorKey: string
  readonly instead: string
}

// ── Search ──

/**
 * Adds words of messages and edits to the index, up to an entry of the log; a repeat is harmless, and a batch that reaches
 * less far than the index is ignored. The words of an edit find its message. Erased messages get no words; Delete and
 * EraseSome remove those that are there. Answers `done`.
 */
export interface IndexWords {
  readonly kind: 'index-words'
  readonly upTo: Seq
  /** By the seq of a message or an edit. Words hold no white space; each stands there once. */
  readonly messages: readonly { readonly seq: Seq; readonly words: readonly string[] }[]
}

export type Write =
  | Register
  | CreateInvite
  | EndInvite
  | CreateSession
  | TouchSession
  | EndSession
  | SetPassword
  | DeleteAccount
  | EraseSome
  | SetPresence
  | Block
  | SendDirect
  | SendRoom
  | Edit
  | Delete
  | MarkRead
  | CreateRoom
  | ChangeRoom
  | BeginEpoch
  | IndexWords

/** A "no" of the store's: nothing of that write is stored, and it took no seq. */
export type WriteRefused =
  | 'name-taken'
  | 'no-such-invite'
  | 'no-such-account'
  | 'no-such-session'
  | 'no-such-room'
  | 'no-such-message'
  | 'client-id-reused'
  | 'blocked'
  | 'not-yours'
  | 'not-a-member'
  | 'not-an-owner'
  | 'last-owner'
  | 'silenced'
  | 'room-closed'
  | 'room-full'
  | 'too-many-stays'
  | 'too-many-rooms'
  | 'was-removed'
  | 'other-was-removed'
  | 'unchanged'

export type Written =
  | { readonly kind: 'registered'; readonly account: AccountId }
  | { readonly kind: 'session'; readonly session: SessionId }
  | {
      readonly kind: 'stored'
      readonly seq: Seq
      /** 0 for an entry of no conversation. */
      readonly conversation: ConversationId
      readonly storedAtMs: number
      readonly repeated: boolean
    }
  | { readonly kind: 'read'; readonly seq: Seq }
  /** `messages` counts the entries that were gone through, whoever wrote them. */
  | { readonly kind: 'erased'; readonly messages: number }
  | { readonly kind: 'done' }
  | { readonly kind: WriteRefused }
