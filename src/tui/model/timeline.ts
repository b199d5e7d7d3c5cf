// A conversation as a column of rows, of which the screen shows a window. Nothing is laid out that is not looked at, and
// nothing twice, so that a long history costs no more than a short one.
import { dayName, dayOf } from '../../protocol/texts/format.ts'
import { whatHappened } from '../../protocol/texts/entries.ts'
import * as says from '../../protocol/texts/terminal.ts'
import type { KeptConversation, KeptEntry } from '../../sdk/copy/copy.ts'
import type { Outgoing } from '../../sdk/copy/outgoing.ts'
import { fateOf, type Item, type Row, rowsOf, type Surroundings } from './rows.ts'
import type { Note, Pane, Scroll } from './state.ts'

/** Messages of one person within this time stand under one name. */
const togetherSeconds = 300

export interface Timeline {
  readonly items: readonly Item[]
  readonly rowsAt: (index: number) => readonly Row[]
  /** The last item is the newest there is; else more can be read after it. */
  readonly isUpToDate: boolean
}

export interface TimelineNeeds {
  readonly kept: KeptConversation | undefined
  /** Whether any conversation is open, begun or not. */
  readonly isOpen: boolean
  /** Whether what is not kept is known not to be there. */
  readonly isSettled: boolean
  readonly echoes: readonly Outgoing[]
  readonly pane: Pane
  readonly me: string
  readonly width: number
  /** What a single long word may take. */
  readonly widest: number
  /** Whether there is room for an empty row between two who speak. */
  readonly isAiry: boolean
  readonly now: number
}

export function timelineOf(needs: TimelineNeeds): Timeline {
  const items = itemsOf(needs)
  const lastOwn = items.findLastIndex(item => isOwnMessage(item, needs.me))
  const firstNew = firstNewOf(items, needs)
  const rowsOfIndex = new Map<number, readonly Row[]>()
  const rowsAt = (index: number): readonly Row[] => {
    const item = items[index]
    if (item === undefined) return []
    const before = rowsOfIndex.get(index)
    if (before !== undefined) return before
    const rows = laidOut(item, surroundings(items, index, needs, lastOwn, firstNew))
    rowsOfIndex.set(index, rows)
    return rows
  }
  return { items, rowsAt, isUpToDate: needs.kept?.newer !== true }
}

function itemsOf(needs: TimelineNeeds): readonly Item[] {
  const { kept, echoes, pane } = needs
  const top: Item = { is: 'top', key: 'top', at: 0, text: topText(needs) }
  const shown = shownOf(kept?.entries ?? [])
  const items = pane.notes.length === 0 ? shown : withNotes(shown, pane.notes)
  const outgoing = echoes.map((echo): Item => ({ is: 'echo', key: `o${echo.key}`, at: echo.at, echo }))
  return [top, ...items, ...outgoing]
}

/** What is not known yet is neither a beginning nor nothing. */
function topText({ kept, isOpen, isSettled, pane }: TimelineNeeds): string {
  if (pane.loading) return `${says.loadingOlder}…`
  if (!isOpen) return ''
  if (pane.isMissing) return says.historyMissing
  if (kept === undefined) return isSettled ? says.nothingYet : `${says.loading}…`
  if (kept.older === undefined) return `${says.loading}…`
  return kept.older ? '' : says.beginning
}

const itemsOfEntries = new WeakMap<readonly KeptEntry[], readonly Item[]>()
const itemOfEntry = new WeakMap<KeptEntry, Item>()

/** Changes of messages are seen in the messages, not as items of their own. */
function shownOf(entries: readonly KeptEntry[]): readonly Item[] {
  const before = itemsOfEntries.get(entries)
  if (before !== undefined) return before
  const items = entries.filter(isShown).map(asItem)
  itemsOfEntries.set(entries, items)
  return items
}

function isShown(entry: KeptEntry): boolean {
  if (entry.kind === 'text' || entry.kind === 'erased') return true
  return entry.kind !== 'edit' && entry.kind !== 'delete' && whatHappened(entry) !== undefined
}

function asItem(entry: KeptEntry): Item {
  const before = itemOfEntry.get(entry)
  if (before !== undefined) return before
  const item: Item = { is: 'entry', key: `e${entry.seq}`, at: entry.storedAt, entry }
  itemOfEntry.set(entry, item)
  return item
}

