// The whole screen as rows of spans, from the state alone: list, title, conversation, edge, writing. Pure, so that what
// people see is tested without a terminal. Every row is as wide as its part of the screen or less.
import * as says from '../../protocol/texts/terminal.ts'
import { online, typing } from '../../protocol/texts/people.ts'
import { textBytesMax } from '../../protocol/limits.ts'
import { sentText } from '../../protocol/text.ts'
import { unreadIn } from '../../sdk/copy/copy.ts'
import { shownOf } from '../../sdk/copy/outgoing.ts'
import { printableLine, printableName } from '../../terminal/printable.ts'
import { composed } from './composer.ts'
import { linkWords, listRows } from './list-rows.ts'
import type { Row, Span, Tone } from './rows.ts'
import { sheetRows } from './sheet-rows.ts'
import { type ChatState, isSettled, openConversation, type Pane, paneOf, type Size } from './state.ts'
import { type Timeline, timelineOf, windowOf } from './timeline.ts'
import { fit, pad, widthOf, wrap } from './widths.ts'

export interface Frame {
  readonly size: Size
  /** Absent in narrow windows. */
  readonly list: { readonly width: number; readonly rows: readonly Row[] } | undefined
  /** The rest of the screen, as many rows as it has. */
  readonly main: readonly Row[]
  readonly caret: { readonly x: number; readonly y: number }
  /** Of the window. */
  readonly title: string
}

/** Columns below which the list would leave too little for the conversation. */
const columnsForList = 70

/** Columns beyond which lines are hard to read: on a wide screen what is said, found and written keeps to these. */
const columnsToRead = 100

/** Columns of the list: more where there are enough for both. */
const listColumns = { most: 32, mostOnWide: 40, wideFrom: 150 } as const

/** Rows from which there is room for empty ones between two who speak. */
const rowsForAir = 32

/** Smaller than this nothing sensible can be shown; what does not fit is cut off. */
const smallest: Size = { columns: 20, rows: 6 }

/** How the screen is divided. */
export interface Layout {
  readonly listWidth: number
  readonly width: number
  /** Rows of the conversation. */
  readonly height: number
  readonly composer: ReturnType<typeof composed>
}

export function layoutOf(state: ChatState): Layout {
  const columns = Math.max(state.size.columns, smallest.columns)
  const rows = Math.max(state.size.rows, smallest.rows)
  const listMax = columns < listColumns.wideFrom ? listColumns.most : listColumns.mostOnWide
  const listWidth = columns < columnsForList ? 0 : Math.min(listMax, Math.floor(columns * 0.28))
  const width = columns - listWidth
  const rowsMax = Math.max(1, Math.min(10, Math.floor(rows / 3)))
  const composer = composed(paneOf(state).line, readable(width) - promptWidth - 1, rowsMax)
  return { listWidth, width, composer, height: rows - 3 - composer.rows.length }
}

function readable(width: number): number {
  return Math.min(width, columnsToRead)
}

const promptWidth = 3

export function frameOf(state: ChatState): Frame {
  const layout = layoutOf(state)
  const { listWidth, width, height, composer } = layout
  const rows = height + 3 + composer.rows.length
  const body =
    state.sheet === undefined ? conversationRows(state, layout) : sheetRows(state.sheet, readable(width), height)
  const main = [
    titleRow(state, width, listWidth === 0),
    rule(width),
    ...body,
    edgeRow(state, layout),
    ...composerRows(state, layout),
  ]
  return {
    size: state.size,
    list:
      listWidth === 0
        ? undefined
        : {
            width: listWidth,
            rows: listRows(state, { width: listWidth, height: rows, composerRows: composer.rows.length }),
          },
    main,
    caret: { x: listWidth + promptWidth + composer.caret.column, y: rows - composer.rows.length + composer.caret.row },
    title: windowTitle(state),
  }
}

/** The open conversation as rows that can be scrolled. */
export function timelineFor(state: ChatState, width: number): Timeline {
  const kept = openConversation(state)
  const { open } = state
  const key = open?.normalize('NFKC').toLowerCase()
  return timelineOf({
    kept,
    isOpen: open !== undefined,
    isSettled: isSettled(state),
    echoes: shownOf(state.outbox).filter(one => one.to.normalize('NFKC').toLowerCase() === key),
    pane: paneOf(state),
    me: state.me,
    width: readable(width),
    widest: width,
    isAiry: state.size.rows >= rowsForAir,
    now: state.now,
  })
}

function conversationRows(state: ChatState, { width, height }: Layout): readonly Row[] {
  const pane = paneOf(state)
  if (state.open === undefined && pane.notes.length === 0) return welcomeRows(state, width, height)
  return windowOf(timelineFor(state, width), pane.scroll, height).rows
}

function welcomeRows({ isListed, copy }: ChatState, width: number, height: number): readonly Row[] {
  const isEmpty = isListed && copy.conversations.size === 0
  const left = Math.max(...says.welcomeCommands.map(([usage]) => widthOf(usage)))
  const lines = isEmpty
    ? [says.welcome, '', ...says.welcomeCommands.map(([usage, does]) => `${pad(usage, left)}  ${does}`)]
    : []
  const rows = lines.flatMap(line => wrap(line, width - 4)).map((text): Row => [{ text: `  ${text}`, tone: 'plain' }])
  const above = Math.max(0, Math.floor((height - rows.length) / 2))
  return Array.from({ length: height }, (_, index): Row => rows[index - above] ?? [])
}

