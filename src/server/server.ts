// The roof: the core over its engines, and the transports over the core. The only place that knows them all.
import { statfs } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import type { Logger } from 'pino'
import type { Followers } from '../core/live/followers.ts'
import type { Invite } from '../core/people/invites.ts'
import { recount } from '../core/log/recount.ts'
import { createApp } from '../http/app/app.ts'
import { type Front, ownHosts } from '../http/app/browsers.ts'
import { addFrontPage } from '../http/page/front-page.ts'
import { addLabRoutes } from '../http/lab/routes.ts'
import type { PageFile } from '../http/page/page.ts'
import { addLive } from '../http/v1/live/live.ts'
import { addV1, v1Scope } from '../http/v1/v1.ts'
import type { Store } from '../store/store.ts'
import { assembleCore, type Core, type Notices } from '../core/assemble.ts'
import { enginesOf } from './engines.ts'
import { type Feed, startFeed } from './feed.ts'
import { version } from './package.ts'
import type { Settings } from './settings/settings.ts'

export interface Server {
  /** The port that was taken. */
  readonly port: number
  /** For the first account of a server that takes invites only; undefined where that is not the case. */
  readonly firstInvite: Invite | undefined
  /** Stops accepting, finishes what is in flight, commits, closes; requests that do not end are cut off in time. */
  close(): Promise<void>
}

type App = ReturnType<typeof createApp>

/**
 * What is in flight may take this long to finish; then what still waits for the disk is refused, and a little later
 * connections are cut: the whole stop is promised within five seconds.
 */
const drainMs = 3_000
const cutMs = 3_500

/**
 * Serves `store`, which it disposes when it closes, and `page` to browsers. Rejects with the system's error where it
 * cannot listen.
 */
export async function startServer(
  settings: Settings,
  store: Store,
  log: Logger,
  page: readonly PageFile[] = [],
): Promise<Server> {
  const core = assembleCore(enginesOf(store), settings, noticesTo(log, settings))
  const feed = await startFeed(core).catch(async (error: unknown) => {
    await abandon(core)
    throw error
  })
  const stopping = new AbortController()
  const front = { hosts: ownHosts(settings.publicUrl), allowedOrigins: new Set(settings.allowedOrigins) }
  let app: App
  try {
    app = appOf(settings, core, front, log)
  } catch (error) {
    await feed[Symbol.asyncDispose]()
    await abandon(core)
    throw error
  }
  try {
    addFrontPage(app, page, settings.trustedProxies)
    await addRoutes(app, settings, { ...core, followers: feed.followers }, log)
    const endLive = addLive(app.server, {
      ...core,
      followers: feed.followers,
      front,
      trustedProxies: settings.trustedProxies,
    })
    await core.disk.look()
    const counted = countStored(core, settings, stopping.signal)
    await app.listen({ host: settings.host, port: settings.port })
    await core.erasing.resume()
    core.indexer.start()
    const firstInvite = settings.registration === 'invite' ? await core.invites.createFirst() : undefined
    return {
      port: (app.server.address() as AddressInfo).port,
      firstInvite,
      async close() {
        stopping.abort()
        await counted
        await close(app, core, feed, endLive)
      },
    }
  } catch (error) {
    stopping.abort()
    await close(app, core, feed)
    throw error
  }
}

/** Counts in the background what the accounts stored in the last day; never rejects. */
async function countStored(
  { store, storage, clock }: Core,
  { storedBytesPerDay }: Settings,
  signal: AbortSignal,
): Promise<void> {
  if (storedBytesPerDay === Infinity) return
  try {
    await recount(store, storage, { head: await store.head(), nowMs: clock(), signal })
  } catch {
    // The store cannot be read: whatever is asked of it says so.
  }
}

function appOf(settings: Settings, core: Core, front: Front, log: Logger): App {
  return createApp({
    scope: v1Scope,
    front,
    log,
    tls: settings.tls,
    // Browsers remember it for the host with all its ports: not where other servers may be on it.
    hsts: settings.tls !== undefined && settings.profile === 'public',
    connections: core.connections,
    arrivals: core.arrivals,
    bytes: core.bytes,
    requests: core.requests,
    trustedProxies: settings.trustedProxies,
    stalledReaderMs: settings.stalledReaderMs,
  })
}

/** Releases the folder where the server did not come to serve: the store's thread would keep the process alive. */
async function abandon({ bus, store }: Core): Promise<void> {
  await bus[Symbol.asyncDispose]()
  await store[Symbol.asyncDispose]()
}

/** What the core has to say goes to the log. */
function noticesTo(log: Logger, { data, freeDiskBytesMin }: Settings): Notices {
  return {
    trouble: reason => log.error({ reason }, 'a batch was not stored'),
    async freeBytes() {
      const { bavail, bsize } = await statfs(data)
      return bavail * bsize
    },
    diskChanged(isLow, freeBytes) {
      if (isLow) log.error({ freeBytes, freeDiskBytesMin }, 'the disk is nearly full: nothing new is stored')
      else log.warn({ freeBytes, freeDiskBytesMin }, 'the disk has room again')
    },
  }
}

async function addRoutes(
  app: App,
  settings: Settings,
  core: Core & { followers: Followers },
  log: Logger,
): Promise<void> {
  const { lab, trustedProxies, publicUrl } = settings
  if (lab !== 'off') addLabRoutes(app, { ...core, mode: lab, trustedProxies })
  await addV1(app, { ...core, trustedProxies, publicUrl, version, log })
}

async function close(
  app: App,
  { erasing, indexer, committer, store, bus }: Core,
  feed: Feed,
  endLive: () => void = () => {},
): Promise<void> {
  const late = setTimeout(() => committer.refuseWaiting(), drainMs)
  const latest = setTimeout(() => app.server.closeAllConnections(), cutMs)
  feed.followers.stop()
  endLive()
  await app.close()
  clearTimeout(latest)
  await erasing[Symbol.asyncDispose]()
  await indexer[Symbol.asyncDispose]()
  await committer.drain()
  clearTimeout(late)
  await feed[Symbol.asyncDispose]()
  await bus[Symbol.asyncDispose]()
  await store[Symbol.asyncDispose]()
}
