// What makes a run count: every acknowledged message is in the store exactly once with its text, in its sender's order,
// and so is every delivered one. It reads through the store's own contract, after the server is gone.
import { openSqlite } from '../../src/store/sqlite/sqlite.ts'
import type { Reads } from '../../src/store/store.ts'
import { Void } from '../contract.ts'
import { nameOf } from '../load/texts.ts'

/** What a generator knows: numbers of each sender, the senders by their index. */
export interface Claims {
  /** All that may be there: numbers from 0 on. */
  readonly sent: readonly number[]
  /** Numbers that were acknowledged. */
  readonly acknowledged: (sender: number) => Iterable<number>
  /** Numbers that somebody received; absent where nobody does. */
  readonly delivered?: (sender: number) => Iterable<number>
  /** Whether a sender's texts are in the store in its order; they are, unless several connections sent at once. */
  readonly isOrdered?: boolean
  /** What lies up to this seq was there before, and is not looked at. */
  readonly after?: number
}

export interface Stored {
  readonly messages: number
  readonly textBytes: number
}

/** Entries read at once: a large page, since nobody else wants the store. */
const pageEntries = 20_000

/**
 * Compares what is claimed with what a folder holds, in which sender n is account n + 1. Throws Void with the first
 * differences.
 */
export async function checkStored(dir: string, claims: Claims): Promise<Stored> {
  await using store = openSqlite(dir)
  return await compare(store, claims)
}

/** The same over a store that is open. */
export async function compare(store: Pick<Reads, 'entriesAfter'>, claims: Claims): Promise<Stored> {
  const found = claims.sent.map(sent => new Uint8Array(sent))
  const last = claims.sent.map(() => -1)
  const faults: string[] = []
  let messages = 0
  let textBytes = 0
  for await (const entry of entriesOf(store, claims.after ?? 0)) {
    if (entry.kind !== 'text') continue
    messages += 1
    textBytes += Buffer.byteLength(entry.text)
    const name = nameOf(entry.text)
    const seen = name === undefined ? undefined : found[name.sender]
    if (name === undefined || seen === undefined || name.number >= seen.length || entry.sender !== name.sender + 1) {
      faults.push(`seq ${entry.seq} holds what nobody sent: ${entry.text.slice(0, 60)}`)
      continue
    }
    seen[name.number] = (seen[name.number] ?? 0) + 1
    const isLate = (claims.isOrdered ?? true) && name.number <= (last[name.sender] ?? -1)
    if (isLate) faults.push(`text ${name.number} of ${name.sender} is out of order`)
    last[name.sender] = name.number
  }
  for (const [sender, seen] of found.entries()) {
    faults.push(...missing('acknowledged', sender, seen, claims.acknowledged(sender)))
    faults.push(...missing('delivered', sender, seen, claims.delivered?.(sender) ?? []))
  }
  if (faults.length > 0) throw new Void(`${faults.length} faults in the store: ${faults.slice(0, 5).join('; ')}`)
  return { messages, textBytes }
}

async function* entriesOf(store: Pick<Reads, 'entriesAfter'>, from: number) {
  let after = from
  for (;;) {
    const page = await store.entriesAfter(after, pageEntries)
    yield* page
    const last = page.at(-1)
    if (last === undefined) return
    after = last.seq
  }
}

function missing(what: string, sender: number, seen: Uint8Array, numbers: Iterable<number>): string[] {
  const faults: string[] = []
  for (const number of numbers) {
    const times = seen[number] ?? 0
    if (times !== 1) faults.push(`text ${number} of ${sender} was ${what} and is stored ${times} times`)
  }
  return faults
}

export function* upTo(count: number): Generator<number> {
  for (let number = 0; number < count; number += 1) yield number
}
