// What keeps live readers fed: the bus, the tail of the log, and the followers that it feeds.
import type { Bus } from '../bus/bus.ts'
import type { Directory } from '../core/directory.ts'
import { Followers } from '../core/follow.ts'
import { Tail } from '../core/tail.ts'
import type { Store } from '../store/store.ts'

export interface Feed extends AsyncDisposable {
  readonly followers: Followers
}

/** Starts at the log's head; disposing it ends every reader and waits for the batch under way. */
export async function startFeed(store: Store, bus: Bus, directory: Directory): Promise<Feed> {
  const followers = new Followers(store, directory)
  const tail = await Tail.open(store, batch => followers.deliver(batch))
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
