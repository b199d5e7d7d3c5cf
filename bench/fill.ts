// Stores that are full before anything is measured: through the store's own contract, in large batches, without fsync
// (they are closed before a server opens them, and nothing in them is promised to anybody).
import { openSqlite } from '../src/store/sqlite/sqlite.ts'
import type { Seq, Store, Write, Written } from '../src/store/store.ts'
import { clientIdOf, textOf } from './load/texts.ts'
import { type People, settle } from './peers/hullo.ts'

/** Writes at once: large enough that a transaction costs nothing, small enough to be handed to the writer's thread. */
const batchMessages = 10_000

export interface Filled extends People {
  readonly head: Seq
}

export interface Filling {
  readonly names: readonly string[]
  /** Account 0 is sent so many messages, by the others in turns: as many conversations as there are others. */
  readonly messages: number
  /** Whether the search index may begin with what comes later: it would be busy for minutes. */
  readonly isIndexed: boolean
  /** With client ids, as over v1; without, as over the lab's route. */
  readonly hasClientIds?: boolean
  /** Has the last word before the store is closed. */
  readonly finish?: (store: Store) => Promise<void>
}

export async function fill(dir: string, filling: Filling): Promise<Filled> {
  await using store = openSqlite(dir, { synchronous: 'OFF' })
  const people = await settle(store, filling.names)
  const senders = filling.names.length - 1
  // While the writer stores one batch the next one is made.
  let stored = Promise.resolve()
  for (let first = 0; first < filling.messages; first += batchMessages) {
    const count = Math.min(batchMessages, filling.messages - first)
    const batch = Array.from({ length: count }, (_, index) => message(first + index, senders, filling))
    await stored
    stored = store.write(batch, Date.now()).then(checkWritten)
  }
  await stored
  const head = await store.head()
  if (filling.isIndexed) await store.write([{ kind: 'index-words', upTo: head, messages: [] }], Date.now())
  await filling.finish?.(store)
  return { ...people, head }
}

function checkWritten(written: readonly Written[]): void {
  const refused = written.find(one => one.kind !== 'stored')
  if (refused !== undefined) throw new Error(`a message was not stored: ${refused.kind}`)
}

/** Message n overall is number `n / senders` of its sender; the accounts' ids begin at 1. */
function message(index: number, senders: number, { hasClientIds = false }: Filling): Write {
  const sender = 1 + (index % senders)
  const number = Math.floor(index / senders)
  const draft = {
    kind: 'send-direct',
    sender: sender + 1,
    recipient: 1,
    text: textOf(sender, number),
    sentAtS: 1_700_000_000.25,
  } as const
  // An id as the SDK's.
  if (!hasClientIds) return draft
  return { ...draft, once: { clientId: clientIdOf('AbCdEfGh', number) } }
}
