// The engines of a server: which store and which bus its settings ask for. With lab/ the only place that names one.
import { randomBytes } from 'node:crypto'
import { localBus } from '../bus/local.ts'
import type { Engines } from '../core/assemble.ts'
import { openSqlite, type SqliteOptions } from '../store/sqlite/sqlite.ts'
import type { Store } from '../store/store.ts'

/**
 * Opens the store of a data folder, which is created where there is none. Throws CannotOpen with a sentence for the
 * operator. `notices` are called when the files are moved away or found damaged.
 */
export type OpenStore = (dir: string, notices?: Pick<SqliteOptions, 'moved' | 'damaged'>) => Store

export const openStore: OpenStore = (dir, notices = {}) => openSqlite(dir, notices)

/** A store with the bus, the clock and the random source of a server that runs alone. */
export function enginesOf(store: Store): Engines {
  return { store, bus: localBus(), clock: Date.now, random: randomBytes }
}
