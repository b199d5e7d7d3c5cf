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

/** Where the mark goes, and for whom: what is one's own is not new to oneself. */
export interface Marking {
  /** How far one had read; undefined where no mark is shown. */
  readonly after: number | undefined
  /** Nothing stands before the first line that is loaded: it may be the first new one. */
  readonly hasStart: boolean
  readonly me: string
}

export function aboveOf(line: Line, before: Line | undefined, { after, hasStart, me }: Marking): Above {
  const day = before === undefined || dayOf(line.storedAt) !== dayOf(before.storedAt)
  const isNew = after !== undefined && line.seq > after && line.sender !== me && isMessage(line)
  const mark = isNew && (before === undefined ? hasStart : before.seq <= after)
  return { day, mark, begins: day || mark || !isTogether(line, before) }
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
