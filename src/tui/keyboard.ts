// What each key does. Keys of the line that is written stand in one table under readline's names; the others move
// about. It changes the state through the chat and draws nothing.
import * as says from '../protocol/texts/terminal.ts'
import { byActivity } from '../sdk/copy/copy.ts'
import type { Chat } from './chat.ts'
import { foundFor, knownTo } from './known.ts'
import { completed, completionAt, type Known, wantedAt } from './model/complete.ts'
import { layoutOf, timelineFor } from './model/frame.ts'
import type { Stroke } from './model/keys.ts'
import * as line from './model/line.ts'
import { openConversation, paneOf, type SheetLine, withPane } from './model/state.ts'
import { scrolled, showing } from './model/timeline.ts'
import { submit } from './verbs.ts'

/** How long Tab waits for the server's names: then it goes by those that are known. */
const namesMsMax = 1_500

/** How long keys are held back without a word: nobody notices less. */
const patienceMs = 500

const edits: Readonly<Record<string, (one: line.Line) => line.Line>> = {
  left: line.left,
  'ctrl-b': line.left,
  right: line.right,
  'ctrl-f': line.right,
  'alt-left': line.wordLeft,
  'ctrl-left': line.wordLeft,
  'alt-b': line.wordLeft,
  'alt-right': line.wordRight,
  'ctrl-right': line.wordRight,
  'alt-f': line.wordRight,
  home: line.home,
  'ctrl-a': line.home,
  end: line.end,
  'ctrl-e': line.end,
  backspace: line.eraseBack,
  'ctrl-h': line.eraseBack,
  delete: line.eraseForward,
  'ctrl-w': line.cutSpacedWordBack,
  'alt-backspace': line.cutWordBack,
  'alt-d': line.cutWordForward,
  'ctrl-u': line.cutToStart,
  'ctrl-k': line.cutToEnd,
  'ctrl-y': line.yank,
  'ctrl-t': line.transpose,
  'ctrl-j': one => line.insert(one, '\n'),
  'alt-enter': one => line.insert(one, '\n'),
  'shift-enter': one => line.insert(one, '\n'),
  'ctrl-home': line.start,
  'ctrl-end': line.finish,
}

const moves: Readonly<Record<string, (chat: Chat) => void>> = {
  enter,
  tab: chat => void complete(chat, 1),
  'shift-tab': chat => void complete(chat, -1),
  up: chat => vertical(chat, -1),
  down: chat => vertical(chat, 1),
  pageup: chat => scroll(chat, -1),
  pagedown: chat => scroll(chat, 1),
  'ctrl-n': chat => switchBy(chat, 1),
  'ctrl-p': chat => switchBy(chat, -1),
  'alt-down': chat => mark(chat, 1),
  'alt-up': chat => mark(chat, -1),
  'alt-a': nextUnread,
  escape,
  'ctrl-c': interrupt,
  'ctrl-d': chat => (textOf(chat) === '' ? chat.end('left') : edit(chat, line.eraseForward)),
}

/** Strokes that came while names were being asked for, or on the way to a room: who types fast need not wait. */
const held = new WeakMap<Chat, Stroke[]>()

/** One stroke, or a paste. */
export function press(chat: Chat, stroke: Stroke): void {
  if (stroke.is === 'key' && stroke.apart !== undefined && !isChord(chat, stroke.key)) {
    for (const one of stroke.apart) press(chat, one)
    return
  }
  const before = held.get(chat)
  // Who has waited long enough goes on where they are; Up brings back what they wrote for the other place.
  if (before !== undefined && isKey(stroke, 'ctrl-c')) {
    held.delete(chat)
    chat.stay()
    return chat.change(state => ({ ...state, hint: undefined, sent: [...state.sent, ...linesIn(before)] }))
  }
  if (before !== undefined) return void before.push(stroke)
  if (chat.state.question !== undefined) return answer(chat, stroke)
  const { hint } = chat.state
  const isSecond = hint === says.leaveHint && isKey(stroke, 'ctrl-c')
  if (isSecond) return chat.end('left')
  if (hint !== undefined) chat.change(state => ({ ...state, hint: undefined }))
  if (stroke.is === 'text') return type(chat, stroke.text)
  if (!stroke.key.endsWith('tab')) chat.change(state => ({ ...state, completion: undefined }))
  const number = numberOf(stroke.key)
  if (number !== undefined) return switchTo(chat, number - 1)
  // With nothing written they move through the conversation.
  if (textOf(chat) === '' && (stroke.key === 'end' || stroke.key === 'home')) {
    return stroke.key === 'end' ? toNewest(chat) : scroll(chat, -1_000)
  }
  const move = moves[stroke.key]
  if (move !== undefined) return move(chat)
  const change = edits[stroke.key]
  if (change !== undefined) edit(chat, change)
}

