// The core over a store, under the settings of a server: the verbs that every transport calls.
import { randomBytes } from 'node:crypto'
import { statfs } from 'node:fs/promises'
import type { Logger } from 'pino'
import { localBus } from '../bus/local.ts'
import { Accounts } from '../core/people/accounts.ts'
import { noticeOf } from '../core/log/log-notice.ts'
import { type Clock, later } from '../core/kit/clock.ts'
import { Committer } from '../core/log/committer.ts'
import { Conversations } from '../core/conversations/conversations.ts'
import { Cursors } from '../core/log/cursors.ts'
import { Directory } from '../core/people/directory.ts'
import { Entries } from '../core/conversations/entries.ts'
import { Erasing } from '../core/consumers/erasing.ts'
import { FreeDisk } from '../core/log/free-disk.ts'
import { Guard } from '../core/lab/address-proofs.ts'
import { Indexer } from '../core/search/indexer.ts'
import { Invites } from '../core/people/invites.ts'
import { Known } from '../core/people/account-cache.ts'
import { RateLimiter } from '../core/kit/rate-limiter.ts'
import { Listening } from '../core/people/listening.ts'
import { Messages } from '../core/conversations/messages.ts'
import { PasswordCheck } from '../core/people/password-check.ts'
import { People } from '../core/people/people.ts'
import { Places } from '../core/kit/slots.ts'
import { Reach } from '../core/conversations/readable-ranges.ts'
import { Rooms } from '../core/conversations/rooms.ts'
import { Search } from '../core/search/search.ts'
import { Sessions } from '../core/people/sessions.ts'
import { Soft } from '../core/live/presence.ts'
import { StorageBudget } from '../core/log/storage.ts'
import type { AccountId, Store } from '../store/store.ts'
import type { Settings } from '../server/settings/settings.ts'

/** Live streams of one account at a time: all the devices and bots that one person has, many times over. */
const streamsMax = 200

export type Core = ReturnType<typeof assembleCore>

export function assembleCore(settings: Settings, store: Store, log: Logger) {
  const clock = Date.now
  const random = randomBytes
  const bus = localBus()
  const known = new Known(store)
  const disk = freeDiskOf(settings, clock, log)
  const storage = new StorageBudget({ bytesPerDay: settings.storedBytesPerDay, clock, isDiskLow: () => disk.isLow })
  const committer = new Committer(store, clock, {
    admission: storage,
    trouble: oncePerSecond(clock, reason => log.error({ reason }, 'a batch was not stored')),
    announce(writes, results) {
      known.stored(writes)
      const notice = noticeOf(writes, results)
      if (notice !== undefined) bus.publish(notice)
    },
  })
  const passwords = new PasswordCheck({
    random,
    clock,
    attempts: new RateLimiter('attempts-from-here', settings.attempts, clock),
    guessesPerDay: settings.guessesPerDay,
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
    accounts: new Accounts({ store: known, committer, passwords, rules: settings }),
    sessions: new Sessions({ store, known, committer, clock, random, listening }),
    listening,
    invites: new Invites({ store, committer, clock, random }),
    people: new People({ store, committer, visibility: settings.visibility }),
    erasing: new Erasing({ store, committer }),
    guard: new Guard(clock),
    messages: new Messages(store, committer, clock),
    entries: new Entries({ store, directory, reach }),
    conversations: new Conversations({ store, directory, reach }),
    rooms: new Rooms({ store, committer }),
    indexer,
    search: new Search({ store, directory, reach, indexer }),
    connections: new Places<string>(settings.connections),
    streams: new Places<AccountId>(streamsMax),
    arrivals: new RateLimiter('arrivals', settings.arrivals, clock),
    frames: new RateLimiter('frames-from-here', settings.frames, clock),
    accountFrames: new RateLimiter('frames-of-account', settings.accountFrames, clock),
    bytes: new RateLimiter('bytes-from-here', settings.bytes, clock),
    accountBytes: new RateLimiter('bytes-of-account', settings.accountBytes, clock),
    requests: new RateLimiter('requests-from-here', settings.requests, clock),
    accountRequests: new RateLimiter('requests-of-account', settings.accountRequests, clock),
  }
}

/** The disk of the data folder; the log says when it becomes low, and when there is room again. */
function freeDiskOf({ data, freeDiskBytesMin }: Settings, clock: Clock, log: Logger): FreeDisk {
  return new FreeDisk({
    async freeBytes() {
      const { bavail, bsize } = await statfs(data)
      return bavail * bsize
    },
    bytesMin: freeDiskBytesMin,
    clock,
    later,
    changed(isLow, freeBytes) {
      if (isLow) log.error({ freeBytes, freeDiskBytesMin }, 'the disk is nearly full: nothing new is stored')
      else log.warn({ freeBytes, freeDiskBytesMin }, 'the disk has room again')
    },
  })
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
