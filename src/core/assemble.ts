// The core, put together: every part over a store and a bus that are handed in. The only place that knows all the parts
// of the core; it opens no engine, reads no setting and writes no log.
import type { Bus } from '../bus/bus.ts'
import { Accounts, type Registration } from './people/accounts.ts'
import { noticeOf } from './log/log-notice.ts'
import { type Clock, later, type Random } from './kit/clock.ts'
import { Committer } from './log/committer.ts'
import { Conversations } from './conversations/conversations.ts'
import { Cursors } from './log/cursors.ts'
import { Directory } from './people/directory.ts'
import { Entries } from './conversations/entries.ts'
import { Erasing } from './consumers/erasing.ts'
import { FreeDisk } from './log/free-disk.ts'
import { Guard } from './lab/address-proofs.ts'
import { Indexer } from './search/indexer.ts'
import { Invites } from './people/invites.ts'
import { Known } from './people/account-cache.ts'
import { type Rate, RateLimiter } from './kit/rate-limiter.ts'
import { Listening } from './people/listening.ts'
import { Messages } from './conversations/messages.ts'
import { PasswordCheck } from './people/password-check.ts'
import { People, type Visibility } from './people/people.ts'
import { Places } from './kit/slots.ts'
import { Reach } from './conversations/readable-ranges.ts'
import { Rooms } from './conversations/rooms.ts'
import { Search } from './search/search.ts'
import { Sessions } from './people/sessions.ts'
import { Soft } from './live/presence.ts'
import { StorageBudget } from './log/storage.ts'
import type { AccountId, Store } from '../store/store.ts'

/** Live streams of one account at a time: all the devices and bots that one person has, many times over. */
const streamsMax = 200

/** What is allowed, and how much of it. A limit of Infinity runs the same code. */
export interface Rules {
  readonly registration: Registration
  /** Characters of the shortest password. */
  readonly passwordMin: number
  /** Who is found in the list of people. */
  readonly visibility: Visibility
  /** Connections of one address at a time. */
  readonly connections: number
  /** New connections by address. */
  readonly arrivals: Rate
  /** WebSocket frames by address, and by account. */
  readonly frames: Rate
  readonly accountFrames: Rate
  /** Bytes received by address over any transport, and by account over WebSockets. */
  readonly bytes: Rate
  readonly accountBytes: Rate
  /** Requests by address, and by account. */
  readonly requests: Rate
  readonly accountRequests: Rate
  /** Registrations and sign-ins that cost a hash, by address. */
  readonly attempts: Rate
  /** Wrong passwords of one account that are compared within 24 hours, over all addresses. */
  readonly guessesPerDay: number
  /** Bytes that one account may store in a day: its texts, and a price for each entry. */
  readonly storedBytesPerDay: number
  /** Free bytes of the disk below which nothing new is stored; 0 for no bound. */
  readonly freeDiskBytesMin: number
}

const noLimit: Rate = { burst: Infinity, perSecond: Infinity }

/** No limit at all: for a program that has the data folder to itself, such as the lab's helpers and the operator's commands. */
export const unlimited: Rules = {
  registration: 'open',
  passwordMin: 1,
  visibility: 'everybody',
  connections: Infinity,
  arrivals: noLimit,
  frames: noLimit,
  accountFrames: noLimit,
  bytes: noLimit,
  accountBytes: noLimit,
  requests: noLimit,
  accountRequests: noLimit,
  attempts: noLimit,
  guessesPerDay: Infinity,
  storedBytesPerDay: Infinity,
  freeDiskBytesMin: 0,
}

export interface Engines {
  readonly store: Store
  readonly bus: Bus
  readonly clock: Clock
  readonly random: Random
}

/** What the operator of a server should know. */
export interface Notices {
  /** A batch was not stored, or nobody knows; at most once a second. */
  readonly trouble?: (reason: string) => void
  /** Free bytes of the disk that holds the data; rejects where the system cannot say. */
  readonly freeBytes?: () => Promise<number>
  /** The disk became nearly full, or has room again. */
  readonly diskChanged?: (isLow: boolean, freeBytes: number) => void
}

export type Core = ReturnType<typeof assembleCore>

/** Puts the core together. Nothing runs yet: the feed, the indexer and the consumers are started by the caller. */
export function assembleCore({ store, bus, clock, random }: Engines, rules: Rules, notices: Notices = {}) {
  const known = new Known(store)
  const disk = freeDiskOf(rules, clock, notices)
  const storage = new StorageBudget({ bytesPerDay: rules.storedBytesPerDay, clock, isDiskLow: () => disk.isLow })
  const committer = new Committer(store, clock, {
    admission: storage,
    trouble: oncePerSecond(clock, notices.trouble ?? (() => {})),
    announce(writes, results) {
      known.stored(writes)
      const notice = noticeOf(writes, results)
      if (notice !== undefined) bus.publish(notice)
    },
  })
  const passwords = new PasswordCheck({
    random,
    clock,
    attempts: new RateLimiter('attempts-from-here', rules.attempts, clock),
    guessesPerDay: rules.guessesPerDay,
  })
  const directory = new Directory(store)
  const listening = new Listening(clock)
  const reach = new Reach(store)
  const indexer = new Indexer(store, committer)
  return {
    clock,
    store,
    directory,
    bus,
    disk,
    storage,
    committer,
    cursors: new Cursors({ store, committer, random }),
    soft: new Soft({ store, committer, bus, clock }),
    known,
    accounts: new Accounts({ store: known, committer, passwords, rules }),
    sessions: new Sessions({ store, known, committer, clock, random, listening }),
    listening,
    invites: new Invites({ store, committer, clock, random }),
    people: new People({ store, committer, visibility: rules.visibility }),
    erasing: new Erasing({ store, committer }),
    guard: new Guard(clock),
    messages: new Messages(store, committer, clock),
    entries: new Entries({ store, directory, reach }),
    conversations: new Conversations({ store, directory, reach }),
    rooms: new Rooms({ store, committer }),
    indexer,
    search: new Search({ store, directory, reach, indexer }),
    connections: new Places<string>(rules.connections),
    streams: new Places<AccountId>(streamsMax),
    arrivals: new RateLimiter('arrivals', rules.arrivals, clock),
    frames: new RateLimiter('frames-from-here', rules.frames, clock),
    accountFrames: new RateLimiter('frames-of-account', rules.accountFrames, clock),
    bytes: new RateLimiter('bytes-from-here', rules.bytes, clock),
    accountBytes: new RateLimiter('bytes-of-account', rules.accountBytes, clock),
    requests: new RateLimiter('requests-from-here', rules.requests, clock),
    accountRequests: new RateLimiter('requests-of-account', rules.accountRequests, clock),
  }
}

function freeDiskOf(
  { freeDiskBytesMin }: Rules,
  clock: Clock,
  { freeBytes = async () => Infinity, diskChanged = () => {} }: Notices,
): FreeDisk {
  return new FreeDisk({ freeBytes, bytesMin: freeDiskBytesMin, clock, later, changed: diskChanged })
}

/** A disk that is full fails for everybody at once: the log says so once a second. */
function oncePerSecond(clock: Clock, say: (reason: string) => void): (reason: string) => void {
  let saidAtMs = -Infinity
  return reason => {
    if (clock() - saidAtMs < 1_000) return
    saidAtMs = clock()
    say(reason)
  }
}