/** The text in strokes that were held back, line by line. */
function linesIn(strokes: readonly Stroke[]): readonly string[] {
  const texts = strokes.map(stroke => (stroke.is === 'text' ? stroke.text : stroke.key === 'enter' ? '\r' : ''))
  return texts
    .join('')
    .split('\r')
    .filter(text => text.trim() !== '')
}

/**
 * Whether Alt with a key does something here. Else it acts as Esc and then the key, which is the same to a terminal where
 * both arrive in one piece: a command without its `/` would be sent as a message.
 */
function isChord(chat: Chat, key: string): boolean {
  if (moves[key] !== undefined || numberOf(key) !== undefined) return true
  const { sheet } = chat.state
  const { editing, marked, scroll: at } = paneOf(chat.state)
  const escapes = sheet !== undefined || editing !== undefined || marked !== undefined || at !== undefined
  // A chord that edits does nothing to an empty line, while Esc does something.
  return edits[key] !== undefined && !(escapes && textOf(chat) === '' && !key.endsWith('enter'))
}

function numberOf(key: string): number | undefined {
  const digit = /^alt-([1-9])$/.exec(key)?.[1]
  return digit === undefined ? undefined : Number(digit)
}

/** The first character of what is typed answers, the rest is typed; a paste is no answer. */
function answer(chat: Chat, stroke: Stroke): void {
  const { question } = chat.state
  chat.change(state => ({ ...state, question: undefined }))
  if (stroke.is === 'key') return chat.hint(says.leftAsItWas)
  const [first = ''] = stroke.text
  const isYes = first.toLowerCase() === 'y' && stroke.isPasted !== true
  if (isYes) question?.answer()
  else chat.hint(says.leftAsItWas)
  const rest = stroke.isPasted === true ? stroke.text : stroke.text.slice(first.length)
  if (rest !== '') press(chat, { ...stroke, text: rest })
}

function isKey(stroke: Stroke, key: string): boolean {
  return stroke.is === 'key' && stroke.key === key
}

/** Holds strokes back until `work` is done, then presses them. */
async function holding(chat: Chat, work: Promise<unknown>): Promise<void> {
  const strokes: Stroke[] = []
  held.set(chat, strokes)
  const slow = setTimeout(() => {
    if (held.get(chat) === strokes) chat.hint(says.stillWaiting)
  }, patienceMs)
  await work
  clearTimeout(slow)
  if (held.get(chat) !== strokes) return
  if (chat.state.hint === says.stillWaiting) chat.change(state => ({ ...state, hint: undefined }))
  held.delete(chat)
  for (const stroke of strokes) press(chat, stroke)
}

function type(chat: Chat, text: string): void {
  chat.change(state => ({ ...state, completion: undefined, hint: undefined }))
  edit(chat, one => line.insert(one, text))
  if (!textOf(chat).startsWith('/')) chat.typing()
}

function edit(chat: Chat, by: (one: line.Line) => line.Line): void {
  chat.change(state => withPane(state, { line: by(paneOf(state).line) }))
}

function textOf(chat: Chat): string {
  return paneOf(chat.state).line.text
}

function enter(chat: Chat): void {
  const { sheet, outbox } = chat.state
  const text = textOf(chat)
  if (text.trim() !== '' || sheet !== undefined) {
    if (text.trim() === '') sheet?.lines[sheet.chosen]?.choose?.()
    else submit(chat, text)
    if (chat.moving !== undefined) void holding(chat, chat.moving)
    return
  }
  const { marked } = paneOf(chat.state)
  const failed = outbox.find(one => `o${one.key}` === marked)
  if (failed !== undefined) chat.retry(failed.key)
}

function escape(chat: Chat): void {
  chat.change(state => {
    if (state.sheet !== undefined) return { ...state, sheet: undefined }
    const { editing, line: before } = paneOf(state)
    if (editing !== undefined)
      return withPane(state, { editing: undefined, line: line.lineOf('', before), marked: undefined })
    return withPane(state, { marked: undefined, scroll: undefined })
  })
}

function interrupt(chat: Chat): void {
  if (textOf(chat) === '' && chat.state.sheet === undefined) return chat.hint(says.leaveHint)
  chat.change(state => {
    const { line: before } = paneOf(state)
    return withPane({ ...state, sheet: undefined }, { line: line.lineOf('', before), back: 0, editing: undefined })
  })
}

