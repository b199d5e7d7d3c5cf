// A data folder for one test, and SQLite stores in it.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqlite } from '../../src/store/sqlite/sqlite.ts'
import type { Subject } from './subject.ts'

export interface Place extends Disposable {
  readonly dir: string
  /** The database's path. */
  readonly file: string
}

/** A new folder, removed when the scope of `using` ends. */
export function place(): Place {
  const dir = mkdtempSync(join(tmpdir(), 'hullo-store-'))
  return {
    dir,
    file: join(dir, 'hullo.sqlite'),
    [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true }),
  }
}

/** A store on SQLite as the conformance suite takes it. */
export async function sqliteSubject(): Promise<Subject> {
  const { dir, [Symbol.dispose]: remove } = place()
  let store = openSqlite(dir)
  return {
    get store() {
      return store
    },
    async reopen() {
      await store[Symbol.asyncDispose]()
      store = openSqlite(dir)
      return store
    },
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]()
      remove()
    },
  }
}
