// The chat as plain lines, one after the other, for screen readers and braille: nothing is drawn again, no sequence is
// written, and the terminal itself edits the line. The same chat, commands and questions as on the screen.
import { createInterface } from 'node:readline'
import { whatHappened } from '../../protocol/texts/entries.ts'
import * as says from '../../protocol/texts/terminal.ts'
import type { Address, ConversationView, EntryView } from '../../protocol/v1.ts'
import type { KeptConversation } from '../../sdk/copy/copy.ts'
import { printableLine, printableName, printableText } from '../../terminal/printable.ts'
import type { Chat, Ending } from '../chat.ts'
import { type ChatState, openConversation, paneOf, withPane } from '../model/state.ts'
import { submit } from '../verbs.ts'

/** Messages that are read out when a conversation is opened. */
const readOutMax = 10

/** Shows the chat until it ends. Lines come from `input`, go to `output`. */
export async function showPlainly(
  chat: Chat,
  input: NodeJS.ReadableStream = process.stdin,
  output: NodeJS.WritableStream = process.stdout,
): Promise<Ending> {
  const lines = createInterface({ input, terminal: false })
  const teller = new Teller(text => void output.write(`${printableText(text, '  ').slice(2)}\n`))
  const unsubscribe = chat.subscribe(() => {
    teller.tell(chat.state)
    // There is no window to look back with: what is new must be told.
    if (paneOf(chat.state).scroll !== undefined) queueMicrotask(() => follow(chat))
  })
  const leave = () => chat.end('left')
  // A line that follows /join is for the room that is joined.
  let turn = Promise.resolve()
  const inTurn = (line: string) => {
    turn = turn.then(() => {
      take(chat, line)
      return chat.moving
    })
  }
  lines.on('line', inTurn).on('close', leave)
  output.write(`${says.plainWelcome}\n`)
  try {
    return await chat.run()
  } finally {
    unsubscribe()
    lines.close()
  }
}

function follow(chat: Chat): void {
  if (paneOf(chat.state).scroll !== undefined) chat.change(state => withPane(state, { scroll: undefined }))
}

function take(chat: Chat, line: string): void {
  const { question, sheet } = chat.state
  if (question !== undefined) {
    chat.change(state => ({ ...state, question: undefined }))
    return line.trim().toLowerCase() === 'y' ? question.answer() : chat.hint(says.leftAsItWas)
  }
  const choices = sheet?.lines.filter(one => one.choose !== undefined) ?? []
  const choice = /^\d+$/.test(line.trim()) ? choices[Number(line.trim()) - 1]?.choose : undefined
  if (choice !== undefined) {
    chat.change(state => ({ ...state, sheet: undefined }))
    return choice()
  }
  if (line.trim() !== '') submit(chat, line)
}

/** Says what is new in a state, each thing once. */
class Teller {
  readonly #say: (text: string) => void
  #before: ChatState | undefined
  #hasBegun = false
  /** Up to where each conversation was told. */
  #told = new Map<number, number>()
  #readOut: Address | undefined
  #notes = new Map<Address, string>()
  #failed = new Set<string>()

  constructor(say: (text: string) => void) {
    this.#say = say
  }

