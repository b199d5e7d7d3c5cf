// One process of a simulated run: the core as the server puts it together, over a store and a bus that fail. It can be
// killed at any turn: then nothing of it ever happens again.
import { Cursors } from '../../src/core/log/cursors.ts'
import { Directory } from '../../src/core/people/directory.ts'
import { Committer } from '../../src/core/log/committer.ts'
import { noticeOf } from '../../src/core/log/log-notice.ts'
import { Entries } from '../../src/core/conversations/entries.ts'
import { Followers } from '../../src/core/live/followers.ts'
import { Listening } from '../../src/core/people/listening.ts'
import { Messages } from '../../src/core/conversations/messages.ts'
import { Places } from '../../src/core/kit/slots.ts'
import { Reach } from '../../src/core/conversations/readable-ranges.ts'
import { Rooms } from '../../src/core/conversations/rooms.ts'
import { Sessions } from '../../src/core/people/sessions.ts'
import { Soft } from '../../src/core/live/presence.ts'
import { type Deliver, Tail } from '../../src/core/log/tail.ts'
import type { AccountId, Store } from '../../src/store/store.ts'
import { failingBus } from './bus.ts'
import type { Chance, Time } from './chance.ts'
import type { Disk } from './disk.ts'

export interface NodeNeeds {
  readonly disk: Disk
  readonly chance: Chance
  readonly time: Time
  /** Puts a fault between the tail and the followers; as it is, none. */
  readonly plant: (deliver: Deliver) => Deliver
}

export interface Node {
  readonly store: Store
  readonly cursors: Cursors
  readonly committer: Committer
  readonly messages: Messages
  readonly rooms: Rooms
  readonly sessions: Sessions
  readonly soft: Soft
  readonly followers: Followers
  readonly entries: Entries
  readonly streams: Places<AccountId>
  readonly listening: Listening
  readonly isAlive: () => boolean
  kill(): void
}

/** Starts a process; undefined if the store fails while it does. */
export async function startNode({ disk, chance, time, plant }: NodeNeeds): Promise<Node | undefined> {
  let alive = true
  const isAlive = () => alive
  const store = disk.storeOf(isAlive)
  const bus = failingBus(chance, isAlive)
  const { clock, later } = time
  const committer = new Committer(store, clock, {
    announce(writes, results) {
      const notice = noticeOf(writes, results)
      if (notice !== undefined) bus.publish(notice)
    },
  })
  // Small ones, so that a short run meets them.
  const bounds = {
    queueUnitsMax: chance.pick([600, 2_000, 100_000]),
    frameUnitsMax: chance.pick([1, 500, 65_536]),
    pageEntries: chance.pick([1, 2, 5, 256]),
  }
  const directory = new Directory(store)
  const cursors = new Cursors({ store, committer, random: chance.bytes })
  const followers = new Followers(store, directory, { later, bounds })
  const deliver = plant(async batch => {
    await cursors.expect(batch)
    const handOn = await followers.deliver(batch)
    return () => {
      // Timers run out at the most awkward moment: in the turn in which a batch is handed on.
      if (chance.odds(0.2)) time.advance(chance.pick([1, 200, 15_000]))
      handOn()
    }
  })
  const tail = await Tail.open(store, deliver, { later, pageEntries: chance.pick([1, 3, 500]) }).catch(() => undefined)
  if (tail === undefined) return undefined
  followers.attach(tail)
  bus.subscribe(notice => {
    if (notice.kind === 'log') tail.hear(notice)
    else followers.tell(notice)
  })
  const listening = new Listening(clock)
  return {
    store,
    cursors,
    committer,
    messages: new Messages(store, committer, clock),
    rooms: new Rooms({ store, committer }),
    sessions: new Sessions({ store, known: store, committer, clock, random: chance.bytes, listening }),
    soft: new Soft({ store, committer, bus, clock }),
    followers,
    // More than the people have devices: a place that is not given back is missed.
    streams: new Places(16),
    listening,
    entries: new Entries({ store, directory, reach: new Reach(store) }),
    isAlive,
    kill: () => {
      alive = false
      // It reads nothing any more, so this waits for nothing.
      void tail.stop()
    },
  }
}