function withNotes(items: readonly Item[], notes: readonly Note[]): readonly Item[] {
  const merged: Item[] = []
  let next = 0
  for (const item of items) {
    const seq = item.is === 'entry' ? item.entry.seq : 0
    for (let note = notes[next]; note !== undefined && note.after < seq; note = notes[++next]) merged.push(asNote(note))
    merged.push(item)
  }
  return [...merged, ...notes.slice(next).map(asNote)]
}

function asNote(note: Note): Item {
  return { is: 'note', key: note.key, at: 0, note }
}

function isOwnMessage(item: Item | undefined, me: string): boolean {
  return item?.is === 'entry' && item.entry.kind === 'text' && item.entry.sender === me
}

function firstNewOf(items: readonly Item[], { pane, me }: TimelineNeeds): number {
  const { newAfter } = pane
  if (newAfter === undefined) return -1
  return items.findIndex(item => item.is === 'entry' && item.entry.seq > newAfter && item.entry.sender !== me)
}

function surroundings(
  items: readonly Item[],
  index: number,
  needs: TimelineNeeds,
  lastOwn: number,
  firstNew: number,
): Surroundings {
  const { kept, pane, me, width, widest, isAiry, now } = needs
  const item = items[index]
  const before = items[index - 1]
  const speaker = speakerOf(item, me)
  const newDay = item?.is === 'entry' && (before?.is !== 'entry' || dayOf(before.at) !== dayOf(item.at))
  const isFirstNew = index === firstNew
  const follows =
    speaker !== undefined &&
    speaker === speakerOf(before, me) &&
    (item?.at ?? 0) - (before?.at ?? 0) < togetherSeconds &&
    !newDay &&
    !isFirstNew
  const seq = item?.is === 'entry' ? item.entry.seq : 0
  const isOwn = index === lastOwn && kept !== undefined
  return {
    width,
    widest,
    me,
    day: newDay && item !== undefined ? dayName(item.at, now) : undefined,
    isFirstNew,
    isHead: speaker !== undefined && !follows,
    isApart: isAiry && !follows && index > 1 && (speaker !== undefined || speakerOf(before, me) !== undefined),
    fate: isOwn ? fateOf(seq, kept.reads, kept.view.room === undefined) : undefined,
    isMarked: item !== undefined && item.key === pane.marked,
  }
}

function speakerOf(item: Item | undefined, me: string): string | undefined {
  if (item?.is === 'echo') return me
  if (item?.is !== 'entry') return undefined
  return item.entry.kind === 'text' || item.entry.kind === 'erased' ? item.entry.sender : undefined
}

const layouts = new WeakMap<object, { readonly of: string; readonly rows: readonly Row[] }>()

function laidOut(item: Item, around: Surroundings): readonly Row[] {
  if (item.is === 'top') return item.text === '' ? [] : rowsOf(item, around)
  const source = item.is === 'entry' ? item.entry : item.is === 'echo' ? item.echo : item.note
  const of = JSON.stringify(around)
  const before = layouts.get(source)
  if (before?.of === of) return before.rows
  const rows = rowsOf(item, around)
  layouts.set(source, { of, rows })
  return rows
}

/** What stands on the screen. */
export interface Window {
  readonly rows: readonly Row[]
  /** The last row that is held is seen. */
  readonly isAtEnd: boolean
  /** The oldest row that is held is seen. */
  readonly isAtTop: boolean
  /** Items from the first to the last of which a row is seen. */
  readonly from: number
  readonly to: number
}

/** The rows of `height`, of which the lowest is where `scroll` says. A short conversation stands at the lower edge. */
export function windowOf(timeline: Timeline, scroll: Scroll | undefined, height: number): Window {
  const end = lastPlace(timeline)
  const bottom = placeOf(timeline, scroll) ?? end
  const { rows, first } = rowsUpTo(timeline, bottom, height)
  const isAtTop = first.index < 0
  let last = bottom
  // At the top there may be room left over below.
  while (rows.length < height) {
    const next = step(timeline, last, 1)
    if (next === undefined) break
    rows.push(rowAt(timeline, next))
    last = next
  }
  const isAtEnd = last.index === end.index && last.row === end.row
  const empty = Array.from({ length: Math.max(0, height - rows.length) }, (): Row => [])
  return { rows: [...empty, ...rows], isAtEnd, isAtTop, from: Math.max(0, first.index), to: last.index }
}

