// The bus's contract: nodes of one log tell one another that something happened. It may lose, may repeat, may reorder,
// and never blocks: nothing is true because the bus said so. Whoever hears looks into the store.
import type { SoftEvent } from '../protocol/v1.ts'
import type { AccountId, ConversationId, Entry, Seq } from '../store/store.ts'

/** The log reaches `head`. `entries` is a hint: these rows, in order, if the sender had them at hand. */
export interface LogNotice {
  readonly kind: 'log'
  readonly head: Seq
  readonly entries?: readonly Entry[]
}

/** Something soft for those who are in a conversation, or for one account. */
export interface SoftNotice {
  readonly kind: 'soft'
  readonly event: SoftEvent
  readonly to: { readonly conversation: ConversationId } | { readonly account: AccountId }
  /** Who caused it: hears nothing of it. */
  readonly by: AccountId
  /** Who is kept away from it by the one who caused it. */
  readonly hidden: readonly AccountId[]
}

export type Notice = LogNotice | SoftNotice

export interface Bus extends AsyncDisposable {
  /** Tells every node, this one too; returns at once, and says nothing about arrival. */
  publish(notice: Notice): void
  /** Calls `listener` for each notice until the returned function is called. A listener never throws and never waits. */
  subscribe(listener: (notice: Notice) => void): () => void
}
