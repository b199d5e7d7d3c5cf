// The conversations of a session, direct ones and rooms: the list, who is in them, what was said, how far one has read.
import type { ConversationView, HistoryView, MemberView } from '../protocol/v1.ts'
import { type Call, path } from './http.ts'
import type { Waiting } from './me.ts'

export class Conversations {
  readonly #call: Call

  constructor(call: Call) {
    this.#call = call
  }

  /** Mine, the last active first. The next page comes `before` the `lastSeq` of this one's last. */
  async list({
    before,
    limit,
    signal,
  }: { before?: number; limit?: number } & Waiting = {}): Promise<readonly ConversationView[]> {
    const query = { before, limit }
    const answer = await this.#call<{ conversations: ConversationView[] }>('GET', '/conversations', { query, signal })
    return answer.conversations
  }

  get(id: number, { signal }: Waiting = {}): Promise<ConversationView> {
    return this.#call('GET', path`/conversations/${id}`, { signal })
  }

  async members(id: number, { signal }: Waiting = {}): Promise<readonly MemberView[]> {
    return (await this.#call<{ members: MemberView[] }>('GET', path`/conversations/${id}/members`, { signal })).members
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

  /** Says that one has read up to `seq`, on all devices. It only rises. */
  async markRead(id: number, seq: number, { signal }: Waiting = {}): Promise<void> {
    await this.#call('PUT', path`/conversations/${id}/read`, { body: { seq }, signal })
  }
}
