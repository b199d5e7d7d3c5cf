// Puts the parts together: the store, the core over it, the transports over that. The only place that knows them all.
import { randomBytes } from 'node:crypto'
import type { Logger } from 'pino'
import { Accounts } from '../core/accounts.ts'
import { Committer } from '../core/committer.ts'
import { Guard } from '../core/guard.ts'
import { RateLimiter } from '../core/limits.ts'
import { Messages } from '../core/messages.ts'
import { createApp } from '../http/app.ts'
import { ownHosts } from '../http/browsers.ts'
import { addFrontPage } from '../http/front-page.ts'
import { addLabRoutes } from '../http/lab-routes.ts'
import type { Store } from '../store/store.ts'
import type { Settings } from './settings.ts'

export interface Server {
  /** The port that was taken. */
  readonly port: number
  /** Stops accepting, finishes what is in flight, commits, closes; requests that do not end are cut off in time. */
  close(): Promise<void>
}

/** What is in flight may take this long to finish: the whole stop is promised within five seconds. */
const drainMs = 3_500

/** Serves `store`, which it disposes when it closes. Rejects with the system's error where it cannot listen. */
export async function startServer(settings: Settings, store: Store, log: Logger): Promise<Server> {
  const committer = new Committer(store, Date.now)
  const app = assemble(settings, store, committer, log)
  try {
    await app.listen({ host: settings.host, port: settings.port })
  } catch (error) {
    await app.close()
    await store[Symbol.asyncDispose]()
    throw error
  }
  const address = app.server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : settings.port,
    async close() {
      const late = setTimeout(() => app.server.closeAllConnections(), drainMs)
      await app.close()
      clearTimeout(late)
      await committer.drain()
      await store[Symbol.asyncDispose]()
    },
  }
}

function assemble(settings: Settings, store: Store, committer: Committer, log: Logger): ReturnType<typeof createApp> {
  const { publicUrl, allowedOrigins, trustedProxies, lab } = settings
  const accounts = new Accounts({
    store,
    committer,
    random: randomBytes,
    rules: settings,
    attempts: new RateLimiter('registrations and sign-ins', settings.attempts, Date.now),
  })
  const front = { hosts: ownHosts(publicUrl), allowedOrigins: new Set(allowedOrigins) }
  const app = createApp({ front, log })
  addFrontPage(app)
  if (lab !== 'off') {
    addLabRoutes(app, {
      mode: lab,
      accounts,
      guard: new Guard(Date.now),
      trustedProxies,
      messages: new Messages(store, committer),
      store,
      requests: new RateLimiter('requests', settings.requests, Date.now),
    })
  }
  return app
}
