// Versions: messages as one reader gets them. The log's rows hold the first text of a message and that of each edit; a
// reader gets the last of these within what they may read. No text of a row may reach a reader without this.
import type { ConversationId, Entry, Seq, Store } from '../../store/store.ts'
import type { Range } from './merge.ts'

export type VersionLog = Pick<Store, 'entriesAt' | 'lastEdits'>

/** What the reader may read of a conversation, in no order. */
export type RangesOf = (conversation: ConversationId) => Promise<readonly Range[]>

/** Whether an entry says that another one changed. */
export function isChange({ kind, refersTo }: Entry): boolean {
  return (kind === 'edit' || kind === 'delete') && refersTo !== null
}

/** A change as readers get it who may not read the message that it is about. */
export function withoutTarget(change: Entry): Entry {
  return { ...change, text: '', refersTo: null }
}

/**
 * The entries, in their order, as a reader gets them: messages with the text of the last version that `rangesOf` covers,
 * `erased` where there is none, and edits and deletes without text and target where it does not cover the target.
 */
export async function asReadBy(
  log: VersionLog,
  rangesOf: RangesOf,
  entries: readonly Entry[],
): Promise<readonly Entry[]> {
  const edited = await editedOf(log, entries)
  if (edited.size === 0 && !entries.some(isChange)) return entries
  const ranges = new Map<ConversationId, readonly Range[]>()
  for (const entry of entries) {
    const { conversation, seq } = entry
    if (!(edited.has(seq) || isChange(entry)) || ranges.has(conversation)) continue
    ranges.set(conversation, await rangesOf(conversation))
  }
  const within = ({ conversation }: Entry) => ranges.get(conversation) ?? []
  const versions = new Map<Seq, Seq>()
  for (const entry of entries) {
    const last = edited.get(entry.seq)
    if (last !== undefined) versions.set(entry.seq, await lastWithin(log, { message: entry.seq, last }, within(entry)))
  }
  const texts = await textsOf(log, versions.values())
  return entries.map(entry => {
    if (isChange(entry)) return has(within(entry), entry.refersTo ?? 0) ? entry : withoutTarget(entry)
    const version = versions.get(entry.seq)
    if (version === undefined || (version === 0 && entry.refersTo === null)) return entry
    const text = texts.get(version) ?? ''
    // No edit is empty: the message was erased between the two reads, or has no first text any more.
    return text === '' ? { ...entry, kind: 'erased', text: '', refersTo: null } : { ...entry, text, refersTo: null }
  })
}

/** The messages among the entries whose text is not simply that of their row, each with its last edit (0: none). */
async function editedOf(log: VersionLog, entries: readonly Entry[]): Promise<ReadonlyMap<Seq, Seq>> {
  const messages = entries.filter(({ kind }) => kind === 'text')
  if (messages.length === 0) return new Map()
  const asked = messages.map(({ seq }) => ({ message: seq, after: seq, upTo: Number.MAX_SAFE_INTEGER }))
  const lasts = await log.lastEdits(asked)
  const found = messages.map(({ seq, refersTo }, at) => ({ seq, last: lasts[at] ?? 0, isBlank: refersTo !== null }))
  return new Map(found.filter(({ last, isBlank }) => last > 0 || isBlank).map(({ seq, last }) => [seq, last]))
}

/** The last edit of a message within the ranges; 0 if there is none. */
async function lastWithin(
  log: VersionLog,
  { message, last }: { message: Seq; last: Seq },
  ranges: readonly Range[],
): Promise<Seq> {
  if (last === 0 || has(ranges, last)) return last
  const found = await log.lastEdits(ranges.map(({ after, upTo }) => ({ message, after, upTo })))
  return Math.max(0, ...found)
}

async function textsOf(log: VersionLog, versions: Iterable<Seq>): Promise<ReadonlyMap<Seq, string>> {
  const seqs = [...versions].filter(seq => seq > 0)
  const rows = seqs.length === 0 ? [] : await log.entriesAt(seqs.toSorted((a, b) => a - b))
  return new Map(rows.map(({ seq, text }) => [seq, text]))
}

function has(ranges: readonly Range[], seq: Seq): boolean {
  return ranges.some(({ after, upTo }) => seq > after && seq <= upTo)
}
