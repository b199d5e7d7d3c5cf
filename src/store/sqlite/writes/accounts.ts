// Accounts and invites: made here, given a new password, and closed for good.
import type {
  AccountId,
  CreateInvite,
  DeleteAccount,
  EndInvite,
  Register,
  SetPassword,
  SetPresence,
  Written,
} from '../../store.ts'
import { type Connection, prepare } from '../connect.ts'
import { laterWords } from '../name-words.ts'
import type { BlockWrites } from './blocks.ts'
import type { Log } from './log.ts'
import type { People } from './people.ts'
import type { RoomWrites } from './rooms.ts'
import type { SessionWrites } from './sessions.ts'

interface Invite {
  readonly makes_admin: number
}

export function registering(db: Connection, log: Log, { isLive }: People) {
  const insertAccount = prepare<[string, string, string, number, number, number]>(
    db,
    `INSERT INTO accounts (name, name_key, password, password_rule, is_admin, created_at) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (name_key) DO NOTHING`,
  )
  const insertWords = prepare<[string, string, AccountId]>(
    db,
    'INSERT INTO account_words (words, name_key, account) VALUES (?, ?, ?)',
  )
  const findInvite = prepare<[string, number], Invite>(
    db,
    'SELECT makes_admin FROM invites WHERE invite_hash = ? AND uses_left > 0 AND expires_at > ?',
  )
  const spendInvite = prepare<[string]>(db, 'UPDATE invites SET uses_left = uses_left - 1 WHERE invite_hash = ?')
  const dropExpired = prepare<[number]>(db, 'DELETE FROM invites WHERE expires_at <= ?')
  const insertInvite = prepare<[string, AccountId | null, number, number, number]>(
    db,
    `INSERT INTO invites (invite_hash, made_by, makes_admin, uses_left, expires_at) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (invite_hash) DO NOTHING`,
  )
  const endInvite = prepare<[string]>(db, 'DELETE FROM invites WHERE invite_hash = ?')
  return {
    register: ({ name, nameKey, password, passwordRule, inviteHash }: Register): Written => {
      const invite = inviteHash === undefined ? undefined : findInvite.get(inviteHash, log.nowMs)
      // Before the name, so that without an invite nobody learns which names there are.
      if (inviteHash !== undefined && invite === undefined) return { kind: 'no-such-invite' }
      const isAdmin = invite?.makes_admin ?? 0
      const made = insertAccount.run(name, nameKey, password, passwordRule, isAdmin, log.nowMs)
      if (made.changes === 0) return { kind: 'name-taken' }
      if (inviteHash !== undefined) spendInvite.run(inviteHash)
      const account = Number(made.lastInsertRowid)
      for (const words of laterWords(nameKey)) insertWords.run(words, nameKey, account)
      return { kind: 'registered', account }
    },

    createInvite: ({ inviteHash, by, makesAdmin, uses, expiresAtMs }: CreateInvite): Written => {
      if (by !== null && !isLive(by)) return { kind: 'no-such-account' }
      dropExpired.run(log.nowMs)
      insertInvite.run(inviteHash, by, makesAdmin ? 1 : 0, uses, expiresAtMs)
      return { kind: 'done' }
    },

    endInvite: ({ inviteHash }: EndInvite): Written => {
      if (findInvite.get(inviteHash, log.nowMs) === undefined) return { kind: 'no-such-invite' }
      endInvite.run(inviteHash)
      return { kind: 'done' }
    },
  }
}

interface Parts {
  readonly people: People
  readonly sessions: SessionWrites
  readonly rooms: RoomWrites
  readonly blocks: BlockWrites
}

export function accountWrites(db: Connection, log: Log, { people, sessions, rooms, blocks }: Parts) {
  const setPassword = prepare<[string, number, AccountId]>(
    db,
    'UPDATE accounts SET password = ?, password_rule = ? WHERE id = ? AND deleted_at IS NULL',
  )
  const setPresence = prepare<[number, AccountId]>(
    db,
    'UPDATE accounts SET shows_presence = ? WHERE id = ? AND deleted_at IS NULL',
  )
  // The hash is of no use any more, and may be of use to a thief.
  const markDeleted = prepare<[number, AccountId]>(db, "UPDATE accounts SET deleted_at = ?, password = '' WHERE id = ?")
  const dropWords = prepare<[AccountId]>(db, 'DELETE FROM account_words WHERE account = ?')
  const dropInvites = prepare<[AccountId]>(db, 'DELETE FROM invites WHERE made_by = ?')
  const closeDirects = prepare<[AccountId]>(
    db,
    `UPDATE conversations SET is_closed = 1 WHERE kind = 'direct' AND is_closed = 0
     AND id IN (SELECT conversation FROM memberships WHERE account = ? AND left_seq IS NULL)`,
  )
  const beginErasing = prepare<[AccountId]>(db, 'INSERT INTO erasures (account) VALUES (?)')
  return {
    setPassword: ({ account, password, passwordRule, keep }: SetPassword): Written => {
      if (setPassword.run(password, passwordRule, account).changes === 0) return { kind: 'no-such-account' }
      const kept = sessions.endOthers(account, keep)
      return log.add({ conversation: 0, sender: account, kind: 'password', refersTo: kept })
    },

    setPresence: ({ account, isShown }: SetPresence): Written => {
      const found = setPresence.run(isShown ? 1 : 0, account).changes === 1
      return { kind: found ? 'done' : 'no-such-account' }
    },

    deleteAccount: ({ account }: DeleteAccount): Written => {
      if (!people.isLive(account)) return { kind: 'no-such-account' }
      rooms.leaveAll(account)
      closeDirects.run(account)
      blocks.forget(account)
      sessions.endOthers(account, null)
      dropInvites.run(account)
      dropWords.run(account)
      markDeleted.run(log.nowMs, account)
      beginErasing.run(account)
      return log.add({ conversation: 0, sender: account, kind: 'delete-account' })
    },
  }
}
