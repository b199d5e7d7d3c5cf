// What a change of a message or a room answers with.
import type { Stored } from '../../core/conversations/messages.ts'
import type { ChangeView } from '../../protocol/v1.ts'

/** The entry that a change is; none where it was so already. */
export function changeOf(stored: Pick<Stored, 'seq'> | undefined): ChangeView {
  return stored === undefined ? { changed: false } : { changed: true, seq: stored.seq }
}
