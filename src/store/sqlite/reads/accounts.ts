// Accounts, people and sessions.
import type { Account, AccountId, AccountReads, OpenInvite, Person, Session } from '../../store.ts'
import { type Connection, prepare } from '../connect.ts'
import { type InWords, pageOfNames, type Ways } from '../name-words.ts'

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
  const everybody = everybodyByName(db)
  const sharing = sharingByName(db)
  return async ({ asker, sharingWith, ...query }) =>
    pageOfNames(query, sharingWith === null ? everybody(asker) : sharing(asker, sharingWith))
}

/** Not deleted, and not blocking the asker, whose id is the parameter. */
const isFound = 'a.deleted_at IS NULL AND NOT EXISTS (SELECT 1 FROM blocks WHERE account = a.id AND other = ?)'

function everybodyByName(db: Connection) {
  const byKey = prepare<[string, string, string, AccountId, number], Person>(
    db,
    `SELECT a.id, a.name FROM accounts a
     WHERE a.name_key >= ? AND a.name_key < ? AND a.name_key > ? AND ${isFound}
     ORDER BY a.name_key LIMIT ?`,
  )
  const byWord = prepare<[string, string, string, AccountId], Person & InWords>(
    db,
    `SELECT a.id, a.name, found.words, found.name_key AS nameKey
     FROM account_words found CROSS JOIN accounts a ON a.id = found.account
     WHERE found.words < ? AND (found.words, found.name_key) > (?, ?) AND ${isFound}
     ORDER BY found.words, found.name_key`,
  )
  return (asker: AccountId): Ways<Person> => ({
    byKey: (from, to, afterKey, limit) => byKey.all(from, to, afterKey, asker, limit),
    byWord: (to, { words, key }) => byWord.iterate(to, words, key, asker),
  })
}

/** From one's own rooms to their members: what others have elsewhere costs nothing, and so is not disclosed. */
function sharingByName(db: Connection) {
  const near = `WITH near (account) AS MATERIALIZED (
       SELECT DISTINCT other.account
       FROM memberships own
       JOIN conversations c ON c.id = own.conversation AND c.kind = 'room'
       JOIN memberships other ON other.conversation = own.conversation AND other.left_seq IS NULL
       WHERE own.account = ? AND own.left_seq IS NULL
     )`
  const byKey = prepare<[AccountId, string, string, string, AccountId, number], Person>(
    db,
    `${near}
     SELECT a.id, a.name FROM near JOIN accounts a ON a.id = near.account
     WHERE a.name_key >= ? AND a.name_key < ? AND a.name_key > ? AND ${isFound}
     ORDER BY a.name_key LIMIT ?`,
  )
  const byWord = prepare<[AccountId, string, string, string, AccountId], Person & InWords>(
    db,
    `${near}
     SELECT a.id, a.name, found.words, found.name_key AS nameKey
     FROM near CROSS JOIN account_words found INDEXED BY account_words_account ON found.account = near.account
     CROSS JOIN accounts a ON a.id = near.account
     WHERE found.words < ? AND (found.words, found.name_key) > (?, ?) AND ${isFound}
     ORDER BY found.words, found.name_key`,
  )
  return (asker: AccountId, sharingWith: AccountId): Ways<Person> => ({
    byKey: (from, to, afterKey, limit) => byKey.all(sharingWith, from, to, afterKey, asker, limit),
    byWord: (to, { words, key }) => byWord.iterate(sharingWith, to, words, key, asker),
  })
}
