// What the conformance suite works on: a store of some engine in a place of its own, and the few words its tests are
// written in. Nothing here knows an engine.
import assert from 'node:assert/strict'
import type {
  AccountId,
  ChangeRoom,
  ConversationId,
  CreateRoom,
  Register,
  RoomChange,
  SendDirect,
  SendRoom,
  Seq,
  Store,
  Write,
  Written,
} from '../../src/store/store.ts'

/** A store under test. Disposing it closes the store and removes its place. */
export interface Subject extends AsyncDisposable {
  /** The store that is open now. */
  readonly store: Store
  /** Closes the store and opens the same place again, as a restart does; `store` is then the new one. */
  reopen(): Promise<Store>
}

export type Make = () => Promise<Subject>

/** A time for tests in which the clock does not matter. */
export const nowMs = 1_700_000_000_000

export function registration(name: string): Register {
  return { kind: 'register', name, nameKey: name.toLowerCase(), password: `phc of ${name}`, passwordRule: 1 }
}

export function message(sender: AccountId, recipient: AccountId, text: string, sentAtS = 1.5): SendDirect {
  return { kind: 'send-direct', sender, recipient, text, sentAtS }
}

/** The same, to be stored once only. */
export function onceMessage(
  [sender, recipient, text]: readonly [AccountId, AccountId, string],
  clientId: string,
): SendDirect {
  return { ...message(sender, recipient, text), once: { clientId } }
}

/** Accounts with these names, in one batch; their ids. */
export async function accounts<const Names extends readonly string[]>(
  store: Store,
  ...names: Names
): Promise<{ [K in keyof Names]: AccountId }> {
  const written = await store.write(names.map(registration), nowMs)
  return written.map(one => {
    assert(one.kind === 'registered', `registering was answered with ${one.kind}`)
    return one.account
  }) as { [K in keyof Names]: AccountId }
}

/** The result of a send that must have been stored. */
export function stored(written: Written | undefined): Extract<Written, { kind: 'stored' }> {
  assert(written?.kind === 'stored', `a send was answered with ${written?.kind}`)
  return written
}

export function seqsOfResults(written: readonly Written[]): Seq[] {
  return written.map(one => stored(one).seq)
}

/** Sends one message in a batch of its own. */
export async function sendOne(store: Store, write: SendDirect, atMs = nowMs): Promise<ReturnType<typeof stored>> {
  const [written] = await store.write([write], atMs)
  return stored(written)
}

/** The whole log, read in pages as a follower would. */
export async function wholeLog(store: Store, pageEntries = 1_000) {
  const log = []
  for (let after = 0; ; ) {
    const page = await store.entriesAfter(after, pageEntries)
    if (page.length === 0) return log
    log.push(...page)
    after = page.at(-1)?.seq ?? after
  }
}

/** The one result of a write in a batch of its own. */
export async function writeOne(store: Store, write: Write, atMs = nowMs): Promise<Written> {
  const [written] = await store.write([write], atMs)
  return written ?? assert.fail('a write had no result')
}

/** The kinds of the results of a batch. */
export async function kindsOf(store: Store, ...batch: readonly Write[]): Promise<string[]> {
  return (await store.write(batch, nowMs)).map(one => one.kind)
}

export function roomMessage(sender: AccountId, conversation: ConversationId, text: string): SendRoom {
  return { kind: 'send-room', sender, conversation, text, sentAtS: 1.5 }
}

export function newRoom(owner: AccountId, name: string, more: Partial<CreateRoom> = {}): CreateRoom {
  const room = { name, nameKey: name.toLowerCase(), topic: '', isPrivate: false, history: 'all' } as const
  return { kind: 'create-room', owner, ...room, ...more }
}

export function change(actor: AccountId, conversation: ConversationId, wanted: RoomChange): ChangeRoom {
  return { kind: 'change-room', actor, conversation, change: wanted }
}

/** A room of the owner's with these members, who joined in this order. */
export async function roomOf(
  store: Store,
  [owner, ...others]: readonly [AccountId, ...AccountId[]],
  more: Partial<CreateRoom> = {},
): Promise<ConversationId> {
  const { conversation } = stored(await writeOne(store, newRoom(owner, more.name ?? 'Team', more)))
  const invites = others.map(account => change(owner, conversation, { what: 'invite', account }))
  assert.deepEqual(
    await kindsOf(store, ...invites),
    invites.map(() => 'stored'),
  )
  return conversation
}

/** Does one change after the other; the kinds of the results. */
export async function changes(
  store: Store,
  room: ConversationId,
  ...all: readonly (readonly [AccountId, RoomChange])[]
) {
  return kindsOf(store, ...all.map(([actor, wanted]) => change(actor, room, wanted)))
}

export async function rolesIn(store: Store, room: ConversationId) {
  return (await store.membersOf(room, 0, 100)).map(({ name, role }) => `${name} ${role}`)
}

/** Rows without the prototype that a database's driver may give them. */
export function plain<T>(value: T): T {
  return structuredClone(value)
}
