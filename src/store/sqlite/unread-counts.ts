// How much is unread, counted once: what was counted of a conversation stays so until something in it is erased, and
// the next count goes on where the last one ended. Without it a list of busy conversations that are never read counts
// the same thousand rows of each again whenever it is asked for. Right because nobody but this store writes the file.
import type { AccountId, ConversationId, ConversationReads, Seq, Write, Written } from '../store.ts'
import { type Connection, prepare } from './connect.ts'

interface Piece {
  readonly looked: number
  readonly unread: number
  /** Of the last entry that was looked at; null if there was none. */
  readonly upTo: Seq | null
}

interface Counted {
  readonly after: Seq
  readonly limit: number
  upTo: Seq
  looked: number
  unread: number
}

/** Counts that are remembered, of about 100 bytes: 5 MiB; beyond them those of the conversation that came first go. */
const countsMax = 50_000

/** Entries that are looked at together at least, where few of them count. */
const pieceMin = 100

/** Entries that are looked at for each that may be counted: bounded also where nearly all that follows is one's own. */
const lookedPerUnread = 10

type CountOn = (conversation: ConversationId, account: AccountId, counted: Counted) => number

/** Goes on with a count, piece by piece, and answers it. */
function countingOn(db: Connection): CountOn {
  const next = prepare<[AccountId, ConversationId, Seq, number], Piece>(
    db,
    `SELECT count(*) AS looked, total(kind = 'text' AND sender <> ?) AS unread, max(seq) AS upTo
     FROM (SELECT seq, kind, sender FROM messages WHERE conversation = ? AND seq > ? ORDER BY seq LIMIT ?)`,
  )
  return (conversation, account, counted) => {
    const { limit } = counted
    while (counted.unread < limit && counted.looked < limit * lookedPerUnread) {
      const most = limit * lookedPerUnread - counted.looked
      const wanted = Math.min(Math.max(pieceMin, limit - counted.unread), most)
      const { looked, unread, upTo } = next.get(account, conversation, counted.upTo, wanted) as Piece
      counted.looked += looked
      counted.unread += unread
      counted.upTo = upTo ?? counted.upTo
      if (looked < wanted) break
    }
    return Math.min(counted.unread, limit)
  }
}

const begun = (after: Seq, limit: number): Counted => ({ after, limit, upTo: after, looked: 0, unread: 0 })

/** Counts anew each time: right whoever writes. */
export function unreadReads(db: Connection): Pick<ConversationReads, 'countUnread'> {
  const countOn = countingOn(db)
  return {
    countUnread: async (conversation, account, after, limit) => countOn(conversation, account, begun(after, limit)),
  }
}

export class UnreadCounts {
  readonly #countOn: CountOn
  readonly #counts = new Map<ConversationId, Map<AccountId, Counted>>()
  #size = 0

  constructor(db: Connection) {
    this.#countOn = countingOn(db)
  }

  /** As ConversationReads.countUnread. */
  count(conversation: ConversationId, account: AccountId, after: Seq, limit: number): number {
    return this.#countOn(conversation, account, this.#counted(conversation, account, after, limit))
  }

  /** Forgets what these writes may have made fewer; before whoever asked for them hears of it. */
  stored(batch: readonly Write[], results: readonly Written[]): void {
    for (const [at, { kind }] of batch.entries()) {
      if (kind === 'erase-some') return this.clear()
      const result = results[at]
      if (kind === 'delete' && result?.kind === 'stored') this.#forget(result.conversation)
    }
  }

  clear(): void {
    this.#counts.clear()
    this.#size = 0
  }

  /** What was counted after that seq; of another one nothing is of use. */
  #counted(conversation: ConversationId, account: AccountId, after: Seq, limit: number): Counted {
    const known = this.#counts.get(conversation)?.get(account)
    if (known?.after === after && known.limit === limit) return known
    if (known === undefined) this.#makeRoom()
    const counted = begun(after, limit)
    const others = this.#counts.get(conversation) ?? new Map<AccountId, Counted>()
    this.#counts.set(conversation, others.set(account, counted))
    return counted
  }

  #makeRoom(): void {
    const [first] = this.#counts.keys()
    if (this.#size >= countsMax && first !== undefined) this.#forget(first)
    this.#size += 1
  }

  #forget(conversation: ConversationId): void {
    this.#size -= this.#counts.get(conversation)?.size ?? 0
    this.#counts.delete(conversation)
  }
}
