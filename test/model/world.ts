// The world as the judge takes it: the whole log and the names in it, read from the store when all is over.
import type { AccountId, ConversationId, Entry, Reads } from '../../src/store/store.ts'
import type { Place, World } from './judge.ts'

export async function worldOf(
  reads: Reads,
  people: readonly { readonly account: AccountId; readonly name: string }[],
): Promise<World> {
  const log: Entry[] = [...(await reads.entriesAfter(0, 1_000_000))]
  const places = new Map<ConversationId, Place>()
  for (const { conversation } of log) {
    const info = places.has(conversation) ? undefined : await reads.conversation(conversation)
    if (info?.kind === 'room') {
      places.set(conversation, { kind: 'room', name: info.name, isOpen: info.history === 'all' })
    }
    if (info?.kind === 'direct') places.set(conversation, { kind: 'direct', low: info.low.id, high: info.high.id })
  }
  return { log, places, names: new Map(people.map(({ account, name }) => [account, name])) }
}
