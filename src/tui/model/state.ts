// All that the screen shows is a function of this one value. Pure: what changes it stands here or in the controller
// (../chat.ts), what it looks like in frame.ts.
import type { Sentence } from '../../protocol/texts/sentence.ts'
import type { Address } from '../../protocol/v1.ts'
import { type Copy, conversationAt, emptyCopy, type KeptConversation } from '../../sdk/copy/copy.ts'
import { begun, type Outbox } from '../../sdk/copy/outgoing.ts'
import type { Presence, State as LinkState } from '../../sdk/sdk.ts'
import type { Written, WrittenLine } from '../../terminal/kept-writing.ts'
import type { Completion } from './complete.ts'
import { emptyLine, type Line, lineOf } from './line.ts'

export interface ChatState {
  /** The account's own name. */
  readonly me: string
  readonly link: LinkState['is']
  readonly copy: Copy
  readonly outbox: Outbox
  /** The list was read: what is not in it is not there. */
  readonly isListed: boolean
  /** What is open; it need not have a conversation yet. */
  readonly open: Address | undefined
  readonly panes: ReadonlyMap<Address, Pane>
  readonly presences: ReadonlyMap<string, Presence>
  readonly typing: readonly Typing[]
  readonly sheet: Sheet | undefined
  /** Waits for `y`. */
  readonly question: { readonly text: Sentence; readonly answer: () => void } | undefined
  /** A word at the edge until the next key. */
  readonly hint: Sentence | undefined
  readonly completion: Completion | undefined
  /** Lines that were sent, the last one last. */
  readonly sent: readonly string[]
  readonly size: Size
  /** Seconds since 1970, as of the last change. */
  readonly now: number
}

export interface Size {
  readonly columns: number
  readonly rows: number
}

interface Typing {
  readonly conversation: number
  readonly who: string
  readonly until: number
}

/** What is kept of a conversation while others are looked at: its draft, its place, what was answered there. */
export interface Pane {
  readonly line: Line
  /** Where one is in `sent`, counted from its end; 0 is the draft. */
  readonly back: number
  /** The draft, while one looks through `sent`. */
  readonly draft: string
  /** The row at the lower edge; undefined while it follows the newest. */
  readonly scroll: Scroll | undefined
  /** What was read when it was opened: behind it stands the mark of what is new. */
  readonly newAfter: number | undefined
  readonly notes: readonly Note[]
  /** The item that is marked, by its key. */
  readonly marked: string | undefined
  /** The message that is being changed. */
  readonly editing: number | undefined
  /** Older entries are being asked for. */
  readonly loading: boolean
  /** The last page that was asked for did not come. */
  readonly isMissing: boolean
}

export interface Scroll {
  readonly key: string
  /** Of the item's rows, from its top. */
  readonly row: number
}

/** What a command answered, in the place where it was asked. */
export interface Note {
  readonly key: string
  /** Stands behind the entry with this seq. */
  readonly after: number
  readonly tone: 'plain' | 'bad'
  /** Its lines come from people and servers: not made safe yet. */
  readonly text: string
}

/** A list in the place of the conversation. */
export interface Sheet {
  readonly title: Sentence
  readonly lines: readonly SheetLine[]
  readonly chosen: number
  /** Where there is more than fits, the line at the top. */
  readonly hint: Sentence
}

export interface SheetLine {
  readonly text: string
  /** Further to the right, or below; dimmer. */
  readonly more?: string
  readonly heading?: true
  readonly choose?: () => void
}

/** Notes of one pane: what was answered long ago is not looked for. */
const notesMax = 100

/** Lines that Up brings back. */
const sentMax = 200

const emptyPane: Pane = {
  line: emptyLine,
  back: 0,
  draft: '',
  scroll: undefined,
  newAfter: undefined,
  notes: [],
  marked: undefined,
  editing: undefined,
  loading: false,
  isMissing: false,
}

export function beginning(me: string, size: Size, now: number): ChatState {
  return {
    me,
    link: 'connecting',
    copy: emptyCopy,
    outbox: [],
    isListed: false,
    open: undefined,
    panes: new Map(),
    presences: new Map(),
    typing: [],
    sheet: undefined,
    question: undefined,
    hint: undefined,
    completion: undefined,
    sent: [],
    size,
    now,
  }
}

/** With what was written before and is not stored: messages that are sent again, and lines as they were left. */
export function withWriting(state: ChatState, { messages, lines }: Written): ChatState {
  const outbox = messages.reduce((all, one) => begun(all, one), state.outbox)
  return lines.reduce((all, { address, text, editing }) => withPane(all, { line: lineOf(text), editing }, address), {
    ...state,
    outbox,
  })
}

/** What stands in the lines of all conversations; what was set aside while one looks through older lines, too. */
export function linesOf({ panes }: Pick<ChatState, 'panes'>): readonly WrittenLine[] {
  return [...panes]
    .map(([address, { line, back, draft, editing }]) => ({ address, text: back === 0 ? line.text : draft, editing }))
    .filter(({ text }) => text.trim() !== '')
}

/** What nobody can mistake for an address, for the pane where nothing is open. */
const nowhere = '@' as Address

export function paneOf(state: ChatState, address = state.open): Pane {
  return state.panes.get(address ?? nowhere) ?? emptyPane
}

export function withPane(state: ChatState, change: Partial<Pane>, address = state.open): ChatState {
  const pane = { ...paneOf(state, address), ...change }
  return { ...state, panes: new Map(state.panes).set(address ?? nowhere, pane) }
}

/** Whether it is known that a conversation that is not held is not there: none that has begun is still to be asked for. */
export function isSettled({ isListed, copy }: Pick<ChatState, 'isListed' | 'copy'>): boolean {
  return isListed && copy.unknown.size === 0
}

/** The open conversation, if it has begun. */
export function openConversation({ copy, open }: Pick<ChatState, 'copy' | 'open'>): KeptConversation | undefined {
  return open === undefined ? undefined : conversationAt(copy, open)
}

/** With another conversation open; the mark of what is new goes where reading ended. */
export function opened(state: ChatState, address: Address): ChatState {
  const kept = conversationAt(state.copy, address)
  const open = kept?.view.address ?? address
  const view = kept?.view
  const newAfter = view !== undefined && view.unread > 0 ? view.readSeq : undefined
  const left = { ...state, sheet: undefined, completion: undefined, question: undefined, hint: undefined }
  if (open === state.open) return left
  return withPane({ ...left, open }, { scroll: undefined, marked: undefined, newAfter })
}

export function noted(state: ChatState, note: Pick<Note, 'text' | 'tone'>, address = state.open): ChatState {
  const pane = paneOf(state, address)
  const after = address === undefined ? 0 : (conversationAt(state.copy, address)?.view.lastSeq ?? 0)
  const count = Number(pane.notes.at(-1)?.key.slice(1) ?? 0) + 1
  const notes = [...pane.notes, { ...note, after, key: `n${count}` }].slice(-notesMax)
  return withPane(state, { notes, scroll: undefined }, address)
}

/** With a line that was sent: it can be brought back. The draft that was set aside for it is there again. */
export function remembered(state: ChatState, text: string): ChatState {
  const sent = state.sent.at(-1) === text ? state.sent : [...state.sent, text].slice(-sentMax)
  const { line, back, draft } = paneOf(state)
  const next = lineOf(back === 0 ? '' : draft, line)
  return withPane({ ...state, sent }, { line: next, back: 0, draft: '', editing: undefined })
}