  tell(state: ChatState): void {
    const before = this.#before
    this.#before = state
    if (state.link !== before?.link) this.#tellLink(state.link, before?.link)
    if (!state.isListed) return
    if (state.open !== before?.open || this.#readOut !== state.open) this.#tellOpen(state)
    // What was there at the beginning is told when it is opened.
    if (!this.#hasBegun) for (const { view } of state.copy.conversations.values()) this.#told.set(view.id, view.lastSeq)
    this.#hasBegun = true
    for (const kept of state.copy.conversations.values()) this.#tellNew(kept, state)
    this.#tellNotes(state)
    for (const { key, text, state: its, why } of state.outbox) {
      if (its !== 'failed') this.#failed.delete(key)
      else if (!this.#failed.has(key)) {
        this.#failed.add(key)
        this.#say(says.notSentBecause(text, why ?? ''))
      }
    }
    if (state.sheet !== undefined && state.sheet !== before?.sheet) this.#tellSheet(state.sheet)
    if (state.question !== undefined && state.question !== before?.question) this.#say(state.question.text)
    if (state.hint !== undefined && state.hint !== before?.hint) this.#say(state.hint)
    if (paneOf(state).editing !== undefined && before !== undefined && paneOf(before).editing === undefined) {
      this.#say(says.editing)
    }
  }

  #tellLink(link: ChatState['link'], before: ChatState['link'] | undefined): void {
    if (link === 'live') this.#say(says.connected)
    if (link === 'waiting' && before !== 'waiting') this.#say(says.waitingForServer)
    if (link === 'over') this.#say(says.sessionOver)
  }

  /** Where one is, and what was said last, once that is known. */
  #tellOpen(state: ChatState): void {
    const { open } = state
    const kept = openConversation(state)
    if (open === undefined || (kept !== undefined && kept.older === undefined)) return
    this.#readOut = open
    const unread =
      kept?.entries.filter(one => one.seq > (paneOf(state).newAfter ?? Number.MAX_SAFE_INTEGER)).length ?? 0
    this.#say(says.nowIn(printableName(open), unread))
    if (kept === undefined) return
    // What was changed is read out as it is now.
    const shown = kept.entries
      .filter(one => one.kind !== 'edit' && one.kind !== 'delete' && lineOf(one, state, undefined) !== undefined)
      .slice(-readOutMax)
    for (const entry of shown) this.#say(lineOf(entry, state, undefined) ?? '')
    this.#told.set(kept.view.id, kept.view.lastSeq)
  }

  #tellNew({ view, entries }: KeptConversation, state: ChatState): void {
    const isOpen = openConversation(state)?.view.id === view.id
    // It is read out first.
    if (isOpen && this.#readOut !== state.open) return
    const told = this.#told.get(view.id)
    if (told === undefined && !isOpen) return this.#tellFirst(view, state)
    const newest = entries.at(-1)?.seq ?? 0
    if (newest <= (told ?? 0)) return
    this.#told.set(view.id, newest)
    for (const entry of entries) {
      const where = isOpen ? undefined : view.address
      const isNew = entry.seq > (told ?? 0) && entry.sender !== state.me
      const line = isNew ? lineOf(entry, state, where) : undefined
      if (line !== undefined) this.#say(line)
    }
  }

  /** Of a conversation that has just begun only what the list has is held. */
  #tellFirst({ id, last, lastSeq, address }: ConversationView, state: ChatState): void {
    this.#told.set(id, lastSeq)
    const line = last === undefined || last.sender === state.me ? undefined : lineOf(last, state, address)
    if (line !== undefined) this.#say(line)
  }

  #tellNotes(state: ChatState): void {
    for (const [address, { notes }] of state.panes) {
      const told = this.#notes.get(address)
      const at = notes.findIndex(note => note.key === told)
      for (const note of notes.slice(at + 1)) this.#say(note.text)
      const last = notes.at(-1)?.key
      if (last !== undefined) this.#notes.set(address, last)
    }
  }

  #tellSheet({ title, lines }: NonNullable<ChatState['sheet']>): void {
    this.#say(title)
    let count = 0
    for (const { text, more, choose } of lines) {
      if (choose !== undefined) count += 1
      const number = choose === undefined ? '' : `${count}. `
      if (text !== '') this.#say(`${number}${text}${more === undefined || more === '' ? '' : `: ${more}`}`)
    }
    if (count > 0) this.#say(says.plainChoose)
  }
}

/** What an entry is to those who listen; undefined for what changes nothing that is told. */
function lineOf(entry: EntryView, state: ChatState, where: string | undefined): string | undefined {
  const place = where === undefined ? undefined : printableName(where)
  if (entry.kind === 'text') return says.saidBy(printableName(entry.sender), entry.text ?? '', place)
  const happened = whatHappened(entry, state.me)
  // A message from before one joined was changed: there is nothing here that it is about.
  const isAboutNothing = (entry.kind === 'edit' || entry.kind === 'delete') && entry.refersTo === undefined
  if (happened === undefined || isAboutNothing) return undefined
  const text = entry.kind === 'edit' && entry.text !== undefined ? `${happened}: ${entry.text}` : happened
  return printableLine(place === undefined ? text : `${place}, ${text}`)
}
