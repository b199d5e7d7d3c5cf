// Accounts, people and sessions.
import type { Account, AccountId, AccountReads, OpenInvite, Person, Session } from '../../store.ts'
import { afterPrefix, type Connection, prepare } from '../connect.ts'

interface InviteRow {
  readonly inviteHash: string
  readonly id: AccountId | null
  readonly name: string | null
  readonly makesAdmin: number
  readonly usesLeft: number
  readonly expiresAtMs: number
}

type AccountRow = Omit<Account, 'isAdmin'> & { readonly isAdmin: number }

const accountColumns = `id, name, password, password_rule AS passwordRule, is_admin AS isAdmin, created_at AS createdAtMs`
const sessionColumns = `s.id, s.account, s.label, s.created_at AS createdAtMs, s.last_used_at AS lastUsedAtMs,
  s.expires_at AS expiresAtMs, s.life AS lifeMs`

export function accountReads(db: Connection): AccountReads {
  const byKey = prepare<[string], AccountRow>(
    db,
    `SELECT ${accountColumns} FROM accounts WHERE name_key = ? AND deleted_at IS NULL`,
  )
  const personByKey = prepare<[string], Person>(db, 'SELECT id, name FROM accounts WHERE name_key = ?')
  const byId = prepare<[AccountId], AccountRow>(
    db,
    `SELECT ${accountColumns} FROM accounts WHERE id = ? AND deleted_at IS NULL`,
  )
  const people = prepare<[string], Person>(
    db,
    'SELECT id, name FROM accounts WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id',
  )
  const anyAccount = prepare<[], number>(db, 'SELECT 1 FROM accounts WHERE deleted_at IS NULL LIMIT 1').pluck()
  const byToken = prepare<[string], Session>(
    db,
    `SELECT ${sessionColumns} FROM sessions s JOIN accounts a ON a.id = s.account AND a.deleted_at IS NULL
     WHERE s.token_hash = ?`,
  )
  const sessions = prepare<[AccountId, number], Session>(
    db,
    `SELECT ${sessionColumns} FROM sessions s
     WHERE s.account = ? AND s.expires_at > ? ORDER BY s.last_used_at DESC, s.id DESC`,
  )
  const presence = prepare<[AccountId], number>(db, 'SELECT shows_presence FROM accounts WHERE id = ?').pluck()
  const blocked = prepare<[AccountId], Person>(
    db,
    'SELECT a.id, a.name FROM blocks b JOIN accounts a ON a.id = b.other WHERE b.account = ? ORDER BY a.id',
  )
  const eitherBlocks = prepare<[AccountId, AccountId, AccountId, AccountId], number>(
    db,
    'SELECT 1 FROM blocks WHERE (account = ? AND other = ?) OR (account = ? AND other = ?) LIMIT 1',
  ).pluck()
  const met = prepare<[AccountId, AccountId], number>(
    db,
    `SELECT 1 FROM memberships own
       JOIN conversations c ON c.id = own.conversation
       JOIN memberships theirs ON theirs.conversation = own.conversation AND theirs.account = ?
     WHERE own.account = ? AND (
       (own.left_seq IS NULL OR own.left_seq >= theirs.joined_seq)
         AND (theirs.left_seq IS NULL OR theirs.left_seq >= own.joined_seq)
       OR (c.history = 'all' AND own.left_seq IS NULL))
     LIMIT 1`,
  ).pluck()
  const openInvites = prepare<[string, number, number], InviteRow>(
    db,
    `SELECT i.invite_hash AS inviteHash, a.id, a.name, i.makes_admin AS makesAdmin, i.uses_left AS usesLeft,
       i.expires_at AS expiresAtMs
     FROM invites i LEFT JOIN accounts a ON a.id = i.made_by
     WHERE i.invite_hash > ? AND i.uses_left > 0 AND i.expires_at > ? ORDER BY i.invite_hash LIMIT ?`,
  )
  const toErase = prepare<[], AccountId>(db, 'SELECT account FROM erasures ORDER BY account').pluck()
  return {
    accountByKey: async nameKey => account(byKey.get(nameKey)),
    personByKey: async nameKey => personByKey.get(nameKey),
    accountById: async id => account(byId.get(id)),
    people: async ids => people.all(JSON.stringify(ids)),
    findPeople: findPeople(db),
    hasAccounts: async () => anyAccount.get() !== undefined,
    sessionByToken: async tokenHash => byToken.get(tokenHash),
    sessionsOf: async (id, nowMs) => sessions.all(id, nowMs),
    showsPresence: async id => presence.get(id) !== 0,
    blockedBy: async id => blocked.all(id),
    hasMet: async (asker, other) => met.get(other, asker) !== undefined,
    isBlocked: async (a, b) => eitherBlocks.get(a, b, b, a) !== undefined,
    openInvites: async ({ afterHash, limit, nowMs }) => openInvites.all(afterHash, nowMs, limit).map(invite),
    accountsToErase: async () => toErase.all(),
  }
}

function account(row: AccountRow | undefined): Account | undefined {
  return row === undefined ? undefined : { ...row, isAdmin: row.isAdmin !== 0 }
}

function invite({ inviteHash, id, name, makesAdmin, usesLeft, expiresAtMs }: InviteRow): OpenInvite {
  const by = id === null ? null : { id, name: name ?? '' }
  return { inviteHash, by, makesAdmin: makesAdmin !== 0, usesLeft, expiresAtMs }
}

function findPeople(db: Connection): AccountReads['findPeople'] {
  const all = prepare<[string, string, string, AccountId, number], Person>(
    db,
    `SELECT id, name FROM accounts
     WHERE name_key >= ? AND name_key < ? AND name_key > ? AND deleted_at IS NULL
     AND NOT EXISTS (SELECT 1 FROM blocks WHERE account = accounts.id AND other = ?)
     ORDER BY name_key LIMIT ?`,
  )
  // From one's own rooms to their members: what others have elsewhere costs nothing.
  const sharing = prepare<[AccountId, string, string, string, AccountId, number], Person>(
    db,
    `WITH near (account) AS MATERIALIZED (
       SELECT DISTINCT other.account
       FROM memberships own
       JOIN conversations c ON c.id = own.conversation AND c.kind = 'room'
       JOIN memberships other ON other.conversation = own.conversation AND other.left_seq IS NULL
       WHERE own.account = ? AND own.left_seq IS NULL
     )
     SELECT a.id, a.name FROM near JOIN accounts a ON a.id = near.account
     WHERE a.name_key >= ? AND a.name_key < ? AND a.name_key > ? AND a.deleted_at IS NULL
     AND NOT EXISTS (SELECT 1 FROM blocks WHERE account = a.id AND other = ?)
     ORDER BY a.name_key LIMIT ?`,
  )
  return async ({ asker, keyPrefix, afterKey, limit, sharingWith }) => {
    const range = [keyPrefix, afterPrefix(keyPrefix), afterKey, asker, limit] as const
    return sharingWith === null ? all.all(...range) : sharing.all(sharingWith, ...range)
  }
}
