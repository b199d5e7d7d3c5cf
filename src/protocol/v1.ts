// The shapes of the v1 API, as they are on the wire: what every later client and the server agree on. Names of accounts
// stand as they are shown; `@name` and `#name` say where something goes. Times are seconds since 1970, fractional.

/** Where a message goes: an account `@bob`, or a room `#team`. */
export type Address = `@${string}` | `#${string}`

export type EntryKind =
  | 'text'
  | 'erased'
  | 'edit'
  | 'delete'
  | 'create'
  | 'join'
  | 'leave'
  | 'invite'
  | 'remove'
  | 'role'
  | 'topic'
  | 'silence'
  | 'unsilence'
  | 'close'
  | 'reopen'

/** One entry of the log, as every reader to whom it belongs gets it. */
export interface EntryView {
  /** Place in the log: entries of later seqs came later, over all conversations. */
  readonly seq: number
  /**
   * The seq of the entry before this one in its conversation, within the reader's membership; 0 if this is the first.
   * A reader who keeps the last seq of each conversation can verify with it that nothing is missing.
   */
  readonly prev: number
  readonly conversation: number
  /** The room, or in a direct conversation the account to which `sender` speaks. */
  readonly to: Address
  readonly kind: EntryKind
  /** Who did it. */
  readonly sender: string
  /**
   * Of a message the text of the last version that the reader may read, of an edit its own; the topic, or the new role.
   * Absent otherwise, and of an edit whose message is erased or not the reader's to read.
   */
  readonly text?: string
  /** The message that an `edit` or a `delete` is about; absent where the reader may not read it: skip the entry then. */
  readonly refersTo?: number
  /** Whom it was done to (`invite`, `remove`, `role`, `silence`, `unsilence`). */
  readonly subject?: string
  /** The sender's clock; only to be shown. */
  readonly sentAt: number
  /** The server's clock; never decreases along seq. */
  readonly storedAt: number
}

export interface AccountView {
  readonly id: number
  readonly name: string
}

/** One's own account. */
export interface MeView extends AccountView {
  readonly isAdmin: boolean
  readonly createdAt: number
}

export interface SessionView {
  readonly id: number
  readonly label: string
  readonly createdAt: number
  readonly lastUsedAt: number
  /** When it ends unless it is used before. */
  readonly expiresAt: number
  /** The session that asks. */
  readonly current: boolean
}

/** An invite that still lets somebody in, as admins see it: never its secret. */
export interface InviteView {
  readonly id: string
  /** The admin who made it; absent where the server itself did. */
  readonly by?: string
  readonly usesLeft: number
  readonly makesAdmin: boolean
  readonly expiresAt: number
}

/** The answer to a sign-in. The token is shown this once. */
export interface SignedIn {
  readonly token: string
  readonly session: SessionView
  readonly account: MeView
}

export interface DraftView {
  readonly to: Address
  /** 1 to 16,384 bytes of UTF-8. */
  readonly text: string
  /** 1 to 64 characters, the sender's own: a repeat of the same message answers the first result. */
  readonly clientId?: string
  /** The sender's clock; the server's if absent. */
  readonly sentAt?: number
}

/** What became of one draft, in the order of the drafts. */
export type SendResult =
  | { readonly seq: number; readonly conversation: number; readonly storedAt: number; readonly repeated: boolean }
  | { readonly error: string; readonly message: string; readonly field?: string; readonly retryAfter?: number }

export type RoleView = 'owner' | 'member'

export interface RoomView {
  readonly id: number
  readonly name: string
  readonly topic: string
  readonly private: boolean
  readonly history: 'all' | 'from-joining'
  /** Closed for writing. */
  readonly closed: boolean
  readonly members: number
}

/** A conversation in one's own list. */
export interface ConversationView {
  readonly id: number
  /** What to write to: the room, or the other account. */
  readonly address: Address
  readonly room?: RoomView
  /** One's own place in it. */
  readonly role: RoleView
  readonly silenced: boolean
  readonly readSeq: number
  readonly lastSeq: number
  /** The last entry that is a message or an erased one; absent if there is none. */
  readonly last?: EntryView
  /** Unread messages of others; 1000 means "999+". */
  readonly unread: number
}

export interface MemberView extends AccountView {
  readonly role: RoleView
  readonly silenced: boolean
  /** How far they have read; 0 where that is not shown. */
  readonly readSeq: number
}

