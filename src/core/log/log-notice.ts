// Notify: what was just committed, as a notice for the bus. Messages go along as a hint, since their rows are known
// without reading them; anything else is read from the store by those who follow.
import type { LogNotice } from '../../bus/bus.ts'
import type { Entry, Write, Written } from '../../store/store.ts'

/** The notice about a batch; undefined if it added nothing to the log. */
export function noticeOf(writes: readonly Write[], results: readonly Written[]): LogNotice | undefined {
  const entries: Entry[] = []
  let head = 0
  let whole = true
  for (const [at, result] of results.entries()) {
    if (result.kind !== 'stored' || result.repeated) continue
    head = Math.max(head, result.seq)
    const write = writes[at]
    if (write?.kind !== 'send-direct' && write?.kind !== 'send-room') {
      whole = false
      continue
    }
    entries.push({
      seq: result.seq,
      conversation: result.conversation,
      sender: write.sender,
      kind: 'text',
      text: write.text,
      refersTo: null,
      subject: null,
      sentAtS: write.sentAtS,
      storedAtMs: result.storedAtMs,
    })
  }
  if (head === 0) return undefined
  return whole ? { kind: 'log', head, entries } : { kind: 'log', head }
}
