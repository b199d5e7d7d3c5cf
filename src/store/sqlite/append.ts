// The transaction: a batch of writes becomes rows, each entry with the next seq. It runs in the writer's thread, on the
// only connection that writes; it decides nothing that another engine would decide otherwise. Here is who does what:
// each kind of write has its place in writes/.
import type { AccountId, Seq, Write, Written } from '../store.ts'
import { type Connection, prepare } from './connect.ts'
import { accountWrites, registering } from './writes/accounts.ts'
import { blockWrites } from './writes/blocks.ts'
import { editWrites } from './writes/edits.ts'
import { epochWrites } from './writes/epochs.ts'
import { erasingWrites } from './writes/erasing.ts'
import { Log } from './writes/log.ts'
import { members as membersOf } from './writes/members.ts'
import { messageWrites } from './writes/messages.ts'
import { people as peopleOf } from './writes/people.ts'
import { roomWrites } from './writes/rooms.ts'
import { searchWrites } from './writes/search.ts'
import { sessionWrites } from './writes/sessions.ts'

/**
 * What a batch moves, for finding out after a failed COMMIT whether it is there: a batch that changes anything changes
 * at least one of these, and never back. Entries move the head, registrations the last account; what does neither
 * (sessions, invites, read markers, erasing, search) counts itself as a quiet batch, in a row that the busy ones leave
 * alone.
 */
export interface Position {
  readonly head: Seq
  readonly lastAccount: AccountId
  readonly quietBatches: number
}

export interface Appender {
  position(): Position
  /** Carries out a batch within the transaction that the caller has begun. */
  append(batch: readonly Write[], nowMs: number): Written[]
}

export function appender(db: Connection): Appender {
  const lastAccount = prepare<[], number | null>(db, 'SELECT max(id) FROM accounts').pluck()
  const quietBatches = prepare<[], number>(db, "SELECT value FROM marks WHERE name = 'quiet-batches'").pluck()
  const countQuiet = prepare<[]>(db, "UPDATE marks SET value = value + 1 WHERE name = 'quiet-batches'")
  const rowsChanged = prepare<[], number>(db, 'SELECT total_changes()').pluck()
  const log = new Log(db)
  const by = carriers(db, log)
  const others: Readonly<Record<string, (write: never) => Written>> = by

  // Sends are told by comparing. A look into the table hashes the kind, which has come from another thread as a new
  // string with each write: 4 % of what a send costs.
  function carryOut(write: Write): Written {
    if (write.kind === 'send-direct') return by['send-direct'](write)
    if (write.kind === 'send-room') return by['send-room'](write)
    return (others[write.kind] as (write: Write) => Written)(write)
  }

  return {
    position: () => ({
      head: log.stored(),
      lastAccount: lastAccount.get() ?? 0,
      quietBatches: quietBatches.get() ?? 0,
    }),
    append(batch, nowMs) {
      log.begin(nowMs)
      const head = log.head
      const changedBefore = rowsChanged.get()
      const written = batch.map(carryOut)
      const isQuiet = log.head === head && !written.some(one => one.kind === 'registered')
      if (isQuiet && rowsChanged.get() !== changedBefore) countQuiet.run()
      return written
    },
  }
}

/** The write of a kind. */
type Of<Kind, W = Write> = W extends { readonly kind: infer Kinds } ? (Kind extends Kinds ? W : never) : never

/** Who carries out which kind of write, as the next of the batch that the log has begun. */
type Carriers = { readonly [Kind in Write['kind']]: (write: Of<Kind>) => Written }

function carriers(db: Connection, log: Log): Carriers {
  const people = peopleOf(db)
  const members = membersOf(db)
  const search = searchWrites(db)
  const messages = messageWrites(db, log, { people, members })
  const edits = editWrites(db, log, { members, search })
  const rooms = roomWrites(db, log, { people, members })
  const sessions = sessionWrites(db, log, people)
  const blocks = blockWrites(db, log, people)
  const registrations = registering(db, log, people)
  const accounts = accountWrites(db, log, { people, sessions, rooms, blocks })
  const erasing = erasingWrites(db, search)
  return {
    'send-direct': messages.sendDirect,
    'send-room': messages.sendRoom,
    'mark-read': edits.markRead,
    edit: edits.edit,
    delete: edits.delete,
    'create-room': rooms.createRoom,
    'change-room': rooms.changeRoom,
    'begin-epoch': epochWrites(db, log).beginEpoch,
    'index-words': search.indexWords,
    'create-session': sessions.createSession,
    'touch-session': sessions.touchSession,
    'end-session': sessions.endSession,
    block: blocks.block,
    unblock: blocks.block,
    register: registrations.register,
    'create-invite': registrations.createInvite,
    'end-invite': registrations.endInvite,
    'set-password': accounts.setPassword,
    'set-presence': accounts.setPresence,
    'delete-account': accounts.deleteAccount,
    'erase-some': erasing.eraseSome,
  }
}