// ── Up and down: through the written text, a list, what was sent ──

function vertical(chat: Chat, by: 1 | -1): void {
  if (chat.state.sheet !== undefined) return choose(chat, by)
  const pane = paneOf(chat.state)
  const moved = by < 0 ? line.up(pane.line) : line.down(pane.line)
  if (moved !== undefined) return edit(chat, () => moved)
  const { sent } = chat.state
  const back = pane.back - by
  if (back < 0 || back > sent.length) return
  const draft = pane.back === 0 ? pane.line.text : pane.draft
  const text = back === 0 ? draft : (sent[sent.length - back] ?? '')
  chat.change(state => withPane(state, { line: line.lineOf(text, pane.line), back, draft }))
}

function choose(chat: Chat, by: number): void {
  chat.change(state => {
    if (state.sheet === undefined) return state
    const { lines, chosen } = state.sheet
    const canChoose = lines.some(one => one.choose !== undefined)
    const wanted = Math.max(0, Math.min(lines.length - 1, chosen + by))
    const next = canChoose ? nextChoice(lines, wanted, by) : wanted
    return next === -1 ? state : { ...state, sheet: { ...state.sheet, chosen: next } }
  })
}

/** The nearest line that can be chosen, from `at` on in the direction of `by`; -1 where there is none. */
function nextChoice(lines: readonly SheetLine[], at: number, by: number): number {
  if (by > 0) return lines.findIndex((one, index) => index >= at && one.choose !== undefined)
  return lines.findLastIndex((one, index) => index <= at && one.choose !== undefined)
}

function scroll(chat: Chat, pages: number): void {
  const { width, height } = layoutOf(chat.state)
  if (chat.state.sheet !== undefined) return choose(chat, Math.sign(pages) * (height - 1))
  chat.change(state => {
    const timeline = timelineFor(state, width)
    return withPane(state, { scroll: scrolled(timeline, paneOf(state).scroll, pages * (height - 2), height) })
  })
}

function toNewest(chat: Chat): void {
  chat.change(state => withPane({ ...state, sheet: undefined }, { scroll: undefined, marked: undefined }))
}

/** Marks the message above or below the marked one, the newest first. */
function mark(chat: Chat, by: 1 | -1): void {
  const { width, height } = layoutOf(chat.state)
  chat.change(state => {
    const timeline = timelineFor(state, width)
    const { marked, scroll: from } = paneOf(state)
    const can = timeline.items.filter(one => one.is === 'echo' || (one.is === 'entry' && one.entry.kind === 'text'))
    const at = marked === undefined ? can.length : can.findIndex(one => one.key === marked)
    const next = can[at + by]
    if (next === undefined) return by > 0 ? withPane(state, { marked: undefined }) : state
    return withPane(state, { marked: next.key, scroll: showing(timeline, from, next.key, height) })
  })
}

// ── From one conversation to another ──

function switchTo(chat: Chat, index: number): void {
  const kept = byActivity(chat.state.copy)[index]
  if (kept !== undefined) chat.open(kept.view.address)
}

function switchBy(chat: Chat, by: number): void {
  const all = byActivity(chat.state.copy)
  const openId = openConversation(chat.state)?.view.id
  const at = all.findIndex(one => one.view.id === openId)
  if (all.length > 0) switchTo(chat, at === -1 ? 0 : (at + by + all.length) % all.length)
}

function nextUnread(chat: Chat): void {
  const openId = openConversation(chat.state)?.view.id
  const next = byActivity(chat.state.copy).findLast(({ view }) => view.unread > 0 && view.id !== openId)
  if (next !== undefined) chat.open(next.view.address)
}

// ── Completion ──

async function complete(chat: Chat, by: 1 | -1): Promise<void> {
  const before = paneOf(chat.state).line
  const wanted = wantedAt(before)
  const put = (found?: Known) =>
    chat.change(state => {
      // Who did not wait for it has gone on to write something else.
      if (paneOf(state).line !== before) return state
      const completion = state.completion ?? completionAt(before, knownTo(chat, found))
      if (completion === undefined) return state
      const { line: after, completion: next } = completed(paneOf(state).line, completion, by)
      return withPane({ ...state, completion: next }, { line: after })
    })
  if (chat.state.completion !== undefined || wanted === undefined || !before.text.startsWith('/')) return put()
  const signal = AbortSignal.any([chat.signal, AbortSignal.timeout(namesMsMax)])
  await holding(chat, foundFor(chat, wanted, signal).then(put))
}
