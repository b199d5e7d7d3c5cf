// The list of conversations as rows: who one is, the newest first with what is unread, and how the connection is. Pure.
import * as says from '../../protocol/texts/terminal.ts'
import { byActivity, type KeptConversation } from '../../sdk/copy/copy.ts'
import { printableName } from '../../terminal/printable.ts'
import type { Row, Span, Tone } from './rows.ts'
import { type ChatState, openConversation } from './state.ts'
import { pad, widthOf } from './widths.ts'

/** As many rows as the screen has; the edge above the writing, so many rows from below, goes through its line. */
export function listRows(
  state: ChatState,
  { width, height, composerRows }: { width: number; height: number; composerRows: number },
): readonly Row[] {
  const inner = width - 1
  const all = byActivity(state.copy)
  const openId = openConversation(state)?.view.id
  const room = height - 3
  const at = all.findIndex(one => one.view.id === openId)
  const first = Math.max(0, Math.min(at - room + 2, all.length - room))
  const items = all.slice(first, first + room).map(one => listItem(state, one, one.view.id === openId, inner))
  // The first and the last row give way to what is not shown: somebody may have written there.
  if (first > 0) items[0] = moreRow('↑', all.slice(0, first + 1), inner)
  if (first + room < all.length) items[room - 1] = moreRow('↓', all.slice(first + room - 1), inner)
  const word = state.isListed ? says.noConversations : `${says.loading}…`
  const none: Row[] = all.length === 0 ? [[{ text: pad(`  ${word}`, inner), tone: 'dim' }]] : []
  const rows: Row[] = [
    [
      { text: pad(` Hullo`, 7), tone: 'accent' },
      { text: pad(`  ${printableName(state.me)}`, inner - 7), tone: 'dim' },
    ],
    [{ text: '─'.repeat(inner), tone: 'dim' }],
    ...items,
    ...none,
  ]
  while (rows.length < height - 1) rows.push([{ text: ' '.repeat(inner), tone: 'plain' }])
  rows.push(linkRow(state, inner))
  return rows.map((row, index) => [
    ...row,
    { text: index === 1 ? '┼' : index === height - 1 - composerRows ? '├' : '│', tone: 'dim' },
  ])
}

function moreRow(sign: '↑' | '↓', hidden: readonly KeptConversation[], width: number): Row {
  const count = countOf(hidden.reduce((sum, { view }) => sum + view.unread, 0))
  const text = pad(` ${sign} ${says.moreInList(hidden.length)}`, width - widthOf(count))
  return [
    { text, tone: 'dim' },
    { text: count, tone: 'new' },
  ]
}

function countOf(unread: number): string {
  return unread === 0 ? '' : ` ${unread > 999 ? '999+' : unread} `
}

function listItem(state: ChatState, { view }: KeptConversation, isOpen: boolean, width: number): Row {
  const { address, unread, room } = view
  const count = countOf(unread)
  const name = printableName(address.slice(1))
  const isThere = room === undefined && state.presences.get(address.slice(1))?.online === true
  const sign: Span =
    room !== undefined ? { text: '# ', tone: 'dim' } : { text: isThere ? '● ' : '○ ', tone: isThere ? 'good' : 'dim' }
  const tone: Tone = isOpen || unread > 0 ? 'strong' : 'plain'
  return [
    { text: isOpen ? '▌' : ' ', tone: 'accent' },
    sign,
    { text: pad(name, width - 3 - widthOf(count)), tone },
    { text: count, tone: 'new' },
  ]
}

function linkRow({ link }: ChatState, width: number): Row {
  const [sign, text, tone] = linkWords(link)
  return [
    { text: ` ${sign} `, tone },
    { text: pad(text, width - 3), tone: 'dim' },
  ]
}

/** How the connection is: a sign, and in words. */
export function linkWords(link: ChatState['link']): readonly [sign: string, text: string, tone: Tone] {
  if (link === 'live') return ['●', says.connected, 'good']
  if (link === 'waiting') return ['○', says.waitingForServer, 'dim']
  if (link === 'over') return ['✗', says.sessionIsOver, 'bad']
  return ['◌', says.connecting, 'dim']
}
