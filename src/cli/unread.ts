// The unread messages of an account over all its conversations, in the order of the log, a page of each at a time.
import type { EntryView } from '../protocol/v1.ts'
import type { Me } from '../sdk/sdk.ts'

/** As many as the server gives at once. */
const pageEntries = 256

type Wanted = (entry: EntryView) => boolean

/** Those of others, oldest first. */
export async function* unreadOf(me: Me, wanted: Wanted, signal: AbortSignal): AsyncGenerator<EntryView, void> {
  const heads: { head: EntryView; rest: AsyncGenerator<EntryView, void> }[] = []
  for await (const { id, readSeq } of unreadConversations(me, signal)) {
    const rest = messagesAfter(me, id, readSeq, wanted, signal)
    const { value: head } = await rest.next()
    if (head !== undefined) heads.push({ head, rest })
  }
  while (heads.length > 0) {
    const first = heads.reduce((a, b) => (b.head.seq < a.head.seq ? b : a))
    yield first.head
    const { value: next } = await first.rest.next()
    if (next === undefined) heads.splice(heads.indexOf(first), 1)
    else first.head = next
  }
}

async function* unreadConversations(me: Me, signal: AbortSignal) {
  let before: number | undefined
  for (;;) {
    const page = await me.conversations.list({ ...(before === undefined ? {} : { before }), signal })
    yield* page.conversations.filter(({ unread }) => unread > 0)
    before = page.conversations.at(-1)?.lastSeq
    if (!page.more || before === undefined) return
  }
}

async function* messagesAfter(me: Me, conversation: number, seq: number, wanted: Wanted, signal: AbortSignal) {
  let after = seq
  for (;;) {
    const { entries, more } = await me.conversations.history(conversation, { after, limit: pageEntries, signal })
    yield* entries.filter(wanted)
    after = entries.at(-1)?.seq ?? after
    if (!more || entries.length === 0) return
  }
}
