// The conversations of a session, direct ones and rooms: the list, who is in them, what was said, how far one has read.
import type { ConversationView, HistoryView, MemberView } from '../protocol/v1.ts'
import { type Call, path, type Waiting } from './http.ts'

export class Conversations {
  readonly #call: Call

  constructor(call: Call) {
    this.#call = call
  }

  /** Mine, the last active first. The next page comes `before` the `lastSeq` of this one's last. */
  list({ before, limit, signal }: { before?: number; limit?: number } & Waiting = {}): Promise<{
    conversations: readonly ConversationView[]
    more: boolean
  }> {
    return this.#call('GET', '/conversations', { query: { before, limit }, signal })
  }

  get(id: number, { signal }: Waiting = {}): Promise<ConversationView> {
    return this.#call('GET', path`/conversations/${id}`, { signal })
  }

  /** The next page comes `after` the `id` of this one's last. */
  members(
    id: number,
    { after, limit, signal }: { after?: number; limit?: number } & Waiting = {},
  ): Promise<{ members: readonly MemberView[]; more: boolean }> {
    return this.#call('GET', path`/conversations/${id}/members`, { query: { after, limit }, signal })
  }

  /** The last entries, those before a seq, or those after one. */
  history(
    id: number,
    {
      before,
      after,
      limit,
      signal,
    }: ({ before?: number; after?: never } | { after?: number; before?: never }) & { limit?: number } & Waiting = {},
  ): Promise<HistoryView> {
    return this.#call('GET', path`/conversations/${id}/history`, { query: { before, after, limit }, signal })
  }

  /** Says that one has read up to `seq`, on all devices. It only rises; resolves to where it is then. */
  async markRead(id: number, seq: number, { signal }: Waiting = {}): Promise<number> {
    const body = { seq }
    return (await this.#call<{ readSeq: number }>('PUT', path`/conversations/${id}/read`, { body, signal })).readSeq
  }
}
