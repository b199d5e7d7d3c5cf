// What the live stream does to the state: entries, who reads, types and is here, and what the time alone changes. Pure.
import type { EntryView, SoftEvent } from '../../protocol/v1.ts'
import { readUpTo, received } from '../../sdk/copy/copy.ts'
import { arrived } from '../../sdk/copy/outgoing.ts'
import { bounded } from './bounds.ts'
import type { ChatState } from './state.ts'

/** Told again at most this often, and over when it is not heard for twice as long. */
const typingSeconds = 3

/** Entries in the order of the log; who has just spoken types no more. */
export function entriesReceived(state: ChatState, entries: readonly EntryView[]): ChatState {
  const known = entries.filter(({ conversation }) => state.copy.conversations.has(conversation))
  const copy = received(state.copy, entries, state.me)
  const outbox = arrived(state.outbox, known, state.me)
  const spoken = new Set(entries.map(({ conversation, sender }) => `${conversation} ${sender}`))
  const typing = state.typing.filter(({ conversation, who }) => !spoken.has(`${conversation} ${who}`))
  return bounded({ ...state, copy, outbox, typing }, new Set(known.map(({ conversation }) => conversation)))
}

/** A hint that is in no log, and may be lost. */
export function softReceived(state: ChatState, event: SoftEvent): ChatState {
  if (event.kind === 'read') {
    return { ...state, copy: readUpTo(state.copy, event.conversation, event.who, event.seq, state.me) }
  }
  if (event.kind === 'presence') {
    const { who, kind: _, ...presence } = event
    return { ...state, presences: new Map(state.presences).set(who, presence) }
  }
  if (event.kind !== 'typing' || event.who === state.me) return state
  const others = state.typing.filter(one => one.conversation !== event.conversation || one.who !== event.who)
  const { conversation, who } = event
  return { ...state, typing: [...others, { conversation, who, until: state.now + 2 * typingSeconds }] }
}

/** At `at`, in seconds: lets go of who types no more; a new minute may be a new day. The same state if nothing changes. */
export function atTime(state: ChatState, at: number): ChatState {
  const isSame = state.typing.every(one => one.until > at) && Math.floor(state.now / 60) === Math.floor(at / 60)
  return isSame ? state : { ...state, typing: state.typing.filter(one => one.until > at) }
}
