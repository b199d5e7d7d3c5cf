// A store, its tail and its followers in one process, with a clock that stands still: for the tests of live delivery.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { Time } from '../model/chance.ts'
import type { EntryView } from '../../src/protocol/v1.ts'
import { openSqlite } from '../../src/store/sqlite/sqlite.ts'
import type { AccountId, ConversationId, RoomChange, Seq, Store, Write, Written } from '../../src/store/store.ts'
import { noticeOf } from '../../src/core/log/log-notice.ts'
import { Directory } from '../../src/core/people/directory.ts'
import { Followers } from '../../src/core/live/followers.ts'
import type { Bounds, Follower, Live } from '../../src/core/live/follower.ts'
import type { Caller } from '../../src/core/people/sessions.ts'
import { Tail } from '../../src/core/log/tail.ts'

export const beatMs = 1_000

/** A store, its tail and its followers; `wrap` changes the store as the followers see it. */
export async function startLive(
  t: TestContext,
  wrap = (store: Store): Partial<Store> => store,
  bounds: Partial<Bounds> = {},
) {
  const dir = mkdtempSync(join(tmpdir(), 'hullo-follow-'))
  const own = openSqlite(dir, { synchronous: 'OFF' })
  const store: Store = { ...own, ...wrap(own) }
  const time = new Time()
  const followers = new Followers(store, new Directory(store), { later: time.later, bounds })
  const tail = await Tail.open(own, batch => followers.deliver(batch), { later: time.later })
  followers.attach(tail)
  t.after(async () => {
    await tail.stop()
    await own[Symbol.asyncDispose]()
    rmSync(dir, { recursive: true, force: true })
  })

  /** Stores, and waits until the tail has passed it. */
  async function write(...batch: Write[]): Promise<readonly Written[]> {
    const written = await own.write(batch, time.clock())
    const notice = noticeOf(batch, written)
    if (notice !== undefined) {
      tail.hear(notice)
      await tail.reached(notice.head)
    }
    return written
  }

  let sessions = 0
  async function signIn(account: AccountId): Promise<Caller> {
    sessions += 1
    const tokenHash = `hash ${sessions}`
    await write({ kind: 'create-session', account, tokenHash, label: '', lifeMs: 1e9 })
    const session = await own.sessionByToken(tokenHash)
    const known = await own.accountById(account)
    assert(session !== undefined && known !== undefined)
    return { account: known, session }
  }

  async function person(name: string): Promise<Caller> {
    const [made] = await write({ kind: 'register', name, nameKey: name, password: 'phc', passwordRule: 1 })
    assert(made?.kind === 'registered')
    return signIn(made.account)
  }

  /** A room of the first one's, with the others in it. */
  async function room(owner: Caller, ...others: Caller[]): Promise<ConversationId> {
    const shape = { name: 'room', nameKey: 'room', topic: '', isPrivate: false, history: 'all' } as const
    const [made] = await write({ kind: 'create-room', owner: owner.account.id, ...shape })
    assert(made?.kind === 'stored')
    for (const other of others) await change(made.conversation, other, { what: 'join' })
    return made.conversation
  }

  const change = (conversation: ConversationId, actor: Caller, what: RoomChange) =>
    write({ kind: 'change-room', conversation, actor: actor.account.id, change: what })

  /** Follows, and is read one frame at a time. */
  async function reader(caller: Caller, after?: Seq) {
    return readerOf(await followers.follow(caller, after ?? tail.at), t.signal)
  }

  return { own, store, time, followers, tail, write, signIn, person, room, change, reader }
}

export function readerOf(follower: Follower, signal: AbortSignal) {
  const live = follower.live(signal, beatMs)
  const next = async (): Promise<Live> => {
    const { value } = await live.next()
    assert(value !== undefined, 'the stream is over')
    return value
  }
  /** Entries until there are `count`; beats in between are left out. */
  const entries = async (count: number): Promise<EntryView[]> => {
    const all: EntryView[] = []
    while (all.length < count) {
      const one = await next()
      assert(one.kind === 'entries' || one.kind === 'beat', JSON.stringify(one))
      if (one.kind === 'entries') all.push(...one.json.map(json => JSON.parse(json) as EntryView))
    }
    return all
  }
  return { follower, next, entries }
}

export function direct(from: Caller, to: Caller, text: string): Write {
  return { kind: 'send-direct', sender: from.account.id, recipient: to.account.id, text, sentAtS: 1 }
}

export function said(from: Caller, conversation: ConversationId, text: string): Write {
  return { kind: 'send-room', sender: from.account.id, conversation, text, sentAtS: 1 }
}

export const shape = ({ seq, prev, kind }: EntryView) => [seq, prev, kind]
