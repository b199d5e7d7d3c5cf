// How lines stand together: a new day, the mark where the new ones begin, and who need not be named again.
import { dayOf } from '../../src/protocol/texts/format.ts'
import type { Line } from '../model/log.ts'

/** Messages of one person within this time stand together. */
const togetherSeconds = 300

/** What comes above a line. */
export interface Above {
  readonly day: boolean
  /** The first that was not read when the conversation was opened. */
  readonly mark: boolean
  /** It begins a group: its sender is named. */
  readonly begins: boolean
}

type Placed = Pick<Line, 'sender' | 'storedAt' | 'kind'>

/** `markSeq` is the line above which the mark stands. */
export function aboveOf(line: Line, before: Line | undefined, markSeq: number | undefined): Above {
  const day = before === undefined || dayOf(line.storedAt) !== dayOf(before.storedAt)
  const mark = line.seq === markSeq
  return { day, mark, begins: day || mark || !isTogether(line, before) }
}

interface Reader {
  /** How far one had read. */
  readonly after: number
  /** The first line that one may read is loaded. */
  readonly hasStart: boolean
  /** What is one's own is not new to oneself. */
  readonly me: string
}

/** The first message that is new to a reader; undefined where there is none, or it may stand before what is loaded. */
export function firstNew(blocks: readonly (readonly Line[])[], { after, hasStart, me }: Reader): number | undefined {
  let isKnown = hasStart
  for (const lines of blocks) {
    const [first] = lines
    if (first !== undefined && first.seq <= after) isKnown = true
    if ((lines.at(-1)?.seq ?? 0) <= after) continue
    const line = lines.find(one => one.seq > after && isMessage(one) && one.sender !== me)
    if (line !== undefined) return isKnown ? line.seq : undefined
  }
  return undefined
}

export function isTogether(line: Placed, before: Placed | undefined): boolean {
  return (
    before !== undefined &&
    before.sender === line.sender &&
    isMessage(before) &&
    isMessage(line) &&
    line.storedAt - before.storedAt < togetherSeconds
  )
}

export function isMessage({ kind }: Pick<Line, 'kind'>): boolean {
  return kind === 'text' || kind === 'erased'
}
