// Reads, on a connection of their own; reads/ has them. Each is one short statement, finished before it answers: no
// transaction and no iterator outlives a call, since a reader that stays holds back the WAL's checkpoint.
import { type ConversationReads, Damaged, type Reads } from '../store.ts'
import { type Connection, connectReader, isDamage } from './connect.ts'
import { accountReads } from './reads/accounts.ts'
import { conversationReads } from './reads/conversations.ts'
import { logReads } from './reads/log.ts'
import { memberReads } from './reads/members.ts'
import { searchReads } from './reads/search.ts'
import { unreadReads, UnreadCounts } from './unread-counts.ts'

export interface Reader {
  readonly reads: Reads
  /** As the reads have it, remembering what was counted. */
  readonly countUnread: ConversationReads['countUnread']
  /** The same count for who hears of all that is written. */
  readonly unread: UnreadCounts
  close(): void
}

/** Opens the database for reading. Reads reject with Damaged where the file is; `damaged` is called first. */
export function openReader(file: string, damaged: () => void = () => {}): Reader {
  const db = connectReader(file)
  const unread = new UnreadCounts(db)
  const countUnread: Reader['countUnread'] = async (...asked) => unread.count(...asked)
  const noticing = <Read extends (...asked: never[]) => Promise<unknown>>(read: Read): Read =>
    ((...asked) =>
      read(...asked).catch((error: unknown) => {
        if (!(isDamage(error) || error instanceof Damaged)) throw error
        damaged()
        throw error instanceof Damaged ? error : new Damaged((error as Error).message, { cause: error })
      })) as Read
  const reads = Object.fromEntries(Object.entries(readsOn(db)).map(([name, read]) => [name, noticing(read)]))
  return { reads: reads as unknown as Reads, countUnread: noticing(countUnread), unread, close: () => db.close() }
}

export function readsOn(db: Connection): Reads {
  return {
    ...accountReads(db),
    ...conversationReads(db),
    ...memberReads(db),
    ...unreadReads(db),
    ...logReads(db),
    ...searchReads(db),
  }
}
