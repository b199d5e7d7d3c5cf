// The server within the test's own process, for what a test must hold in its hands: the clock, tiny rates, a store that
// counts or fails. Everything else is as `hullo serve` assembles it.
import pino from 'pino'
import { profiles } from '../../src/server/settings/profiles.ts'
import { startServer } from '../../src/server/server.ts'
import type { Settings } from '../../src/server/settings/settings.ts'
import type { PageFile } from '../../src/http/page/page.ts'
import { openSqlite } from '../../src/store/sqlite/sqlite.ts'
import type { Store } from '../../src/store/store.ts'
import { temporaryFolder } from './server.ts'
import { ask, type Answer, type Ask } from './wire.ts'

export interface InsideServer extends AsyncDisposable {
  readonly port: number
  /** The store that the server uses, before `wrap`. */
  readonly store: Store
  ask(method: string, path: string, more?: Ask): Promise<Answer>
}

/** Starts a server with these settings; `wrap` stands between it and its store; `page` is what browsers get. */
export async function startInside(
  more: Partial<Settings> = {},
  wrap: (store: Store) => Store = store => store,
  page: readonly PageFile[] = [],
): Promise<InsideServer> {
  const folder = more.data === undefined ? temporaryFolder() : undefined
  const settings: Settings = {
    ...profiles.local,
    profile: 'local',
    port: 0,
    data: folder?.dir ?? '',
    trustedProxies: undefined,
    publicUrl: undefined,
    tls: undefined,
    allowedOrigins: [],
    logLevel: 'silent',
    freeDiskBytesMin: 0,
    stalledReaderMs: 30_000,
    ...more,
  }
  const store = openSqlite(settings.data)
  const server = await startServer(settings, wrap(store), pino({ level: 'silent' }), page)
  return {
    port: server.port,
    store,
    ask: (method, path, what) => ask(server.port, method, path, what),
    async [Symbol.asyncDispose]() {
      await server.close()
      folder?.[Symbol.dispose]()
    },
  }
}
