// What happens to a message after it was stored: it is edited, deleted, read. Its row keeps the first text and each edit's
// row its own, so that a reader gets no version from outside of what they may read. A delete blanks all of them.
import type { AccountId, ConversationId, Delete, Edit, MarkRead, Seq, Written } from '../../store.ts'
import { type Connection, prepare } from '../connect.ts'
import type { Log } from './log.ts'
import type { Members } from './members.ts'
import type { SearchWrites } from './search.ts'

interface Target {
  readonly conversation: ConversationId
  readonly sender: AccountId
  readonly kind: string
  readonly place: 'direct' | 'room'
  readonly isClosed: number
}

interface Parts {
  readonly members: Members
  readonly search: SearchWrites
}

export function editWrites(db: Connection, log: Log, { members, search }: Parts) {
  const findTarget = prepare<[Seq], Target>(
    db,
    `SELECT m.conversation, m.sender, m.kind, c.kind AS place, c.is_closed AS isClosed
     FROM messages m JOIN conversations c ON c.id = m.conversation
     WHERE m.seq = ? AND m.kind IN ('text', 'erased')`,
  )
  const erase = prepare<[Seq]>(db, "UPDATE messages SET kind = 'erased', text = '', refers_to = NULL WHERE seq = ?")
  const noteVersion = prepare<[Seq, Seq]>(db, 'INSERT INTO versions (message, seq) VALUES (?, ?)')
  const blankEdits = prepare<[Seq]>(
    db,
    "UPDATE messages SET text = '' WHERE seq IN (SELECT seq FROM versions WHERE message = ?)",
  )
  const forgetDigest = prepare<[Seq]>(db, 'DELETE FROM first_digests WHERE message = ?')
  const lastSeq = prepare<[ConversationId], Seq | null>(
    db,
    'SELECT max(seq) FROM messages WHERE conversation = ?',
  ).pluck()
  const setRead = prepare<[Seq, AccountId, ConversationId]>(
    db,
    'UPDATE memberships SET read_seq = ? WHERE account = ? AND conversation = ? AND left_seq IS NULL',
  )

  /** The message, if it is one and the account may read it. */
  function targetOf(account: AccountId, message: Seq): Target | undefined {
    const target = findTarget.get(message)
    return target !== undefined && members.owns(account, target.conversation, message) ? target : undefined
  }

  return {
    edit: ({ sender, message, text, sentAtS }: Edit): Written => {
      const target = targetOf(sender, message)
      if (target === undefined || target.kind === 'erased') return { kind: 'no-such-message' }
      if (target.sender !== sender) return { kind: 'not-yours' }
      const { conversation, place, isClosed } = target
      const present = members.present(sender, conversation)
      if (present === undefined) return { kind: 'not-a-member' }
      if (present.isSilenced !== 0) return { kind: 'silenced' }
      // A closed direct conversation: one blocks the other or is gone, and which of these is nobody's business.
      if (isClosed !== 0) return { kind: place === 'room' ? 'room-closed' : 'blocked' }
      const stored = log.add({ conversation, sender, kind: 'edit', text, refersTo: message, sentAtS })
      noteVersion.run(message, stored.seq)
      return stored
    },

    delete: ({ sender, message }: Delete): Written => {
      const target = targetOf(sender, message)
      if (target === undefined) return { kind: 'no-such-message' }
      const { conversation, place } = target
      const present = members.present(sender, conversation)
      const isOwner = place === 'room' && present?.role === 'owner'
      if (target.sender !== sender && !isOwner) return { kind: 'not-yours' }
      if (present === undefined) return { kind: 'not-a-member' }
      if (target.kind === 'erased') return { kind: 'unchanged' }
      erase.run(message)
      blankEdits.run(message)
      forgetDigest.run(message)
      search.forget(message)
      return log.add({ conversation, sender, kind: 'delete', refersTo: message })
    },

    markRead: ({ account, conversation, seq }: MarkRead): Written => {
      const present = members.present(account, conversation)
      if (present === undefined) return { kind: 'not-a-member' }
      const readSeq = Math.min(seq, lastSeq.get(conversation) ?? 0)
      if (readSeq <= present.readSeq) return { kind: 'read', seq: present.readSeq }
      setRead.run(readSeq, account, conversation)
      return { kind: 'read', seq: readSeq }
    },
  }
}
