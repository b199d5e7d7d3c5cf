// What keeps live readers fed: the bus, the tail of the log, and the followers that it feeds.
import type { Bus } from '../bus/bus.ts'
import type { Cursors } from '../core/log/cursors.ts'
import type { Directory } from '../core/people/directory.ts'
import { Followers } from '../core/live/followers.ts'
import type { Known } from '../core/people/account-cache.ts'
import { Tail } from '../core/log/tail.ts'
import type { Store } from '../store/store.ts'

export interface Feed extends AsyncDisposable {
  readonly followers: Followers
}

interface Needs {
  readonly store: Store
  readonly bus: Bus
  readonly directory: Directory
  readonly cursors: Cursors
  readonly known: Known
}

/** Starts at the log's head; disposing it ends every reader and waits for the batch under way. */
export async function startFeed({ store, bus, directory, cursors, known }: Needs): Promise<Feed> {
  const followers = new Followers(store, directory)
  const tail = await Tail.open(store, async batch => {
    await cursors.expect(batch)
    const handOn = await followers.deliver(batch)
    return () => {
      for (const { entry } of batch) known.passed(entry)
      handOn()
    }
  })
  followers.attach(tail)
  const unsubscribe = bus.subscribe(notice => {
    if (notice.kind === 'log') tail.hear(notice)
    else followers.tell(notice)
  })
  return {
    followers,
    async [Symbol.asyncDispose]() {
      unsubscribe()
      followers.stop()
      await tail.stop()
    },
  }
}