// ── The conversation's head and edge ──

function titleRow(state: ChatState, width: number, isAlone: boolean): Row {
  const right = titleRight(state, isAlone)
  const room = width - widthOf(right) - (right === '' ? 2 : 4)
  const [name, about] = state.sheet === undefined ? titleLeft(state) : [printableLine(state.sheet.title), '']
  const shown = fit(name, room)
  return [
    { text: ` ${shown}`, tone: 'strong' },
    { text: pad(about === '' ? '' : `  ${about}`, room - widthOf(shown)), tone: 'dim' },
    { text: right === '' ? ' ' : `  ${right} `, tone: 'dim' },
  ]
}

function titleLeft(state: ChatState): readonly [name: string, about: string] {
  const { open } = state
  if (open === undefined) return ['Hullo', '']
  const { room } = openConversation(state)?.view ?? {}
  if (room !== undefined) return [`#${printableName(room.name)}`, printableLine(room.topic)]
  const isThere = state.presences.get(open.slice(1))?.online === true
  return [printableName(open.slice(1)), isThere ? online : '']
}

function titleRight(state: ChatState, isAlone: boolean): string {
  const { room } = openConversation(state)?.view ?? {}
  const parts = room === undefined || state.sheet !== undefined ? [] : [says.memberCount(room.members)]
  if (isAlone) {
    const unread = unreadIn(state.copy) - (openConversation(state)?.view.unread ?? 0)
    if (unread > 0) parts.push(says.unreadElsewhere(unread))
    parts.push(linkWords(state.link)[0] as (typeof parts)[number])
  }
  return parts.join('  ')
}

function rule(width: number): Row {
  return [{ text: '─'.repeat(width), tone: 'dim' }]
}

/** The line above the writing: who types, what a key would do, what is below. */
function edgeRow(state: ChatState, layout: Layout): Row {
  const { width } = layout
  const [text, tone] = edgeWords(state, layout)
  if (text === '') return rule(width)
  const label = ` ${fit(printableLine(text), width - 5)} `
  return [
    { text: '─', tone: 'dim' },
    { text: label, tone },
    { text: '─'.repeat(Math.max(0, width - 1 - widthOf(label))), tone: 'dim' },
  ]
}

function edgeWords(state: ChatState, layout: Layout): readonly [text: string, tone: Tone] {
  const { question, hint, completion, sheet, link } = state
  const pane = paneOf(state)
  if (question !== undefined) return [question.text, 'new']
  if (hint !== undefined) return [hint, 'accent']
  if (completion !== undefined) return [candidateWords(completion.candidates, completion.chosen), 'accent']
  if (sheet !== undefined) return [sheet.hint, 'dim']
  if (link === 'over') return [says.sessionOver, 'bad']
  if (pane.editing !== undefined) return [says.editing, 'accent']
  const over = Buffer.byteLength(sentText(pane.line.text)) - textBytesMax
  if (over > 0) return [says.bytesOver(over), 'bad']
  return conversationWords(state, pane, layout)
}

function conversationWords(state: ChatState, pane: Pane, { width, height }: Layout): readonly [string, Tone] {
  const kept = openConversation(state)
  const isBack = pane.scroll !== undefined
  if (isBack && (kept?.newer === true || !windowOf(timelineFor(state, width), pane.scroll, height).isAtEnd)) {
    const unread = kept?.view.unread ?? 0
    return unread > 0 ? [says.newBelow(unread), 'new'] : [says.moreBelow, 'dim']
  }
  if (kept?.view.room?.closed === true) return [says.closedHere, 'dim']
  if (kept?.view.silenced === true) return [says.silencedHere, 'dim']
  const who = state.typing.filter(one => one.conversation === kept?.view.id && one.until > state.now)
  const names = who.map(one => printableName(one.who))
  return [names.length === 0 ? '' : `${typing(names) ?? ''}…`, 'dim']
}

/** As many as fit, the chosen one among them. */
function candidateWords(candidates: readonly string[], chosen: number): string {
  const shown = candidates.map((one, index) => (index === chosen ? `[${one}]` : one))
  return shown.slice(Math.max(0, chosen - 2)).join('  ')
}

function composerRows(state: ChatState, { width, composer }: Layout): readonly Row[] {
  const { line, editing } = paneOf(state)
  const prompt: Span = { text: editing === undefined ? ' › ' : ' ✎ ', tone: 'accent' }
  if (line.text === '') {
    const { open } = state
    const placeholder =
      open === undefined ? '/help' : says.writeTo(`${open.slice(0, 1)}${printableName(open.slice(1))}`)
    return [[prompt, { text: fit(placeholder, width - promptWidth - 1), tone: 'dim' }]]
  }
  return composer.rows.map(
    (text, row): Row => [row === 0 ? prompt : { text: '   ', tone: 'plain' }, { text, tone: 'plain' }],
  )
}

/** Received names stand in the window's title too: nothing in it can end it or begin another sequence. */
function windowTitle(state: ChatState): string {
  const unread = unreadIn(state.copy)
  const where = state.open === undefined ? 'Hullo' : `${printableName(state.open)} · Hullo`
  return unread === 0 ? where : `(${unread}) ${where}`
}
