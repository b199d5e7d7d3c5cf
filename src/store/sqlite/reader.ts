// Reads, on a connection of their own; reads/ has them. Each is one short statement, finished before it answers: no
// transaction and no iterator outlives a call, since a reader that stays holds back the WAL's checkpoint.
import type { Reads } from '../store.ts'
import { type Connection, connectReader } from './connect.ts'
import { accountReads } from './reads/accounts.ts'
import { conversationReads } from './reads/conversations.ts'
import { logReads } from './reads/log.ts'
import { memberReads } from './reads/members.ts'
import { searchReads } from './reads/search.ts'
import { unreadReads, UnreadCounts } from './unread-counts.ts'

export interface Reader {
  readonly reads: Reads
  /** The same count for who hears of all that is written. */
  readonly unread: UnreadCounts
  close(): void
}

export function openReader(file: string): Reader {
  const db = connectReader(file)
  return { reads: readsOn(db), unread: new UnreadCounts(db), close: () => db.close() }
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