/** Where the window is after moving so many rows, down if positive; undefined once it follows the newest row. */
export function scrolled(
  timeline: Timeline,
  scroll: Scroll | undefined,
  by: number,
  height: number,
): Scroll | undefined {
  const end = lastPlace(timeline)
  let place = placeOf(timeline, scroll) ?? end
  const first = lowestAtTop(timeline, height)
  for (let left = Math.abs(by); left > 0; left -= 1) {
    if (by < 0 && !isBehind(place, first)) break
    const next = step(timeline, place, Math.sign(by))
    if (next === undefined) break
    place = next
  }
  return isBehind(end, place) || !timeline.isUpToDate ? asScroll(timeline, place) : undefined
}

/** So that the item is seen: as it is where it is seen already, else with the item in the middle. */
export function showing(
  timeline: Timeline,
  scroll: Scroll | undefined,
  key: string,
  height: number,
): Scroll | undefined {
  const index = timeline.items.findIndex(item => item.key === key)
  const { from, to } = windowOf(timeline, scroll, height)
  if (index === -1 || (index > from && index < to) || (index === to && index === timeline.items.length - 1)) {
    return scroll ?? (timeline.isUpToDate ? undefined : asScroll(timeline, lastPlace(timeline)))
  }
  const at = { key, row: Math.max(0, timeline.rowsAt(index).length - 1) }
  return scrolled(timeline, at, Math.floor(height / 2), height)
}

interface Place {
  readonly index: number
  readonly row: number
}

function lastPlace(timeline: Timeline): Place {
  for (let index = timeline.items.length - 1; index >= 0; index -= 1) {
    const count = timeline.rowsAt(index).length
    if (count > 0) return { index, row: count - 1 }
  }
  return { index: -1, row: 0 }
}

function placeOf(timeline: Timeline, scroll: Scroll | undefined): Place | undefined {
  if (scroll === undefined) return undefined
  const index = timeline.items.findLastIndex(item => item.key === scroll.key)
  if (index === -1) return undefined
  // With another width it may have fewer rows.
  return { index, row: Math.max(0, Math.min(scroll.row, timeline.rowsAt(index).length - 1)) }
}

function asScroll(timeline: Timeline, { index, row }: Place): Scroll | undefined {
  const item = timeline.items[index]
  return item === undefined ? undefined : { key: item.key, row }
}

function isBehind(a: Place, b: Place): boolean {
  return a.index > b.index || (a.index === b.index && a.row > b.row)
}

function rowAt(timeline: Timeline, { index, row }: Place): Row {
  return timeline.rowsAt(index)[row] ?? []
}

function step(timeline: Timeline, { index, row }: Place, by: number): Place | undefined {
  const inside = row + by
  if (index >= 0 && inside >= 0 && inside < timeline.rowsAt(index).length) return { index, row: inside }
  for (let next = index + by; next >= 0 && next < timeline.items.length; next += by) {
    const count = timeline.rowsAt(next).length
    if (count > 0) return { index: next, row: by > 0 ? 0 : count - 1 }
  }
  return undefined
}

/** The rows that end at `bottom`, and what stands above them: an index below 0 where nothing does. */
function rowsUpTo(timeline: Timeline, bottom: Place, height: number): { rows: Row[]; first: Place } {
  const rows: Row[] = []
  let place: Place | undefined = bottom.index < 0 ? undefined : bottom
  let first = bottom
  while (place !== undefined && rows.length < height) {
    rows.push(rowAt(timeline, place))
    first = place
    place = step(timeline, place, -1)
  }
  rows.reverse()
  return { rows, first: place === undefined ? { index: -1, row: 0 } : first }
}

/** The lower edge of the window that begins with the oldest row. */
function lowestAtTop(timeline: Timeline, height: number): Place {
  let place: Place = { index: -1, row: 0 }
  for (let count = 0; count < height; count += 1) {
    const next = step(timeline, place, 1)
    if (next === undefined) break
    place = next
  }
  return place
}