/** A page of entries and how to go on. */
export interface EntriesView {
  readonly entries: readonly EntryView[]
  /** Goes into `after` next time, also when there are no entries. */
  readonly cursor: string
  /** Whether there is more at once. */
  readonly more: boolean
  /** The log was rolled back: what one holds after this seq is not in it any more. Only where that happened. */
  readonly diverged?: number
  /** The cursor was below the floor, this seq: what lay between is gone. Only where that happened. */
  readonly truncated?: number
}

/** Who can make an account on a server. */
export interface RegistrationView {
  readonly registration: 'open' | 'invite' | 'closed'
}

/** A page of one conversation, ascending; `more` in the direction in which one reads. */
export interface HistoryView {
  readonly entries: readonly EntryView[]
  readonly more: boolean
}

/** Messages in which the words were found, newest first. */
export interface FoundView {
  readonly entries: readonly EntryView[]
  /** Goes into `before` next time; absent if there is nothing before. */
  readonly before?: number
  /** Only while the search index lags: messages after this seq may be missing. */
  readonly indexedUpTo?: number
}

/** What became of a change: the entry of the log that it is, or nothing where it was so already. */
export interface ChangeView {
  readonly changed: boolean
  readonly seq?: number
}

export interface NewRoomView {
  readonly name: string
  readonly topic?: string
  /** Nobody outside sees it; one gets in by an invitation. */
  readonly private?: boolean
  /** What members may read: all, or what came since they joined. */
  readonly history?: 'all' | 'from-joining'
}

// ── Live: the same in SSE (the event's name is the frame's `type`) and WebSocket (one frame, one JSON object) ──

/** The first frame of every stream. */
export interface HelloFrame {
  readonly type: 'hello'
  readonly epoch: string
  /** The lowest seq that is kept. */
  readonly floor: number
  readonly head: number
  /** Where this stream begins. */
  readonly cursor: string
  readonly account: MeView
}

/** Entries in seq order; `cursor` stands behind the last of them. In SSE it is the event's id. */
export interface EntriesFrame {
  readonly type: 'entries'
  readonly cursor: string
  readonly entries: readonly EntryView[]
}

/** Nothing happened, up to here. Comes at least every 15 s. */
export interface BeatFrame {
  readonly type: 'beat'
  readonly cursor: string
}

/** The log was rolled back: what the client holds after `shared` is not in it any more. The stream goes on behind it. */
export interface DivergedFrame {
  readonly type: 'diverged'
  readonly shared: number
}

/** The cursor is below the floor: what lay between is gone. The stream goes on from the floor. */
export interface TruncatedFrame {
  readonly type: 'truncated'
  readonly floor: number
}

/** Soft state, outside the log: may be lost, has no cursor. */
export type SoftEvent =
  | { readonly kind: 'typing'; readonly conversation: number; readonly who: string }
  | { readonly kind: 'presence'; readonly who: string; readonly online: boolean; readonly lastSeen?: number }
  | { readonly kind: 'read'; readonly conversation: number; readonly who: string; readonly seq: number }

export interface SoftFrame {
  readonly type: 'soft'
  readonly events: readonly SoftEvent[]
}

/** The server ends the stream: come back with the cursor, unless the session is over. */
export interface EndFrame {
  readonly type: 'end'
  readonly reason: 'session-over' | 'stopping' | 'renew'
}

/** The answer to a `send`: one result a draft, in order. WebSocket only. */
export interface SentFrame {
  readonly type: 'sent'
  readonly ref: number
  readonly results: readonly SendResult[]
}

/** A frame of the client's was refused; with its `ref`, if it had one. WebSocket only. */
export interface RefusedFrame {
  readonly type: 'refused'
  readonly ref?: number
  readonly error: string
  readonly message: string
}

export type ServerFrame =
  | HelloFrame
  | EntriesFrame
  | BeatFrame
  | DivergedFrame
  | TruncatedFrame
  | SoftFrame
  | EndFrame
  | SentFrame
  | RefusedFrame

/** What a client says on a WebSocket (subprotocol `hullo.v1`). The first frame is `start`. */
export type ClientFrame =
  | {
      readonly type: 'start'
      /** The token, unless the request for the WebSocket carried one (Authorization, cookie). */
      readonly token?: string
      /** The cursor to go on from; the log's head if absent. */
      readonly after?: string
    }
  | { readonly type: 'send'; readonly ref: number; readonly messages: readonly DraftView[] }
  | { readonly type: 'read'; readonly conversation: number; readonly seq: number }
  | { readonly type: 'typing'; readonly to: Address }
  | { readonly type: 'beat' }

/** A refusal of the v1 API: an RFC 9457 problem document, with the catalogue's stable code. */
export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  /** The sentence for a person. */
  readonly detail: string
  readonly code: string
  readonly field?: string
  readonly retryAfter?: number
}
