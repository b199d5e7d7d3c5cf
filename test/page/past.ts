// A server's folder in which people have talked for long already: written through the store's own contract, which takes the
// time of each message as it is told, before a server opens it.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { Passwords } from '../../src/core/people/passwords.ts'
import { nameKey } from '../../src/protocol/names.ts'
import { openSqlite } from '../../src/store/sqlite/sqlite.ts'
import type { Write } from '../../src/store/store.ts'

/** What one of the two said, and when, ms since 1970. */
export interface Said {
  /** Which of the two. */
  readonly by: 0 | 1
  readonly text: string
  readonly atMs: number
}

/** Makes two accounts with the password of `enter`, and what they said to one another, in the order of time. */
export async function fillPast(dir: string, names: readonly [string, string], said: readonly Said[]): Promise<void> {
  // Nothing in it is promised to anybody yet.
  await using store = openSqlite(dir, { synchronous: 'OFF' })
  const password = await new Passwords(randomBytes).hash('builder')
  if (typeof password !== 'string') throw password
  const people = names.map(
    (name): Write => ({ kind: 'register', name, nameKey: nameKey(name), password, passwordRule: 1 }),
  )
  const accounts = await store.write(people, said[0]?.atMs ?? Date.now())
  const ids = accounts.map(written => (written.kind === 'registered' ? written.account : assert.fail(written.kind)))
  const idOf = (by: 0 | 1) => ids[by] ?? assert.fail()
  // A batch has one time: what was said in one minute is one.
  for (const [minute, together] of Map.groupBy(said, ({ atMs }) => Math.floor(atMs / 60_000))) {
    const batch = together.map(({ by, text, atMs }): Write => {
      const recipient = idOf(by === 0 ? 1 : 0)
      return { kind: 'send-direct', sender: idOf(by), recipient, text, sentAtS: atMs / 1_000 }
    })
    for (const { kind } of await store.write(batch, minute * 60_000)) assert.equal(kind, 'stored')
  }
}
